"""`addresses` lists what a release publishes, `represent` is the only maker of bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from wir2graph.represent.base import Address, Kind, Link, Representation

if TYPE_CHECKING:
    from wir2graph.release import Release

__all__ = ["Address", "Link", "Representation", "addresses", "files", "represent"]


@lru_cache(1)
def _makers() -> Mapping[Kind, ModuleType]:
    """Return the modules by the kind of address that they list and represent.

    They are imported when they are asked for, because they need pages and these need `represent.base`.
    """
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

    return {
        "page": page, "table": table, "data": data, "dump": dump, "vocabulary": vocabulary, "service": service,
        "completions": completions, "calendar": calendar, "feed": feed, "atom": atom, "download": download,
        "catalogue": catalogue, "void": void, "sitemap": sitemap, "linkset": linkset, "quality": quality,
    }


def addresses(release: Release) -> Iterator[Address]:
    """Yield every address of a release, each path once."""
    for maker in _makers().values():
        yield from maker.addresses(release)


def represent(release: Release, address: Address) -> Representation:
    """Return the bytes at one address of a release; the same release and address always give the same bytes."""
    found: Representation = _makers()[address.kind].represent(release, address)
    return found


def files(release: Release) -> Iterator[tuple[Path, str]]:
    """Yield the files that are published as they lie in the folder of a release, with their media types."""
    for address in release.addresses().values():
        if address.kind in ("dump", "download"):
            yield _makers()[address.kind].file_of(release, address), address.media_type
