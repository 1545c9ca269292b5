"""Dumps: a whole plan in one file, written when a release is built.

The flat ones (`.ttl .jsonld .rdf .nt`) hold the plan's default graph, the others (`.trig .nq`) its named
graphs: which graph says what.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from wir2graph.dataset import Dataset
from wir2graph.formats import DUMP, Format, split_suffix
from wir2graph.plan import Plan
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.represent.rdf import serialise, serialise_quads

if TYPE_CHECKING:
    from wir2graph.release import Release


def write(dataset: Dataset, plan: Plan, folder: Path) -> None:
    """Write all dumps of a plan into a folder, which is made; the same data give the same files."""
    folder.mkdir(parents=True, exist_ok=True)
    for item in DUMP:
        (folder / _name(plan, item)).write_bytes(_dump(dataset, plan, item))


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the dumps: `/<plan>/dumps/<plan>.<suffix>`."""
    for plan in release.plans:
        base = f"/{plan.slug}/dumps"
        for item in DUMP:
            yield Address(
                path=f"{base}/{_name(plan, item)}", kind="dump", media_type=item.media_type,
                resource=f"{base}/{plan.slug}", plan=plan.slug,
            )


def represent(release: Release, address: Address) -> Representation:
    """Return a dump as it was written. Raises ValueError for an address that is not a dump's."""
    body = _file(release, address).read_bytes()
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address), ranges=True,
    )


def size(release: Release, address: Address) -> int:
    """Return how many bytes a dump has. Raises ValueError for an address that is not a dump's."""
    return _file(release, address).stat().st_size


def _file(release: Release, address: Address) -> Path:
    _, item = split_suffix(address.path)
    if address.plan is None or item is None:
        raise ValueError(f"not the address of a dump: {address.path}")
    plan = release.plan(address.plan)
    return release.folder / "dumps" / plan.slug / _name(plan, item)


def _name(plan: Plan, item: Format) -> str:
    return f"{plan.slug}.{item.name}"


def _dump(dataset: Dataset, plan: Plan, item: Format) -> bytes:
    if item.graphs:
        return serialise_quads(dataset.quads(plan), item, plan.prefixes())
    return serialise(dataset.defaults[plan.slug], item, plan.prefixes())
