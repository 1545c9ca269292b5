"""The result of a visitor's query, for a page that shows a part of it: read, put in order, divided into pages.

A result comes line by line: SELECT and ASK as TSV (SPARQL 1.1 Query Results CSV and TSV Formats), graphs as N-Triples.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

import pyoxigraph as ox

from wir2graph.plan import PREFIXES
from wir2graph.store.base import DatasetClause, Term
from wir2graph.store.querytext import GRAPH_FORMS

MAX_ROWS: Final = 10_000
MAX_BYTES: Final = 8 * 2**20
ROWS_PER_PAGE: Final = 100
TRIPLE: Final = ("subject", "predicate", "object")

Solution = tuple[Term | None, ...]
T = TypeVar("T")

_XSD: Final = PREFIXES["xsd"]
NUMBERS: Final = frozenset(_XSD + name for name in ("integer", "decimal", "double", "float"))
_TIMES: Final = frozenset(_XSD + name for name in ("date", "dateTime", "dateTimeStamp", "gYear", "gYearMonth"))
_TIME: Final = re.compile(
    r"(?P<year>-?\d{4,})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d(?:\.\d+)?))?)?)?"
    r"(?:Z|(?P<sign>[+-])(?P<hours>\d\d):(?P<minutes>\d\d))?\Z"
)


@dataclass(frozen=True)
class Result:
    """What a query gave. The rows of a graph are its triples; `truth` is the answer to ASK, which has no rows.

    `complete` is false where the result has more rows than these.
    """

    variables: tuple[str, ...]
    rows: tuple[Solution, ...]
    truth: bool | None
    graph: bool
    complete: bool


@dataclass(frozen=True)
class Failure:
    """Why a query gave no result: `kind` is that of a StoreError, `status` the HTTP status, `detail` is English.

    `line` and `column` count characters from 1, `expected` says what could stand there, `retry_after` is in seconds.
    """

    kind: str
    status: int
    detail: str
    line: int | None = None
    column: int | None = None
    expected: tuple[str, ...] = ()
    retry_after: int | None = None


@dataclass(frozen=True)
class Asked:
    """A query that a visitor of the form asks, what came of it, and which part of it is wanted in which order.

    `sort` is a variable, with `-` before it for descending; `page` counts from 1.
    """

    query: str
    dataset: DatasetClause
    outcome: Result | Failure
    sort: str | None = None
    page: int = 1


def first_rows(body: bytes, form: str) -> bytes:
    """Return the lines of the first rows, at most MAX_ROWS and MAX_BYTES, of a result of a query form (SELECT, …)."""
    most = MAX_ROWS + int(form not in GRAPH_FORMS)
    end = -1
    for _ in range(most):
        following = body.find(b"\n", end + 1, MAX_BYTES)
        if following < 0:
            break
        end = following
    return body[:end + 1]


def read(body: bytes, form: str, complete: bool) -> Result:
    """Read the result of a query of that form. Raises SyntaxError when it is not one."""
    if form in GRAPH_FORMS:
        quads = ox.parse(body, ox.RdfFormat.N_TRIPLES, lenient=True)
        triples = dict.fromkeys((quad.subject, quad.predicate, quad.object) for quad in quads)
        return Result(TRIPLE, tuple(triples), None, True, complete)
    parsed = ox.parse_query_results(body, ox.QueryResultsFormat.TSV)
    if isinstance(parsed, ox.QueryBoolean):
        return Result((), (), bool(parsed), False, complete)
    variables = tuple(variable.value for variable in parsed.variables)
    return Result(variables, tuple(tuple(row) for row in parsed), None, False, complete)


def sorted_by(variables: Sequence[str], sort: str | None) -> tuple[int, bool] | None:
    """Return the column that `sort` names and whether it is descending; None where it names none."""
    name = (sort or "").removeprefix("-")
    return (variables.index(name), sort != name) if name in variables else None


def ordered(
    rows: Sequence[Solution], column: int, descending: bool, shown: Callable[[Term], str],
) -> tuple[Solution, ...]:
    """Return the rows in the order of one column; `shown` is the text by which a reader knows a term.

    Numbers by what they are worth come first, then dates by time, then texts as German dictionaries order them; rows
    without a value are last in either direction, and rows that are equal stay in their order.
    """
    bound = [(row, _key(term, shown)) for row in rows if (term := row[column]) is not None]
    bound.sort(key=lambda entry: entry[1], reverse=descending)
    return (*(row for row, _ in bound), *(row for row in rows if row[column] is None))


def paged(rows: Sequence[T], page: int) -> tuple[Sequence[T], int, int]:
    """Return the rows of a page, its number and the number of pages; the last page for one that does not exist."""
    pages = max(1, math.ceil(len(rows) / ROWS_PER_PAGE))
    number = min(max(page, 1), pages)
    return rows[(number - 1) * ROWS_PER_PAGE:number * ROWS_PER_PAGE], number, pages


def number_of(term: Term | None) -> Decimal | None:
    """Return what a number is worth; None for anything else, and for what is called a number and is none."""
    if not isinstance(term, ox.Literal) or term.datatype.value not in NUMBERS:
        return None
    try:
        return Decimal(term.value)
    except InvalidOperation:
        return None


def seconds_of(term: Term | None) -> Decimal | None:
    """Return the beginning of a date, time, month or year in seconds since 1970; None for anything else.

    What has no time zone is taken as UTC. Follows XML Schema 1.1, E.3.3 (proleptic Gregorian calendar).
    """
    if not isinstance(term, ox.Literal) or term.datatype.value not in _TIMES:
        return None
    match = _TIME.match(term.value)
    if match is None:
        return None
    part = match.groupdict("0")
    days = _days(int(part["year"]), int(part["month"]) or 1, int(part["day"]) or 1)
    zone = (int(part["hours"]) * 60 + int(part["minutes"])) * (-1 if part["sign"] == "-" else 1)
    minutes = (days * 24 + int(part["hour"])) * 60 + int(part["minute"]) - zone
    return minutes * 60 + Decimal(part["second"])


def numeric(terms: Iterable[Term | None]) -> bool:
    """Tell whether there are terms and all that are bound are numbers."""
    bound = [term for term in terms if term is not None]
    return bool(bound) and all(number_of(term) is not None for term in bound)


def _key(term: Term, shown: Callable[[Term], str]) -> tuple[int, bool, Decimal | str]:
    number = number_of(term)
    if number is not None:
        return (0, True, Decimal(0)) if number.is_nan() else (0, False, number)
    moment = seconds_of(term)
    return (1, False, moment) if moment is not None else (2, False, _collated(shown(term)))


def _collated(text: str) -> str:
    """Return the text as DIN 5007, variant 1, compares it: without case and accents, ß as ss."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))


def _days(year: int, month: int, day: int) -> int:
    """Return the days since 1970-01-01; years count from March, so that a leap day is the last day of one."""
    year -= month <= 2
    months = (month + 9) % 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * months + 2) // 5 + day - 719469
