"""What visitors' queries give for the pages of one release: asked within bounds, and kept for a while.

A page shows a part of a result, so only as much is fetched as a page can lead to; then the query ends. What it gave is
kept, so that to turn the page or to sort does not ask again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

from wir2graph.formats import N_TRIPLES, TSV
from wir2graph.pages.results import MAX_BYTES, MAX_ROWS, Failure, Result, first_rows, read
from wir2graph.sparql.endpoint import status_of
from wir2graph.sparql.results import is_volatile
from wir2graph.store.base import BadQuery, ClientBusy, DatasetClause, Store, StoreBusy, StoreError
from wir2graph.store.querytext import GRAPH_FORMS, query_form
from wir2graph.web.kept import Kept

_KEPT_BYTES: Final = 8 * MAX_BYTES
_OVERHEAD: Final = 2000  # bytes that an entry takes beside query and body

_Body = tuple[bytes, bool]


class Outcomes:
    """What visitors' queries gave in one release. Belongs to the event loop in which it is used."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: Kept[tuple[str, DatasetClause], _Body] = Kept(
            _KEPT_BYTES + 8 * _OVERHEAD, lambda key, entry: len(key[0]) + len(entry[0]) + _OVERHEAD,
        )

    async def of(self, query: str, dataset: DatasetClause, client: str | None) -> Result | Failure:
        """Return what a query gives, at most MAX_ROWS rows and MAX_BYTES of it; `client` is who asks.

        A query that is cancelled ends.
        """
        form = query_form(query)
        found = self._kept.get((query, dataset))
        if found is None:
            media_type = (N_TRIPLES if form in GRAPH_FORMS else TSV).media_type
            try:
                found = await _first(self._store.stream(query, dataset, media_type, client=client), form)
            except StoreError as error:
                return _failure(error)
            if not is_volatile(query):
                self._kept.put((query, dataset), found)
        return await asyncio.to_thread(read, found[0], form, found[1])


async def _first(pieces: AsyncGenerator[bytes, None], form: str) -> _Body:
    """Return the lines of the first rows, and whether they are all. Raises StoreError."""
    body = bytearray()
    lines = 0
    most = MAX_ROWS + int(form not in GRAPH_FORMS)
    try:
        async for piece in pieces:
            body += piece
            lines += piece.count(b"\n")
            if lines > most or len(body) > MAX_BYTES:
                return first_rows(bytes(body), form), False
        return bytes(body), True
    finally:
        await pieces.aclose()


def _failure(error: StoreError) -> Failure:
    status, _ = status_of(error)
    kind = "client-busy" if isinstance(error, ClientBusy) else error.kind
    if isinstance(error, BadQuery):
        return Failure(kind, status, str(error), error.line, error.column, error.expected)
    return Failure(kind, status, str(error), retry_after=error.retry_after if isinstance(error, StoreBusy) else None)
