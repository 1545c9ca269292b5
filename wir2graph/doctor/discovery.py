"""What machines look for first: VoID, sitemap, robots.txt, signposts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

from wir2graph.doctor.client import Answer
from wir2graph.doctor.remark import Remark, remark
from wir2graph.doctor.site import Site, read

_SITEMAPS: Final = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_PAGES_TRIED: Final = 5


def void(site: Site) -> Iterator[Remark]:
    """Look for the description of the data."""
    url = f"{site.url}/.well-known/void"
    answer = site.client.follow(url, "text/turtle")
    if not answer.ok:
        yield remark("void-missing", f"GET {url}", answer.told())
        return
    try:
        read(answer)
    except ValueError as fault:
        yield remark("void-unreadable", f"GET {url}", f"{answer.told()}: {fault}")
        return
    if not site.plans:
        yield remark("no-plan", f"GET {url}", "kein Plan beschrieben")


def sitemap(site: Site) -> Iterator[Remark]:
    """Read the sitemap and try some of its pages."""
    url = f"{site.url}/sitemap.xml"
    answer = site.client.get(url)
    if not answer.ok:
        yield remark("sitemap-missing", f"GET {url}", answer.told())
        return
    try:
        locations = _locations(answer)
        parts = [site.client.get(part) for part in locations if part.endswith(".xml")]
        pages = [page for part in parts for page in _locations(part)] if parts else locations
    except (ElementTree.ParseError, ValueError) as fault:
        yield remark("sitemap-unreadable", f"GET {url}", f"{answer.told()}: {fault}")
        return
    for page in pages[:: max(1, len(pages) // _PAGES_TRIED)][:_PAGES_TRIED]:
        shown = site.client.head(page, "text/html")
        if not shown.ok:
            yield remark("sitemap-page", f"HEAD {page}", shown.told())


def _locations(answer: Answer) -> list[str]:
    root = ElementTree.fromstring(answer.decoded)
    return [found.text or "" for found in root.iterfind(f"*/{_SITEMAPS}loc")]


def robots(site: Site) -> Iterator[Remark]:
    """Look whether robots.txt names the sitemap, where robots look for it: at the root of the host."""
    url = f"{site.origin}/robots.txt"
    answer = site.client.get(url)
    named = f"Sitemap: {site.url}/sitemap.xml"
    if answer.ok and named.lower() in answer.decoded.decode(errors="replace").lower():
        return
    if site.prefix:
        yield remark("robots-elsewhere", f"GET {url}", f"{answer.told()}, ohne „{named}“", url=site.url)
    else:
        yield remark("robots-missing", f"GET {url}", f"{answer.told()}, ohne „{named}“")


def signposts(site: Site) -> Iterator[Remark]:
    """Follow the signposts of a landing page (FAIR Signposting) to its linkset and its parts."""
    for plan in site.plans:
        page = site.client.follow(f"{plan.url}/", "text/html")
        rels = {link.rel for link in page.links}
        lacking = sorted({"cite-as", "describedby", "item", "license", "linkset", "type"} - rels)
        if lacking:
            yield remark("signposts-missing", f"GET {plan.url}/", f"im Link-Feld fehlt: {', '.join(lacking)}")
        for link in page.links:
            if link.rel in ("describedby", "item", "linkset"):
                shown = site.client.head(link.target)
                if not shown.ok or (link.media_type and shown.media_type != link.media_type):
                    yield remark("signpost-broken", f"HEAD {link.target} (rel={link.rel})", shown.told())
