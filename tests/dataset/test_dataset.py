"""What the loader makes of Turtle: graphs, the default graph over them, closures, canonical literals."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from wir2graph.dataset import Dataset, load
from wir2graph.findings import InputError
from wir2graph.plan import Workspace, find_workspace

NS = "https://daten.example/plan/"
HEAD = f"""@base <{NS}id/> .
@prefix wir: <https://w3id.org/wir2graph/def#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
SETTINGS = f"""slug = "plan"
namespace = "{NS}"
languages = ["de", "en"]
licence = "https://example.org/licence"
released = 2026-01-01
title = {{ de = "Plan", en = "Plan" }}
subtitle = {{ de = "", en = "" }}
rights = {{ de = "", en = "" }}
"""


def make(tmp_path: Path, **sources: str) -> Workspace:
    shipped = find_workspace()
    folder = tmp_path / "data" / "plan"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.toml").write_text(SETTINGS, encoding="utf-8")
    for source, text in sources.items():
        (folder / source).mkdir(exist_ok=True)
        (folder / source / "alles.ttl").write_text(HEAD + text, encoding="utf-8")
    return Workspace(shipped.ontology, shipped.shapes, tmp_path / "data", shipped.site)


def loaded(tmp_path: Path, **sources: str) -> Dataset:
    return load(make(tmp_path, **sources))


def count(dataset: Dataset, pattern: str) -> int:
    prefixes = {"wir": "https://w3id.org/wir2graph/def#", "org": "http://www.w3.org/ns/org#",
                "skos": "http://www.w3.org/2004/02/skos/core#", "prov": "http://www.w3.org/ns/prov#"}
    rows = dataset.store.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", base_iri=f"{NS}id/", prefixes=prefixes)
    assert isinstance(rows, ox.QuerySolutions)
    value = next(iter(rows))["n"]
    assert isinstance(value, ox.Literal)
    return int(value.value)


def test_a_triple_in_three_graphs_counts_once_by_default_and_thrice_by_graph(tmp_path: Path) -> None:
    label = '<oe/a> skos:prefLabel "Amt"@de .'
    dataset = loaded(tmp_path, eins=label, zwei=label, redaktion=label)
    assert count(dataset, '<oe/a> skos:prefLabel "Amt"@de') == 1
    assert count(dataset, 'GRAPH ?g { <oe/a> skos:prefLabel "Amt"@de }') == 3


CLAIM = """
<oe/a> skos:altLabel "alt"@de .
<angabe/{name}> a wir:Claim ; rdf:subject <oe/a> ; rdf:predicate skos:altLabel ; rdf:object "alt"@de .
"""


@pytest.mark.parametrize(
    ("statuses", "kept"),
    [
        ({}, 1), ({"eins": "accepted"}, 1), ({"eins": "disputed"}, 0), ({"eins": "superseded"}, 0),
        ({"eins": "disputed", "zwei": "superseded"}, 0), ({"eins": "disputed", "zwei": "accepted"}, 1),
        ({"eins": "disputed", "zwei": None}, 1),
    ],
)
def test_only_what_an_accepted_claim_or_none_carries_is_in_the_default_graph(
    tmp_path: Path, statuses: dict[str, str | None], kept: int,
) -> None:
    sources = {name: CLAIM.format(name=name) for name in statuses} or {"eins": '<oe/a> skos:altLabel "alt"@de .'}
    status = "\n".join(f"<angabe/{name}> wir:claimStatus wir:{value} ." for name, value in statuses.items() if value)
    dataset = loaded(tmp_path, **sources, redaktion=status)
    assert count(dataset, '<oe/a> skos:altLabel "alt"@de') == kept
    assert count(dataset, 'GRAPH ?g { <oe/a> skos:altLabel "alt"@de }') == len(sources)


def test_superclasses_and_the_chain_of_units_are_derived_into_their_own_graph(tmp_path: Path) -> None:
    dataset = loaded(tmp_path, eins="""
<massnahme/m-1> a wir:Measure .
<oe/1.1.1> org:unitOf <oe/1.1> .
<oe/1.1> org:unitOf <oe/1> .
<oe/1> org:unitOf <stadt/s> .
""")
    derived = f"GRAPH <{NS}id/graph/abgeleitet>"
    assert count(dataset, f"{derived} {{ <massnahme/m-1> a prov:Plan }}") == 1
    assert count(dataset, "<oe/1.1.1> org:subOrganizationOf ?x") == 3
    assert count(dataset, f"{derived} {{ ?s org:subOrganizationOf ?x }}") == 6


def test_a_cycle_of_units_is_loaded_and_left_to_the_rules(tmp_path: Path) -> None:
    dataset = loaded(tmp_path, eins="<oe/1> org:unitOf <oe/2> .\n<oe/2> org:unitOf <oe/1> .")
    assert count(dataset, "<oe/1> org:subOrganizationOf <oe/2>") == 1
    assert count(dataset, "?x org:subOrganizationOf ?x") == 0


def test_literals_are_canonical_and_others_are_noted_with_their_line(tmp_path: Path) -> None:
    dataset = loaded(tmp_path, eins="""
<massnahme/m-1>
  wir:number "001"^^<http://www.w3.org/2001/XMLSchema#integer> .
<massnahme/m-2> wir:number 2 .
""")
    assert count(dataset, "<massnahme/m-1> wir:number 1") == 1
    (note,) = dataset.notes
    assert (note.rule, note.file, note.line) == ("CanonicalLiteral", "plan/eins/alles.ttl", 7)


def test_a_blank_node_is_noted(tmp_path: Path) -> None:
    dataset = loaded(tmp_path, eins='<massnahme/m-1> wir:evidence [ wir:quote "x" ] .')
    assert {(n.rule, n.subject) for n in dataset.notes} == {
        ("NoBlankNode", None), ("NoBlankNode", f"{NS}id/massnahme/m-1"),
    }


def test_every_broken_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, eins="<a> <b> .", zwei="<a> <b> <c>")
    assert [(f.rule, f.file) for f in caught.value.findings] == [
        ("TurtleSyntax", "plan/eins/alles.ttl"), ("TurtleSyntax", "plan/zwei/alles.ttl"),
    ]


def test_a_plan_without_sources_and_a_folder_without_plans_are_refused(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    with pytest.raises(InputError) as caught:
        load(workspace)
    assert caught.value.findings[0].rule == "SourceMissing"
    (tmp_path / "data" / "plan" / "plan.toml").unlink()
    with pytest.raises(InputError) as caught:
        load(workspace)
    assert caught.value.findings[0].rule == "PlanMissing"


def test_the_digest_is_that_of_the_data_alone_and_ignores_how_it_is_written(tmp_path: Path) -> None:
    text = '<oe/a> skos:prefLabel "Amt"@de ; skos:altLabel "A"@de .'
    other = '<oe/a> skos:altLabel "A"@de .\n<oe/a> skos:prefLabel "Amt"@de .'
    first, second = loaded(tmp_path / "1", eins=text), loaded(tmp_path / "2", eins=other)
    changed = loaded(tmp_path / "3", eins=text.replace("Amt", "Amt 2"))
    assert first.digest() == second.digest() != changed.digest()


def test_a_subject_is_located_in_its_graph(tmp_path: Path) -> None:
    dataset = loaded(tmp_path, eins="<oe/a> a org:Role .", redaktion='\n\n<oe/a> skos:altLabel "A"@de .')
    assert dataset.locate(f"{NS}id/oe/a", f"{NS}id/graph/redaktion") == ("plan/redaktion/alles.ttl", 8)
    assert dataset.locate(f"{NS}id/oe/a", f"{NS}id/graph/eins") == ("plan/eins/alles.ttl", 6)
    assert dataset.locate(f"{NS}id/oe/b") is None


def test_a_sub_goal_has_plan_field_and_series_of_its_goal_and_only_in_the_derived_graph(tmp_path: Path) -> None:
    dataset = loaded(tmp_path, eins="""
        <ziel/1> a wir:Goal ; wir:inPlan <plan/p> ; wir:inField <handlungsfeld/a> ; wir:series <reihe/h> ;
          wir:number 1 ; wir:hasSubGoal <ziel/1-1> .
        <ziel/1-1> a wir:Goal ; wir:number 4 .
    """)
    derived = "<ziel/1-1> wir:inPlan <plan/p> ; wir:inField <handlungsfeld/a> ; wir:series <reihe/h>"
    assert count(dataset, derived) == 1
    assert count(dataset, f"GRAPH <graph/abgeleitet> {{ {derived} }}") == 1
    assert count(dataset, "GRAPH <graph/eins> { <ziel/1-1> ?p ?o }") == 2
    assert count(dataset, "<ziel/1-1> wir:number ?n") == 1
    assert count(dataset, "GRAPH <graph/abgeleitet> { <ziel/1> ?p ?o }") == 0


def test_a_sub_goal_that_states_its_field_itself_keeps_it(tmp_path: Path) -> None:
    dataset = loaded(tmp_path, eins="""
        <ziel/1> a wir:Goal ; wir:inField <handlungsfeld/a> ; wir:hasSubGoal <ziel/1-1> .
        <ziel/1-1> a wir:Goal ; wir:inField <handlungsfeld/a> .
    """)
    assert count(dataset, "<ziel/1-1> wir:inField ?field") == 1
    assert count(dataset, "GRAPH <graph/abgeleitet> { ?goal wir:inField ?field }") == 0
