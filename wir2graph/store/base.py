"""What a store can do, under which limits it answers strangers, and how it says that it will not."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, TypeAlias

import pyoxigraph as ox

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True)
class Limits:
    """The most that one stranger's query may take.

    `seconds` of computing (a reader's slowness does not count), `memory_bytes` beyond what an idle worker
    has, `result_bytes` of answer, `depth` of nested brackets, `length` of one pattern in triples.
    """

    seconds: float = 30.0
    memory_bytes: int = 512 * 2**20
    result_bytes: int = 2**30
    depth: int = 200
    length: int = 250


@dataclass(frozen=True)
class Capacity:
    """How many queries of strangers there may be at a time.

    `workers` short ones are at work (by default one per core) and one long one fewer, at least one: a core is left for
    those who ask little. `queue` of either may wait, and one client may have `per_client` at work or waiting.
    """

    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    queue: int = 64
    per_client: int = 16

    @property
    def long(self) -> int:
        """The number of long queries that may be at work."""
        return max(1, self.workers - 1)


@dataclass(frozen=True)
class DatasetClause:
    """The graphs that a request names (SPARQL 1.1 Protocol, 2.1.4), instead of those its query names."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.default or self.named)


class StoreError(Exception):
    """A query got no answer, or no complete one. `kind` names the reason on the way from a worker."""

    kind: ClassVar[str] = "failed"


class BadQuery(StoreError):
    """The query is malformed, or asks for what is not offered (SERVICE, an update).

    `line` and `column` count characters from 1; `expected` says what could stand there instead.
    """

    kind = "bad-query"

    def __init__(
        self, message: str, line: int | None = None, column: int | None = None,
        expected: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.expected = expected


class QueryTooComplex(StoreError):
    """The query is nested too deep or its pattern is too long to be planned, or it broke its worker."""

    kind = "too-complex"


class NotExpressible(StoreError):
    """The answer cannot be written in the format asked for."""

    kind = "not-expressible"


class QueryTimeout(StoreError):
    """The query took longer than it may."""

    kind = "timeout"


class MemoryExceeded(StoreError):
    """The query needed more memory than it may have."""

    kind = "memory"


class ResultTooLarge(StoreError):
    """The answer is longer than it may be."""

    kind = "too-large"


class StoreBusy(StoreError):
    """Too many queries are waiting; `retry_after` is a number of seconds after which to try again."""

    kind = "busy"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ClientBusy(StoreBusy):
    """One client has as many queries at work as it may have."""


class Selecting(Protocol):
    """What answers our own SELECT queries."""

    def select(self, query: str) -> list[dict[str, Term]]:
        """Return the solutions of a SELECT query of our own; unbound variables are left out."""


class Store(Selecting, Protocol):
    """A set of triples with named graphs that can be asked by us and by strangers."""

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query of our own."""

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT query of our own."""

    def describe(self, iri: str) -> list[ox.Triple]:
        """Return what the data document of a resource says."""

    def in_graphs(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
        """Yield the triples once for each named graph that says them."""

    def stream(
        self, query: str, dataset: DatasetClause, media_type: str, limits: Limits | None = None,
        client: str | None = None,
    ) -> AsyncGenerator[bytes, None]:
        """Answer a stranger's query, in pieces, as `media_type`; `client` is who asks, for the limit per client.

        SELECT and ASK go with the media types of `formats.TABLE_RESULTS` and `formats.CSV_DE`, CONSTRUCT and DESCRIBE
        with those of `formats.GRAPH_RESULTS`. Raises a StoreError before the first piece or between two; only an
        iteration that ends by itself has given the whole answer. Closing the iterator ends the query.
        """

    def close(self) -> None:
        """Give back everything the store holds; queries that still run are ended."""
