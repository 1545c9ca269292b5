"""The pages of relations in a real browser: the matrix scrolls in its own box, pictures are used by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsing import DESKTOP, PHONE, ZOOMED, browsing, violations_in_every_look
from tests.serving import Server

MATRIX = "/hannover/beziehungen"
PAGES = (MATRIX, "/en/hannover/beziehungen/feld/wir2-bildung", "/hannover/beziehungen/fachbereich/56",
         "/en/hannover/beziehungen/fluss", "/hannover/gremium/wir2-kuratorium", "/en/hannover/massnahme/wir2-bildung-7",
         "/musterstadt/beziehungen", "/kleinstadt/beziehungen/fluss")
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll(".picture a")].map(a => a.querySelector("text").parentNode)
    .map(a => { const all = [...a.querySelectorAll("text")].map(t => t.getBoundingClientRect());
      return { left: Math.min(...all.map(b => b.left)), right: Math.max(...all.map(b => b.right)),
               top: Math.min(...all.map(b => b.top)), bottom: Math.max(...all.map(b => b.bottom)) }; });
  let found = 0;
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3) found += 1;
  }));
  return [boxes.length, found];
}"""
INSIDE = """() => [...document.querySelectorAll(".picture")].every(svg => {
  const edge = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].map(t => t.getBoundingClientRect())
    .every(b => b.left >= edge.left - 1 && b.right <= edge.right + 1)
    && [...svg.querySelectorAll("text")].map(t => t.getBoundingClientRect())
    .every(b => b.top >= edge.top - 2 && b.bottom <= edge.bottom + 2);
})"""
FONTS = """Promise.all(['16px "Fira Sans"', '600 16px "Fira Sans"'].map(font => document.fonts.load(font)))
  .then(found => found.flat().length)"""
BOXES = """() => [...document.querySelectorAll(".near a")].every(a => {
  const box = a.querySelector("rect").getBoundingClientRect();
  return [...a.querySelectorAll("text")].map(t => t.getBoundingClientRect())
    .every(b => b.left >= box.left - 1 && b.right <= box.right + 1);
})"""


COVERED = """() => {
  const link = document.activeElement, box = link.getClientRects()[0];
  const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return link.closest(".matrix tbody") ? (seen && link.contains(seen) ? "seen" : "covered") : "outside";
}"""


def served(path: str, server: Server, shipped: Server) -> str:
    return (shipped if "/hannover/" in path else server).url + path


def test_axe_finds_nothing_on_pages_of_relations(
    chromium: Browser, server: Server, shipped_server: Server,
) -> None:
    for at in (server, shipped_server):
        with browsing(chromium, at, bypass_csp=True) as (page, complaints):
            for path in PAGES:
                if served(path, server, shipped_server).startswith(at.url):
                    page.goto(at.url + path)
                    assert violations_in_every_look(page) == []
            assert complaints == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_names_in_pictures_cover_nothing_and_are_not_cut(
    chromium: Browser, shipped_server: Server, viewport: dict[str, int],
) -> None:
    with browsing(chromium, shipped_server, viewport=viewport) as (page, complaints):
        for path in ("/hannover/beziehungen/fluss", "/hannover/beziehungen/feld/wir2-soziales",
                     "/en/hannover/beziehungen/feld/wir2-stadtverwaltung", "/hannover/massnahme/wir2-bildung-7"):
            page.goto(shipped_server.url + path)
            assert page.evaluate(FONTS) == 2
            boxes, overlaps = page.evaluate(OVERLAPS)
            assert boxes >= 4
            assert overlaps == 0, path
            assert page.evaluate(INSIDE), path
            assert page.evaluate(BOXES), path
        assert complaints == []


def test_heads_and_measures_stay_where_they_are_when_the_matrix_scrolls(
    chromium: Browser, shipped_server: Server,
) -> None:
    with browsing(chromium, shipped_server, viewport=PHONE) as (page, _):
        page.goto(shipped_server.url + MATRIX)
        box = page.locator(".matrix-box")
        corner, head = page.locator(".matrix thead th").first, page.locator(".matrix thead th").nth(9)
        before = corner.bounding_box(), head.bounding_box()
        box.evaluate("e => e.scrollTo(200, 900)")
        after = corner.bounding_box(), head.bounding_box()
        assert all(before)
        assert all(after)
        assert after[0] == before[0]
        assert after[1]["y"] == before[1]["y"]  # type: ignore[index]
        assert after[1]["x"] == before[1]["x"] - 200  # type: ignore[index]
        assert box.evaluate("e => e.scrollHeight > e.clientHeight && e.scrollWidth > e.clientWidth")
        box.focus()
        page.keyboard.press("End")
        expect(page.locator(".matrix tbody tr").last).to_be_in_viewport()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, ZOOMED])
def test_what_has_the_focus_in_the_matrix_is_not_covered_by_its_head(
    chromium: Browser, shipped_server: Server, viewport: dict[str, int],
) -> None:
    with browsing(chromium, shipped_server, viewport=viewport) as (page, _):
        page.goto(shipped_server.url + MATRIX)
        page.locator(".matrix tbody a").last.focus()
        found = []
        for _ in range(85):
            page.keyboard.press("Shift+Tab")
            page.evaluate("() => new Promise(requestAnimationFrame)")
            found.append(page.evaluate(COVERED))
        assert found.count("seen") >= 80
        assert "covered" not in found


def test_a_reader_without_javascript_opens_a_department_and_closes_it(
    chromium: Browser, server: Server,
) -> None:
    with browsing(chromium, server, viewport=DESKTOP, java_script_enabled=False) as (page, complaints):
        page.goto(f"{server.url}/musterstadt/")
        page.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name="Beziehungen").click()
        page.get_by_role("link", name="A 1 Amt für Stadtgrün: Einheiten einzeln zeigen").click()
        expect(page).to_have_url(f"{server.url}/musterstadt/beziehungen/fachbereich/a-1#matrix")
        expect(page.get_by_role("columnheader", name="A 1.2 Stadtbäume")).to_be_visible()
        page.get_by_role("link", name="A 1 Amt für Stadtgrün: Einheiten nicht mehr einzeln zeigen").click()
        expect(page).to_have_url(f"{server.url}/musterstadt/beziehungen#matrix")
        page.get_by_role("link", name="Fluss", exact=True).click()
        page.get_by_role("link", name="Bild überspringen, zur Tabelle").click()
        expect(page).to_have_url(f"{server.url}/musterstadt/beziehungen/fluss#tabelle")
        assert complaints == []


@pytest.mark.parametrize("path", ["/hannover/beziehungen/fluss", "/hannover/beziehungen/feld/wir2-demokratie",
                                  "/hannover/massnahme/wir2-bildung-7"])
def test_the_links_of_a_picture_show_the_focus_and_are_large_enough(
    chromium: Browser, shipped_server: Server, path: str,
) -> None:
    with browsing(chromium, shipped_server, viewport=DESKTOP) as (page, _):
        page.goto(shipped_server.url + path)
        links = page.locator(".picture a")
        assert links.count() >= 3
        for index in range(links.count()):
            size = links.nth(index).bounding_box()
            assert size is not None
            assert size["height"] >= 24
            assert size["width"] >= 24
        links.first.evaluate("e => e.focus()")
        page.keyboard.press("Tab")
        focused = "document.activeElement"
        assert page.evaluate(f"{focused}.closest('.picture') !== null && {focused}.matches(':focus-visible')")
        assert page.evaluate(f"parseFloat(getComputedStyle({focused}).outlineWidth)") >= 2
