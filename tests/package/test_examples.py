"""The examples of the documents work as they stand, but for the address of the server."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from tests.serving import FIXTURES, Server
from wir2graph.operator import load_operator
from wir2graph.plan import PREFIXES, load_plan
from wir2graph.search.synonyms import read_synonyms

DOCS = Path(__file__).resolve().parents[2] / "docs"


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language in all documents."""
    pattern = re.compile(rf"^ *```{language}\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for document in sorted(DOCS.glob("*.md"))
            for block in pattern.findall(document.read_text(encoding="utf-8"))]


def test_there_are_examples() -> None:
    assert len(blocks("python")) >= 2
    assert blocks("sparql")


# Those that plot need packages of their own: tests/conformance/test_researchers.py installs them as the reader does.
@pytest.mark.parametrize("program", [block for block in blocks("python") if "import matplotlib" not in block])
def test_each_program_runs(program: str, shipped_server: Server) -> None:
    here = program.replace("http://127.0.0.1:8000", shipped_server.url)
    assert here != program
    result = subprocess.run([sys.executable, "-c", here], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("query", blocks("sparql"))
def test_each_query_has_an_answer(query: str, shipped_server: Server) -> None:
    answer = httpx.post(f"{shipped_server.url}/sparql", data={"query": query},
                        headers={"accept": "application/sparql-results+json"})
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.json()["results"]["bindings"]


def test_each_piece_of_turtle_can_be_read() -> None:
    pieces = blocks("turtle")
    assert len(pieces) >= 2
    for piece in pieces:
        head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
        assert list(ox.parse(f"@base <http://base.example/> .\n{head}{piece}", format=ox.RdfFormat.TURTLE))


def test_each_operator_toml_is_one(tmp_path: Path) -> None:
    settings = [text for text in blocks("toml") if not text.startswith(("slug", "same = ", "[catalogue]"))]
    assert len(settings) >= 2
    for text in settings:
        (tmp_path / "operator.toml").write_text(text, encoding="utf-8")
        load_operator(tmp_path / "operator.toml")


def test_each_plan_toml_is_a_plan(tmp_path: Path) -> None:
    settings = [text for text in blocks("toml") if text.startswith("slug")]
    parts = [text for text in blocks("toml") if text.startswith("[catalogue]")]
    assert settings
    assert parts
    settings += [f"{settings[0]}\n{part}" for part in parts]
    for text in settings:
        folder = tmp_path / "musterstadt"
        folder.mkdir(exist_ok=True)
        (folder / "plan.toml").write_text(text, encoding="utf-8")
        assert load_plan(folder).slug == "musterstadt"


def test_each_list_of_synonyms_can_be_read(tmp_path: Path) -> None:
    settings = [text for text in blocks("toml") if text.startswith("same = ")]
    assert settings
    plan = replace(load_plan(FIXTURES / "musterstadt"), folder=tmp_path)
    for text in settings:
        (tmp_path / "synonyms.toml").write_text(text, encoding="utf-8")
        assert read_synonyms(plan)


def test_the_digest_is_that_of_the_sorted_dump(shipped_server: Server) -> None:
    dump = shipped_server.get("/hannover/dumps/hannover.nq").content
    digest = hashlib.sha256(b"".join(sorted(dump.splitlines(keepends=True)))).hexdigest()
    assert digest == shipped_server.get("/health").json()["digest"]
