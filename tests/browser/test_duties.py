"""The pages of the operator's duties in a real browser, run by somebody who has said everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import serving
from tests.browser.browsing import DESKTOP, PHONE, Kinds, browsing, violations_in_every_look
from tests.pages.test_duties import MEASURE, ROUTES
from tests.serving import FIXTURES, Server

PATHS = [f"{prefix}/{route}" for prefix in ("", "/en") for route in ROUTES] + [MEASURE, f"/en{MEASURE}"]
KEPT = "[localStorage.length, sessionStorage.length, document.cookie]"


@pytest.fixture(scope="module")
def complete_server(state: Path) -> Iterator[Server]:
    """A server of the fictional plans, run by an operator who has said everything."""
    with serving.serving(state, "--operator", FIXTURES / "operator.toml") as running:
        yield running


def test_axe_finds_nothing_where_the_operator_has_said_everything(chromium: Browser, complete_server: Server) -> None:
    with browsing(chromium, complete_server, bypass_csp=True) as (page, complaints):
        found = []
        for path in PATHS:
            page.goto(complete_server.url + path)
            found += violations_in_every_look(page)
        assert found == []
        assert complaints == []


def test_no_page_keeps_anything_in_the_browser(chromium: Browser, server: Server, kinds: Kinds) -> None:
    with browsing(chromium, server, viewport=DESKTOP) as (page, complaints):
        for path in kinds.values():
            page.goto(server.url + path)
            assert page.evaluate("navigator.serviceWorker?.controller ?? null") is None, path
        # What one page keeps, all pages of the site find.
        page.wait_for_load_state("networkidle")
        assert page.evaluate(KEPT) == [0, 0, ""]
        assert page.context.cookies() == []
        assert complaints == []


def test_a_reader_comes_from_a_measure_to_the_arbitration_body_by_keyboard(
    chromium: Browser, complete_server: Server,
) -> None:
    with browsing(chromium, complete_server, viewport=DESKTOP, java_script_enabled=False) as (page, complaints):
        page.goto(complete_server.url + MEASURE)
        page.get_by_role("contentinfo").get_by_role("link", name="Barrierefreiheit").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/barrierefreiheit")
        assert page.get_by_role("heading", level=1).inner_text() == "Barrierefreiheit"
        body = page.get_by_role("link", name="Schlichtungsstelle Musterland")
        assert body.get_attribute("href") == "https://schlichtung.musterland.example/"
        page.get_by_role("link", name="English").click()
        assert page.url == f"{complete_server.url}/en/barrierefreiheit"
        assert complaints == []


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_keys_do_what_the_help_says(chromium: Browser, complete_server: Server, key: str) -> None:
    with browsing(chromium, complete_server, viewport=PHONE) as (page, _):
        page.goto(complete_server.url + MEASURE)
        folded = page.locator("details.query").first
        folded.locator("summary").focus()
        page.keyboard.press(key)
        assert folded.locator("pre").is_visible()
        page.keyboard.press(key)
        assert not folded.locator("pre").is_visible()
        page.set_viewport_size({"width": 320, "height": 600})
        table = page.locator(".table-box").filter(has=page.locator("table")).first
        table.focus()
        page.keyboard.press("ArrowRight")
        for _ in range(100):  # not `wait_for_function`, which the policy of the site stops
            if page.evaluate("document.activeElement.scrollLeft") > 0:
                break
            page.wait_for_timeout(100)
        assert page.evaluate("document.activeElement.scrollLeft") > 0
