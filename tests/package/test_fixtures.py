"""The fictional plans hold the cases that other tests rely on, and their quotes are proved by their texts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.serving import FIXTURES, Server

ID = "https://daten.musterstadt.example/plan/id/"
CONTACT = "<https://w3id.org/wir2graph/def#contactOffice>"
LABEL = '<http://www.w3.org/2004/02/skos/core#prefLabel> "Amt für Stadtgrün"@de'


def answers(server: Server, pattern: str) -> int:
    """Return how many solutions a pattern has, asked through HTTP."""
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"
    answer = server.get(f"/sparql?query={quote(query)}", accept="application/sparql-results+json")
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_a_triple_of_three_graphs_counts_once_by_default_and_thrice_by_graph(server: Server) -> None:
    triple = f"<{ID}oe/a-1> {LABEL}"
    assert answers(server, triple) == 1
    assert answers(server, f"GRAPH ?g {{ {triple} }}") == 3


@pytest.mark.parametrize(("measure", "office"), [
    ("massnahme/gruenplan-raeume-2", "oe/büro-für-ökologie"),  # disputed
    ("massnahme/gruenplan-wasser-2", "oe/b-2"),  # superseded
])
def test_what_only_rejected_claims_carry_is_said_by_its_source_alone(server: Server, measure: str, office: str) -> None:
    triple = f"<{ID}{measure}> {CONTACT} <{ID}{office}>"
    assert answers(server, triple) == 0
    assert answers(server, f"GRAPH ?g {{ {triple} }}") == 1


def test_the_quotes_are_proved_by_the_texts(tmp_path: Path) -> None:
    data, texts = tmp_path / "data", tmp_path / "texts"
    shutil.copytree(FIXTURES, data)
    texts.mkdir()
    locks = sorted(data.glob("*/quotes.lock"))
    before = [lock.read_bytes() for lock in locks]
    for lock in locks:
        lock.unlink()
    for text in data.glob("*/texts/*.txt"):
        shutil.copy(text, texts)
    command: list[str | Path] = [sys.executable, "-m", "wir2graph", "check", "--data", data, "--sources", texts]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    assert [lock.read_bytes() for lock in locks] == before
    assert len(before) == 2
