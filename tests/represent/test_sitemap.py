"""The sitemap lists every page with its languages and the day of its data; robots.txt names it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from tests.serving import Server
from wir2graph.operator import Operator
from wir2graph.release import Release
from wir2graph.represent import represent, sitemap

BASE = "https://offen.example/daten"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def fresh(release: Release) -> Release:
    return replace(release, operator=Operator(public_url=BASE), base_url=BASE)


@pytest.fixture(scope="module")
def public(release: Release) -> Release:
    return fresh(release)


def document(release: Release, path: str = "/sitemap.xml") -> ElementTree.Element:
    return ElementTree.fromstring(represent(release, release.addresses()[path]).body)


def locations(root: ElementTree.Element) -> list[str]:
    return [found.text or "" for found in root.iterfind("*/s:loc", NAMES)]


def test_it_lists_every_page_once_under_the_public_address(public: Release) -> None:
    pages = {address.path for address in public.addresses().values() if address.kind == "page"}
    listed = locations(document(public))
    assert all(url.startswith(f"{BASE}/") and url.isascii() for url in listed)
    assert sorted(unquote(url.removeprefix(BASE)) for url in listed) == sorted(pages)
    assert len(listed) >= 100


def test_each_page_names_all_its_languages_and_itself(public: Release) -> None:
    listed = set(locations(root := document(public)))
    for entry in root.iterfind("s:url", NAMES):
        others = {link.get("hreflang"): link.get("href") for link in entry.iterfind("x:link", NAMES)}
        assert set(others) == {"de", "en", "x-default"}
        assert entry.findtext("s:loc", namespaces=NAMES) in (others["de"], others["en"])
        assert others["x-default"] == others["de"]
        assert set(others.values()) <= listed


def test_the_day_is_that_of_the_data(public: Release) -> None:
    days = {entry.findtext("s:loc", namespaces=NAMES): entry.findtext("s:lastmod", namespaces=NAMES)
            for entry in document(public).iterfind("s:url", NAMES)}
    released = {plan.slug: plan.released.isoformat() for plan in public.plans}
    assert len(set(released.values())) == len(released), "the fixture needs two days"
    for slug, day in released.items():
        assert days[f"{BASE}/{slug}/"] == days[f"{BASE}/en/{slug}/"] == day
    assert days[f"{BASE}/hilfe"] == max(released.values())


@pytest.mark.parametrize("most", [37, 50])
def test_many_pages_are_split_and_an_index_names_the_parts(
    release: Release, monkeypatch: pytest.MonkeyPatch, most: int,
) -> None:
    whole = locations(document(fresh(release)))
    monkeypatch.setattr(sitemap, "MOST", most)
    split = fresh(release)
    index = document(split)
    assert index.tag.endswith("sitemapindex")
    parts = [url.removeprefix(BASE) for url in locations(index)]
    assert len(parts) == -(-len(whole) // most)
    listed = [locations(document(split, part)) for part in parts]
    assert [url for part in listed for url in part] == whole
    assert all(len(part) == most for part in listed[:-1])
    days = {entry.text for entry in index.iterfind("*/s:lastmod", NAMES)}
    assert days <= {plan.released.isoformat() for plan in split.plans}


def test_exactly_as_many_pages_as_fit_are_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST", 10)
    assert sitemap.part_paths(10) == []
    assert sitemap.part_paths(11) == ["/sitemap-1.xml", "/sitemap-2.xml"]


def test_robots_opens_all_but_what_only_costs_time(public: Release) -> None:
    assert represent(public, public.addresses()["/robots.txt"]).body.decode() == f"""User-agent: *
Disallow: /daten/sparql?
Disallow: /daten/en/sparql?
Disallow: /daten/*?*&

Sitemap: {BASE}/sitemap.xml
"""


def test_the_server_shows_both(server: Server) -> None:
    for path, kind in (("/sitemap.xml", "application/xml"), ("/robots.txt", "text/plain; charset=utf-8")):
        answer = server.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert answer.headers["etag"].startswith('"')
    assert f"Sitemap: {server.url}/sitemap.xml" in server.get("/robots.txt").text
