"""Where sources contradict each other, in a real browser: accessible, side by side or below each other, and found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import serving
from tests.browser.browsing import DESKTOP, PHONE, browsing, violations_in_every_look
from tests.pages.contested import build_contested
from tests.serving import Server
from wir2graph.plan import Workspace

PLAN = "/musterstadt"
PATHS = [
    f"{prefix}{PLAN}/{path}" for prefix in ("", "/en")
    for path in ("widersprueche", "widerspruch/gruenplan-felder", "widerspruch/gartenamt", "plan/gruenplan", "oe/a-1",
                 "massnahme/gruenplan-raeume-1", "angabe/beitraege-felder", "quellen", "quelle/beitraege")
]


@pytest.fixture(scope="module")
def contested_server(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = build_contested(workspace, tmp_path_factory.mktemp("contested"))
    with serving.serving(folder.parents[1]) as running:
        yield running


def test_axe_finds_nothing_where_sources_contradict_each_other(chromium: Browser, contested_server: Server) -> None:
    with browsing(chromium, contested_server, bypass_csp=True) as (page, said):
        for path in PATHS:
            page.goto(contested_server.url + path)
            page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
            assert violations_in_every_look(page) == []
        assert said == []


@pytest.mark.parametrize(("viewport", "rows"), [(DESKTOP, 1), (PHONE, 3)])
def test_claims_stand_side_by_side_where_there_is_room(
    chromium: Browser, contested_server: Server, viewport: dict[str, int], rows: int,
) -> None:
    with browsing(chromium, contested_server, viewport=viewport) as (page, _):
        page.goto(f"{contested_server.url}{PLAN}/widerspruch/gruenplan-felder")
        boxes = [card.bounding_box() for card in page.locator(".versus > li").all()]
        assert len(boxes) == 3
        assert len({box["y"] for box in boxes if box}) == rows


def test_the_identifier_of_a_piece_of_evidence_leads_to_its_line(chromium: Browser, contested_server: Server) -> None:
    with browsing(chromium, contested_server, viewport=PHONE, java_script_enabled=False) as (page, said):
        page.goto(f"{contested_server.url}{PLAN}/id/beleg/beitraege-felder-2")
        line = page.locator("li:target")
        assert line.is_visible()
        assert line.locator("q").inner_text() == "Es bleibt bei drei Feldern."
        box = line.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < PHONE["height"]
        assert said == []


def test_a_sign_leads_to_its_explanation(chromium: Browser, contested_server: Server) -> None:
    with browsing(chromium, contested_server, viewport=DESKTOP) as (page, _):
        page.goto(f"{contested_server.url}{PLAN}/plan/gruenplan")
        page.locator(".rejected a.by").first.click()
        assert page.locator("li:target").inner_text().split() == ["Q1", "Q1:", "Beiträge", "über", "den", "Grünplan"]
