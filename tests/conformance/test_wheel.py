"""The wheel, installed from the lock in a bare environment without a checkout, builds and serves the site."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import serving
from tests.serving import Server
from wir2graph import __version__

ROOT = Path(__file__).resolve().parents[2]
READ = {".ttl", ".toml", ".rq", ".html", ".css", ".lock"}


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing in it but the lock and the wheel; gives its folder of programs."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--require-hashes", "--requirement", ROOT / "requirements.txt", cwd=folder)
    run(python, "-m", "pip", "install", "--no-deps", wheel, cwd=folder)
    return folder / "bin"


@pytest.fixture(scope="module")
def bare(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The installed program, started in an empty folder."""
    empty = tmp_path_factory.mktemp("elsewhere")
    with serving.serving(empty / "state", "--build", program=[installed / "wir2graph"], cwd=empty) as running:
        yield running


def test_the_wheel_carries_all_that_a_build_reads(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in ("ontology", "shapes", "data", "site"):
        files = [path.relative_to(ROOT) for path in (ROOT / part).rglob("*") if path.suffix in READ]
        shipped = {f"wir2graph/share/{path.as_posix()}" for path in files if "frontend" not in path.parts}
        assert shipped, part
        assert shipped <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]


def test_the_lock_holds_everything_the_wheel_needs(installed: Path) -> None:
    run(installed / "python", "-m", "pip", "check", cwd=installed)
    program = "import wir2graph; print(wir2graph.__version__, wir2graph.__file__)"
    shown = run(installed / "python", "-c", program, cwd=installed)
    assert shown.startswith(__version__)
    assert str(ROOT) not in shown


def test_the_installed_site_has_its_pages(bare: Server) -> None:
    start = bare.get("/")
    assert start.status_code in (200, 303)
    plan = bare.get("/hannover/")
    assert plan.status_code == 200
    assert plan.headers["content-type"] == "text/html; charset=utf-8"
    measure = bare.get("/hannover/massnahme/wir2-bildung-15")
    assert measure.status_code == 200
    assert "<h1" in measure.text


def test_the_installed_site_answers_queries(bare: Server) -> None:
    query = "SELECT (COUNT(?m) AS ?n) WHERE { ?m a <https://w3id.org/wir2graph/def#Measure> }"
    answer = bare.get(f"/sparql?query={quote(query)}", accept="application/sparql-results+json")
    assert answer.status_code == 200
    assert answer.json()["results"]["bindings"][0]["n"]["value"] == "85"


def test_the_installed_site_gives_data_and_vocabulary(bare: Server) -> None:
    for path, media_type in (
        ("/hannover/data/massnahme/wir2-bildung-15.ttl", "text/turtle"), ("/def.ttl", "text/turtle"),
        ("/shapes.ttl", "text/turtle"), ("/hannover/dumps/hannover.nt", "application/n-triples"),
    ):
        answer = bare.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-type"].split(";")[0] == media_type
