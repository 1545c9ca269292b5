"""Dumps: a whole plan in one file, as it is and as it was in each version; written when a release is built.

The flat ones (`.ttl .jsonld .rdf .nt`) hold the plan's default graph, the others (`.trig .nq`) its named
graphs: which graph says what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from wir2graph.compress import read_codings
from wir2graph.formats import DUMP, Format, split_suffix
from wir2graph.plan import Plan
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.represent.rdf import serialise, serialise_quads

if TYPE_CHECKING:
    from wir2graph.release import Release


def write(plan: Plan, quads: Iterable[ox.Quad], triples: Iterable[ox.Triple], folder: Path) -> None:
    """Write all dumps of a plan into a folder, which is made; the same data give the same files.

    `quads` are those of its data graphs, `triples` is its default graph.
    """
    folder.mkdir(parents=True, exist_ok=True)
    quads, triples = list(quads), list(triples)
    for item in DUMP:
        written = serialise_quads(quads, item, plan.prefixes()) if item.graphs else serialise(
            triples, item, plan.prefixes())
        (folder / _name(plan, item)).write_bytes(written)


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the dumps: `/<plan>/dumps/<plan>.<suffix>`, `/<plan>/releases/<version>/<plan>.<suffix>`.
    """
    for plan in release.plans:
        for version in (None, *(version.name for version in release.versions(plan))):
            base = f"/{plan.slug}/{f'releases/{version}' if version else 'dumps'}"
            for item in DUMP:
                yield Address(
                    path=f"{base}/{_name(plan, item)}", kind="dump", media_type=item.media_type,
                    resource=f"{base}/{plan.slug}", plan=plan.slug, version=version,
                )


def represent(release: Release, address: Address) -> Representation:
    """Return a dump as it was written. Raises ValueError for an address that is not a dump's."""
    file = file_of(release, address)
    body = file.read_bytes()
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address), ranges=True,
        codings=read_codings(file),
    )


def size(release: Release, address: Address) -> int:
    """Return how many bytes a dump has. Raises ValueError for an address that is not a dump's."""
    return file_of(release, address).stat().st_size


def file_of(release: Release, address: Address) -> Path:
    """Return the file that a dump is. Raises ValueError for an address that is not a dump's."""
    _, item = split_suffix(address.path)
    if address.plan is None or item is None:
        raise ValueError(f"not the address of a dump: {address.path}")
    plan = release.plan(address.plan)
    if address.version is not None:
        return release.history(plan).folder_of(address.version) / _name(plan, item)
    return release.folder / "dumps" / plan.slug / _name(plan, item)


def _name(plan: Plan, item: Format) -> str:
    return f"{plan.slug}.{item.name}"
