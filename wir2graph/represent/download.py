"""Downloads: the files of each dataset, written when a release is built (see `wir2graph.downloads`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wir2graph.compress import read_codings
from wir2graph.downloads.files import METADATA, README, File, read_files
from wir2graph.formats import CSV
from wir2graph.represent.base import Address, Link, Representation
from wir2graph.represent.editions import Edition, editions
from wir2graph.represent.links import links

if TYPE_CHECKING:
    from wir2graph.release import Release

_TAG_LENGTH: Final = 32
_CSVW: Final = "application/csvm+json"


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the files: `/<plan>/downloads/<dataset>.<suffix>`, with a version below `releases/`."""
    for edition in editions(release):
        for file in read_files(edition.folder):
            yield address_of(edition, file)


def address_of(edition: Edition, file: File) -> Address:
    """Return the address of one file of an edition."""
    path = f"{edition.files}/{file.name}"
    # What describes a dataset is no other form of it.
    resource = path if file.suffix in (METADATA, README) else path.partition(".")[0]
    return Address(path, "download", file.media_type, resource, plan=edition.plan.slug)


def represent(release: Release, address: Address) -> Representation:
    """Return a file as it was written. Raises ValueError for an address that is not a file's."""
    edition, file = _found(release, address)
    path = edition.folder / file.name
    tag = f'"{file.sha256[:_TAG_LENGTH]}"'
    further = (*links(release, address), *_described(address))
    return Representation(
        address.media_type, None, path.read_bytes(), tag, release.built, further, ranges=True,
        codings=read_codings(path),
    )


def file_of(release: Release, address: Address) -> Path:
    """Return the file that stands at an address. Raises ValueError for an address that is not a file's."""
    edition, file = _found(release, address)
    return edition.folder / file.name


def _found(release: Release, address: Address) -> tuple[Edition, File]:
    folder, _, name = address.path.rpartition("/")
    for edition in editions(release):
        if edition.files == folder:
            for file in read_files(edition.folder):
                if file.name == name:
                    return edition, file
    raise ValueError(f"not the address of a download: {address.path}")


def _described(address: Address) -> Iterator[Link]:
    """Yield the links to what tells of a table what its columns mean (CSVW, Model for Tabular Data, 5.2)."""
    if address.media_type == CSV.media_type:
        yield Link(f"{address.resource}.{METADATA}", "describedby", _CSVW)
