"""`addresses` lists what a release publishes, `represent` is the only maker of bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from wir2graph.represent import (
    atom,
    calendar,
    catalogue,
    completions,
    data,
    download,
    dump,
    feed,
    linkset,
    page,
    quality,
    service,
    sitemap,
    table,
    vocabulary,
    void,
)
from wir2graph.represent.base import Address, Link, Representation

if TYPE_CHECKING:
    from wir2graph.release import Release

__all__ = ["Address", "Link", "Representation", "addresses", "files", "represent"]


def addresses(release: Release) -> Iterator[Address]:
    """Yield every address of a release, each path once."""
    yield from page.addresses(release)
    yield from table.addresses(release)
    yield from data.addresses(release)
    yield from dump.addresses(release)
    yield from vocabulary.addresses(release)
    yield from service.addresses(release)
    yield from completions.addresses(release)
    yield from calendar.addresses(release)
    yield from feed.addresses(release)
    yield from atom.addresses(release)
    yield from download.addresses(release)
    yield from catalogue.addresses(release)
    yield from void.addresses(release)
    yield from sitemap.addresses(release)
    yield from linkset.addresses(release)
    yield from quality.addresses(release)


def represent(release: Release, address: Address) -> Representation:
    """Return the bytes at one address of a release; the same release and address always give the same bytes."""
    makers = {
        "page": page.represent, "table": table.represent, "data": data.represent, "dump": dump.represent,
        "vocabulary": vocabulary.represent, "service": service.represent, "completions": completions.represent,
        "calendar": calendar.represent, "feed": feed.represent, "atom": atom.represent,
        "download": download.represent, "catalogue": catalogue.represent, "void": void.represent,
        "sitemap": sitemap.represent, "linkset": linkset.represent, "quality": quality.represent,
    }
    return makers[address.kind](release, address)


def files(release: Release) -> Iterator[tuple[Path, str]]:
    """Yield the files that are published as they lie in the folder of a release, with their media types."""
    for address in release.addresses().values():
        if address.kind == "dump":
            yield dump.file_of(release, address), address.media_type
        elif address.kind == "download":
            yield download.file_of(release, address), address.media_type
