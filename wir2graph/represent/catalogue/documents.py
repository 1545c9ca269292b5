"""Catalogue documents: the graph of a plan's catalogue or of all, and its bytes, which rdflib writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from rdflib import DCTERMS, FOAF, RDF, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from wir2graph.downloads.licences import licence_of
from wir2graph.downloads.parts import LANGUAGES
from wir2graph.formats import JSON_LD, RDF_XML, TURTLE, Format
from wir2graph.operator import Operator
from wir2graph.represent.catalogue import texts
from wir2graph.represent.catalogue.classes import classified
from wir2graph.represent.catalogue.graph import PlanCatalogue
from wir2graph.represent.catalogue.names import Names
from wir2graph.represent.catalogue.terms import DCAT, EU, LANGUAGE_CODES, PREFIXES
from wir2graph.represent.editions import Edition

_SYNTAXES: Final = {TURTLE: "turtle", RDF_XML: "xml", JSON_LD: "json-ld"}


def of_plan(edition: Edition, operator: Operator, base_url: str) -> Graph:
    """Return the catalogue of an edition of a plan."""
    return _graph(PlanCatalogue(edition, operator, base_url).triples())


def of_all(editions: Sequence[Edition], operator: Operator, base_url: str) -> Graph:
    """Return the catalogue over all plans: the only plan's own, or one whose parts are those of the plans."""
    if len(editions) == 1:
        return of_plan(editions[0], operator, base_url)
    said: list[tuple[Node, Node, Node]] = []
    for edition in editions:
        said += PlanCatalogue(edition, operator, base_url).triples()
    return _graph([*said, *_over(editions, operator, base_url)])


def serialise(graph: Graph, format: Format) -> bytes:
    """Return a catalogue in a syntax; the same graph gives the same bytes."""
    if format != JSON_LD:
        return graph.serialize(format=_SYNTAXES[format], encoding="utf-8")
    document = json.loads(graph.serialize(format=_SYNTAXES[format], auto_compact=True))
    return json.dumps(_ordered(document), ensure_ascii=False, indent=1).encode() + b"\n"


def _ordered(value: Any) -> Any:
    """Return JSON-LD in an order of its own, as rdflib's differs from process to process; a catalogue has no lists."""
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return sorted(map(_ordered, value), key=lambda item: json.dumps(item, ensure_ascii=False))
    return value


def _over(editions: Sequence[Edition], operator: Operator, base_url: str) -> Iterable[tuple[Node, Node, Node]]:
    iri = URIRef(f"{base_url}/catalog#catalog")
    plans = [edition.plan for edition in editions]
    yield iri, RDF.type, DCAT.Catalog
    for language in LANGUAGES:
        named = ", ".join(plan.title[language] for plan in plans) or "–"
        yield iri, DCTERMS.title, Literal(texts.ALL[language], lang=language)
        yield iri, DCTERMS.description, Literal(texts.ALL_ABOUT[language].format(plans=named), lang=language)
        yield iri, DCTERMS.language, EU[LANGUAGE_CODES[language]]
    home = URIRef(f"{base_url}/")
    yield iri, FOAF.homepage, home
    yield home, RDF.type, FOAF.Document
    if editions and operator.name is not None:
        yield iri, DCTERMS.publisher, URIRef(f"{Names(editions[0]).catalogue_of_plan}#herausgeber")
    if plans:
        day: date = max(edition.day for edition in editions)
        for name in (DCTERMS.issued, DCTERMS.modified):
            yield iri, name, Literal(day.isoformat(), datatype=XSD.date)
    licences = {plan.licence for plan in plans}
    if len(licences) == 1:
        licence = licences.pop()
        known = licence_of(licence)
        yield iri, DCTERMS.license, URIRef(known.iri if known else licence)
    for edition in editions:
        part = URIRef(Names(edition).catalogue)
        yield iri, DCAT.catalog, part
        yield iri, DCTERMS.hasPart, part


def _graph(triples: Iterable[tuple[Node, Node, Node]]) -> Graph:
    """Return a graph that was filled in order: what rdflib writes follows the order in which it was told."""
    # The default store goes through its triples in an order that no two processes share.
    graph = Graph("SimpleMemory", bind_namespaces="none")
    for prefix, space in PREFIXES.items():
        graph.bind(prefix, space)
    said = set(triples)
    for triple in sorted(said.union(classified(said)), key=lambda terms: tuple(term.n3() for term in terms)):
        graph.add(triple)
    return graph
