"""The Atom feed has what RFC 4287 asks for, and the same bytes each time."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from xml.etree import ElementTree

import pytest

from wir2graph.operator import Operator
from wir2graph.release import Release, open_release
from wir2graph.represent import represent

NAMES: Final = {"atom": "http://www.w3.org/2005/Atom"}
TAG: Final = "{http://www.w3.org/2005/Atom}"


def read(release: Release, plan: str) -> ElementTree.Element:
    return ElementTree.fromstring(represent(release, release.addresses()[f"/{plan}/feed.atom"]).body)


@pytest.mark.parametrize(("plan", "days"), [
    ("musterstadt", ["2027-06-30", "2027-04-30"]), ("kleinstadt", ["2025-05-01"]),
])
def test_feed_and_entries_have_what_they_must(release: Release, plan: str, days: list[str]) -> None:
    feed = read(release, plan)
    assert feed.tag == f"{TAG}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    entries = feed.findall("atom:entry", NAMES)
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"atom:{name}", NAMES)) == 1
    assert feed.findtext("atom:author/atom:name", namespaces=NAMES)
    assert [entry.findtext("atom:updated", namespaces=NAMES) for entry in entries] == [f"{d}T00:00:00Z" for d in days]
    assert feed.findtext("atom:updated", namespaces=NAMES) == f"{days[0]}T00:00:00Z"
    assert [entry.findtext("atom:id", namespaces=NAMES) for entry in entries] == [
        f"{release.plan(plan).namespace}releases/{day}" for day in days]
    for entry in entries:
        links = entry.findall("atom:link", NAMES)
        assert [(link.get("rel"), link.get("hreflang")) for link in links] == [("alternate", "de"), ("related", "en")]
        assert entry.findtext("atom:summary", namespaces=NAMES)


def test_addresses_are_those_of_the_operator(release: Release) -> None:
    operator = replace(Operator(), public_url="https://daten.stadt.example/x", name="Stadt & Co")
    own = open_release(release.folder, operator)
    try:
        feed = read(own, "musterstadt")
        hrefs = [link.get("href", "") for link in feed.iter(f"{TAG}link")]
        assert len(hrefs) == 7
        assert all(href.startswith("https://daten.stadt.example/x/") for href in hrefs)
        assert feed.findtext("atom:author/atom:name", namespaces=NAMES) == "Stadt & Co"
        address = own.addresses()["/musterstadt/feed.atom"]
        assert represent(own, address).body == represent(own, address).body
    finally:
        own.close()
