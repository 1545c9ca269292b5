"""Every rule of `shapes/` has a valid and an invalid case beside this file, and the invalid one fires exactly it.

A case is `_base.trig` with a little more or less. Its first lines may say:
    # remove: <subject> predicate    takes these statements out of the base
    # also: OtherRule …              names what else the fault necessarily breaks
What a `.ttl` case adds goes into the default graph; a `.trig` case says which graph it goes into. The cases of
reading rules are files as they would lie in a plan's folder.
"""

from __future__ import annotations

import re
import shutil
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, Graph, Literal, URIRef

from wir2graph.dataset import Dataset, load
from wir2graph.findings import Finding
from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH, Plan, Workspace
from wir2graph.rules import WSH, Rules

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAMESPACE = "https://daten.dorf.example/"
KINDS = ("DatasetRule", "ReadingRule")


@cache
def rules() -> Rules:
    return Rules.read(ROOT / "shapes", ROOT / "ontology")


def named_rules() -> dict[str, URIRef]:
    """Return whatever has a message: that is what makes a rule of a shape or a constraint."""
    return {
        str(node).removeprefix(WSH): node
        for node in rules().shapes.subjects(SH.message, unique=True) if isinstance(node, URIRef)
    }


def kinds(rule: str) -> set[str]:
    return {str(kind).removeprefix(WSH) for kind in rules().shapes.objects(URIRef(WSH + rule), RDF.type)}


def case_file(rule: str, kind: str) -> Path:
    return HERE / f"{rule}-{kind}.{'trig' if 'DatasetRule' in kinds(rule) else 'ttl'}"


def directives(text: str, word: str) -> list[str]:
    start = f"# {word}: "
    return [line.removeprefix(start) for line in text.splitlines() if line.startswith(start)]


def term(written: str) -> ox.NamedNode:
    if written.startswith("<"):
        return ox.NamedNode(f"{NAMESPACE}id/{written[1:-1]}")
    prefix, _, name = written.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + name)


def dataset(case: Path) -> Dataset:
    """Return the base with a case, its default graph materialised as the loader does it."""
    store = ox.Store()
    store.load(path=str(HERE / "_base.trig"), format=ox.RdfFormat.TRIG)
    text = case.read_text(encoding="utf-8")
    for line in directives(text, "remove"):
        subject, predicate = map(term, line.split())
        present = list(store.quads_for_pattern(subject, predicate, None))
        assert present, f"{case.name}: nothing to remove: {line}"
        for quad in present:
            store.remove(quad)
    store.load(text.encode(), format=ox.RdfFormat.TRIG)
    vocabulary = {ox.NamedNode(ONTOLOGY_GRAPH), ox.NamedNode(SHAPES_GRAPH)}
    store.extend([ox.Quad(q.subject, q.predicate, q.object) for q in store if q.graph_name not in vocabulary])
    for folder, graph in (("codelists", None), ("", ONTOLOGY_GRAPH), ("../shapes", SHAPES_GRAPH)):
        for file in (ROOT / "ontology" / folder).glob("*.ttl"):
            to_graph = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
            store.load(path=str(file), format=ox.RdfFormat.TURTLE, to_graph=to_graph)
    words = {"de": "Dorfplan", "en": "Village Plan"}
    licence, released = "https://www.example.org/", date(2026, 3, 1)
    plan = Plan("dorf", HERE, NAMESPACE, ("de", "en"), licence, released, words, words, words)
    return Dataset((plan,), store, (), (), {})


def read_as_file(case: Path, folder: Path) -> tuple[Finding, ...]:
    (folder / "data" / "dorf" / "q").mkdir(parents=True)
    shutil.copy(case, folder / "data" / "dorf" / "q" / case.name)
    (folder / "data" / "dorf" / "plan.toml").write_text(
        f'slug = "dorf"\nnamespace = "{NAMESPACE}"\nlanguages = ["de", "en"]\nlicence = "https://www.example.org/"\n'
        "released = 2026-03-01\n"
        + "".join(f'[{part}]\nde = "Dorf"\nen = "Village"\n' for part in ("title", "subtitle", "rights"))
    )
    return load(Workspace(ROOT / "ontology", ROOT / "shapes", folder / "data", ROOT / "site")).notes


def findings(rule: str, kind: str, folder: Path) -> list[Finding]:
    case = case_file(rule, kind)
    return list(read_as_file(case, folder)) if "ReadingRule" in kinds(rule) else rules().apply(dataset(case))


NAMES = sorted(named_rules())


def test_there_are_rules_and_each_case_belongs_to_one() -> None:
    assert len(NAMES) > 240
    expected = {case_file(rule, kind).name for rule in NAMES for kind in ("valid", "invalid")}
    assert {file.name for file in HERE.glob("*.t*") if not file.name.startswith("_")} == expected


def test_the_base_breaks_no_rule() -> None:
    assert rules().apply(dataset(HERE / "_base.trig")) == []


@pytest.mark.parametrize("rule", NAMES)
def test_valid(rule: str, tmp_path: Path) -> None:
    assert findings(rule, "valid", tmp_path) == []


@pytest.mark.parametrize("rule", NAMES)
def test_invalid(rule: str, tmp_path: Path) -> None:
    found = findings(rule, "invalid", tmp_path)
    also = directives(case_file(rule, "invalid").read_text(encoding="utf-8"), "also")
    assert {finding.rule for finding in found} == {rule, *" ".join(also).split()}
    for finding in found:
        assert finding.subject is None or finding.subject.startswith("http")
        assert finding.message_de != finding.message_en
        for message in (finding.message_de, finding.message_en):
            assert not re.search(r"[{}…]", message), "a value is not filled in"
    severity = str(rules().shapes.value(URIRef(WSH + rule), SH.severity)).removeprefix(str(SH)).lower()
    assert {finding.severity for finding in found if finding.rule == rule} == {severity}


@pytest.mark.parametrize("rule", NAMES)
def test_a_rule_is_described_in_both_languages(rule: str) -> None:
    shapes, node = rules().shapes, URIRef(WSH + rule)
    for part in (SH.message, SH.name):
        assert languages(shapes, node, part) == ["de", "en"], part
    assert languages(shapes, node, SH.description) in ([], ["de", "en"])
    assert shapes.value(node, SH.severity) in (SH.Violation, SH.Warning)
    if (node, RDF.type, SH.SPARQLConstraint) in shapes:
        holder = shapes.value(None, SH.sparql, node)
        assert holder is not None
        assert shapes.value(holder, SH.severity) == shapes.value(node, SH.severity), "the shape's severity counts"
    if (node, RDF.type, SH.PropertyShape) in shapes:
        group = shapes.value(node, SH.group)
        assert group is not None
        assert (group, RDF.type, SH.PropertyGroup) in shapes
        assert shapes.value(node, SH.order) is not None
        assert any(shapes.triples((None, SH.property, node))), "a property shape that nothing refers to checks nothing"


def test_one_property_has_one_name_group_and_order_within_a_class() -> None:
    shapes = rules().shapes
    for holder in shapes.subjects(SH.property, unique=True):
        described: dict[object, set[object]] = {}
        for part in shapes.objects(holder, SH.property):
            if (part, SH.message, None) in shapes:
                names = frozenset(shapes.objects(part, SH.name))
                described.setdefault(shapes.value(part, SH.path), set()).add(
                    (names, shapes.value(part, SH.group), shapes.value(part, SH.order)))
        assert all(len(ways) == 1 for ways in described.values()), holder


def test_the_classes_that_rules_list_are_those_with_a_closed_shape() -> None:
    shapes = rules().shapes
    closed = {
        target for node in shapes.subjects(SH.closed) for target in shapes.objects(node, SH.targetClass)
    } | {URIRef(PREFIXES["org"] + "FormalOrganization")}
    closed.discard(URIRef(PREFIXES["sd"] + "NamedGraph"))
    select = str(shapes.value(URIRef(f"{WSH}TypeKnown"), SH.select))
    listed = re.findall(r"(\w+):([A-Z]\w+)", select[select.index("IN ("):])
    assert {URIRef(PREFIXES[prefix] + name) for prefix, name in listed} == closed


def languages(graph: Graph, node: URIRef, part: URIRef) -> list[str]:
    return sorted(text.language or "" for text in graph.objects(node, part) if isinstance(text, Literal))


STATEMENTS = sorted(map(str, ox.parse(path=str(HERE / "_base.trig"))))
ODD_TERMS = [
    *(ox.Literal("kein Wert", datatype=ox.NamedNode(PREFIXES["xsd"] + name))
      for name in ("integer", "date", "gYear", "gYearMonth", "decimal", "boolean", "dateTime")),
    ox.Literal("été", language="fr"), ox.Literal(""), ox.Literal("\\1 {?value} \\g<x>"), ox.Literal(-1),
    ox.Literal(1.5),
    ox.NamedNode("https://www.example.org/nirgends"), ox.NamedNode(f"{NAMESPACE}id/plan/p"), ox.NamedNode("urn:x:"),
]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, len(STATEMENTS) - 1), st.sampled_from(ODD_TERMS))
def test_no_value_makes_the_rules_fail(position: int, odd: ox.Literal | ox.NamedNode) -> None:
    data = dataset(HERE / "_base.trig")
    [quad] = ox.parse(STATEMENTS[position].encode() + b" .", format=ox.RdfFormat.N_QUADS)
    data.store.add(ox.Quad(quad.subject, quad.predicate, odd, quad.graph_name))
    data.store.add(ox.Quad(quad.subject, quad.predicate, odd))
    assert all(finding.rule in NAMES for finding in rules().apply(data))
