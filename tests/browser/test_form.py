"""The page of the query form in a real browser: results, charts and failures accessible; all of it without a script."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.browsing import DESKTOP, PHONE, browsing, violations, violations_in_every_look
from tests.serving import Server

WIR = "https://w3id.org/wir2graph/def#"
NUMBERS = f"SELECT ?n WHERE {{ VALUES ?n {{ {' '.join(str(n * 37 % 257) for n in range(257))} }} }}"
BARS = f"SELECT ?office (COUNT(?m) AS ?measures) {{ ?m <{WIR}contactOffice> ?office }} GROUP BY ?office"
YEARS = f"SELECT ?year (COUNT(?x) AS ?n) {{ ?x <{WIR}earliest> ?d BIND(YEAR(?d) AS ?year) }} GROUP BY ?year"
QUERIES = {
    "table": f"SELECT * {{ ?thing a ?class ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?label "
             f"OPTIONAL {{ ?thing <{WIR}earliest> ?day }} OPTIONAL {{ ?thing <{WIR}number> ?number }} }}",
    "bars": BARS, "years": YEARS, "truth": "ASK {}", "malformed": "SELECT ?x WHERE { ?x wir:number 1 }",
    "graph": f"DESCRIBE ?m {{ ?m a <{WIR}Measure> }}", "nothing": "SELECT ?x { ?x <urn:a> <urn:b> }",
    "cut": "SELECT ?a ?b WHERE { ?a ?p ?o . ?b ?q ?r }",
}


def addresses(server: Server) -> Iterator[str]:
    for query in QUERIES.values():
        yield f"{server.url}/sparql?query={quote(query, safe='')}"
    for name in ("table", "malformed"):
        yield f"{server.url}/en/sparql?query={quote(QUERIES[name], safe='')}"
    yield f"{server.url}/sparql?query={quote(QUERIES['table'], safe='')}&sort=-day&page=2"


def numbers(page: Page) -> list[int]:
    return [int(text) for text in page.locator("#ergebnis tbody td").all_inner_texts()]


def test_axe_finds_nothing_in_results_and_failures(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, bypass_csp=True) as (page, complaints):
        for address in addresses(server):
            page.goto(address)
            page.evaluate("document.querySelectorAll('#ergebnis details').forEach(details => { details.open = true })")
            assert violations_in_every_look(page) == []
        page.goto(f"{server.url}/sparql")
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        assert violations_in_every_look(page) == []
        assert [complaint for complaint in complaints if "400" not in complaint] == []


def test_axe_finds_nothing_where_a_query_is_too_long_for_a_link(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=PHONE, bypass_csp=True) as (page, complaints):
        page.goto(f"{server.url}/sparql")
        page.get_by_role("textbox", name="Abfrage", exact=True).fill(f"{NUMBERS} # {'x' * 5000}")
        page.get_by_role("button", name="Abfrage ausführen").click()
        assert page.get_by_text("zu lang für einen dauerhaften Link").is_visible()
        assert violations(page) == []
        assert complaints == []


@pytest.mark.parametrize("note", ["", f" # {'x' * 5000}"], ids=["link", "too long for a link"])
def test_without_a_script_a_visitor_asks_sorts_and_turns_the_page(
    chromium: Browser, server: Server, note: str,
) -> None:
    with browsing(chromium, server, viewport=PHONE, java_script_enabled=False) as (page, complaints):
        page.goto(f"{server.url}/sparql")
        page.get_by_label("Abfrage", exact=True).fill(NUMBERS + note)
        page.get_by_role("button", name="Abfrage ausführen").click()
        heading = page.get_by_role("heading", name="Ergebnis").bounding_box()
        assert heading is not None
        assert 0 <= heading["y"] < PHONE["height"]  # the visitor is where the result is
        role = "button" if note else "link"
        page.get_by_role(role, name="Aufsteigend sortieren nach n").click()  # type: ignore[arg-type]
        assert numbers(page) == list(range(100))
        page.get_by_role(role, name="Seite 3").click()  # type: ignore[arg-type]
        assert numbers(page) == list(range(200, 257))
        assert page.get_by_role("columnheader", name="n").get_attribute("aria-sort") == "ascending"
        assert page.get_by_label("Abfrage", exact=True).first.input_value() == NUMBERS + note
        assert complaints == []


def test_a_file_is_saved_under_its_name(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, _):
        page.goto(f"{server.url}/sparql?query={quote(NUMBERS)}")
        with page.expect_download() as saved:
            page.get_by_role("link", name="CSV für deutsches Excel: Semikolon, UTF-8 mit BOM").click()
        assert saved.value.suggested_filename == "sparql.csv"
        assert saved.value.path().read_bytes().startswith(b"\xef\xbb\xbfn\r\n0\r\n37\r\n")


def test_the_filter_leaves_the_questions_with_all_words(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, complaints):
        page.goto(f"{server.url}/sparql")
        entries = page.locator("#samples li")
        total = entries.count()
        field = page.get_by_label("Beispiele filtern")
        field.fill("wer KONTAKT")
        assert entries.locator("visible=true").all_inner_texts() == ["Wer nennt welchen Kontakt?"]
        assert page.locator("#filter-count").inner_text() == f"1 von {total}"
        field.fill("")
        assert entries.locator("visible=true").count() == 0  # the groups are closed again
        assert page.locator("#samples details").locator("visible=true").count() > 1
        assert complaints == []


def test_the_address_is_copied(chromium: Browser, server: Server) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    with browsing(chromium, server, viewport=DESKTOP, permissions=permissions) as (page, complaints):
        page.goto(f"{server.url}/sparql?query=ASK%20%7B%7D")
        page.get_by_role("button", name="Kopieren").click()
        page.get_by_role("button", name="Kopiert").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == f"{server.url}/sparql?query=ASK%20%7B%7D"
        assert complaints == []


def test_the_headings_of_a_result_are_reached_by_keyboard(chromium: Browser, server: Server) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, _):
        page.goto(f"{server.url}/sparql?query={quote(NUMBERS)}#ergebnis")
        for _ in range(2):  # the table, which can be scrolled, and its first heading
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Aufsteigend sortieren nach n"
        page.keyboard.press("Enter")
        page.wait_for_url("**sort=n**")
        assert numbers(page)[:3] == [0, 1, 2]


def test_the_editor_sends_its_query_and_shows_where_the_server_found_a_fault(
    chromium: Browser, server: Server,
) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, complaints):
        page.goto(f"{server.url}/sparql")
        page.get_by_role("textbox", name="Abfrage", exact=True).click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("ASK { ?s nope:x ?o }")
        page.keyboard.press("Escape")  # closes what the editor offers
        page.keyboard.press("ControlOrMeta+Enter")
        assert "Das Präfix nope: ist nicht erklärt." in page.get_by_role("alert").inner_text()
        page.locator(".cm-lintRange-error").wait_for()
        assert page.locator(".cm-lintRange-error").inner_text() == "nope:x"
        assert [complaint for complaint in complaints if "400" not in complaint] == []
