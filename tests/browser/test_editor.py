"""The editor of the query form in a real browser, under the policy of the site, run by keyboard."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.browser.test_pages import DESKTOP, PHONE, RULES, browsing
from tests.serving import Server

NAMES = {"/sparql": "Abfrage", "/en/sparql": "Query"}
WIR = "https://w3id.org/wir2graph/def#"
PREFIX = f"PREFIX wir: <{WIR}>\n"
FIELD = "https://daten.musterstadt.example/plan/id/handlungsfeld/gruenplan-raeume"
STATUS = "main [role=status]"
OFFERED = ".cm-tooltip-autocomplete li"
UNDERLINED = ".cm-lintRange-error"
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


@contextmanager
def editing(
    chromium: Browser, server: Server, path: str = "/sparql", **settings: Any,
) -> Iterator[tuple[Page, Locator, list[str]]]:
    """The page with its editor emptied and focused, and what the browser complains of."""
    with browsing(chromium, server, **{"viewport": DESKTOP, **settings}) as (page, complaints):
        page.goto(server.url + path)
        editor = page.get_by_role("textbox", name=NAMES[path])
        editor.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.press("Delete")
        yield page, editor, complaints


def text_of(page: Page) -> str:
    """Return the text that the form would send."""
    return page.locator("#query").input_value()


def offered(page: Page, text: str = "") -> Locator:
    """Return the options, label and detail of each, that begin with a text; fails where none comes to be offered.

    On a busy machine a key may come while the list is being made for the one before; then the list is asked for.
    """
    options = page.locator(OFFERED).filter(has_text=re.compile(f"^{re.escape(text)}"))
    for _ in range(5):
        if options.count():
            break
        page.wait_for_timeout(1500)
        if not options.count():
            page.keyboard.press("Control+Space")
    expect(options).not_to_have_count(0)
    return options


def take(page: Page, name: str) -> None:
    """Take the offer of this name by keyboard."""
    option = offered(page, name).first
    page.wait_for_timeout(100)  # a key that comes sooner is not meant for the list, CodeMirror supposes
    for _ in range(20):
        if option.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def sent(request: Request) -> str:
    """Return the query that a request of the form carries; forms write line breaks as CR LF."""
    form = request.post_data or urlsplit(request.url).query
    return parse_qs(form)["query"][0].replace("\r\n", "\n")


def is_query(request: Request) -> bool:
    return urlsplit(request.url).path.endswith("/sparql") and "query=" in (request.post_data or request.url)


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


@pytest.mark.parametrize(("typed", "option"), [
    ("sel", "SELECT Schlüsselwort"),
    ("PREFIX sko", "skos: Präfix http://www.w3.org/2004/02/skos/core#"),
    ("SELECT * WHERE { ?s wi", "wir: Präfix https://w3id.org/wir2graph/def#"),
    ("SELECT * WHERE { ?s a Meas", "wir:Measure Maßnahme · 7"),
    ("SELECT * WHERE { ?s a massn", "wir:Measure Maßnahme · 7"),
    ("SELECT * WHERE { ?s a wir:Goal, wir:Meas", "wir:Measure Maßnahme · 7"),
    ("SELECT * WHERE { [ a wir:Meas", "wir:Measure Maßnahme · 7"),
    ("SELECT * WHERE { ?s wir:contactO", "wir:contactOffice Kontakt in der Verwaltung"),
    ("SELECT * WHERE { ?s a wir:Measure ; (^wir:inField|verwal", "wir:contactOffice Kontakt in der Verwaltung"),
    ("SELECT * WHERE { ?s wir:inField räum", "Grüne Räume Handlungsfeld"),
    ("SELECT * WHERE { ?s wir:inField green", "Grüne Räume Handlungsfeld"),
    ("SELECT * WHERE { VALUES ?field { grune", "Grüne Räume Handlungsfeld"),
    ("SELECT * WHERE { FILTER(?field = grune", "Grüne Räume Handlungsfeld"),
    ("DESCRIBE grüne", "Grüne Räume Handlungsfeld"),
    ("SELECT * FROM NAMED redak", "Angaben der Redaktion "),
    ("SELECT * WHERE { GRAPH redak", "Angaben der Redaktion "),
    ("SELECT * WHERE { GRAPH <https://daten.m", "Angaben der Redaktion https://daten.musterstadt.example/plan/id/graph/redaktion"),
    ("SELECT * WHERE { ?measure wir:number ?n . ?me", "?measure Variable"),
    ("SELECT * WHERE { ?s ?p ?o . opt", "OPTIONAL Schlüsselwort"),
    ("SELECT * WHERE { ?s ?p ?o FILTER(isI", "ISIRI Schlüsselwort"),
    ("SELECT * WHERE { ?s ?p ?o } order", "ORDER BY Schlüsselwort"),
])
def test_what_fits_the_place_is_offered(chromium: Browser, server: Server, typed: str, option: str) -> None:
    with editing(chromium, server) as (page, _, complaints):
        page.keyboard.type(typed)
        offered(page, option)
        assert complaints == []


@pytest.mark.parametrize("typed", [
    "SELECT * WHERE { ?s a wir:noSuchThing", 'SELECT * WHERE { ?s ?p "Meas', "SELECT * # Meas", "BASE <http",
    "sel FROM opt", "SELECT * WHERE { ?s a contactOff", "SELECT * WHERE { ?s Grüne", "PREFIX wir: wi",
])
def test_what_does_not_fit_the_place_is_not_offered(chromium: Browser, server: Server, typed: str) -> None:
    with editing(chromium, server) as (page, _, complaints):
        page.keyboard.type(typed)
        page.keyboard.press("Control+Space")
        page.wait_for_timeout(500)
        assert page.locator(OFFERED).all_inner_texts() == []
        assert complaints == []


@pytest.mark.parametrize(("typed", "name", "text"), [
    ("ASK { ?s a Meas", "wir:Measure", f"{PREFIX}ASK {{ ?s a wir:Measure"),
    ("ASK { ?s wi", "wir:", f"{PREFIX}ASK {{ ?s wir:"),
    ("PREFIX wi", "wir:", f"PREFIX wir: <{WIR}>"),
    (f"PREFIX wir: <{WIR}> ASK {{ ?s a Meas", "wir:Measure", f"PREFIX wir: <{WIR}> ASK {{ ?s a wir:Measure"),
    (f"PREFIX w: <{WIR}> ASK {{ ?s a Meas", "w:Measure", f"PREFIX w: <{WIR}> ASK {{ ?s a w:Measure"),
    ("PREFIX x: <urn:x:> ASK { ?s a Meas", "wir:Measure",
     f"PREFIX x: <urn:x:>\n{PREFIX.strip()} ASK {{ ?s a wir:Measure"),
    ("PREFIX wir: <urn:x:> ASK { ?s a Meas", f"<{WIR}Measure>", f"PREFIX wir: <urn:x:> ASK {{ ?s a <{WIR}Measure>"),
    ("ASK { ?s ?p grün", "Grüne Räume", f"ASK {{ ?s ?p <{FIELD}>"),
    ("ASK FROM redak", "Angaben der Redaktion", "ASK FROM <https://"),
])
def test_what_is_taken_is_written_with_the_declaration_it_needs(
    chromium: Browser, server: Server, typed: str, name: str, text: str,
) -> None:
    with editing(chromium, server) as (page, _, complaints):
        page.keyboard.type(typed)
        before = text_of(page)
        take(page, name)
        assert text_of(page).startswith(text), text_of(page)
        page.keyboard.press("Escape")
        page.keyboard.press("ControlOrMeta+z")
        assert text_of(page) == before
        assert complaints == []


def test_after_a_prefix_its_names_are_offered_at_once(chromium: Browser, server: Server) -> None:
    with editing(chromium, server) as (page, _, complaints):
        page.keyboard.type("ASK { ?s a wi")
        take(page, "wir:")
        take(page, "wir:Measure")
        assert text_of(page) == f"{PREFIX}ASK {{ ?s a wir:Measure"
        assert complaints == []


def test_terms_come_by_use_and_things_by_name(chromium: Browser, server: Server) -> None:
    with editing(chromium, server) as (page, _, _complaints):
        page.keyboard.type("ASK { ?s a wir:")
        offered(page, "wir:Measure")
        found = [re.search(r"· (\d+)$", text) for text in page.locator(OFFERED).all_inner_texts()]
        counts = [int(match[1]) for match in found if match]
        assert len(counts) > 10
        assert counts == sorted(counts, reverse=True)
        page.keyboard.type("Measure ; wir:inField grün")
        offered(page, "Grüne Räume")
        names = [text for text in page.locator(".cm-completionLabel").all_inner_texts() if text.startswith("Grün")]
        assert len(names) > 1
        assert names == sorted(names)


def test_labels_are_in_the_language_of_the_page(chromium: Browser, server: Server) -> None:
    with editing(chromium, server, "/en/sparql") as (page, _, complaints):
        page.keyboard.type("ASK { ?s a wir:Measure ; wir:inField räum")
        offered(page, "Green Spaces action field")
        assert page.get_by_role("listbox", name="Suggestions").is_visible()
        assert complaints == []


def test_completions_are_fetched_once_and_not_before_they_are_needed(chromium: Browser, server: Server) -> None:
    with editing(chromium, server) as (page, _, complaints):
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(urlsplit(request.url).path))
        page.reload()
        page.get_by_role("textbox", name=NAMES["/sparql"]).click()
        page.wait_for_load_state("networkidle")
        assert "/sparql/completions.json" not in fetched
        page.keyboard.press("ControlOrMeta+a")
        for typed, option in (("ASK { ?s a Meas", "wir:Measure"), (" ; contactO", "wir:contactOffice")):
            page.keyboard.type(typed)
            offered(page, option)
        assert fetched.count("/sparql/completions.json") == 1
        assert complaints == []


def test_without_the_document_keywords_and_variables_are_still_offered(chromium: Browser, server: Server) -> None:
    with editing(chromium, server) as (page, _, _complaints):
        page.route("**/sparql/completions.json", lambda route: route.abort())
        page.keyboard.type("ASK { ?measure ?p ?o . ?me")
        offered(page, "?measure Variable")
        page.unroute("**/sparql/completions.json")
        page.keyboard.type(" a Meas")
        offered(page, "wir:Measure Maßnahme · 7")


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


def test_escape_closes_the_list_and_leaves_the_text(chromium: Browser, server: Server) -> None:
    with editing(chromium, server) as (page, editor, complaints):
        page.keyboard.type("ASK { ?s a Meas")
        offered(page)
        page.keyboard.press("Escape")
        expect(page.locator(OFFERED)).to_have_count(0)
        expect(editor).to_be_focused()
        page.keyboard.press("Control+Space")
        offered(page)
        assert text_of(page) == "ASK { ?s a Meas"
        assert complaints == []


def test_the_arrow_keys_scroll_the_list(chromium: Browser, server: Server) -> None:
    with editing(chromium, server) as (page, editor, _):
        page.keyboard.type("ASK { ?s a ")
        page.keyboard.press("Control+Space")
        last = offered(page).last
        expect(last).not_to_be_in_viewport()
        page.wait_for_timeout(100)
        page.keyboard.press("ArrowUp")  # from the first to the last
        expect(last).to_have_attribute("aria-selected", "true")
        expect(last).to_be_in_viewport(ratio=0.9)
        expect(editor).to_be_focused()


def test_the_option_that_enter_takes_is_told_to_assistive_technology(chromium: Browser, server: Server) -> None:
    with editing(chromium, server) as (page, editor, _):
        page.keyboard.type("ASK { ?s a Meas")
        offered(page)
        active = editor.get_attribute("aria-activedescendant")
        assert active
        assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
        assert page.get_by_role("listbox", name="Vorschläge").is_visible()


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
    def violations(**rules: Any) -> list[Any]:
        result = Axe().run(page, options={"runOnly": RULES, "rules": rules}).response
        assert result["passes"]
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        return [(v["id"], v["nodes"][0]["html"]) for v in result["violations"]]

    # Our policy keeps foreign scripts out, so axe has to get past it; all other tests run under the policy.
    with browsing(chromium, server, color_scheme=scheme, viewport=viewport, bypass_csp=True) as (page, complaints):
        for path, name in NAMES.items():
            page.goto(server.url + path)
            editor = page.get_by_role("textbox", name=name)
            expect(editor).to_be_visible()
            assert violations() == []
            editor.click()
            page.keyboard.press("ControlOrMeta+End")
            page.keyboard.type("\nASK { ?s ?p 'a'@de, 1.5 # x\n. ?o a ")
            page.keyboard.press("Control+Space")
            assert offered(page).count() > 10
            expect(page.locator(UNDERLINED)).not_to_have_count(0)
            # The arrow keys scroll the list while the focus stays in the text, which another test checks; axe knows
            # that pattern only where the text field is of a single line.
            assert violations(**{"scrollable-region-focusable": {"enabled": False}}) == []
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
