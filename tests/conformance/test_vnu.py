"""The Nu Html Checker of the W3C on every page: no error and no warning."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests import serving
from tests.conformance.npm import install
from tests.serving import FIXTURES
from wir2graph.operator import load_operator
from wir2graph.plan import find_workspace
from wir2graph.release import current, open_release
from wir2graph.represent import represent

PACKAGES: Final = Path(__file__).with_name("vnu")
Check = Callable[[Path], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Install the checker as the lock says; gives a function that returns its messages about the files of a folder."""
    assert shutil.which("java"), "java is not installed (Debian: apt-get install default-jre-headless)"
    folder = tmp_path_factory.mktemp("vnu")
    install(PACKAGES, folder)

    def messages(pages: Path) -> list[dict[str, Any]]:
        jar = folder / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
        done = subprocess.run(
            ["java", "-Xss4m", "-jar", jar, "--format", "json", "--exit-zero-always", "--stdout", "--skip-non-html",
             pages], capture_output=True, text=True, check=False, timeout=900,
        )
        assert done.returncode == 0, done.stderr
        found: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
        return found

    return messages


def test_the_checker_finds_what_is_wrong(check: Check, tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text(
        '<!DOCTYPE html><html lang="de"><head><title>t</title></head><body><p><div></div></p></body></html>',
        encoding="utf-8",
    )
    assert [message["type"] for message in check(tmp_path)] == ["error"]


@pytest.mark.parametrize(("data", "least"), [(FIXTURES, 300), (find_workspace().data, 3000)],
                         ids=["fictional", "shipped"])
def test_every_page_is_valid(check: Check, tmp_path: Path, data: Path, least: int) -> None:
    serving.build(data, tmp_path / "state")
    folder = current(tmp_path / "state")
    assert folder is not None
    release = open_release(folder, load_operator(FIXTURES / "operator.toml"))
    pages = [address for address in release.addresses().values() if address.kind == "page"]
    (tmp_path / "pages").mkdir()
    names = {}
    for number, address in enumerate(pages):
        file = tmp_path / "pages" / f"{number}.html"
        names[file.name] = address.path
        file.write_bytes(represent(release, address).body)
    release.close()
    assert len(names) >= least
    found = check(tmp_path / "pages")
    assert [(names[message["url"].rpartition("/")[2]], message["message"]) for message in found] == []
