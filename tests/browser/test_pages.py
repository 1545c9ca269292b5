"""Every kind of page in a real browser: accessible, complete without JavaScript, silent towards others."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.browsing import DESKTOP, PHONE, Kinds, browsing, violations
from tests.serving import Server

COLOUR = """() => {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}"""
FONTS = "document.fonts.ready.then(fonts => [...fonts].some(font => font.status == 'loaded'))"
LINES = """async () => {
  await document.fonts.ready;
  return new Set([...document.querySelectorAll(".main-nav li")].map(e => e.getBoundingClientRect().top)).size;
}"""


def test_pages_are_whole_without_javascript_and_complain_of_nothing_under_the_policy(
    chromium: Browser, server: Server, kinds: Kinds,
) -> None:
    texts = {}
    for enabled in (False, True):
        with browsing(chromium, server, viewport=DESKTOP, java_script_enabled=enabled) as (page, complaints):
            for path in kinds.values():
                page.goto(server.url + path)
                text = " ".join(page.locator("body").inner_text().split())
                for added in page.locator(".by-script").all_inner_texts():
                    text = text.replace(" ".join(added.split()) + " ", "", 1)
                texts[path, enabled] = text
                assert not enabled or page.evaluate(FONTS), path
                assert page.locator("h1").is_visible()
            assert complaints == []
    assert all(texts[path, False] == texts[path, True] for path in kinds.values())


def test_the_first_tab_leads_past_the_navigation(chromium: Browser, server: Server, kinds: Kinds) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, _):
        for path in kinds.values():
            page.goto(server.url + path)
            page.keyboard.press("Tab")
            skip = page.locator("a.skip")
            assert skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().top >= 0"), path
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.tagName") == "MAIN", path


def test_focus_is_visible_on_every_link(chromium: Browser, server: Server, kinds: Kinds) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, _):
        page.goto(server.url + kinds["measure", "de"])
        for _ in range(12):
            page.keyboard.press("Tab")
            width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
            assert width >= 2, page.evaluate("document.activeElement.outerHTML")


def test_the_page_follows_the_system_into_the_dark(chromium: Browser, server: Server, kinds: Kinds) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        with browsing(chromium, server, color_scheme=scheme) as (page, _):
            page.goto(server.url + kinds["start", "de"])
            colours[scheme] = page.evaluate(COLOUR)
    assert colours == {"light": [255, 255, 255, 255], "dark": [0, 0, 0, 255]}


def test_a_reader_goes_from_the_start_to_an_office_and_changes_the_language_there(
    chromium: Browser, server: Server,
) -> None:
    with browsing(chromium, server, viewport=PHONE, java_script_enabled=False) as (page, complaints):
        page.goto(f"{server.url}/musterstadt/")
        page.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name="Maßnahmen").click()
        page.get_by_role("link", name="Bäume an jeder Straße").click()
        page.get_by_role("link", name="A 1.2 Stadtbäume").first.click()
        assert page.get_by_role("heading", level=1).inner_text() == "A 1.2 Stadtbäume"
        page.get_by_role("link", name="English").click()
        assert page.get_by_role("heading", level=1).inner_text() == "A 1.2 City Trees"
        assert page.url == f"{server.url}/en/musterstadt/oe/a-1.2"
        assert complaints == []


def test_a_reader_goes_from_the_timeline_to_a_call_and_its_measure(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=PHONE, java_script_enabled=False) as (page, complaints):
        page.goto(f"{server.url}/en/musterstadt/")
        page.get_by_role("navigation", name="Main navigation").get_by_role("link", name="Timeline").click()
        page.get_by_role("link", name="Call for open brooks").first.click()
        page.get_by_role("link", name="Bringing brooks to light").first.click()
        assert page.get_by_role("heading", level=1).inner_text() == "Bringing brooks to light"
        page.get_by_role("link", name="Brook sponsors", exact=True).click()
        assert page.url == f"{server.url}/en/musterstadt/projekt/bachpaten"
        assert complaints == []


def test_the_navigation_takes_one_line_on_a_desk_and_three_on_a_phone(
    chromium: Browser, server: Server, kinds: Kinds,
) -> None:
    for viewport, most in ((DESKTOP, 1), (PHONE, 3)):
        with browsing(chromium, server, viewport=viewport) as (page, _):
            for language in ("de", "en"):
                page.goto(server.url + kinds["timeline", language])
                assert 1 <= page.evaluate(LINES) <= most, (viewport, language)


def test_a_reader_goes_from_a_question_to_the_form_with_its_query(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=PHONE, bypass_csp=True) as (page, complaints):
        page.goto(f"{server.url}/musterstadt/")
        page.get_by_role("link", name="Fragen mit Antworten").click()
        page.get_by_role("link", name="Kontakte eines Dezernats").click()
        query = page.locator("details.query code").inner_text()
        page.get_by_role("complementary").get_by_role("link", name="In SPARQL öffnen").click()
        assert page.locator("#query").input_value() == query
        assert page.get_by_role("table", name="Ergebnis").get_by_role("row").count() == 4
        page.locator("summary", has_text="Grünplan 2030 der Stadt Musterstadt: Für Forschung").click()
        assert violations(page) == []
        page.get_by_role("link", name="Wer nennt welchen Kontakt?").click()
        assert "AS ?holds" in page.locator("#query").input_value()
        assert page.get_by_role("heading", name="Ergebnis").bounding_box()["y"] < PHONE["height"]  # type: ignore[index]
        assert complaints == []


def test_a_printed_page_has_no_navigation(chromium: Browser, server: Server, kinds: Kinds) -> None:
    with browsing(chromium, server) as (page, _):
        page.goto(server.url + kinds["measure", "de"])
        page.emulate_media(media="print")
        assert not page.locator("nav.main-nav").is_visible()
        assert not page.locator("details.query").first.is_visible()
        assert page.locator("h1").is_visible()
        assert page.locator(".in-print").inner_text().endswith(server.url + kinds["measure", "de"])
