"""`/sitemap.xml` (https://www.sitemaps.org/protocol.html) and `/robots.txt` (RFC 9309): what search engines read first.

The sitemap lists every page in each language with its other languages and the day of its data; where there are more
pages than one file may hold, it lists files `/sitemap-<number>.xml` that do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from wir2graph.pages.index import LANGUAGES
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.urls import ENDPOINT, absolute, localised

if TYPE_CHECKING:
    from wir2graph.release import Release

SITEMAP: Final = "/sitemap.xml"
ROBOTS: Final = "/robots.txt"
MOST: Final = 50_000
"""How many pages one file may list."""

_XML: Final = "application/xml"
_TEXT: Final = "text/plain; charset=utf-8"
_SCHEMA: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML: Final = "http://www.w3.org/1999/xhtml"


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the sitemap, of its parts where it has some, and of `robots.txt`."""
    pages = sum(1 for _ in release.pages.index.addresses())
    yield Address(ROBOTS, "sitemap", _TEXT, resource=ROBOTS)
    yield Address(SITEMAP, "sitemap", _XML, resource=SITEMAP)
    for path in part_paths(pages):
        yield Address(path, "sitemap", _XML, resource=path)


def part_paths(pages: int) -> list[str]:
    """Return the addresses of the parts of a sitemap of so many pages; none where one file holds all."""
    return [f"/sitemap-{number + 1}.xml" for number in range(-(-pages // MOST))] if pages > MOST else []


def represent(release: Release, address: Address) -> Representation:
    """Return the sitemap, a part of it, or `robots.txt`. Raises ValueError for any other address."""
    if address.kind != "sitemap":
        raise ValueError(f"not the address of a sitemap: {address.path}")
    text = robots(release.base_url) if address.path == ROBOTS else _sitemap(release, address.path)
    body = text.encode()
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address),
    )


def robots(base_url: str) -> str:
    """Return `robots.txt` of a site: all is open but what only costs time, as lists with several facets do."""
    prefix = urlsplit(base_url).path
    closed = [*(f"{prefix}{localised(ENDPOINT, language)}?" for language in LANGUAGES), f"{prefix}/*?*&"]
    rules = "".join(f"Disallow: {path}\n" for path in closed)
    return f"User-agent: *\n{rules}\nSitemap: {base_url}{SITEMAP}\n"


def _sitemap(release: Release, path: str) -> str:
    pages = sorted((a for a in release.addresses().values() if a.kind == "page"), key=lambda page: page.path)
    parts = part_paths(len(pages))
    if path != SITEMAP:
        start = parts.index(path) * MOST
        return _urls(release, pages[start:start + MOST])
    if not parts:
        return _urls(release, pages)
    entries = (
        _element("sitemap", absolute(release.base_url, part),
                 _latest(_day(release, page) for page in pages[number * MOST:(number + 1) * MOST]))
        for number, part in enumerate(parts)
    )
    return _document(f'sitemapindex xmlns="{_SCHEMA}"', entries)


def _urls(release: Release, pages: Sequence[Address]) -> str:
    entries = (
        _element("url", absolute(release.base_url, page.path), _day(release, page), _languages(release, page))
        for page in pages
    )
    return _document(f'urlset xmlns="{_SCHEMA}" xmlns:xhtml="{_XHTML}"', entries)


def _document(root: str, entries: Iterable[str]) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n{"".join(entries)}</{root.partition(" ")[0]}>\n'


def _element(name: str, url: str, day: date | None, more: str = "") -> str:
    changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
    return f"<{name}><loc>{escape(url)}</loc>{changed}{more}</{name}>\n"


def _languages(release: Release, page: Address) -> str:
    """Return the links to a page in all its languages, itself included, as each of them must name all."""
    found = [(other.language or "", absolute(release.base_url, other.path))
             for other in release.alternates(page.resource) if other.kind == "page"]
    named = [*found, *(("x-default", url) for language, url in found if language == LANGUAGES[0])]
    return "".join(f'<xhtml:link rel="alternate" hreflang="{tag}" href="{escape(url)}"/>' for tag, url in named)


def _day(release: Release, page: Address) -> date | None:
    """Return the day of the data that a page shows: of its plan, or of the newest of all plans."""
    return _latest(plan.released for plan in release.plans if page.plan in (None, plan.slug))


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)
