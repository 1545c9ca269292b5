"""The editor of the query form as a browser has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.browser.browsing import DESKTOP, browsing
from tests.serving import Server

NAMES = {"/sparql": "Abfrage", "/en/sparql": "Query"}
WIR = "https://w3id.org/wir2graph/def#"
PREFIX = f"PREFIX wir: <{WIR}>\n"
FIELD = "https://daten.musterstadt.example/plan/id/handlungsfeld/gruenplan-raeume"
STATUS = "main [role=status]"
OFFERED = ".cm-tooltip-autocomplete li"
UNDERLINED = ".cm-lintRange-error"


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
