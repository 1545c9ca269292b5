"""The SPARQL 1.1 Protocol for queries over HTTP: a request goes to `Store.stream`, its answer to the client.

Before the first byte whatever goes wrong is a problem document (RFC 9457) with a status of its own; after it
the transfer is broken off, so that no client takes a part for the whole.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from wir2graph.formats import GRAPH_RESULTS, HTML, TABLE_RESULTS, Format
from wir2graph.sparql_request import METHODS, Gone, QueryRequest, Refused, read
from wir2graph.store.base import (
    BadQuery,
    MemoryExceeded,
    NotExpressible,
    QueryTimeout,
    QueryTooComplex,
    ResultTooLarge,
    Store,
    StoreBusy,
    StoreError,
)
from wir2graph.store.querytext import GRAPH_FORMS, query_form
from wir2graph.web.headers import COMMON, preflight
from wir2graph.web.http import Receive, Scope, Send, fields_of, negotiate, problem

# How long a client may leave a piece of the answer untouched.
_STALL_SECONDS: Final = 30.0
_LANGUAGE: Final = "en"

# What clients ask for instead of the registered media type; it is answered under the name that they used.
_TABLE_ALIASES: Final[Mapping[str, str]] = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
}
_GRAPH_ALIASES: Final[Mapping[str, str]] = {
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
    "text/xml": "application/rdf+xml",
}
_STATUS: Final[Mapping[type[StoreError], tuple[int, str]]] = {
    BadQuery: (400, "Malformed query"),
    QueryTooComplex: (400, "Query too complex"),
    NotExpressible: (406, "Not expressible in this format"),
    MemoryExceeded: (422, "Query needs too much memory"),
    ResultTooLarge: (422, "Result too large"),
    StoreBusy: (503, "Too many queries"),
    QueryTimeout: (504, "Query took too long"),
}

Page = Callable[[Scope, Receive, Send], Awaitable[None]]


class TransferAborted(Exception):
    """An answer broke off after its first byte: the server must close the connection, not end the body."""


async def sparql_endpoint(
    scope: Scope, receive: Receive, send: Send, *, store: Store, browser_page: Page | None = None,
) -> None:
    """Answer one HTTP request to the endpoint from `store`.

    A GET or HEAD without any parameter goes to `browser_page`, if the client takes HTML; so does one that asks for a
    query as HTML, which is the form that holds it. Raises TransferAborted when the answer breaks off after its first
    byte; any other problem is answered. Follows the SPARQL 1.1 Protocol, section 2.1.
    """
    fields = fields_of(scope)
    try:
        if scope["method"] == "OPTIONS":
            await _send_whole(send, 204, preflight(METHODS), b"")
            return
        request = await read(scope, fields, receive)
        if browser_page is not None and _asks_for_page(scope, fields, request):
            await browser_page(scope, receive, send)
            return
        if request.query is None:
            raise Refused(400, "No query", "Give the query as the parameter `query`.")
        content_type, media_type = _choose(request.query, request.media_type or fields.get("accept"))
        pieces = store.stream(request.query, request.dataset, media_type)
        try:
            await _answer(scope, receive, send, pieces, content_type)
        finally:
            await pieces.aclose()
    except Gone:
        return
    except Refused as refused:
        await _problem(scope, receive, send, refused.status, refused.title, str(refused), refused.headers)
    except StoreError as error:
        await _store_problem(scope, receive, send, error)


async def _answer(
    scope: Scope, receive: Receive, send: Send, pieces: AsyncGenerator[bytes, None], content_type: str,
) -> None:
    """Send the answer in pieces; whole where there is only one, or where HTTP/1.0 could not show a break."""
    listening = asyncio.ensure_future(_until_gone(receive))
    try:
        most = math.inf if scope["http_version"] == "1.0" else 2
        start: list[bytes] = []
        while len(start) < most and (piece := await _next(pieces, listening)) is not None:
            start.append(piece)
        complete = len(start) < most
        headers = {**COMMON, "content-type": content_type, "vary": "Accept", "cache-control": "no-cache"}
        if complete:
            await _send_whole(send, 200, headers, b"".join(start), head=scope["method"] == "HEAD")
            return
        await send({"type": "http.response.start", "status": 200, "headers": _raw(headers)})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        await _transfer(send, pieces, listening, start)
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def _transfer(
    send: Send, pieces: AsyncGenerator[bytes, None], listening: asyncio.Future[None], start: list[bytes],
) -> None:
    """Send the body of an answer that does not fit in one piece. Raises TransferAborted."""
    try:
        for piece in start:
            await _send_piece(send, piece)
        while (following := await _next(pieces, listening)) is not None:
            await _send_piece(send, following)
    except StoreError as error:
        raise TransferAborted(str(error)) from error
    except TimeoutError:
        raise TransferAborted("The client does not read.") from None
    await send({"type": "http.response.body", "body": b""})


async def _send_piece(send: Send, piece: bytes) -> None:
    async with asyncio.timeout(_STALL_SECONDS):
        await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _next(pieces: AsyncGenerator[bytes, None], listening: asyncio.Future[None]) -> bytes | None:
    """Return the next piece or None after the last. Raises Gone when the client hangs up before it comes."""
    async def take() -> bytes | None:
        return await anext(pieces, None)

    taking: asyncio.Future[bytes | None] = asyncio.ensure_future(take())
    either: set[asyncio.Future[Any]] = {taking, listening}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if taking.done():
            return taking.result()
        raise Gone
    finally:
        if not taking.done():
            taking.cancel()
            with suppress(asyncio.CancelledError, StoreError):
                await taking


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _choose(query: str, accept: str | None) -> tuple[str, str]:
    """Return the Content-Type to say and the media type to write. Raises Refused when Accept allows none."""
    graph = query_form(query) in GRAPH_FORMS
    formats, aliases = (GRAPH_RESULTS, _GRAPH_ALIASES) if graph else (TABLE_RESULTS, _TABLE_ALIASES)
    by_type: dict[str, Format] = {each.media_type: each for each in formats}
    chosen = negotiate(accept, [*by_type, *aliases])
    if chosen is None:
        detail = f"The answer to this query comes as {', '.join(by_type)}."
        raise Refused(406, "Not acceptable", detail, {"vary": "Accept"})
    if chosen in aliases:
        return chosen, aliases[chosen]
    return by_type[chosen].content_type, chosen


def _asks_for_page(scope: Scope, fields: Mapping[str, str], request: QueryRequest) -> bool:
    if scope["method"] not in ("GET", "HEAD"):
        return False
    if scope["query_string"]:
        return request.query is not None and request.media_type == HTML.media_type
    return negotiate(fields.get("accept"), ["text/html"]) is not None


async def _store_problem(scope: Scope, receive: Receive, send: Send, error: StoreError) -> None:
    status, title = _STATUS.get(type(error), (500, "The query failed"))
    extra: dict[str, Any] = {}
    if isinstance(error, BadQuery):
        places = {"line": error.line, "column": error.column, "expected": list(error.expected) or None}
        extra = {name: value for name, value in places.items() if value is not None}
    headers = {"retry-after": str(error.retry_after)} if isinstance(error, StoreBusy) else None
    detail = str(error) if status != 500 else "The query could not be answered."
    await _problem(scope, receive, send, status, title, detail, headers, **extra)


async def _problem(
    scope: Scope, receive: Receive, send: Send, status: int, title: str, detail: str,
    headers: Mapping[str, str] | None, **extra: Any,
) -> None:
    accept = fields_of(scope).get("accept", "*/*")
    response = problem(status, title, detail, lang=_LANGUAGE, accept=accept, headers=headers, **extra)
    await response(scope, receive, send)


async def _send_whole(
    send: Send, status: int, headers: Mapping[str, str], body: bytes, *, head: bool = False,
) -> None:
    length = {} if status == 204 else {"content-length": str(len(body))}
    await send({"type": "http.response.start", "status": status, "headers": _raw({**headers, **length})})
    await send({"type": "http.response.body", "body": b"" if head else body})


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
