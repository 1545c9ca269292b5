"""Queries asked on the page of the form, under strain: time out, hang up, too many at once; and what is kept."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests import serving
from tests.pages.document import parse
from tests.serving import PATIENCE, Server
from wir2graph.pages.results import MAX_ROWS, Failure, Result
from wir2graph.store.base import DatasetClause, Limits, QueryTimeout, StoreError
from wir2graph.web.outcomes import Outcomes

EXPLODING = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
BROWSER = {"accept": "text/html"}
NOTHING = DatasetClause()


@pytest.fixture(scope="module")
def strained(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which a query may take two seconds and one client may ask one at a time."""
    settings = tmp_path_factory.mktemp("settings") / "operator.toml"
    settings.write_text("[sparql]\nseconds = 2\nper_client = 1\n", encoding="utf-8")
    with serving.serving(state, "--operator", settings) as running:
        yield running


def ask(server: Server, query: str, path: str = "/sparql") -> httpx.Response:
    return httpx.get(server.url + path, params={"query": query}, headers=BROWSER, timeout=PATIENCE)


def alert(answer: httpx.Response) -> str:
    [found] = parse(answer.text).find("div", role="alert")
    return found.text()


@pytest.mark.parametrize(("path", "told"), [
    ("/sparql", "Nach 2 Sekunden ist Schluss"), ("/en/sparql", "Queries are ended after 2 seconds"),
])
def test_a_query_that_takes_too_long_says_so_and_is_kept(strained: Server, path: str, told: str) -> None:
    answer = ask(strained, EXPLODING, path)
    assert answer.status_code == httpx.codes.GATEWAY_TIMEOUT
    assert answer.headers["cache-control"] == "no-store"
    assert told in alert(answer)
    [area] = parse(answer.text).find("textarea", name="query")
    assert area.text() == EXPLODING


def test_a_client_with_too_many_queries_reads_when_to_come_back_and_a_hang_up_ends_one(strained: Server) -> None:
    host, port = strained.url.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)))) as hanging:
        line = f"GET /sparql?query={quote(EXPLODING)} HTTP/1.1\r\nhost: {host}\r\naccept: text/html\r\n\r\n"
        hanging.sendall(line.encode())
        answer = _until(strained, httpx.codes.TOO_MANY_REQUESTS)
        assert re.fullmatch(r"\d+", answer.headers["retry-after"])
        assert f"in {answer.headers['retry-after']} Sekunden" in alert(answer)
        hung_up = time.monotonic()
    assert _until(strained, httpx.codes.OK).status_code == httpx.codes.OK
    assert time.monotonic() - hung_up < 1.0


def _until(server: Server, status: int) -> httpx.Response:
    end = time.monotonic() + 1.5
    number = 0
    while True:
        number += 1
        answer = ask(server, f"ASK {{ FILTER({number} = {number}) }} # {time.monotonic()}")
        if answer.status_code == status or time.monotonic() > end:
            assert answer.status_code == status
            return answer


class Recording:
    """A store that answers with some pieces, may fail after them, and notes what is asked and what is closed."""

    def __init__(self, *pieces: bytes, failure: StoreError | None = None) -> None:
        self.pieces = pieces
        self.failure = failure
        self.asked: list[tuple[str, str, str | None]] = []
        self.closed = 0
        self.sent = 0

    async def stream(
        self, query: str, dataset: DatasetClause, media_type: str, limits: Limits | None = None,
        client: str | None = None,
    ) -> AsyncGenerator[bytes, None]:
        self.asked.append((query, media_type, client))
        try:
            for piece in self.pieces:
                self.sent += 1
                yield piece
            if self.failure is not None:
                raise self.failure
        finally:
            self.closed += 1


def outcomes(store: Recording) -> Outcomes:
    return Outcomes(store)  # type: ignore[arg-type]  # of a store, only its stream is used


def test_a_result_is_asked_for_once() -> None:
    store = Recording(b"?a\n", b"1\n")

    async def twice() -> tuple[Result | Failure, Result | Failure]:
        asking = outcomes(store)
        return await asking.of("SELECT ?a {}", NOTHING, "c"), await asking.of("SELECT ?a {}", NOTHING, "d")

    first, second = asyncio.run(twice())
    assert first == second
    assert store.asked == [("SELECT ?a {}", "text/tab-separated-values", "c")]


def test_what_changes_or_fails_is_asked_again() -> None:
    for store, query in ((Recording(b"?a\n1\n"), "SELECT (RAND() AS ?a) {}"),
                         (Recording(failure=QueryTimeout("late")), "SELECT ?a {}")):
        async def twice(store: Recording = store, query: str = query) -> None:
            asking = outcomes(store)
            for _ in range(2):
                await asking.of(query, NOTHING, None)

        asyncio.run(twice())
        assert (len(store.asked), store.closed) == (2, 2)


def test_a_query_ends_as_soon_as_there_are_enough_rows() -> None:
    store = Recording(b"?a\n", *[b"1\n" * 1000] * 100)
    found = asyncio.run(outcomes(store).of("SELECT ?a {}", NOTHING, None))
    assert isinstance(found, Result)
    assert (len(found.rows), found.complete) == (MAX_ROWS, False)
    assert store.sent == 12
    assert store.closed == 1


def test_a_result_that_breaks_off_is_a_failure_and_no_part_of_it_is_shown() -> None:
    found = asyncio.run(outcomes(Recording(b"?a\n1\n", failure=QueryTimeout("late"))).of("SELECT ?a {}", NOTHING, None))
    assert isinstance(found, Failure)
    assert (found.kind, found.status) == ("timeout", 504)


def test_a_query_that_is_cancelled_is_closed() -> None:
    class Waiting(Recording):
        async def stream(
            self, query: str, dataset: DatasetClause, media_type: str, limits: Limits | None = None,
            client: str | None = None,
        ) -> AsyncGenerator[bytes, None]:
            try:
                yield b"?a\n"
                await asyncio.sleep(PATIENCE)
            finally:
                self.closed += 1

    store = Waiting()

    async def cancelled() -> None:
        task = asyncio.create_task(outcomes(store).of("SELECT ?a {}", NOTHING, None))
        await asyncio.sleep(0.05)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert store.closed == 1
