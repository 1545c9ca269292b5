"""The endpoint describes itself: where it is, what it speaks, what it holds, and its limits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import httpx
import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from tests.serving import Server
from wir2graph.formats import GRAPH_RESULTS, TABLE_RESULTS, VOCABULARY
from wir2graph.operator import Operator, SparqlSettings
from wir2graph.release import Release
from wir2graph.represent import represent
from wir2graph.store.base import Capacity, Limits

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
SCHEMA = Namespace("https://schema.org/")
FORMATS = "http://www.w3.org/ns/formats/"
URL = "https://offen.example/daten/sparql"


def description(release: Release, suffix: str = "ttl") -> Graph:
    document = represent(release, release.addresses()[f"/sparql.{suffix}"])
    return Graph().parse(document.body, format=document.media_type)


@pytest.fixture(scope="module")
def described(release: Release) -> Graph:
    operator = Operator(public_url="https://offen.example/daten")
    return description(replace(release, operator=operator, base_url=operator.public_url or ""))


def test_it_names_the_public_address_the_languages_and_all_formats(described: Graph) -> None:
    service = URIRef(f"{URL}#service")
    assert list(described.subjects(RDF.type, SD.Service)) == [service]
    assert list(described.objects(service, SD.endpoint)) == [URIRef(URL)]
    assert SD.SPARQL11Query in set(described.objects(service, SD.supportedLanguage))
    formats = {str(iri).removeprefix(FORMATS) for iri in described.objects(service, SD.resultFormat)}
    assert formats == {
        "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "JSON-LD",
        "RDF_XML", "N-Triples", "TriG", "N-Quads",
    }
    assert len(formats) == len({*TABLE_RESULTS, *GRAPH_RESULTS})


def test_it_counts_what_the_default_graph_holds(described: Graph, release: Release) -> None:
    triples = release.store.construct("CONSTRUCT WHERE { ?s ?p ?o }")
    classes = {t.object for t in triples if t.predicate.value == str(RDF.type)}
    graph = described.value(URIRef(f"{URL}#dataset"), SD.defaultGraph)
    assert {name: described.value(graph, VOID[name]) for name in (
        "triples", "classes", "properties", "distinctSubjects", "distinctObjects",
    )} == {
        "triples": Literal(len(triples)), "classes": Literal(len(classes)),
        "properties": Literal(len({t.predicate for t in triples})),
        "distinctSubjects": Literal(len({t.subject for t in triples})),
        "distinctObjects": Literal(len({t.object for t in triples})),
    }


def test_it_names_every_named_graph_with_its_size_and_its_description(described: Graph, release: Release) -> None:
    sizes = Counter(
        str(row["g"])[1:-1] for row in release.store.select("SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
    )
    entries = list(described.objects(URIRef(f"{URL}#dataset"), SD.namedGraph))
    names = {str(described.value(entry, SD.name)) for entry in entries}
    assert names == set(sizes)
    assert len(entries) == len(names) > 5
    for name, size in sizes.items():
        graph = URIRef(name)
        assert described.value(graph, VOID.triples) == Literal(size)
        texts = {
            text.language for _, predicate, text in described.triples((graph, None, None))
            if isinstance(text, Literal) and text.language and str(predicate).endswith(("Label", "title"))
        }
        assert {"de", "en"} <= texts, name


def test_it_tells_the_limits_in_force(release: Release) -> None:
    settings = SparqlSettings(Limits(seconds=7, memory_bytes=11, result_bytes=13, depth=17, length=19),
                              Capacity(workers=3, queue=23, per_client=5))
    graph = description(replace(release, operator=Operator(sparql=settings)))
    service = next(graph.subjects(RDF.type, SD.Service))
    limits = {}
    for limit in graph.objects(service, SCHEMA.additionalProperty):
        names = {text.language for text in graph.objects(limit, SCHEMA.name) if isinstance(text, Literal)}
        assert names == {"de", "en"}
        limits[str(graph.value(limit, SCHEMA.propertyID))] = int(str(graph.value(limit, SCHEMA.maxValue)))
    assert limits == {
        "seconds": 7, "memory": 11, "result": 13, "depth": 17, "pattern": 19, "long": 2, "waiting": 23, "per-client": 5,
    }


def test_every_format_says_the_same(release: Release) -> None:
    graphs = [set(description(release, each.name)) for each in VOCABULARY]
    assert len(graphs[0]) > 50
    assert all(graph == graphs[0] for graph in graphs)


def test_the_endpoint_gives_it_by_accept_and_a_browser_the_page(server: Server) -> None:
    for accept, kind in (
        ("text/turtle", "text/turtle; charset=utf-8"), ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"), ("application/n-triples", "application/n-triples"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
    ):
        response = server.get("/sparql", accept=accept)
        assert response.status_code == 200
        assert response.headers["content-type"] == kind
        assert "Accept" in response.headers["vary"]
    turtle = server.get("/sparql", accept="text/turtle")
    endpoint = next(iter(Graph().parse(turtle.content, format="turtle").objects(None, SD.endpoint)))
    assert httpx.get(str(endpoint), params={"query": "ASK {}"}).json() == {"head": {}, "boolean": True}


def test_no_blank_node(described: Graph) -> None:
    lines = described.serialize(format="nt").splitlines()
    assert len(lines) > 50
    assert not any(line.startswith("_:") or " _:" in line for line in lines)
