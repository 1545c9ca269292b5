"""The program for R that the page of a result offers, run by R as it stands."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.pages.document import parse
from tests.serving import PATIENCE, Server

HARD = '''SELECT ?text WHERE { VALUES ?text { 'it"s' "a)\\\\" "ü – „€“" "50 % & more + #" } } # )" )-"'''


@pytest.mark.parametrize(("query", "expected"), [
    (HARD, ['it"s', "a)\\\\", "ü – „€“", "50 % & more + #"]),
    ("ASK {}", ["true"]),
    ("CONSTRUCT { <urn:a> <urn:b> 'ä)\"' } WHERE {}", ['<urn:a> <urn:b> "ä)\\""']),
])
def test_r_runs_the_program_of_a_result(server: Server, tmp_path: Path, query: str, expected: list[str]) -> None:
    program = shutil.which("Rscript")
    assert program, "R is not installed (Debian: apt-get install r-base-core)"
    answer = httpx.get(f"{server.url}/sparql", params={"query": query, "as": "html"}, timeout=PATIENCE)
    assert answer.status_code == httpx.codes.OK
    code = parse(answer.text).find("div", id="ergebnis")[0].find("pre", class_="sample")[-1].find("code")[0]
    (tmp_path / "query.R").write_text("".join(map(str, code.content)), encoding="utf-8")
    printed = subprocess.run(
        [program, "query.R"], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False,
        env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    assert printed.returncode == 0, printed.stderr
    for text in expected:
        assert text in printed.stdout, printed.stdout
