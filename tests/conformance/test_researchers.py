"""docs/researchers.md from nothing, as a reader follows it: install, plot, notebook, R and curl on a running site."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.serving import Server

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
ADDRESS: Final = "http://127.0.0.1:8000"
PNG: Final = b"\x89PNG\r\n\x1a\n"
# The colour of a bar is in a plot: an empty one takes less.
LEAST_PLOT: Final = 5_000


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language in the document."""
    document = (DOCS / "researchers.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", document, re.DOTALL | re.MULTILINE)


def cells() -> list[str]:
    """Return the code of the notebook."""
    notebook = json.loads((DOCS / "notebook.ipynb").read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def run(folder: Path, *command: str | Path) -> str:
    """Run a command in a folder and return what it prints; its errors are the message of the failure."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def assert_plot(file: Path) -> None:
    content = file.read_bytes()
    assert content.startswith(PNG)
    assert len(content) > LEAST_PLOT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder in which the first commands of the document have been run."""
    empty = tmp_path_factory.mktemp("reader")
    install = blocks("sh")[0]
    assert "pip install pandas matplotlib" in install
    run(empty, "sh", "-e", "-c", install)
    return empty


def test_the_program_prints_a_table_and_plots_it(folder: Path, shipped_server: Server) -> None:
    program = blocks("python")[0].replace(ADDRESS, shipped_server.url)
    (folder / "plot.py").write_text(program, encoding="utf-8")
    table = run(folder, "plots/bin/python", "plot.py")
    assert sum(int(line.split()[-1]) for line in table.splitlines()[1:]) == 85
    assert_plot(folder / "measures.png")


def test_the_program_says_what_is_wrong_with_a_query(folder: Path, shipped_server: Server) -> None:
    program = blocks("python")[0].replace(ADDRESS, shipped_server.url).replace("wir:inField ?f .", "wir:inField .")
    done = subprocess.run([folder / "plots/bin/python", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ValueError: Unexpected" in done.stderr


def test_the_notebook_runs_from_its_first_cell_to_its_last(folder: Path, shipped_server: Server) -> None:
    assert len(cells()) >= 7
    program = "import matplotlib\nmatplotlib.use('agg')\n" + "\n\n".join(cells()).replace(ADDRESS, shipped_server.url)
    said = run(folder, "plots/bin/python", "-c", program).splitlines()
    assert said[0] == shipped_server.get("/health").json()["digest"]
    assert said[-1].startswith("Unexpected")
    assert_plot(folder / "measures-by-field.png")
    assert_plot(folder / "measures-by-office.png")


def test_the_notebook_holds_no_output() -> None:
    notebook = json.loads((DOCS / "notebook.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)


def test_r_prints_a_table_and_plots_it(folder: Path, shipped_server: Server) -> None:
    program = shutil.which("Rscript")
    assert program, "R is not installed (Debian: apt-get install r-base-core)"
    (folder / "measures.png").unlink(missing_ok=True)
    (query,) = blocks("r")
    (folder / "plot.R").write_text(query.replace(ADDRESS, shipped_server.url), encoding="utf-8")
    assert "Education" in run(folder, program, "plot.R")
    assert (folder / "measures.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize(("number", "expected"), list(enumerate(
    ["measure,number", '"hits"', "skos:prefLabel", "  -"], 1)))
def test_curl_answers(folder: Path, shipped_server: Server, number: int, expected: str) -> None:
    assert len(blocks("sh")) == 5
    said = run(folder, "bash", "-e", "-o", "pipefail", "-c", blocks("sh")[number].replace(ADDRESS, shipped_server.url))
    assert expected in said


def test_the_digest_is_proved_by_the_command(folder: Path, shipped_server: Server) -> None:
    said = run(folder, "sh", "-c", blocks("sh")[4].replace(ADDRESS, shipped_server.url))
    assert said.split()[0] == shipped_server.get("/health").json()["digest"]
