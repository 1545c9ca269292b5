"""The editor of the query form in a real browser, under the policy of the site, run by keyboard."""

from __future__ import annotations

import html
import re

import pytest
from playwright.sync_api import Browser, Request, Route, expect

from tests.browser.browsing import DESKTOP, PHONE, browsing, violations
from tests.browser.editing import (
    NAMES,
    OFFERED,
    STATUS,
    UNDERLINED,
    editing,
    is_query,
    offered,
    sent,
    text_of,
)
from tests.serving import Server

# What a token of the editor looks like: its colour and the first opaque colour behind it, as red, green and blue.
COLOURS = """token => {
  const rgb = (value) => {
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.fillStyle = value;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  let behind = token;
  while (rgb(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
  return [rgb(getComputedStyle(token).color), rgb(getComputedStyle(behind).backgroundColor)];
}"""


@pytest.mark.parametrize("path", NAMES)
def test_the_editor_takes_the_place_of_the_field_and_keeps_its_text(
    chromium: Browser, server: Server, path: str,
) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, complaints):
        page.goto(server.url + path)
        editor = page.get_by_role("textbox", name=NAMES[path])
        expect(page.locator("#query")).to_be_hidden()
        assert "wir:contactOffice" in text_of(page)
        assert editor.inner_text().split() == text_of(page).split()
        expect(editor).to_have_attribute("aria-multiline", "true")
        expect(editor).to_have_accessible_description(re.compile("Strg|Ctrl"))
        assert page.locator(".cm-lineNumbers").inner_text().split()[:2] == ["1", "2"]
        page.get_by_text(NAMES[path], exact=True).click()
        expect(editor).to_be_focused()
        assert complaints == []


def test_typed_text_is_sent_with_the_form(chromium: Browser, server: Server) -> None:
    query = "SELECT ?s WHERE {\n  ?s ?p ?o # Größe\n}"
    with editing(chromium, server) as (page, _, complaints):
        page.keyboard.type("ASK { }")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("SELECT ?s WHERE {\n  ?s ?p ?o # Größe\n")
        page.keyboard.press("Shift+Home")  # a new line begins as deep as the one before
        page.keyboard.type("}")
        assert text_of(page) == query
        page.keyboard.press("ControlOrMeta+z")
        page.keyboard.press("ControlOrMeta+y")
        assert text_of(page) == query
        assert complaints == []
        with page.expect_request(is_query) as request:
            page.locator("form.sparql button[type=submit]").click()
        assert sent(request.value) == query


def test_control_and_enter_send_the_form(chromium: Browser, server: Server) -> None:
    with editing(chromium, server) as (page, _, complaints):
        page.keyboard.type("ASK {}")
        assert complaints == []
        with page.expect_request(is_query) as request:
            page.keyboard.press("ControlOrMeta+Enter")
        assert sent(request.value) == "ASK {}"


def test_an_empty_query_is_not_sent_and_the_editor_says_so(chromium: Browser, server: Server) -> None:
    with editing(chromium, server) as (page, editor, complaints):
        requests: list[Request] = []
        page.on("request", lambda request: requests.append(request))
        page.locator("form.sparql button[type=submit]").click()
        expect(page.locator(STATUS)).to_have_text("Bitte eine Abfrage eingeben.")
        expect(editor).to_be_focused()
        page.keyboard.type("ASK {}")
        expect(page.locator(STATUS)).to_have_text("")
        assert [request for request in requests if is_query(request)] == []
        assert complaints == []


@pytest.mark.parametrize(("path", "typed", "underlined", "message"), [
    ("/sparql", "ASK { ?s a Bildung", "Bildung", "Zeile 1: Syntaxfehler: „Bildung“ passt hier nicht."),
    ("/en/sparql", "ASK { ?s a Bildung", "Bildung", "Line 1: Syntax error: “Bildung” does not fit here."),
    ("/sparql", "ASK {\n?s ?p ?o\n", "?o", "Zeile 2: Syntaxfehler: „{“ aus Zeile 1 ist nicht geschlossen."),
    ("/en/sparql", "SELECT", "SELECT", "Line 1: Syntax error: the query is not complete here."),
])
def test_a_syntax_error_is_underlined_and_said(
    chromium: Browser, server: Server, path: str, typed: str, underlined: str, message: str,
) -> None:
    with editing(chromium, server, path) as (page, editor, complaints):
        page.keyboard.type(typed)
        expect(page.locator(STATUS)).to_have_text(message)
        expect(page.locator(UNDERLINED)).to_have_text(underlined)
        expect(editor).to_have_attribute("aria-invalid", "true")
        page.keyboard.press("Escape")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("ASK {}")
        page.wait_for_timeout(1000)
        expect(page.locator(UNDERLINED)).to_have_count(0)
        expect(page.locator(STATUS)).to_have_text("")
        expect(editor).to_have_attribute("aria-invalid", "false")
        assert complaints == []


def test_the_error_of_the_server_is_underlined_until_the_query_is_edited(chromium: Browser, server: Server) -> None:
    query = "ASK {\n  # 🌳 Größe\n  ?s x:𝒑 wir:nope }"
    message = 'The prefix "wir" <is> not declared.'

    def with_error(route: Route) -> None:
        answer = route.fetch()
        attributes = f'data-error-line="3" data-error-column="10" data-error-message="{html.escape(message)}"'
        body = re.sub(r'(<textarea[^>]*)>[^<]*', lambda found: f"{found[1]} {attributes}>{query}", answer.text())
        route.fulfill(response=answer, body=body)

    with browsing(chromium, server, viewport=DESKTOP) as (page, complaints):
        page.route("**/sparql", with_error)
        page.goto(f"{server.url}/sparql")
        expect(page.locator(UNDERLINED)).to_have_text("wir:nope")
        expect(page.locator(STATUS)).to_have_text(f"Zeile 3: {message}")
        editor = page.get_by_role("textbox", name=NAMES["/sparql"])
        expect(editor).to_have_attribute("aria-invalid", "true")
        page.locator(UNDERLINED).hover()
        expect(page.locator(".cm-diagnostic")).to_have_text(message)
        editor.click()
        page.keyboard.press("ControlOrMeta+End")
        page.keyboard.type(" ")
        expect(page.locator(UNDERLINED)).to_have_count(0)
        expect(page.locator(STATUS)).to_have_text("")
        assert complaints == []


@pytest.mark.parametrize(("typed", "fewest"), [("ASK {}", 0), ("ASK { ?s a Meas", 1), ("ASK { ?s a ", 20)])
@pytest.mark.parametrize(("key", "back"), [("Tab", "Shift+Tab"), ("Shift+Tab", "Tab")])
def test_tab_always_leaves_the_editor(
    chromium: Browser, server: Server, typed: str, fewest: int, key: str, back: str,
) -> None:
    with editing(chromium, server) as (page, editor, complaints):
        page.keyboard.type(typed)
        if fewest:
            page.keyboard.press("Control+Space")
            assert offered(page).count() >= fewest
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.matches('a[href], select, button, input, pre, summary')")
        expect(page.locator(OFFERED)).to_have_count(0)
        assert text_of(page) == typed
        page.keyboard.press(back)
        expect(editor).to_be_focused()
        assert complaints == []


def test_focus_is_visible(chromium: Browser, server: Server) -> None:
    with editing(chromium, server, reduced_motion="reduce") as (page, _, _complaints):
        frame = page.locator(".cm-editor")
        expect(frame).to_have_css("outline-style", "solid")
        expect(frame).to_have_css("outline-width", "4px")
        assert frame.evaluate("e => e.getAnimations({ subtree: true }).length") == 0


def test_without_javascript_the_field_is_there(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, java_script_enabled=False) as (page, complaints):
        page.goto(f"{server.url}/sparql")
        page.get_by_label(NAMES["/sparql"]).fill("ASK {}")
        with page.expect_request(is_query) as request:
            page.locator("form.sparql button[type=submit]").click()
        assert sent(request.value) == "ASK {}"
        assert complaints == []


@pytest.mark.parametrize("missing", ["Document.prototype.adoptedStyleSheets", "Element.prototype.attachShadow"])
def test_where_the_editor_cannot_start_the_field_stays(chromium: Browser, server: Server, missing: str) -> None:
    with browsing(chromium, server) as (page, _):
        page.add_init_script(f"delete {missing}")
        page.goto(f"{server.url}/sparql")
        page.wait_for_load_state("networkidle")
        expect(page.locator(".cm-editor")).to_have_count(0)
        page.get_by_label(NAMES["/sparql"]).fill("ASK {}")
        assert text_of(page) == "ASK {}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_axe_finds_nothing_in_the_editor(
    chromium: Browser, server: Server, scheme: str, viewport: dict[str, int],
) -> None:
    # Our policy keeps foreign scripts out, so axe has to get past it; all other tests run under the policy.
    with browsing(chromium, server, color_scheme=scheme, viewport=viewport, bypass_csp=True) as (page, complaints):
        for path, name in NAMES.items():
            page.goto(server.url + path)
            editor = page.get_by_role("textbox", name=name)
            expect(editor).to_be_visible()
            assert violations(page) == []
            editor.click()
            page.keyboard.press("ControlOrMeta+End")
            page.keyboard.type("\nASK { ?s ?p 'a'@de, 1.5 # x\n. ?o a ")
            page.keyboard.press("Control+Space")
            assert offered(page).count() > 10
            expect(page.locator(UNDERLINED)).not_to_have_count(0)
            # The arrow keys scroll the list while the focus stays in the text, which another test checks; axe knows
            # that pattern only where the text field is of a single line.
            assert violations(page, without=["scrollable-region-focusable"]) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_token_is_readable_and_kinds_of_tokens_differ(chromium: Browser, server: Server, scheme: str) -> None:
    with editing(chromium, server, color_scheme=scheme) as (page, _, complaints):
        page.keyboard.type("# note\nPREFIX x: <urn:x:> SELECT ?s { ?s a x:y, 'text'@de, 12 }")
        page.keyboard.press("Escape")
        colours = {}
        for text in ("# note", "SELECT", "<urn:x:>", "?s", "'text'"):
            token, behind = page.locator(".cm-line span", has_text=text).first.evaluate(COLOURS)
            assert contrast(token, behind) >= 4.5, text
            colours[text] = tuple(token)
        assert len(set(colours.values())) == len(colours)
        assert complaints == []


def test_the_editor_works_at_twice_the_size(chromium: Browser, server: Server) -> None:
    half = {"width": DESKTOP["width"] // 2, "height": DESKTOP["height"] // 2}
    with editing(chromium, server, viewport=half, device_scale_factor=2) as (page, _, complaints):
        page.keyboard.type("ASK { ?s ?p " + "<urn:x:a-very-long-name>, " * 8)
        page.keyboard.type("grün")
        offered(page)
        box = page.locator(".cm-tooltip-autocomplete").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= half["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= half["width"]
        assert complaints == []


def contrast(one: list[int], other: list[int]) -> float:
    """Return the contrast of two colours (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: list[int]) -> float:
    parts = (value / 255 for value in colour[:3])
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
