"""The SPARQL 1.1 Protocol for queries over HTTP: a request goes to `Store.stream`, its answer to the client.

Before the first byte whatever goes wrong is a problem document (RFC 9457) with a status of its own; after it
the transfer is broken off, so that no client takes a part for the whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from tempfile import SpooledTemporaryFile
from typing import Any, Final

from wir2graph.compress import SMALLEST, encoder
from wir2graph.formats import GRAPH_RESULTS, HTML, TABLE_RESULTS, Format
from wir2graph.sparql.hangup import Gone, WhileConnected
from wir2graph.sparql.request import METHODS, NO_UPDATES, QueryRequest, Refused, read
from wir2graph.sparql.results import Result, Results
from wir2graph.store.base import (
    BadQuery,
    ClientBusy,
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
from wir2graph.web.http import (
    Answer,
    Receive,
    Scope,
    Send,
    answer_options,
    coding,
    fields_of,
    knows,
    negotiate,
    problem,
    raw,
)

# How long a client may leave a piece of the answer untouched.
_STALL_SECONDS: Final = 30.0
_LANGUAGE: Final = "en"
# What is longer goes to a file on its way to a client of HTTP/1.0.
_SPOOLED_BYTES: Final = 2**20

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
    ClientBusy: (429, "Too many queries of yours"),
    StoreBusy: (503, "Too many queries"),
    QueryTimeout: (504, "Query took too long"),
}

Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Page = Callable[[QueryRequest], Awaitable[Asgi]]


class TransferAborted(Exception):
    """An answer broke off after its first byte: the server must close the connection, not end the body."""


class Endpoint:
    """The endpoint of one release.

    `identity` differs for whatever could answer a query otherwise (release, version of the program); `worked` are the
    queries of the worked questions by the name that the parameter `worked` gives them; `cache_bytes` is the room for
    results that are kept.
    """

    def __init__(self, store: Store, identity: str, worked: Mapping[str, str], cache_bytes: int) -> None:
        self._store = store
        self._worked = worked
        self._results = Results(identity, cache_bytes)

    def remembered(self, scope: Scope) -> Answer | None:
        """Return the answer to a GET that has been answered before, or None."""
        return self._results.remembered(scope)

    async def answer(
        self, scope: Scope, receive: Receive, send: Send, *, page: Page, client: str | None, only_page: bool = False,
    ) -> None:
        """Answer one HTTP request.

        `page` makes the answer for whoever wants HTML (`only_page`: for everybody), and for a request without a query,
        where it describes the service. `client` is who asks, for the limit per client. Raises TransferAborted when the
        answer breaks off after its first byte; any other problem is answered. Follows the SPARQL 1.1 Protocol, section
        2.1.
        """
        fields = fields_of(scope)
        try:
            if scope["method"] == "OPTIONS":
                await answer_options(METHODS)(scope, receive, send)
                return
            request = await read(scope, fields, receive, self._worked)
            if only_page or _asks_for_page(scope, fields, request):
                async with WhileConnected(receive):
                    made = await page(request)
                await made(scope, receive, send)
                return
            if request.query is None:
                raise Refused(400, "No query", "Give the query as the parameter `query`.")
            if query_form(request.query) == "UPDATE":
                raise Refused(400, "Updates are not offered", NO_UPDATES)
            chosen, content_type = _choose(request.query, request.format, fields.get("accept"))
            result = self._results.result(request, chosen, content_type)
            if _has(result, scope, fields):
                answer: Asgi | None = result.unchanged()
            elif (body := self._results.body(result)) is not None:
                answer = await self._whole(scope, fields, result, body)
            else:
                answer = await self._ask(scope, fields, receive, send, request, result, client)
            if answer is not None:
                await answer(scope, receive, send)
        except Gone:
            return
        except Refused as refused:
            await _problem(scope, receive, send, refused.status, refused.title, str(refused), refused.headers)
        except StoreError as error:
            await _store_problem(scope, receive, send, error)

    async def _ask(
        self, scope: Scope, fields: Mapping[str, str], receive: Receive, send: Send, request: QueryRequest,
        result: Result, client: str | None,
    ) -> Answer | None:
        """Ask the store; return the whole answer, or send what does not fit in one piece and return None."""
        assert request.query is not None
        pieces = self._store.stream(request.query, request.dataset, result.media_type, client=client)
        try:
            async with WhileConnected(receive):
                start: list[bytes] = []
                async for piece in pieces:
                    start.append(piece)
                    if len(start) == 2:
                        break
                else:
                    body = b"".join(start)
                    self._results.keep(result, body)
                    return await self._whole(scope, fields, result, body)
                if scope["http_version"] == "1.0":
                    await self._spool(scope, send, result, start, pieces)
                else:
                    await self._transfer(scope, fields, send, result, start, pieces)
        finally:
            await pieces.aclose()
        return None

    async def _whole(self, scope: Scope, fields: Mapping[str, str], result: Result, body: bytes) -> Answer:
        chosen = coding(fields.get("accept-encoding")) if len(body) >= SMALLEST else None
        if chosen is not None:
            body = await asyncio.to_thread(_compressed, body, chosen)
        answer = result.full(body, chosen)
        self._results.remember(scope, result, answer)
        return answer

    async def _spool(
        self, scope: Scope, send: Send, result: Result, start: list[bytes], pieces: AsyncGenerator[bytes, None],
    ) -> None:
        """Send an answer with its length before it: a client of HTTP/1.0 would take a part for the whole."""
        with SpooledTemporaryFile(_SPOOLED_BYTES) as file:
            for piece in start:
                file.write(piece)
            async for piece in pieces:
                file.write(piece)
            headers = {**result.headers(None), "content-length": str(file.tell())}
            await send({"type": "http.response.start", "status": 200, "headers": raw(headers)})
            file.seek(0)
            while scope["method"] != "HEAD" and (piece := file.read(_SPOOLED_BYTES)):
                await _send_piece(send, piece)
        await send({"type": "http.response.body", "body": b""})

    async def _transfer(
        self, scope: Scope, fields: Mapping[str, str], send: Send, result: Result, start: list[bytes],
        pieces: AsyncGenerator[bytes, None],
    ) -> None:
        """Send an answer that does not fit in one piece, and keep it if it is not too large. Raises TransferAborted."""
        chosen = coding(fields.get("accept-encoding"))
        await send({"type": "http.response.start", "status": 200, "headers": raw(result.headers(chosen))})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        encoding = encoder(chosen) if chosen is not None else None
        kept = bytearray()
        whole = True

        async def pass_on(piece: bytes) -> None:
            nonlocal whole
            whole = whole and len(kept) + len(piece) <= self._results.largest
            if whole:
                kept.extend(piece)
            coded = await asyncio.to_thread(encoding.feed, piece) if encoding is not None else piece
            if coded:
                await _send_piece(send, coded)

        try:
            for piece in start:
                await pass_on(piece)
            async for piece in pieces:
                await pass_on(piece)
        except StoreError as error:
            raise TransferAborted(str(error)) from error
        if whole:
            self._results.keep(result, bytes(kept))
        await send({"type": "http.response.body", "body": encoding.end() if encoding is not None else b""})


async def _send_piece(send: Send, piece: bytes) -> None:
    """Send a piece of a body. Raises TransferAborted when the client does not take it."""
    try:
        async with asyncio.timeout(_STALL_SECONDS):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except TimeoutError:
        raise TransferAborted("The client does not read.") from None


def _compressed(body: bytes, chosen: str) -> bytes:
    encoding = encoder(chosen)
    return encoding.feed(body) + encoding.end()


def _choose(query: str, form: Format | None, accept: str | None) -> tuple[str, str]:
    """Return the media type to write and the Content-Type to say. Raises Refused when Accept allows none."""
    formats, aliases = _offered(query)
    if form is not None:
        # What the query's form does not come in is refused where it is written.
        return form.media_type, form.content_type
    by_type: dict[str, Format] = {each.media_type: each for each in formats}
    chosen = negotiate(accept, [*by_type, *aliases])
    if chosen is None:
        detail = f"The answer to this query comes as {', '.join(by_type)}."
        raise Refused(406, "Not acceptable", detail, {"vary": "Accept"})
    if chosen in aliases:
        return aliases[chosen], chosen
    return chosen, by_type[chosen].content_type


def _offered(query: str) -> tuple[tuple[Format, ...], Mapping[str, str]]:
    """Return the formats that the answer to a query comes in, and other names of some of them."""
    graph = query_form(query) in GRAPH_FORMS
    return (GRAPH_RESULTS, _GRAPH_ALIASES) if graph else (TABLE_RESULTS, _TABLE_ALIASES)


def _has(result: Result, scope: Scope, fields: Mapping[str, str]) -> bool:
    """Tell whether the client has the result: it names its tag. `*` says nothing before the query has run."""
    if result.tag is None or scope["method"] == "POST" or fields.get("if-none-match", "").strip() == "*":
        return False
    return knows(result.tag, fields)


def _asks_for_page(scope: Scope, fields: Mapping[str, str], request: QueryRequest) -> bool:
    """Tell whether a page is wanted, or (without any query) the description of the service."""
    if request.query is None:
        return scope["method"] != "POST" and not request.dataset and request.format in (None, HTML)
    if request.format is not None:
        return request.format == HTML
    formats, aliases = _offered(request.query)
    offered = [*(each.media_type for each in formats), *aliases, HTML.media_type]
    return negotiate(fields.get("accept"), offered) == HTML.media_type


def status_of(error: StoreError) -> tuple[int, str]:
    """Return the HTTP status and the title of a query's failure."""
    return _STATUS.get(type(error), (500, "The query failed"))


async def _store_problem(scope: Scope, receive: Receive, send: Send, error: StoreError) -> None:
    status, title = status_of(error)
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
