"""A graph as bytes: every syntax holds the same graph, and the same graph is always the same bytes."""

from __future__ import annotations

import io
import random

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from wir2graph.formats import CSV, DATA, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from wir2graph.plan import PREFIXES
from wir2graph.represent.rdf import canonical_blank_nodes, compact, json_value, named, serialise, serialise_quads

FLAT = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES)
XSD = PREFIXES["xsd"]

local = st.builds("{}{}{}".format, st.sampled_from("abcßé"), st.text("abcßé0-.", max_size=2), st.sampled_from("abß0-"))
SPACES = (PREFIXES["wir"], PREFIXES["skos"], "https://daten.example/id/oe/")


def named_in(*spaces: str) -> st.SearchStrategy[ox.NamedNode]:
    return st.builds(lambda space, name: ox.NamedNode(space + name), st.sampled_from(spaces), local)


iris = named_in(*SPACES, "org:", "urn:x:")
predicates = named_in(*SPACES)
letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
text = st.text(letters, max_size=8)
literals = st.one_of(
    text.map(ox.Literal),
    st.builds(lambda value, tag: ox.Literal(value, language=tag), text, st.sampled_from(["de", "en"])),
    st.integers(-(2**60), 2**60).map(ox.Literal),
    st.booleans().map(ox.Literal),
    st.builds(lambda kind, value: ox.Literal(value, datatype=ox.NamedNode(XSD + kind)), st.sampled_from(
        ["date", "gYear", "decimal", "integer", "boolean"]), st.sampled_from(["2024", "01", "x", "1", "true", "0"])),
)
triples = st.builds(ox.Triple, iris, predicates, st.one_of(iris, literals))
graphs = st.lists(triples, max_size=8)


def parsed(body: bytes, item: Format) -> set[ox.Triple]:
    assert item.rdf is not None
    return {quad.triple for quad in ox.parse(io.BytesIO(body), format=item.rdf)}


@pytest.mark.parametrize("item", FLAT, ids=lambda item: item.name)
@settings(deadline=None, max_examples=50)
@given(graphs)
def test_every_syntax_holds_the_graph(item: Format, graph: list[ox.Triple]) -> None:
    assert parsed(serialise(graph, item, PREFIXES), item) == set(graph)


@pytest.mark.parametrize("item", FLAT, ids=lambda item: item.name)
@settings(deadline=None, max_examples=50)
@given(graphs, st.integers())
def test_the_order_of_the_statements_changes_no_byte(item: Format, graph: list[ox.Triple], seed: int) -> None:
    turned = [*graph, *graph]
    random.Random(seed).shuffle(turned)
    assert serialise(turned, item, PREFIXES) == serialise(graph, item, PREFIXES)


@pytest.mark.parametrize("item", [TRIG, N_QUADS], ids=lambda item: item.name)
@settings(deadline=None, max_examples=50)
@given(st.lists(st.builds(lambda t, g: ox.Quad(t.subject, t.predicate, t.object, g), triples, iris), max_size=8))
def test_named_graphs_come_back(item: Format, quads: list[ox.Quad]) -> None:
    body = serialise_quads(quads, item, PREFIXES)
    assert item.rdf is not None
    assert set(ox.parse(io.BytesIO(body), format=item.rdf)) == set(quads)
    assert serialise_quads(reversed(quads), item, PREFIXES) == body


def test_only_used_prefixes_are_declared_and_the_described_thing_comes_first() -> None:
    thing, other = ox.NamedNode("https://z.example/thing"), ox.NamedNode("https://a.example/other")
    label = ox.NamedNode(PREFIXES["skos"] + "prefLabel")
    graph = [ox.Triple(other, label, ox.Literal("b")), ox.Triple(thing, label, ox.Literal("a"))]
    lines = serialise(graph, TURTLE, PREFIXES, first=thing.value).decode().splitlines()
    assert lines == [
        f"@prefix skos: <{PREFIXES['skos']}> .", '<https://z.example/thing> skos:prefLabel "a" .',
        '<https://a.example/other> skos:prefLabel "b" .',
    ]


def test_json_ld_reads_like_json() -> None:
    import json

    thing = ox.NamedNode("https://a.example/thing")
    document = json.loads(serialise([
        ox.Triple(thing, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PREFIXES["wir"] + "Measure")),
        ox.Triple(thing, ox.NamedNode(PREFIXES["wir"] + "number"), ox.Literal(15)),
        ox.Triple(thing, ox.NamedNode(PREFIXES["wir"] + "voting"), ox.Literal(True)),
        ox.Triple(thing, ox.NamedNode(PREFIXES["skos"] + "prefLabel"), ox.Literal("Bäume", language="de")),
    ], JSON_LD, PREFIXES))
    assert document["@graph"] == [{
        "@id": thing.value, "@type": "wir:Measure", "wir:number": 15, "wir:voting": True,
        "skos:prefLabel": {"@language": "de", "@value": "Bäume"},
    }]
    assert document["@context"]["wir"] == PREFIXES["wir"]


def test_blank_nodes_are_named_after_their_place() -> None:
    text = "@prefix : <http://a.example/> . :x :list ( 1 [ :y 2 ] ) . :z :or ( :a :b ) ."
    first, second = (
        canonical_blank_nodes(quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
        for _ in range(2)
    )
    assert {str(triple) for triple in first} == {str(triple) for triple in second}
    original = rdflib.Graph().parse(data=text, format="turtle")
    for item, name in ((TURTLE, "turtle"), (JSON_LD, "json-ld"), (RDF_XML, "xml"), (N_TRIPLES, "nt")):
        body = serialise(first, item, PREFIXES)
        assert body == serialise(second, item, PREFIXES)
        assert isomorphic(rdflib.Graph().parse(data=body, format=name), original)


def test_a_format_is_used_for_what_it_can_hold() -> None:
    with pytest.raises(ValueError, match="csv"):
        serialise([], CSV, PREFIXES)
    with pytest.raises(ValueError, match="ttl"):
        serialise_quads([], TURTLE, PREFIXES)
    with pytest.raises(TypeError, match="not an IRI"):
        named(ox.Literal("x"))
    assert TRIG in DATA


@pytest.mark.parametrize(("iri", "short"), [
    (PREFIXES["wir"] + "Measure", "wir:Measure"), (PREFIXES["wir"], PREFIXES["wir"]),
    ("https://w3id.org/wir2graph/def#a/b", "https://w3id.org/wir2graph/def#a/b"), ("https://x.example/", "https://x.example/"),
])
def test_an_iri_is_shortened_where_a_plain_name_is_left(iri: str, short: str) -> None:
    assert compact(iri, PREFIXES) == short


@pytest.mark.parametrize(("literal", "value"), [
    (ox.Literal(7), 7), (ox.Literal(-7), -7), (ox.Literal(False), False), (ox.Literal("7"), "7"),
    (ox.Literal(2**53), str(2**53)), (ox.Literal("1.50", datatype=ox.NamedNode(XSD + "decimal")), "1.50"),
    (ox.Literal("01", datatype=ox.NamedNode(XSD + "integer")), "01"),
])
def test_a_literal_becomes_a_json_value_only_where_nothing_is_lost(literal: ox.Literal, value: object) -> None:
    found = json_value(literal)
    assert found == value
    assert type(found) is type(value)
