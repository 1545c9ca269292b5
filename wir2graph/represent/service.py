"""What the SPARQL endpoint says of itself (SPARQL 1.1 Service Description), with its limits and all its graphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from wir2graph.formats import (
    CSV,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TSV,
    TURTLE,
    VOCABULARY,
    by_media_type,
)
from wir2graph.operator import SparqlSettings
from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.represent.rdf import named, serialise
from wir2graph.represent.statements import link, told
from wir2graph.store.base import Term
from wir2graph.urls import ENDPOINT

if TYPE_CHECKING:
    from wir2graph.release import Release

VOID: Final = "http://rdfs.org/ns/void#"
W3C_FORMATS: Final = "http://www.w3.org/ns/formats/"
_SD, _DCTERMS, _SCHEMA = (PREFIXES[name] for name in ("sd", "dcterms", "schema"))
_A: Final = PREFIXES["rdf"] + "type"
_PREFIXES: Final = {**PREFIXES, "void": VOID, "formats": W3C_FORMATS}
# https://www.w3.org/ns/formats/
FORMAT_NAMES: Final = {
    RESULTS_JSON: "SPARQL_Results_JSON", RESULTS_XML: "SPARQL_Results_XML", CSV: "SPARQL_Results_CSV",
    TSV: "SPARQL_Results_TSV", TURTLE: "Turtle", JSON_LD: "JSON-LD", RDF_XML: "RDF_XML", N_TRIPLES: "N-Triples",
    TRIG: "TriG", N_QUADS: "N-Quads",
}
_COUNTS: Final = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?distinctSubjects)
  (COUNT(DISTINCT ?p) AS ?properties) (COUNT(DISTINCT ?o) AS ?distinctObjects) WHERE { ?s ?p ?o }"""
_CLASSES: Final = "SELECT (COUNT(DISTINCT ?class) AS ?classes) WHERE { ?thing a ?class }"
_GRAPHS: Final = "SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
# Ontology and shapes describe themselves, the ontology the code lists, the default graph all others.
_DESCRIBING: Final = (
    ("skos", "prefLabel"), ("dcterms", "title"), ("dcterms", "description"), ("dcterms", "issued"),
    ("dcterms", "license"), ("prov", "wasDerivedFrom"), ("owl", "versionInfo"),
)
_DESCRIPTIONS: Final = f"""SELECT ?graph ?p ?o WHERE {{
  VALUES ?p {{ {" ".join(f"<{PREFIXES[prefix]}{name}>" for prefix, name in _DESCRIBING)} }}
  {{ GRAPH ?graph {{ ?graph ?p ?o }} }}
  UNION {{ ?graph a <{_SD}NamedGraph> ; ?p ?o }}
  UNION {{ GRAPH <{ONTOLOGY_GRAPH}> {{ ?graph a <{_SD}NamedGraph> ; ?p ?o }} }}
}}"""


def addresses(_: Release) -> Iterator[Address]:
    """Yield the addresses of the description: `/sparql.<suffix>`; `/sparql` itself shows one of them by Accept."""
    for item in VOCABULARY:
        yield Address(f"{ENDPOINT}.{item.name}", "service", item.media_type, resource=ENDPOINT)


def represent(release: Release, address: Address) -> Representation:
    """Return the description in one format. Raises ValueError for an address that is not the description's."""
    item = by_media_type(address.media_type)
    if item is None or address.resource != ENDPOINT:
        raise ValueError(f"not the address of the service description: {address.path}")
    service = release.base_url + ENDPOINT
    body = serialise(_triples(release, service), item, _PREFIXES, first=f"{service}#service")
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address),
    )


def _triples(release: Release, url: str) -> Iterator[ox.Triple]:
    service, dataset = f"{url}#service", f"{url}#dataset"
    yield link(service, _A, f"{_SD}Service")
    yield link(service, f"{_SD}endpoint", url)
    for language in ("SPARQL10Query", "SPARQL11Query"):
        yield link(service, f"{_SD}supportedLanguage", _SD + language)
    for name in FORMAT_NAMES.values():
        yield link(service, f"{_SD}resultFormat", W3C_FORMATS + name)
    yield link(service, f"{_SD}defaultDataset", dataset)
    yield from _limits(service, release.operator.sparql)
    yield from _dataset(release, url, dataset)


def _dataset(release: Release, url: str, dataset: str) -> Iterator[ox.Triple]:
    default = f"{url}#default-graph"
    yield link(dataset, _A, f"{_SD}Dataset")
    for plan in release.plans:
        yield link(dataset, f"{_DCTERMS}license", plan.licence)
    yield link(dataset, f"{_SD}defaultGraph", default)
    yield link(default, _A, f"{_SD}Graph")
    for query in (_COUNTS, _CLASSES):
        for row in release.store.select(query):
            for name, count in row.items():
                yield told(default, VOID + name, count)
    descriptions: dict[str, list[tuple[str, Term]]] = {}
    for row in release.store.select(_DESCRIPTIONS):
        descriptions.setdefault(named(row["graph"]).value, []).append((named(row["p"]).value, row["o"]))
    for row in release.store.select(_GRAPHS):
        graph = named(row["graph"]).value
        entry = f"{url}#graph-{_fragment(graph)}"
        yield link(dataset, f"{_SD}namedGraph", entry)
        yield link(entry, _A, f"{_SD}NamedGraph")
        yield link(entry, f"{_SD}name", graph)
        yield link(entry, f"{_SD}graph", graph)
        yield link(graph, _A, f"{_SD}Graph")
        yield told(graph, f"{VOID}triples", row["triples"])
        for predicate, value in descriptions.get(graph, ()):
            yield told(graph, predicate, value)


def _limits(service: str, settings: SparqlSettings) -> Iterator[ox.Triple]:
    """Yield the limits as properties with a name in both languages and a unit code (UN/CEFACT)."""
    limits, capacity = settings.limits, settings.capacity
    rows: tuple[tuple[str, int | float, str, str, str], ...] = (
        ("seconds", limits.seconds, "SEC", "Rechenzeit einer Abfrage", "computing time of a query"),
        ("memory", limits.memory_bytes, "AD", "Speicher einer Abfrage", "memory of a query"),
        ("result", limits.result_bytes, "AD", "Länge eines Ergebnisses", "length of a result"),
        ("depth", limits.depth, "C62", "Tiefe geschachtelter Klammern", "depth of nested brackets"),
        ("pattern", limits.length, "C62", "Tripel in einem Muster", "triples in one pattern"),
        ("per-client", capacity.per_client, "C62", "Abfragen je Absender zugleich", "queries of a client at a time"),
        ("long", capacity.long, "C62", "lange Abfragen zur gleichen Zeit", "long queries at a time"),
        ("waiting", capacity.queue, "C62", "wartende Abfragen", "waiting queries"),
    )
    for name, value, unit, german, english in rows:
        limit = f"{service.partition('#')[0]}#limit-{name}"
        yield link(service, f"{_SCHEMA}additionalProperty", limit)
        yield link(limit, _A, f"{_SCHEMA}PropertyValue")
        yield told(limit, f"{_SCHEMA}propertyID", ox.Literal(name))
        yield told(limit, f"{_SCHEMA}name", ox.Literal(german, language="de"))
        yield told(limit, f"{_SCHEMA}name", ox.Literal(english, language="en"))
        yield told(limit, f"{_SCHEMA}maxValue", ox.Literal(int(value)))
        yield told(limit, f"{_SCHEMA}unitCode", ox.Literal(unit))


def _fragment(graph: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", graph.partition("://")[2]).strip("-")

