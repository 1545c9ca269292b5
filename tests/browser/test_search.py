"""The search box in a real browser: suggestions by keyboard and mouse, never a trap; and a form without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsing import DESKTOP, PHONE, browsing, violations, violations_in_every_look
from tests.serving import Server

START = "/musterstadt/"
MEASURE = "/musterstadt/massnahme/gruenplan-wasser-2"


def suggest(page: Page, text: str) -> None:
    page.get_by_role("combobox", name="Suche").press_sequentially(text)
    expect(page.get_by_role("option").first).to_be_visible()


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE)])
def test_axe_finds_nothing_in_suggestions(
    chromium: Browser, server: Server, scheme: str, viewport: dict[str, int],
) -> None:
    with browsing(chromium, server, color_scheme=scheme, viewport=viewport, bypass_csp=True) as (page, complaints):
        page.goto(server.url + START)
        suggest(page, "Bäche")
        page.keyboard.press("ArrowDown")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert complaints == []


def test_axe_finds_nothing_in_hits(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, bypass_csp=True) as (page, complaints):
        for path in ("suche?q=Wasser", "suche?q=Wasser&art=ziele", "suche?q=xqzt", "suche"):
            for before in ("", "/en"):
                page.goto(f"{server.url}{before}{START}{path}")
                assert violations_in_every_look(page) == []
        assert complaints == []


def test_a_suggestion_is_chosen_by_keyboard(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, complaints):
        page.goto(server.url + START)
        field = page.get_by_role("combobox", name="Suche")
        expect(field).to_have_attribute("aria-expanded", "false")
        suggest(page, "baeche ans")
        expect(field).to_have_attribute("aria-expanded", "true")
        assert field.get_attribute("aria-activedescendant") is None
        page.keyboard.press("ArrowDown")
        chosen = page.get_by_role("option", selected=True)
        expect(chosen).to_have_count(1)
        expect(chosen).to_contain_text("Bäche ans Licht")
        assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
        assert page.evaluate("document.activeElement.id") == "suche"
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("option", selected=True)).to_have_count(0)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(server.url + MEASURE)
        assert complaints == []


def test_a_suggestion_is_chosen_by_mouse(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=PHONE) as (page, complaints):
        page.goto(server.url + START)
        suggest(page, "baeche ans")
        page.get_by_role("option").first.click()
        page.wait_for_url(server.url + MEASURE)
        assert complaints == []


def test_enter_without_a_choice_sends_the_form(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, complaints):
        page.goto(server.url + START)
        suggest(page, "Wasser")
        page.keyboard.press("Enter")
        page.wait_for_url("**/musterstadt/suche?q=Wasser")
        assert page.get_by_role("heading", level=1).inner_text() == "Suche"
        assert page.get_by_role("combobox", name="Suche").input_value() == "Wasser"
        assert complaints == []


def test_escape_closes_and_tab_goes_on(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, complaints):
        page.goto(server.url + START)
        field = page.get_by_role("combobox", name="Suche")
        suggest(page, "Wasser")
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(field).to_have_attribute("aria-expanded", "false")
        assert field.input_value() == "Wasser"
        field.press_sequentially("s")
        page.keyboard.press("Backspace")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "BUTTON"
        expect(page.get_by_role("listbox")).to_be_hidden()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "A"
        assert complaints == []


def test_how_many_there_are_is_told_and_nothing_is_kept_when_there_are_none(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, complaints):
        page.goto(server.url + START)
        suggest(page, "Wasser")
        options = page.get_by_role("option").count()
        expect(page.get_by_role("status")).to_have_text(f"{options} Vorschläge.")
        page.get_by_role("combobox", name="Suche").fill("xqztv")
        expect(page.get_by_role("status")).to_have_text("Keine Vorschläge.")
        expect(page.get_by_role("listbox")).to_be_hidden()
        assert complaints == []


def test_without_a_script_the_form_is_sent(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=PHONE, java_script_enabled=False) as (page, complaints):
        page.goto(server.url + START)
        page.get_by_label("Suche", exact=True).fill("baeche ans licht")
        page.get_by_role("button", name="Suchen").click()
        page.get_by_role("link", name="Bäche ans Licht", exact=True).click()
        page.wait_for_url(server.url + MEASURE)
        assert complaints == []


def test_where_no_server_answers_the_box_still_is_a_form(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, _):
        page.route("**/api/search*", lambda route: route.abort())
        page.goto(server.url + START)
        with page.expect_event("requestfailed"):
            page.get_by_role("combobox", name="Suche").press_sequentially("Wasser")
        expect(page.get_by_role("listbox")).to_be_hidden()
        page.keyboard.press("Enter")
        page.wait_for_url("**/musterstadt/suche?q=Wasser")
