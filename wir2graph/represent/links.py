"""The links of a representation (RFC 8288): one rule for pages, data documents, dumps and the vocabulary.

alternate: other languages and formats. describedby: the data about the thing that a page shows. describes:
what a document is about (RFC 6892). cite-as: the IRI to cite (RFC 8574). type: its classes (RFC 6903).
license. canonical: the page itself (RFC 6596).

The landing pages of a plan follow FAIR Signposting (https://signposting.org/FAIR/): what they are about as a dataset,
its metadata, its files, who publishes it. A header field has room for some of that; the linkset (RFC 9264) that they
name holds all of it. Files name the landing page as their collection, metadata describe it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from wir2graph.formats import HTML, LINKSETS, TURTLE, by_media_type
from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES, Plan
from wir2graph.represent.base import Address, Link
from wir2graph.represent.rdf import named
from wir2graph.urls import dataset_iri, linkset_path

if TYPE_CHECKING:
    from wir2graph.release import Release

_LICENCE: Final = f"""SELECT ?licence WHERE {{
  GRAPH <{ONTOLOGY_GRAPH}> {{ <{ONTOLOGY_GRAPH}> <{PREFIXES["dcterms"]}license> ?licence }}
}} ORDER BY STR(?licence)"""
_VOCABULARIES: Final = ("/def/", "/shapes/")
_LANDING: Final = ("downloads", "start")
"""The page folders that show a plan as a dataset; the first is its landing page."""


def links(release: Release, address: Address) -> tuple[Link, ...]:
    """Return the links that the representation at an address carries."""
    return tuple(_links(release, address))


def is_landing(address: Address) -> bool:
    """Tell whether an address is that of a page which shows a plan as a dataset."""
    return address.kind == "page" and address.plan is not None and address.page in _LANDING


def landing_path(release: Release, plan: Plan) -> str:
    """Return the address of the landing page of a plan, in German."""
    return f"/{plan.slug}/{release.pages.index.folders[_LANDING[0]].route}"


def files(release: Release, plan: Plan) -> list[Address]:
    """Return the addresses of the files that hold a plan: its dumps, and its downloads by dataset."""
    others = f"/{plan.slug}/downloads/"
    return [*_dumps(release, plan), *(a for a in release.addresses().values() if a.path.startswith(others))]


def metadata(release: Release, plan: Plan) -> list[Address]:
    """Return the addresses of the documents in RDF that describe a plan as a dataset."""
    return [
        address for resource in ("/void", f"/{plan.slug}/catalog") for address in release.alternates(resource)
        if (found := by_media_type(address.media_type)) is not None and found.rdf is not None
    ]


def landing_links(release: Release, plan: Plan, items: Iterable[Address]) -> Iterator[Link]:
    """Yield what a landing page tells of its plan as a dataset, with these files of it."""
    yield Link(dataset_iri(plan, "gesamt"), "cite-as")
    yield Link(f"{PREFIXES['schema']}AboutPage", "type")
    yield Link(f"{PREFIXES['schema']}Dataset", "type")
    if release.operator.homepage:
        yield Link(release.operator.homepage, "author")
    for address in metadata(release, plan):
        yield Link(address.path, "describedby", address.media_type)
    for address in items:
        yield Link(address.path, "item", address.media_type)


def _dumps(release: Release, plan: Plan) -> tuple[Address, ...]:
    return release.alternates(f"/{plan.slug}/dumps/{plan.slug}")


def _signposts(release: Release, address: Address) -> Iterator[Link]:
    """Yield what leads from a landing page to the parts of its dataset, and from these back."""
    plans = [release.plan(address.plan)] if address.plan else release.plans
    if is_landing(address):
        [plan] = plans
        yield from landing_links(release, plan, _dumps(release, plan))
        for item in LINKSETS:
            yield Link(f"{linkset_path(plan)}.{item.name}", "linkset", item.media_type)
    elif address.kind == "dump" or address.path.startswith(f"/{address.plan}/downloads/"):
        yield Link(landing_path(release, release.plan(address.plan or "")), "collection", HTML.media_type)
    elif address.resource in ("/void", f"/{address.plan}/catalog"):
        for plan in plans:
            yield Link(landing_path(release, plan), "describes", HTML.media_type)


def _links(release: Release, address: Address) -> Iterator[Link]:
    for other in release.alternates(address.resource):
        if other.path != address.path:
            yield Link(other.path, "alternate", other.media_type, other.language)
            if address.kind == "page" and other.media_type == TURTLE.media_type:
                yield Link(other.path, "describedby", other.media_type)
    if address.kind == "page":
        yield Link(address.path, "canonical")
    yield from _signposts(release, address)
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
