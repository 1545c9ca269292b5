"""The Atom feed of a plan (RFC 4287): an entry for each version, the newest first, in both languages.

Its times are the days of the versions: the same release always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree

from wir2graph.formats import ATOM, HTML
from wir2graph.history.members import moment
from wir2graph.history.versions import Version, iri_of
from wir2graph.pages.history import ROUTE
from wir2graph.pages.values import Values
from wir2graph.plan import Plan
from wir2graph.represent import feed
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.represent.notes import notes
from wir2graph.urls import localised

if TYPE_CHECKING:
    from wir2graph.release import Release



def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the feeds: `/<plan>/feed.atom`, for every plan that has versions."""
    for plan in release.plans:
        if release.versions(plan):
            base = feed.path(plan)
            yield Address(f"{base}.{ATOM.name}", "atom", ATOM.media_type, resource=base, plan=plan.slug)


def represent(release: Release, address: Address) -> Representation:
    """Return a feed. Raises ValueError for an address that is not a feed's."""
    if address.kind != "atom" or address.plan is None:
        raise ValueError(f"not the address of a feed: {address.path}")
    root = _feed(release, release.plan(address.plan), address.path)
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address),
    )


def _feed(release: Release, plan: Plan, path: str) -> ElementTree.Element:
    root = ElementTree.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": plan.languages[0]})
    versions = release.versions(plan)
    _text(root, "id", f"{plan.namespace}feed.{ATOM.name}")
    _text(root, "title", plan.title[plan.languages[0]])
    _text(root, "updated", moment(versions[-1]).value)
    _link(root, release, "self", path, ATOM.media_type)
    for language in plan.languages:
        _link(root, release, _rel(plan, language), localised(f"/{plan.slug}/{ROUTE}", language), HTML.media_type,
              language)
    author = ElementTree.SubElement(root, "author")
    _text(author, "name", release.operator.name or plan.title[plan.languages[0]])
    _text(root, "rights", plan.rights[plan.languages[0]])
    for version in reversed(versions):
        _entry(root, release, plan, version, path)
    return root


def _entry(root: ElementTree.Element, release: Release, plan: Plan, version: Version, path: str) -> None:
    entry = ElementTree.SubElement(root, "entry")
    _text(entry, "id", iri_of(plan, version.name))
    titles = []
    for language in plan.languages:
        texts = release.pages.index.texts[language]["history"]
        titles.append(texts["version"].format(day=Values(release.pages.index, path, language).date(version.name)))
        page = localised(f"/{plan.slug}/{ROUTE}/{version.name}", language)
        _link(entry, release, _rel(plan, language), page, HTML.media_type, language)
    _text(entry, "title", " / ".join(titles))
    _text(entry, "updated", moment(version).value)
    _text(entry, "summary", "\n\n".join(notes(release, plan, version.name).values()))


def _rel(plan: Plan, language: str) -> str:
    """Return how a page belongs to the feed. Of several alternates some readers show the first, others the last."""
    return "alternate" if language == plan.languages[0] else "related"


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _link(
    parent: ElementTree.Element, release: Release, rel: str, path: str, media_type: str, language: str | None = None,
) -> None:
    attributes = {"rel": rel, "href": release.base_url + quote(path), "type": media_type}
    ElementTree.SubElement(parent, "link", attributes | ({"hreflang": language} if language else {}))
