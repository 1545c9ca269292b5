"""Pages as representations: HTML for readers, in each language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links

if TYPE_CHECKING:
    from wir2graph.release import Release


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of all pages: `/<plan>/<route>`, `/<plan>/<kind>/<slug>`, and each with `/en` before it."""
    yield from release.pages.index.addresses()


def represent(release: Release, address: Address) -> Representation:
    """Return one page. Raises KeyError for an address that is not a page's."""
    body = release.pages.html(address).encode()
    return Representation(
        address.media_type, address.language, body, strong_etag(body), release.built, links(release, address),
    )
