"""Data documents: what a release says about one resource, in the formats of RDF and in plain JSON and CSV.

All formats hold the same statements, those that DESCRIBE gives at the endpoint; TriG adds which graph says
each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wir2graph.formats import CSV, DATA, JSON, Format, by_media_type
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.represent.plain import as_csv, as_json
from wir2graph.represent.rdf import serialise, serialise_quads

if TYPE_CHECKING:
    from wir2graph.release import Release


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the data documents: `/<plan>/data/<kind>/<slug>.<suffix>` for every resource."""
    for place in release.places.values():
        for item in DATA:
            yield Address(
                path=f"{place.data}.{item.name}", kind="data", media_type=item.media_type,
                resource=place.resource, subject=place.iri, plan=place.plan.slug,
            )


def represent(release: Release, address: Address) -> Representation:
    """Return one data document. Raises ValueError for an address that is not a data document's."""
    item = by_media_type(address.media_type)
    if item not in DATA or address.subject is None or address.plan is None:
        raise ValueError(f"not the address of a data document: {address.path}")
    body = _body(release, address.subject, address.plan, item)
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address),
    )


def _body(release: Release, subject: str, plan: str, item: Format) -> bytes:
    triples = release.description(subject)
    prefixes = release.plan(plan).prefixes()
    if item == JSON:
        return as_json(subject, triples, release.labels, prefixes)
    if item == CSV:
        return as_csv(subject, triples, release.labels)
    if item.graphs:
        return serialise_quads(release.store.in_graphs(triples), item, prefixes)
    return serialise(triples, item, prefixes, first=subject)
