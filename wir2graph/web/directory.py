"""The directory of a release: what `resolve` needs to know beyond the list of addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from wir2graph.formats import DATA
from wir2graph.history.versions import FOLDER
from wir2graph.pages.history import ROUTE
from wir2graph.pages.index import EVIDENCE_KIND, LANGUAGES
from wir2graph.plan import CODELIST_GRAPH, ONTOLOGY_GRAPH, PREFIXES, TOMBSTONE
from wir2graph.release import Release
from wir2graph.represent import catalogue, void
from wir2graph.represent.rdf import named
from wir2graph.urls import ENDPOINT, Place, localised, place_of
from wir2graph.web.resolve import DEFAULT_LANGUAGE, Directory, Gone, Successor

_VERSIONS: Final = f"SELECT ?iri WHERE {{ GRAPH ?g {{ ?vocabulary <{PREFIXES['owl']}versionIRI> ?iri }} }}"
_WITHDRAWN: Final = f"""SELECT ?old ?new ?day WHERE {{
  ?old a <{TOMBSTONE}> ; <{PREFIXES["dcterms"]}isReplacedBy> ?new ; <{PREFIXES["dcterms"]}date> ?day
}} ORDER BY STR(?old) STR(?new)"""


def read_directory(release: Release) -> Directory:
    """Return the directory of a release."""
    addresses = release.addresses()
    aliases = {
        **dict(_starts(release)), **dict(_vocabulary(release)), **dict(_plan_versions(release)),
        **dict(_well_known(release)),
    }
    described = {found.path: (found.page, found.document) for found in catalogue.identified(release)}
    return Directory(addresses, dict(_anchors(release)), aliases, _gone(release), described)


def _anchors(release: Release) -> Iterator[tuple[str, str]]:
    """Evidence has no page of its own: it stands on the page of its source."""
    for place in release.places.values():
        if place.kind == EVIDENCE_KIND:
            target = release.pages.index.path_of(place.iri, DEFAULT_LANGUAGE)
            if target is not None:
                yield place.resource, target


def _gone(release: Release) -> dict[str, Gone]:
    """Return all addresses of withdrawn identifiers, with those of what has taken their place."""
    days: dict[str, str] = {}
    found: dict[str, list[Successor]] = defaultdict(list)
    for row in release.store.select(_WITHDRAWN):
        old = place_of(named(row["old"]).value, release.plans)
        new = release.places.get(named(row["new"]).value)
        if old is not None and new is not None and isinstance(row["day"], ox.Literal):
            for path, target in _ways(release, old, new):
                days[path] = row["day"].value
                found[path].append(Successor(new.iri, target))
    return {path: Gone(days[path], tuple(successors)) for path, successors in found.items()}


def _ways(release: Release, old: Place, new: Place) -> Iterator[tuple[str, str]]:
    """Yield each address of one thing with the same of another: IRI, pages, data documents."""
    yield old.resource, new.resource
    yield old.data, new.data
    for item in DATA:
        yield f"{old.data}.{item.name}", f"{new.data}.{item.name}"
    for language in LANGUAGES:
        yield old.page(language), release.pages.index.path_of(new.iri, language) or new.resource


def _starts(release: Release) -> Iterator[tuple[str, str]]:
    """The root goes to the only plan, in each language; without any plan to the endpoint."""
    if len(release.plans) == 1:
        start = f"/{release.plans[0].slug}/"
        for language in release.plans[0].languages:
            yield localised("/", language), localised(start, language)
    if not release.plans:
        for language in LANGUAGES:
            yield localised("/", language), localised(ENDPOINT, language)


def _plan_versions(release: Release) -> Iterator[tuple[str, str]]:
    """The IRI of a version of a plan is answered by the page that tells what changed with it."""
    for plan in release.plans:
        for version in release.versions(plan):
            yield f"/{plan.slug}/{FOLDER}/{version.name}", f"/{plan.slug}/{ROUTE}/{version.name}"


def _well_known(release: Release) -> Iterator[tuple[str, str]]:
    """Where machines look for a description of the data without having been told (RFC 8615)."""
    if release.plans:
        yield void.WELL_KNOWN, void.PATH


def _vocabulary(release: Release) -> Iterator[tuple[str, str]]:
    """Version IRIs of the vocabulary and the IRI of the code lists are answered by the current document."""
    root = ONTOLOGY_GRAPH.rsplit("/", 1)[0]
    yield CODELIST_GRAPH.removeprefix(root), "/def"
    for row in release.store.select(_VERSIONS):
        iri = named(row["iri"]).value
        for vocabulary in ("/def", "/shapes"):
            if iri.startswith(f"{root}{vocabulary}/"):
                yield iri.removeprefix(root), vocabulary
