"""One file of RDF, served with its default graph as given."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.serving import PATIENCE, Server, serving

TURTLE = '@prefix : <http://e.example/> . :a :b :c , "ä"@de ; :n 1 . <beside> :b :c .'
TRIG = "@prefix : <http://e.example/> . :a :b :c . :g { :a :b :d . :a :b :c }"
QUADS = "<http://e.example/a> <http://e.example/b> <http://e.example/c> .\n" \
        "<http://e.example/a> <http://e.example/b> <http://e.example/d> <http://e.example/g> .\n"


def ask(server: Server, query: str, **parameters: str) -> httpx.Response:
    return httpx.get(f"{server.url}/sparql", params={"query": query, **parameters}, timeout=PATIENCE)


@pytest.mark.parametrize(("name", "text", "default", "named"), [
    ("data.ttl", TURTLE, 4, 0), ("data.trig", TRIG, 1, 2), ("data.nq", QUADS, 1, 1),
])
def test_a_file_is_served_as_it_stands(tmp_path: Path, name: str, text: str, default: int, named: int) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with serving(tmp_path / "state", "--data", file) as server:
        assert ask(server, "SELECT * { ?s ?p ?o }", **{"as": "csv"}).text.count("\r\n") == default + 1
        assert ask(server, "SELECT * { GRAPH ?g { ?s ?p ?o } }", **{"as": "csv"}).text.count("\r\n") == named + 1
        if name == "data.ttl":
            beside = (tmp_path / "beside").resolve().as_uri()
            assert ask(server, f"ASK {{ <{beside}> ?p ?o }}").json()["boolean"] is True
        page = server.get("/sparql", accept="text/html")
        assert page.status_code == 200
        assert "textarea" in page.text
        root = server.get("/")
        assert (root.status_code, root.headers["location"]) == (303, "sparql")
        assert server.get("/sparql", accept="text/turtle").status_code == 200
    assert not (tmp_path / "state").exists(), "nothing is left behind"


@pytest.mark.parametrize(("name", "text", "told"), [
    ("data.trig", "@prefix : <http://e.example/> .\n:g { :a :b }", "data.trig:2:12: Fehler [TriGSyntax]"),
    ("data.docx", "x", "data.docx: Fehler [FormatUnknown]"),
])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str, text: str, told: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "wir2graph", "serve", "--data", file, "--port", "0"], capture_output=True, text=True,
        check=False, timeout=PATIENCE,
    )
    assert result.returncode == 1
    assert told in result.stdout
