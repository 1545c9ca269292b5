"""Pages on paper, as a real browser prints them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.serving import Server
from tests.sites import Site

SHEET: ViewportSize = {"width": 680, "height": 960}  # an A4 sheet within its margins
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
    page = chromium.new_page(viewport=SHEET)
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


@pytest.mark.parametrize("path", ["/hannover/beziehungen/fluss", "/hannover/beziehungen/feld/wir2-demokratie",
                                  "/en/hannover/beziehungen/fachbereich/56", "/hannover/gremium/wir2-kuratorium"])
def test_a_printed_picture_is_as_wide_as_the_sheet_and_covers_nothing(
    chromium: Browser, shipped_server: Server, path: str,
) -> None:
    page = chromium.new_page(viewport=SHEET)
    page.goto(shipped_server.url + path)
    page.emulate_media(media="print")
    picture, text = page.locator("svg.picture, svg.seats"), page.locator("svg.picture text, svg.seats text")
    whole = picture.bounding_box()
    assert whole is not None
    assert whole["x"] + whole["width"] <= SHEET["width"]
    boxes = text.evaluate_all("found => found.map(text => text.getBoundingClientRect())")
    assert len(boxes) > 5
    assert max(box["right"] for box in boxes) <= whole["x"] + whole["width"] + 1
    assert max(box["bottom"] for box in boxes) <= whole["y"] + whole["height"] + 1
    assert page.locator("a[href='#tabelle'] >> visible=true").count() == 0
    page.close()


def test_a_printed_matrix_has_no_controls_and_its_marks_stay_dark(chromium: Browser, shipped_server: Server) -> None:
    page = chromium.new_page(viewport=SHEET)
    page.goto(f"{shipped_server.url}/hannover/beziehungen")
    page.emulate_media(media="print")
    for control in (".filters", ".matrix__open"):
        assert page.locator(control).count() > 0
        assert page.locator(f"{control} >> visible=true").count() == 0
    marks = page.locator(".mark--own")
    adjusted = marks.evaluate_all("found => found.map(mark => getComputedStyle(mark).printColorAdjust)")
    assert set(adjusted) == {"exact"}
    page.close()
