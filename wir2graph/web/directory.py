"""The directory of a release: what `resolve` needs to know beyond the list of addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wir2graph.pages.index import EVIDENCE_KIND
from wir2graph.plan import CODELIST_GRAPH, ONTOLOGY_GRAPH, PREFIXES
from wir2graph.release import Release
from wir2graph.represent.rdf import named
from wir2graph.urls import localised
from wir2graph.web.resolve import DEFAULT_LANGUAGE, Directory

_VERSIONS: Final = f"SELECT ?iri WHERE {{ GRAPH ?g {{ ?vocabulary <{PREFIXES['owl']}versionIRI> ?iri }} }}"


def read_directory(release: Release) -> Directory:
    """Return the directory of a release."""
    addresses = release.addresses()
    aliases = {**dict(_starts(release)), **dict(_vocabulary(release))}
    return Directory(addresses, dict(_anchors(release)), aliases)


def _anchors(release: Release) -> Iterator[tuple[str, str]]:
    """Evidence has no page of its own: it stands on the page of its source."""
    for place in release.places.values():
        if place.kind == EVIDENCE_KIND:
            target = release.pages.index.path_of(place.iri, DEFAULT_LANGUAGE)
            if target is not None:
                yield place.resource, target


def _starts(release: Release) -> Iterator[tuple[str, str]]:
    """The root goes to the only plan, in each language."""
    if len(release.plans) == 1:
        start = f"/{release.plans[0].slug}/"
        for language in release.plans[0].languages:
            yield localised("/", language), localised(start, language)


def _vocabulary(release: Release) -> Iterator[tuple[str, str]]:
    """Version IRIs of the vocabulary and the IRI of the code lists are answered by the current document."""
    root = ONTOLOGY_GRAPH.rsplit("/", 1)[0]
    yield CODELIST_GRAPH.removeprefix(root), "/def"
    for row in release.store.select(_VERSIONS):
        iri = named(row["iri"]).value
        for vocabulary in ("/def", "/shapes"):
            if iri.startswith(f"{root}{vocabulary}/"):
                yield iri.removeprefix(root), vocabulary
