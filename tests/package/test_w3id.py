"""The redirect for w3id.org leads every identifier that lies there to where the site serves it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from wir2graph.plan import CODELIST_GRAPH, ONTOLOGY_GRAPH, SHAPES_GRAPH, find_workspace, load_plans
from wir2graph.urls import place_of

FILE = Path(__file__).resolve().parents[2] / "docs" / "w3id" / ".htaccess"
ROOT = "https://w3id.org/wir2graph/"
SITE = "https://daten.example.org"
RULE = re.compile(r"^RewriteRule (\S+) (\S+) \[R=302,L\]$")


def lines() -> list[str]:
    return [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def redirected(iri: str) -> str:
    """Return where the rules lead an IRI, as mod_rewrite applies them in the folder of the namespace."""
    assert iri.startswith(ROOT)
    path = urlsplit(iri).path.removeprefix(urlsplit(ROOT).path)
    for line in lines():
        if (rule := RULE.fullmatch(line)) and (found := re.search(rule[1], path)):
            return re.sub(r"\$(\d)", lambda group: found[int(group[1])], rule[2])
    raise AssertionError(f"no rule for {iri}")


def test_every_line_is_one_that_is_known() -> None:
    assert lines()[:2] == ["Options -MultiViews", "RewriteEngine on"]
    assert all(RULE.fullmatch(line) for line in lines()[2:])
    assert len(lines()) >= 3


@pytest.mark.parametrize("graph", [ONTOLOGY_GRAPH, SHAPES_GRAPH, CODELIST_GRAPH])
def test_vocabulary_and_rules_lead_to_their_documents(graph: str) -> None:
    assert redirected(graph) == f"{SITE}/{graph.removeprefix(ROOT)}"


def test_things_of_the_shipped_plans_lead_to_where_they_are_served() -> None:
    plans = [plan for plan in load_plans(find_workspace().data) if plan.namespace.startswith(ROOT)]
    assert plans
    for plan in plans:
        for name in ("massnahme/wir2-bildung-15", "oe/18.63", "datensatz/gesamt", "projekt/büro-für-ökologie"):
            iri = f"{plan.namespace}id/{name}"
            place = place_of(iri, plans)
            assert place is not None
            assert redirected(iri) == f"{SITE}{place.resource}"


def test_the_commented_example_for_another_publisher_is_a_rule() -> None:
    [line] = [line.removeprefix("#").strip() for line in FILE.read_text(encoding="utf-8").splitlines()
              if "andere-stadt" in line]
    assert RULE.fullmatch(line)
