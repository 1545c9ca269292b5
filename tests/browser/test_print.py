"""Pages on paper, as a real browser prints them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser

from tests.serving import Server
from tests.sites import Site

HIDDEN = [".main-nav", ".breadcrumb", ".languages", ".side", ".footer-links"]


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_an_office_prints_on_one_sheet_whatever_it_has(chromium: Browser, site: Site) -> None:
    page = chromium.new_page()
    page.goto(f"{site.server.url}/{site.plan}/stellen")
    links = page.eval_on_selector_all(".tree a", "found => found.map(a => a.href)")
    counts = page.eval_on_selector_all(".tree li", "found => found.map(li => li.querySelectorAll('li').length)")
    assert len(links) > 5
    # The largest, where most has to fit, and one with nothing below.
    largest = [link for _, link in sorted(zip(counts, links, strict=True), reverse=True)][:6]
    for link in (*largest, links[-1], links[2].replace(f"/{site.plan}/", f"/en/{site.plan}/")):
        page.goto(link)
        assert sheets(page.pdf(prefer_css_page_size=True)) == 1, link
    page.close()


def test_the_sheet_of_an_office_names_it_its_place_and_where_it_is_from(chromium: Browser, server: Server) -> None:
    page = chromium.new_page()
    page.goto(f"{server.url}/musterstadt/oe/a-1.2")
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    for part in ("A 1.2 Stadtbäume", "Stadt Musterstadt › A Dezernat für Umwelt › A 1 Amt für Stadtgrün",
                 "Kontakt hier: 1", "Bäume an jeder Straße", "Verein „Grüne Finger“", "30. Juni 2027", page.url):
        assert part in text, part
    assert "Diese Seite als Daten" not in text
    page.close()


@pytest.mark.parametrize("language", ["de", "en"])
def test_print_has_no_navigation_and_cuts_no_table(
    chromium: Browser, server: Server, kinds: Mapping[tuple[str, str], str], language: str,
) -> None:
    page = chromium.new_page(viewport={"width": 680, "height": 960})  # the width of an A4 sheet within its margins
    page.emulate_media(media="print")
    paths = [path for (_, spoken), path in kinds.items() if spoken == language]
    assert len(paths) > 30
    for path in paths:
        page.goto(server.url + path)
        shown = [name for name in HIDDEN if page.locator(f"{name} >> visible=true").count()]
        assert shown == [], path
        assert page.locator(".in-print").inner_text().endswith(server.url + path)
        cut = page.eval_on_selector_all(
            ".table-box", "found => found.filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)"
                          ".map(box => box.getAttribute('aria-labelledby'))")
        assert cut == [], path
    page.close()
