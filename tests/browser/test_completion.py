"""What the editor of the query form offers, and how it is taken by keyboard."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.editing import (
    FIELD,
    NAMES,
    OFFERED,
    PREFIX,
    WIR,
    editing,
    offered,
    take,
    text_of,
)
from tests.serving import Server


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
