"""What all rules have in common; their cases are in `cases.py`, `test_valid.py` and `test_invalid.py`."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, Graph, Literal, URIRef

from tests.shapes.cases import HERE, NAMES, NAMESPACE, case_file, dataset, rules
from wir2graph.plan import PREFIXES
from wir2graph.rules import WSH

BASE = HERE / "_base.trig"


def test_there_are_rules_and_each_case_belongs_to_one() -> None:
    assert len(NAMES) > 240
    expected = {case_file(rule, kind).name for rule in NAMES for kind in ("valid", "invalid")}
    assert {file.name for file in HERE.glob("*.t*") if not file.name.startswith("_")} == expected


def test_the_base_breaks_no_rule() -> None:
    assert rules().apply(dataset(BASE.read_text(encoding="utf-8"))) == []


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


STATEMENTS = sorted(map(str, ox.parse(path=str(BASE))))
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
    data = dataset(BASE.read_text(encoding="utf-8"))
    [quad] = ox.parse(STATEMENTS[position].encode() + b" .", format=ox.RdfFormat.N_QUADS)
    data.store.add(ox.Quad(quad.subject, quad.predicate, odd, quad.graph_name))
    data.store.add(ox.Quad(quad.subject, quad.predicate, odd))
    assert all(finding.rule in NAMES for finding in rules().apply(data))
