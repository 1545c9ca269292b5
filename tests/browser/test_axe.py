"""axe finds nothing on any kind of page: WCAG 2.2 AA, in light and dark, on a phone, at a zoom of 200 %."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from tests.browser.browsing import DESKTOP, PHONE, RULES, ZOOMED, Kinds, browsing
from tests.serving import Server


@pytest.mark.parametrize(("scheme", "viewport", "scale"), [
    ("light", DESKTOP, 1), ("dark", DESKTOP, 1), ("light", PHONE, 1), ("light", ZOOMED, 2),
])
def test_axe_finds_nothing(
    chromium: Browser, server: Server, kinds: Kinds, scheme: str, viewport: dict[str, int], scale: int,
) -> None:
    # Our policy keeps foreign scripts out, so axe has to get past it; `test_pages.py` asks them under the policy.
    settings = {"color_scheme": scheme, "viewport": viewport, "device_scale_factor": scale, "bypass_csp": True}
    with browsing(chromium, server, **settings) as (page, complaints):
        found = []
        for path in kinds.values():
            page.goto(server.url + path)
            result = Axe().run(page, options={"runOnly": RULES}).response
            assert result["passes"], path
            found += [(path, v["id"], v["nodes"][0]["html"]) for v in result["violations"]]
        assert found == []
        assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/musterstadt/massnahme/gruenplan-schule-1", "/en/musterstadt/nope"])
def test_axe_finds_nothing_where_there_is_nothing(chromium: Browser, server: Server, scheme: str, path: str) -> None:
    with browsing(chromium, server, color_scheme=scheme, viewport=PHONE, bypass_csp=True) as (page, _):
        page.goto(server.url + path)
        result = Axe().run(page, options={"runOnly": RULES}).response
        assert result["passes"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in result["violations"]] == []
