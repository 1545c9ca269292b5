"""The links of a representation (RFC 8288): one rule for pages, data documents, dumps and the vocabulary.

alternate: other languages and formats. describedby: the data about the thing that a page shows. describes:
what a document is about (RFC 6892). cite-as: the IRI to cite (RFC 8574). type: its classes (RFC 6903).
license. canonical: the page itself (RFC 6596).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from wir2graph.formats import TURTLE
from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES
from wir2graph.represent.base import Address, Link
from wir2graph.represent.rdf import named

if TYPE_CHECKING:
    from wir2graph.release import Release

_LICENCE: Final = f"""SELECT ?licence WHERE {{
  GRAPH <{ONTOLOGY_GRAPH}> {{ <{ONTOLOGY_GRAPH}> <{PREFIXES["dcterms"]}license> ?licence }}
}} ORDER BY STR(?licence)"""
_VOCABULARIES: Final = ("/def/", "/shapes/")


def links(release: Release, address: Address) -> tuple[Link, ...]:
    """Return the links that the representation at an address carries."""
    return tuple(_links(release, address))


def _links(release: Release, address: Address) -> Iterator[Link]:
    for other in release.alternates(address.resource):
        if other.path != address.path:
            yield Link(other.path, "alternate", other.media_type, other.language)
            if address.kind == "page" and other.media_type == TURTLE.media_type:
                yield Link(other.path, "describedby", other.media_type)
    if address.kind == "page":
        yield Link(address.path, "canonical")
    if address.subject is not None and address.section is None:
        yield Link(address.subject, "cite-as")
        if address.kind == "data":
            yield Link(address.subject, "describes")
        for kind in sorted(release.pages.index.types(address.subject)):
            if kind:  # a class without an IRI is known there by an empty one
                yield Link(kind, "type")
    if address.plan is not None:
        yield Link(release.plan(address.plan).licence, "license")
    elif address.kind == "vocabulary" or address.resource.startswith(_VOCABULARIES):
        for row in release.store.select(_LICENCE):
            yield Link(named(row["licence"]).value, "license")
    elif address.kind != "page":
        for licence in sorted({plan.licence for plan in release.plans}):
            yield Link(licence, "license")
