"""The catalogue for portals: `/<plan>/catalog` for each plan, `/catalog` for all, in every RDF syntax of portals.

One plan alone has one catalogue at both addresses; several are parts of a catalogue over all of them. A version of a
plan that was released has a catalogue document of its own beside its files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from wir2graph.downloads import read_files
from wir2graph.formats import JSON_LD, RDF_XML, TURTLE, by_media_type
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.catalogue.names import paths
from wir2graph.represent.editions import Edition, editions
from wir2graph.represent.links import links
from wir2graph.represent.notes import notes

if TYPE_CHECKING:
    from wir2graph.release import Release

ALL: Final = "/catalog"
FORMATS: Final = (TURTLE, RDF_XML, JSON_LD)


@dataclass(frozen=True)
class Identified:
    """An IRI of a catalogue: the path at which it is asked for, the page and the document that describe it."""

    path: str
    page: str
    document: str


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of all catalogue documents."""
    for edition in editions(release):
        for item in FORMATS:
            yield Address(f"{edition.catalogue}.{item.name}", "catalogue", item.media_type, edition.catalogue,
                          plan=edition.plan.slug)
    for item in FORMATS:
        yield Address(f"{ALL}.{item.name}", "catalogue", item.media_type, ALL)


def identified(release: Release) -> Iterator[Identified]:
    """Yield the IRIs that catalogues give, which name no thing of the data."""
    for edition in editions(release):
        for path, dataset in paths(edition, read_files(edition.folder)):
            fragment = f"#{edition.anchor(dataset)}" if dataset else ""
            yield Identified(path, edition.page + fragment, edition.catalogue)


def represent(release: Release, address: Address) -> Representation:
    """Return a catalogue document. Raises ValueError for an address that is not one's."""
    # rdflib takes a quarter of a second to import; who only reads pages never waits for it.
    from wir2graph.represent.catalogue import documents

    item = by_media_type(address.media_type)
    found = [edition for edition in editions(release) if address.resource in (ALL, edition.catalogue)]
    if item not in FORMATS or not (found or address.resource == ALL):
        raise ValueError(f"not the address of a catalogue: {address.path}")
    if address.resource == ALL:
        graph = documents.of_all(_current(found), release.operator, release.base_url)
    else:
        graph = documents.of_plan(_told(release, found[0]), release.operator, release.base_url)
    body = documents.serialise(graph, item)
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address),
    )


def _current(found: list[Edition]) -> list[Edition]:
    return [edition for edition in found if edition.current]


def _told(release: Release, edition: Edition) -> Edition:
    """Return an edition with what changed with its version, where it is one that was released."""
    if edition.current or edition.version is None:
        return edition
    return replace(edition, notes=notes(release, edition.plan, edition.version))
