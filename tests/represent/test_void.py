"""The VoID description counts what SPARQL queries count, and is found where machines look for it."""

from __future__ import annotations

import io
from dataclasses import replace

import httpx
import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, FOAF, RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import to_isomorphic

from tests.serving import Server
from wir2graph.formats import TURTLE, VOCABULARY
from wir2graph.operator import Operator
from wir2graph.release import Release
from wir2graph.represent import represent
from wir2graph.statistics import count

VOID = Namespace("http://rdfs.org/ns/void#")
BASE = "https://offen.example/daten"
WHOLE = URIRef(f"{BASE}/void#release")
NUMBERS = {
    "triples": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o }",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE { ?s ?p ?o }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?s a ?c }",
}
CLASSES = "SELECT ?iri (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?iri } GROUP BY ?iri"
PROPERTIES = "SELECT ?iri (COUNT(*) AS ?n) WHERE { ?s ?iri ?o } GROUP BY ?iri"


def entities(*spaces: str) -> str:
    tests = " || ".join(f'STRSTARTS(STR(?s), "{space}")' for space in spaces)
    return f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s ?p ?o FILTER({tests}) }}"


def number(solutions: object) -> int:
    assert isinstance(solutions, ox.QuerySolutions)
    return int(next(solutions)["n"].value)


def by_iri(solutions: object) -> dict[str, int]:
    assert isinstance(solutions, ox.QuerySolutions)
    return {row["iri"].value: int(row["n"].value) for row in solutions}


def partitions(described: Graph, dataset: URIRef, kind: str, unit: str) -> dict[str, int]:
    return {str(described.value(part, VOID[kind])): int(str(described.value(part, VOID[unit])))
            for part in described.objects(dataset, VOID[f"{kind}Partition"])}


@pytest.fixture(scope="module")
def public(release: Release) -> Release:
    operator = Operator(public_url=BASE, name="Verein", homepage="https://verein.example/")
    return replace(release, operator=operator, base_url=BASE)


@pytest.fixture(scope="module")
def described(public: Release) -> Graph:
    return Graph().parse(represent(public, public.addresses()["/void.ttl"]).body, format="turtle")


def plan_dataset(release: Release, slug: str) -> URIRef:
    return URIRef(f"{release.plan(slug).namespace}id/datensatz/gesamt")


@pytest.mark.parametrize("slug", [None, "musterstadt", "kleinstadt"])
def test_its_numbers_are_those_of_queries(public: Release, described: Graph, slug: str | None) -> None:
    if slug is None:
        dataset, plans = WHOLE, public.plans
        dumps = [represent(public, public.addresses()[f"/{plan.slug}/dumps/{plan.slug}.nt"]).body for plan in plans]
    else:
        dataset, plans = plan_dataset(public, slug), (public.plan(slug),)
        dumps = [represent(public, public.addresses()[f"/{slug}/dumps/{slug}.nt"]).body]
    store = ox.Store()
    for dump in dumps:
        store.load(io.BytesIO(dump), ox.RdfFormat.N_TRIPLES)
    told = {name: described.value(dataset, VOID[name]) for name in (*NUMBERS, "entities")}
    found = {name: number(store.query(query)) for name, query in NUMBERS.items()}
    found["entities"] = number(store.query(entities(*(f"{plan.namespace}id/" for plan in plans))))
    assert told == {name: Literal(value) for name, value in found.items()}
    assert found["triples"] > 400
    assert partitions(described, dataset, "class", "entities") == by_iri(store.query(CLASSES))
    assert partitions(described, dataset, "property", "triples") == by_iri(store.query(PROPERTIES))


def test_the_whole_is_what_the_endpoint_counts(server: Server) -> None:
    described = Graph().parse(server.get("/void.ttl").content, format="turtle")
    whole = URIRef(f"{server.url}/void#release")
    for name, query in NUMBERS.items():
        answer = httpx.get(f"{server.url}/sparql", params={"query": query}, headers={"accept": "text/csv"})
        assert described.value(whole, VOID[name]) == Literal(int(answer.text.split()[1])), name
    assert described.value(whole, VOID.sparqlEndpoint) == URIRef(f"{server.url}/sparql")


def test_each_named_graph_is_a_subset_with_its_numbers(public: Release, described: Graph) -> None:
    counted = 0
    for plan in public.plans:
        for graph in described.objects(plan_dataset(public, plan.slug), VOID.subset):
            if str(graph).startswith(plan.graph("")):
                [row] = public.store.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
                assert str(described.value(graph, VOID.triples)) == str(getattr(row["n"], "value", None)), graph
                counted += 1
    graphs = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } FILTER CONTAINS(STR(?g), '/id/graph/') }"
    assert counted == len(public.store.select(graphs)) >= 7


def test_a_plan_is_described_as_a_reader_needs_it(public: Release, described: Graph) -> None:
    dataset, plan = plan_dataset(public, "musterstadt"), public.plan("musterstadt")
    assert (WHOLE, VOID.subset, dataset) in described
    assert described.value(dataset, DCTERMS.license) == URIRef(plan.licence)
    assert described.value(dataset, VOID.uriSpace) == Literal(f"{plan.namespace}id/")
    assert described.value(dataset, VOID.sparqlEndpoint) == URIRef(f"{BASE}/sparql")
    suffixes = ("ttl", "jsonld", "rdf", "nt", "trig", "nq")
    assert set(described.objects(dataset, VOID.dataDump)) == {
        URIRef(f"{BASE}/musterstadt/dumps/musterstadt.{suffix}") for suffix in suffixes
    }
    assert set(described.objects(dataset, FOAF.homepage)) == {
        URIRef(f"{BASE}/musterstadt/"), URIRef(f"{BASE}/en/musterstadt/"),
    }
    assert {title.language for title in described.objects(dataset, DCTERMS.title) if isinstance(title, Literal)} == {
        "de", "en",
    }
    assert URIRef("https://w3id.org/wir2graph/def#") in set(described.objects(dataset, VOID.vocabulary))
    examples = {str(iri) for iri in described.objects(dataset, VOID.exampleResource)}
    assert {f"{plan.namespace}id/massnahme/gruenplan-raeume-1", f"{plan.namespace}id/plan/gruenplan"} <= examples
    assert examples <= set(public.places)
    publisher = described.value(dataset, DCTERMS.publisher)
    assert described.value(publisher, FOAF.name) == Literal("Verein")


def test_links_to_other_sites_are_linksets() -> None:
    space = "https://daten.example/id/"
    thing, match = ox.NamedNode(f"{space}oe/1"), ox.NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    found = count([
        *(ox.Triple(thing, match, ox.NamedNode(f"https://ror.org/{number}")) for number in (1, 2)),
        ox.Triple(thing, match, ox.NamedNode("urn:isbn:1")), ox.Triple(thing, match, ox.NamedNode(f"{space}oe/2")),
        ox.Triple(thing, kind, ox.NamedNode("https://other.example/Class")),
        ox.Triple(thing, match, ox.NamedNode("https://w3id.org/wir2graph/codelists/x")),
        ox.Triple(ox.NamedNode("https://else.example/"), match, ox.NamedNode("https://ror.org/3")),
    ], (space,))
    assert [(link.site, link.count) for link in found.links] == [("https://ror.org/", 2), ("urn:isbn:1", 1)]
    assert (found.triples, found.entities, found.subjects) == (7, 1, 2)


def test_linksets_are_described(shipped_server: Server) -> None:
    described = Graph().parse(shipped_server.get("/void.ttl").content, format="turtle")
    linksets = list(described.subjects(RDF.type, VOID.Linkset))
    assert len(linksets) >= 5
    for linkset in linksets:
        site = described.value(described.value(linkset, VOID.objectsTarget), VOID.uriSpace)
        query = (f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s <{described.value(linkset, VOID.linkPredicate)}> ?o "
                 f"FILTER(isIRI(?o) && STRSTARTS(STR(?o), '{site}')) }}")
        answer = httpx.get(f"{shipped_server.url}/sparql", params={"query": query}, headers={"accept": "text/csv"})
        assert described.value(linkset, VOID.triples) == Literal(int(answer.text.split()[1])), linkset


def test_it_is_the_same_graph_in_every_format_without_blank_nodes(public: Release, described: Graph) -> None:
    assert not [node for node in described.all_nodes() if isinstance(node, BNode)]
    for item in VOCABULARY:
        document = represent(public, public.addresses()[f"/void.{item.name}"])
        assert document.media_type == item.media_type
        other = Graph().parse(document.body, format=item.media_type)
        assert to_isomorphic(other) == to_isomorphic(described), item
    assert represent(public, public.addresses()["/void.ttl"]) == represent(public, public.addresses()["/void.ttl"])


def test_the_well_known_address_leads_to_it(server: Server) -> None:
    wanted = {"*/*": TURTLE.media_type} | {item.media_type: item.media_type for item in VOCABULARY}
    for accept, media_type in wanted.items():
        sent = server.get("/.well-known/void", accept=accept)
        assert (sent.status_code, sent.headers["location"]) == (303, "../void")
        answer = server.get("/void", accept=accept)
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert "Accept" in answer.headers["vary"]
