"""The view of a visitor's query: what came of it, or why it failed."""

from __future__ import annotations

from dataclasses import dataclass

from wir2graph.pages.model import Reference, Value


@dataclass(frozen=True)
class Cell:
    """One term of a result. `tag` is its language or its datatype, where the value does not show it.

    `short` is the IRI shortened by a prefix, where the value is a name; `exact` is the term as written, where that is
    neither the value's text nor `short`.
    """

    value: Value
    tag: str | None = None
    short: str | None = None
    exact: str | None = None


@dataclass(frozen=True)
class ColumnView:
    """One column of a result with its heading; `order` is "ascending" or "descending" where the rows are sorted by it.

    `href` sorts by it, or leads back to the order of the query; None where the result cannot be sorted.
    """

    text: str
    numeric: bool
    order: str | None
    href: str | None


@dataclass(frozen=True)
class ChartView:
    """A picture (SVG) of a result and what it says of itself; the table is its twin in words."""

    picture: str
    caption: str


@dataclass(frozen=True)
class ResultView:
    """The part of a result that the page shows: rows `first` to `last` (from 1) of `count`.

    `kind` is "table", "graph" or "truth"; `complete` is false where the result has more rows than `count`, `by_size`
    then says that its bytes and not its rows were too many. `pages` leads to the other parts, None stands for a gap.
    """

    kind: str
    truth: bool | None
    columns: tuple[ColumnView, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    count: str
    first: int
    last: int
    complete: bool
    by_size: bool
    pages: tuple[Reference | None, ...]
    chart: ChartView | None


@dataclass(frozen=True)
class FailureView:
    """Why a query gave no result and what to do. `detail` may be in another language than the page (`lang`)."""

    title: str
    text: str
    detail: str | None
    lang: str | None
    line: int | None
    column: int | None
    expected: tuple[str, ...]


@dataclass(frozen=True)
class SampleCode:
    """A query as a program: the name of its language and the program."""

    name: str
    text: str


@dataclass(frozen=True)
class AskedView:
    """A query and what came of it: either `result` or `failure`.

    `graphs` are those that the request names, as pairs of its parameter and IRI. `permalink` is a reference, `address`
    the same as a complete URL; both are None where the query is too long for a link: then references of the result go
    to where the query is sent along by POST.
    """

    query: str
    graphs: tuple[tuple[str, Value], ...]
    result: ResultView | None
    failure: FailureView | None
    permalink: str | None
    address: str | None
    downloads: tuple[Reference, ...]
    code: tuple[SampleCode, ...]
