"""axe finds nothing on any kind of page: WCAG 2.2 AA, in light and dark, on a phone, at a zoom of 200 %."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.browsing import Kinds, browsing, violations_in_every_look
from tests.serving import Server


@pytest.mark.parametrize("language", ["de", "en"])
def test_axe_finds_nothing(chromium: Browser, server: Server, kinds: Kinds, language: str) -> None:
    # Our policy keeps foreign scripts out, so axe has to get past it; `test_pages.py` asks them under the policy.
    with browsing(chromium, server, bypass_csp=True) as (page, complaints):
        paths = [path for (_, spoken), path in kinds.items() if spoken == language]
        assert len(paths) > 60
        found = []
        for path in paths:
            page.goto(server.url + path)
            found += violations_in_every_look(page)
        assert found == []
        assert complaints == []


@pytest.mark.parametrize("path", ["/musterstadt/massnahme/gruenplan-schule-1", "/en/musterstadt/nope"])
def test_axe_finds_nothing_where_there_is_nothing(chromium: Browser, server: Server, path: str) -> None:
    with browsing(chromium, server, bypass_csp=True) as (page, _):
        page.goto(server.url + path)
        assert violations_in_every_look(page) == []
