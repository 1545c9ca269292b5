"""The site under a path of another site, behind a proxy that passes the path on and behind one that strips it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.serving import PATIENCE, Server, serving

PREFIX = "/offene/daten"
PUBLIC = "https://stadt.example"
REFERENCE = re.compile(r'(?:href|src|action)="([^"]*)"')
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
MEASURE = "massnahme/gruenplan-raeume-1"


@pytest.fixture(scope="module")
def prefixed(state: Path) -> Iterator[Server]:
    with serving(state, "--root-path", PREFIX) as running:
        yield running


class Proxy:
    """What a reader sees who comes through a proxy: only addresses under the prefix, never the server's own."""

    def __init__(self, server: Server, *, strips: bool) -> None:
        self._server = server
        self._strips = strips
        self._client = httpx.Client(timeout=PATIENCE)

    def get(self, url: str, accept: str = BROWSER) -> httpx.Response:
        parts = urlsplit(url)
        assert url.startswith(f"{PUBLIC}{PREFIX}"), f"{url} is not under the prefix"
        path = parts.path.removeprefix(PREFIX) if self._strips else parts.path
        query = f"?{parts.query}" if parts.query else ""
        # the proxy talks HTTP to a host of another name
        headers = {"host": "intern.example", "accept": accept}
        return self._client.get(f"{self._server.url}{path}{query}", headers=headers)

    def follow(self, url: str, accept: str = BROWSER) -> tuple[str, httpx.Response]:
        answer = self.get(url, accept)
        for _ in range(5):
            if not answer.has_redirect_location:
                break
            url = urljoin(url, answer.headers["location"])
            answer = self.get(url.partition("#")[0], accept)
        return url, answer


@pytest.fixture(params=[False, True], ids=["passed-on", "stripped"])
def proxy(prefixed: Server, request: pytest.FixtureRequest) -> Proxy:
    return Proxy(prefixed, strips=request.param)


@pytest.mark.parametrize(("path", "accept", "arrived"), [
    ("/", "text/html", "/"),
    ("/musterstadt", "text/html", "/musterstadt/"),
    (f"/musterstadt/id/{MEASURE}", "text/html", f"/musterstadt/{MEASURE}"),
    (f"/musterstadt/id/{MEASURE}", "text/turtle", f"/musterstadt/data/{MEASURE}.ttl"),
    ("/def/0.1.0", "text/turtle", "/def"),
])
def test_redirects_stay_under_the_prefix(proxy: Proxy, path: str, accept: str, arrived: str) -> None:
    url, answer = proxy.follow(f"{PUBLIC}{PREFIX}{path}", accept)
    assert answer.status_code == 200
    assert url == f"{PUBLIC}{PREFIX}{arrived}"


def test_every_reference_of_pages_and_header_fields_stays_under_the_prefix(proxy: Proxy) -> None:
    """A walk over the site, two steps deep from its start pages, as a reader and a harvester would do it."""
    waiting = {f"{PUBLIC}{PREFIX}{path}" for path in ("/", "/en/musterstadt/", f"/musterstadt/{MEASURE}")}
    seen: set[str] = set()
    for _ in range(2):
        found: set[str] = set()
        for url in sorted(waiting - seen):
            seen.add(url)
            arrived, answer = proxy.follow(url)
            assert answer.status_code == 200, url
            if answer.headers["content-type"].startswith("text/html"):
                found |= {urljoin(arrived, reference) for reference in REFERENCE.findall(answer.text)}
            targets = re.findall(r"<([^>]*)>", answer.headers.get("link", ""))
            found |= {urljoin(arrived, target) for target in targets}
        waiting = {url.partition("#")[0] for url in found if url.startswith(PUBLIC)} - seen
    assert len(seen) > 40


def test_without_being_told_the_prefix_it_works_behind_a_stripping_proxy(server: Server) -> None:
    url, answer = Proxy(server, strips=True).follow(f"{PUBLIC}{PREFIX}/musterstadt/id/{MEASURE}")
    assert answer.status_code == 200
    assert url == f"{PUBLIC}{PREFIX}/musterstadt/{MEASURE}"
