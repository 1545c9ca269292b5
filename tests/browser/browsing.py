"""A page of a fresh browser, the windows that pages are looked at in, and the rules of axe that they keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, Page

from tests.serving import Server

Kinds = Mapping[tuple[str, str], str]

RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP: Final = {"width": 1280, "height": 900}
PHONE: Final = {"width": 390, "height": 844}
# What is left of the desktop at a zoom of 200 %.
ZOOMED: Final = {"width": 640, "height": 450}


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
