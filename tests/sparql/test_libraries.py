"""SPARQLWrapper and rdflib's SPARQLStore, as researchers use them, against a running site."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.error import HTTPError
from xml.dom.minidom import Document

import pytest
from rdflib import RDF, Dataset, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, URLENCODED, XML
from SPARQLWrapper import SPARQLWrapper as Client
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.sites import Site

WIR = "https://w3id.org/wir2graph/def#"
PREFIXES = f"PREFIX wir: <{WIR}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
MEASURES = PREFIXES + "SELECT ?m ?label WHERE { ?m a wir:Measure ; skos:prefLabel ?label FILTER(LANG(?label) = 'de') }"
ASK = PREFIXES + "ASK { ?m a wir:Measure }"
ASK_NOT = PREFIXES + "ASK { ?m a wir:NoSuchThing }"
CONSTRUCT = PREFIXES + "CONSTRUCT { ?m a wir:Measure } WHERE { ?m a wir:Measure }"

WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
WAY_NAMES = ["get", "form", "direct"]


def asked(site: Site, query: str, form: str, method: str = GET, request: str = URLENCODED) -> Any:
    client = Client(site.endpoint)
    client.setQuery(query)
    client.setReturnFormat(form)
    client.setMethod(method)
    client.setRequestMethod(request)
    return client.queryAndConvert()


@pytest.fixture(params=WAYS, ids=WAY_NAMES)
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    method, encoding = request.param
    return method, encoding


def test_select_as_json(site: Site, way: tuple[str, str]) -> None:
    rows = asked(site, MEASURES, JSON, *way)["results"]["bindings"]
    assert len({row["m"]["value"] for row in rows}) == len(rows) == site.measures
    assert {row["label"]["xml:lang"] for row in rows} == {"de"}


def test_select_as_xml(site: Site, way: tuple[str, str]) -> None:
    document = asked(site, MEASURES, XML, *way)
    assert isinstance(document, Document)
    assert len(document.getElementsByTagName("result")) == site.measures


def test_select_as_csv(site: Site, way: tuple[str, str]) -> None:
    rows = list(csv.reader(io.StringIO(asked(site, MEASURES, CSV, *way).decode())))
    assert rows[0] == ["m", "label"]
    assert len(rows) == site.measures + 1


def test_select_as_tsv(site: Site, way: tuple[str, str]) -> None:
    lines = asked(site, MEASURES, TSV, *way).decode().splitlines()
    assert lines[0] == "?m\t?label"
    assert len(lines) == site.measures + 1
    assert all(line.startswith("<") and line.endswith("@de") for line in lines[1:])


@pytest.mark.parametrize(("query", "answer"), [(ASK, True), (ASK_NOT, False)], ids=["yes", "no"])
def test_ask(site: Site, way: tuple[str, str], query: str, answer: bool) -> None:
    assert asked(site, query, JSON, *way)["boolean"] is answer
    said = asked(site, query, XML, *way).getElementsByTagName("boolean")[0].firstChild
    assert said is not None
    assert said.nodeValue == str(answer).lower()


@pytest.mark.parametrize("form", [TURTLE, RDFXML, JSONLD])
def test_construct(site: Site, way: tuple[str, str], form: str) -> None:
    answer = asked(site, CONSTRUCT, form, *way)
    graph = answer if isinstance(answer, Graph) else Graph().parse(data=answer, format="turtle")
    assert len(set(graph.subjects(RDF.type, URIRef(f"{WIR}Measure")))) == site.measures


def test_an_iri_outside_ascii_is_found_once_asked_for_by_any_way(site: Site, way: tuple[str, str]) -> None:
    everything = asked(site, "SELECT DISTINCT ?s WHERE { ?s ?p ?o }", JSON)["results"]["bindings"]
    strange = [row["s"]["value"] for row in everything if not row["s"]["value"].isascii()]
    assert bool(strange) is (site.plan == "musterstadt")
    for iri in strange:
        assert asked(site, f"ASK {{ <{iri}> ?p ?o }}", JSON, *way)["boolean"] is True


def test_a_malformed_query_is_told_as_such(site: Site, way: tuple[str, str]) -> None:
    with pytest.raises(QueryBadFormed):
        asked(site, "SELECT WHERE {", JSON, *way)


def test_a_named_graph_can_be_chosen(site: Site) -> None:
    graphs = asked(site, "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", JSON)["results"]["bindings"]
    editorial = next(row["g"]["value"] for row in graphs if row["g"]["value"].endswith("/id/graph/redaktion"))
    client = Client(site.endpoint)
    client.addDefaultGraph(editorial)
    client.setReturnFormat(JSON)
    client.setQuery("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    within: Any = client.queryAndConvert()
    same = asked(site, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{editorial}> {{ ?s ?p ?o }} }}", JSON)
    assert within["results"]["bindings"] == same["results"]["bindings"]
    assert int(same["results"]["bindings"][0]["n"]["value"]) > 0


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_a_store_of_rdflib_selects(site: Site, method: str, form: str) -> None:
    graph = Graph(SPARQLStore(site.endpoint, method=method, returnFormat=form))
    assert len({str(row) for row in graph.query(MEASURES)}) == site.measures


def test_a_store_of_rdflib_gives_triples(site: Site) -> None:
    graph = Graph(SPARQLStore(site.endpoint))
    measures = set(graph.subjects(RDF.type, URIRef(f"{WIR}Measure")))
    assert len(measures) == site.measures
    one = min(measures, key=str)
    assert (one, RDF.type, URIRef(f"{WIR}Measure")) in graph
    numbers = list(graph.objects(one, URIRef(f"{WIR}number")))
    assert len(numbers) == 1
    assert isinstance(numbers[0], Literal)
    assert isinstance(numbers[0].toPython(), int)


def test_a_store_of_rdflib_counts_what_the_site_counts(site: Site) -> None:
    said = asked(site, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", JSON)["results"]["bindings"][0]["n"]["value"]
    assert len(Graph(SPARQLStore(site.endpoint))) == int(said) > 100


def test_a_store_of_rdflib_sees_the_named_graphs(site: Site) -> None:
    store = SPARQLStore(site.endpoint)
    names = {str(getattr(context, "identifier", context)) for context in Dataset(store).store.contexts()}
    assert any(name.endswith("/id/graph/redaktion") for name in names)
    assert f"{WIR}"[:-1] in names


def test_a_store_of_rdflib_cannot_write(site: Site) -> None:
    graph = Graph(SPARQLStore(site.endpoint))
    with pytest.raises(TypeError):
        graph.add((URIRef("http://a.example/"), RDF.type, URIRef("http://b.example/")))


def test_an_update_is_refused_and_changes_nothing(site: Site) -> None:
    client = Client(site.endpoint)
    client.setMethod(POST)
    client.setQuery("INSERT DATA { <http://a.example/> a <http://b.example/> }")
    with pytest.raises((QueryBadFormed, HTTPError)):
        client.query()
    assert asked(site, "ASK { <http://a.example/> ?p ?o }", JSON)["boolean"] is False
