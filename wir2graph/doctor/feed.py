"""The feed of changes (LDES): it is there, and can be followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rdflib import Namespace

from wir2graph.doctor.remark import Remark, remark
from wir2graph.doctor.site import TURTLE, Site, read, values

TREE: Final = Namespace("https://w3id.org/tree#")


def feed(site: Site) -> Iterator[Remark]:
    """Ask for the feed of each plan, and go on one page."""
    for plan in site.plans:
        url = f"{plan.url}/feed"
        answer = site.client.follow(url, TURTLE)
        asked = f"GET {url} (Accept: {TURTLE})"
        if not answer.ok:
            yield remark("feed-missing", asked, answer.told())
            continue
        first = read(answer)
        pages = [page for page in values(first, TREE.node) if page != answer.url]
        if not pages and not values(first, TREE.member):
            yield remark("feed-empty", asked, "weder Einträge noch weitere Seiten")
        for page in pages[:1]:
            shown = site.client.follow(page, TURTLE)
            if not shown.ok:
                yield remark("feed-page", f"GET {page}", shown.told())
            elif not values(read(shown), TREE.member, TREE.node):
                yield remark("feed-page", f"GET {page}", "eine Seite ohne Einträge")
