"""What the page about privacy says of the program is true."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import serving
from tests.serving import PATIENCE, Server
from wir2graph.release import Release
from wir2graph.web.front import Front

SENDER = "203.0.113.77"
QUERY = "SELECT * WHERE { ?geheimfrage ?p ?o } LIMIT 3"
POLICY = {
    "default-src": "'none'", "base-uri": "'none'", "connect-src": "'self'", "font-src": "'self'",
    "form-action": "'self'", "frame-ancestors": "'self'", "img-src": "'self' data:", "manifest-src": "'self'",
    "script-src": "'self'", "style-src": "'self'", "worker-src": "'self'",
}


@pytest.fixture(scope="module")
def kinds(release: Release) -> list[str]:
    """An address of every kind of page in each language, of every kind of file, and of what is no page."""
    found = {(a.kind, a.page, a.language, a.media_type): a.path for a in release.addresses().values()}
    assert len(found) > 100
    return [*found.values(), "/", "/health", "/nope", "/en/nope", "/%ff", "/static/site.css", "/sparql?query=x",
            "/sparql?query=ASK%20%7B%7D", "/sparql?query=ASK%20%7B%7D&as=html", "/musterstadt/id/beleg/nope"]


def test_no_answer_sets_a_cookie_and_all_forbid_other_hosts(server: Server, kinds: list[str]) -> None:
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        for path in kinds:
            answer = client.get(path, headers={"accept": "text/html, */*;q=0.5", "cookie": "known=yes"})
            assert "set-cookie" not in answer.headers, path
            rules = (rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
            assert dict(rules) == POLICY, path
            assert answer.headers["referrer-policy"] == "same-origin", path
        assert not client.cookies


@pytest.fixture
def watched(state: Path, tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    """A server that believes in the proxy before it, and the file that takes all that it says."""
    settings, said = tmp_path / "operator.toml", tmp_path / "said"
    settings.write_text('[sparql]\ntrusted_proxies = ["127.0.0.1"]\n', encoding="utf-8")
    with serving.serving(state, "--operator", settings, said=said) as running:
        yield running, said


def test_nothing_is_written_of_who_asks_what(watched: tuple[Server, Path]) -> None:
    server, said = watched
    before = files(server.state)
    sender = {"x-forwarded-for": SENDER}
    with httpx.Client(base_url=server.url, timeout=PATIENCE, headers=sender) as client:
        for path in ("/musterstadt/", "/nope", "/datenschutz", "/suche?q=geheimfrage", "/api/search?q=geheimfrage",
                     "/%ff"):
            client.get(path)
        answers = [client.get("/sparql", params={"query": query}) for query in (QUERY, QUERY, "SELECT geheimfrage")]
        answers += [client.post("/sparql", data={"query": QUERY}), client.request("PUT", "/sparql")]
        client.get("/sparql", params={"query": QUERY}, headers={"accept": "text/html"})
    assert [answer.status_code for answer in answers] == [200, 200, 400, 200, 405]
    told = said.read_text(encoding="utf-8").splitlines()
    assert told == [f"Die Seiten stehen unter {server.url}/ (beenden mit Strg+C)"]
    assert files(server.state) == before


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the size and the time of the last change of every file in a folder."""
    found = {path.relative_to(folder).as_posix(): os.stat(path, follow_symlinks=False) for path in folder.rglob("*")}
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in found.items()}


def test_an_error_is_logged_without_who_met_it(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def pin(self) -> Any:
            raise RuntimeError("broken")

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def never(*_: Any) -> Any:
        raise AssertionError

    scope = {
        "type": "http", "method": "GET", "path": "/seite", "raw_path": b"/seite", "root_path": "",
        "query_string": b"q=1",
        "headers": [(b"x-forwarded-for", SENDER.encode()), (b"cookie", b"known=yes")], "client": (SENDER, 4711),
    }
    front = Front(Broken(), never, (), "", ("127.0.0.1",))  # type: ignore[arg-type]
    with caplog.at_level(logging.DEBUG):
        asyncio.run(front(scope, never, send))
    assert sent[0]["status"] == 500
    assert "GET /seite failed" in caplog.text
    assert "RuntimeError: broken" in caplog.text
    for told in (SENDER, "4711", "known", "q=1"):
        assert told not in caplog.text
