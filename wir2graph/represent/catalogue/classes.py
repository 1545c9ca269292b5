"""What the terms of code lists are: their classes, as DCAT-AP's own check of ranges wants them said beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from rdflib import DCTERMS, RDF, SKOS, Literal, URIRef
from rdflib.term import Node

from wir2graph.pages.labels import last_segment
from wir2graph.represent.catalogue.terms import ADMS, DCAT, DCATAP

_RANGES: Final[Mapping[URIRef, URIRef]] = MappingProxyType({
    DCTERMS.language: DCTERMS.LinguisticSystem, DCTERMS.accrualPeriodicity: DCTERMS.Frequency,
    DCTERMS["format"]: DCTERMS.MediaTypeOrExtent, DCAT.mediaType: DCTERMS.MediaType,
    DCTERMS.accessRights: DCTERMS.RightsStatement, DCAT.theme: SKOS.Concept, DCATAP.availability: SKOS.Concept,
    ADMS.status: SKOS.Concept, DCTERMS.type: SKOS.Concept,
})
# A concept needs a label. Of what is not listed here the last part of the IRI is one.
_LABELS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "AVAILABLE": ("verfügbar", "available"), "COMPLETED": ("abgeschlossen", "completed"),
    "AGRI": ("Landwirtschaft, Fischerei, Forstwirtschaft und Nahrungsmittel",
             "Agriculture, fisheries, forestry and food"),
    "ECON": ("Wirtschaft und Finanzen", "Economy and finance"),
    "EDUC": ("Bildung, Kultur und Sport", "Education, culture and sport"), "ENER": ("Energie", "Energy"),
    "ENVI": ("Umwelt", "Environment"), "GOVE": ("Regierung und öffentlicher Sektor", "Government and public sector"),
    "HEAL": ("Gesundheit", "Health"), "INTR": ("Internationale Themen", "International issues"),
    "JUST": ("Justiz, Rechtssystem und öffentliche Sicherheit", "Justice, legal system and public safety"),
    "OP_DATPRO": ("Vorläufige Daten", "Provisional data"), "REGI": ("Regionen und Städte", "Regions and cities"),
    "SOCI": ("Bevölkerung und Gesellschaft", "Population and society"),
    "TECH": ("Wissenschaft und Technologie", "Science and technology"), "TRAN": ("Verkehr", "Transport"),
})


def classified(triples: Iterable[tuple[Node, Node, Node]]) -> Iterator[tuple[Node, Node, Node]]:
    """Yield the class of every term that the triples take from a code list, and the label of every concept."""
    for _, name, value in triples:
        kind = _RANGES.get(name) if isinstance(name, URIRef) else None
        if kind is not None and isinstance(value, URIRef):
            yield value, RDF.type, kind
            if kind == SKOS.Concept:
                yield from ((value, SKOS.prefLabel, label) for label in _labels(last_segment(value)))


def _labels(name: str) -> tuple[Literal, ...]:
    if name in _LABELS:
        german, english = _LABELS[name]
        return Literal(german, lang="de"), Literal(english, lang="en")
    return (Literal(name),)
