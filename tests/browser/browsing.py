"""A page of a fresh browser, the windows that pages are looked at in, and what axe finds there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, ViewportSize

from tests.serving import Server

Kinds = Mapping[tuple[str, str], str]

RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# All that changes in the dark: elements and sizes are the same.
COLOUR_RULES: Final = ("color-contrast", "link-in-text-block")
DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 900}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
# What is left of the desktop at a zoom of 200 %.
ZOOMED: Final[ViewportSize] = {"width": 640, "height": 450}
# At a zoom of 200 % sizes and places are others, and the colours those of the desktop.
LOOKS: Final[Sequence[tuple[Literal["light", "dark"], ViewportSize, Sequence[str], Sequence[str]]]] = (
    ("light", DESKTOP, RULES, ()), ("dark", DESKTOP, COLOUR_RULES, ()), ("light", PHONE, RULES, ()),
    ("light", ZOOMED, RULES, COLOUR_RULES),
)
AXE: Final = """options => axe.run(options).then(found => (
  { passes: found.passes.length, violations: found.violations.map(v => [v.id, v.nodes[0].html]) }
))"""


@contextmanager
def browsing(browser: Browser, server: Server, **settings: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page of a fresh browser and the list of what it complains of: console, errors, requests to other hosts."""
    context = browser.new_context(**settings)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith(
        (f"{server.url}/", "data:")) else None)
    page.on("response", lambda got: complaints.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    try:
        yield page, complaints
    finally:
        context.close()


def violations(page: Page, only: Sequence[str] = RULES, without: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return what axe finds on a page as it is: the rule and the first element that breaks it.

    `only` are names of groups of rules or of rules, `without` of rules that are not asked. The context of the page has
    to bypass the site's policy, which keeps foreign scripts out.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    kind = "tag" if only == RULES else "rule"
    # Of what passes one element is enough: to describe them all takes half of the time.
    options = {
        "runOnly": {"type": kind, "values": only}, "rules": {rule: {"enabled": False} for rule in without},
        "resultTypes": ["violations"],
    }
    found = page.evaluate(AXE, options)
    assert found["passes"] or only != RULES, page.url
    return [tuple(broken) for broken in found["violations"]]


def violations_in_every_look(page: Page) -> list[tuple[str, ...]]:
    """Return what axe finds on a page in light and dark, on a phone and at 200 %, and where it is too wide there."""
    found: list[tuple[str, ...]] = []
    for scheme, viewport, rules, without in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(viewport)
        look = f"{scheme}, {viewport['width']} pixels"
        found += [(page.url, look, *broken) for broken in violations(page, rules, without)]
        if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
            found.append((page.url, look, "too wide"))
    return found
