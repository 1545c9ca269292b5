"""The view model: all that a template sees. Plain text and references, nothing of RDF.

What a page has thousands of is a named tuple, which is made in a third of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wir2graph.pages.asked import AskedView
    from wir2graph.pages.history import HistoryView
    from wir2graph.pages.interfaces import InterfacesView
    from wir2graph.pages.limits import LimitsView
    from wir2graph.pages.offers import OffersView
    from wir2graph.pages.quality import QualityView
    from wir2graph.pages.searching import SearchView
    from wir2graph.pages.worked import Sample, Worked


class Value(NamedTuple):
    """One value as shown.

    `language` is the tag of the text, `lang` is set when the text is not in the page's language: it must then be
    marked and its tag shown. `href` is relative to the page, or complete for another site (`external`);
    `anchor` is the place on the page that it leads to; `number` is what a number is worth. `speaker` is the source
    that a piece of evidence is taken from; `said` is what a cell tells of it, where its column asks for that.
    """

    text: str
    language: str | None = None
    lang: str | None = None
    href: str | None = None
    external: bool = False
    anchor: str | None = None
    iri: str | None = None
    code: str | None = None
    number: float | None = None
    speaker: Speaker | None = None
    said: Statement | None = None


class Speaker(NamedTuple):
    """Who says something: a source, the editors, or nobody where it is derived. `sign` stands for the name."""

    order: int
    sign: str
    name: Value


class Statement(NamedTuple):
    """One value that something has for a property, with everybody who says so.

    `holds` is false where all claims that carry it are disputed or superseded. `printed` says that the value is in the
    words of a source. `statuses`, `certainties` (where nobody states it), `periods` of validity (begin, end) and
    `contradictions` are those of the claims about it.
    """

    value: Value
    speakers: tuple[Speaker, ...] = ()
    holds: bool = True
    printed: bool = False
    statuses: tuple[Value, ...] = ()
    certainties: tuple[Value, ...] = ()
    periods: tuple[tuple[Value | None, Value | None], ...] = ()
    contradictions: tuple[Value, ...] = ()


Row = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True)
class Heading:
    """The heading of one column and the variable that it shows.

    In a list that can be sorted `href` sorts by it, and `order` is "ascending" or "descending" where it is sorted so.
    `things` tells, in tables for files, whether the column of the whole table, with all its rows, has things.
    """

    variable: str
    text: str
    numeric: bool
    header: bool
    translated: bool
    open: bool
    order: str | None = None
    href: str | None = None
    things: bool = False


@dataclass(frozen=True)
class Reference:
    """A named reference to another representation or page; `size` is that of a file, in words."""

    text: str
    href: str
    media_type: str | None = None
    language: str | None = None
    current: bool = False
    size: str | None = None


class Behind:
    """The query behind a table, and the references that run it and open it in the form.

    They are put together when they are asked for: most tables of a page are empty and show none of them.
    """

    def __init__(self, query: Callable[[], str], run: Callable[[str], str], form: Callable[[str], str]) -> None:
        self._query = query
        self._run = run
        self._form = form

    @cached_property
    def query(self) -> str:
        """The complete query."""
        return self._query()

    @cached_property
    def run(self) -> str:
        """The reference to its result."""
        return self._run(self.query)

    @cached_property
    def form(self) -> str:
        """The reference to the form with the query and its result."""
        return self._form(self.query)


@dataclass(frozen=True)
class Table:
    """The rows of one query, and what is behind them. `files` are references to the whole table as files."""

    name: str
    caption: str
    columns: tuple[Heading, ...]
    rows: tuple[Row, ...]
    behind: Behind
    files: tuple[Reference, ...]


@dataclass(frozen=True)
class Choice:
    """One value of a facet: how many rows have it beside all that is chosen, and the reference that (un)chooses it.

    `iri` is None for what stands for rows without a value.
    """

    key: str
    iri: str | None
    text: str
    lang: str | None
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A facet of a list with the values that can be chosen."""

    parameter: str
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class ListView:
    """What a list shows: rows `first` to `last` of `found` that are chosen from `all`.

    `whole` leads to the list without choices, `unsorted` to its own order, `pages` to the other parts.
    """

    facets: tuple[Facet, ...]
    all: int
    found: int
    first: int
    last: int
    sorted: bool
    whole: str
    unsorted: str
    pages: tuple[Reference, ...]


@dataclass(frozen=True)
class Property:
    """A property of the resource with what is said of it."""

    name: Value
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Group:
    """Properties under one heading."""

    title: str
    properties: tuple[Property, ...]


@dataclass(frozen=True)
class PartView:
    """A section of a source with a page of its own, and how many quotes stand there."""

    text: str
    href: str
    count: int
    lang: str | None


@dataclass(frozen=True)
class PlanView:
    """The plan whose page it is: the words of its header and footer.

    `day` is the one of its data as `YYYY-MM-DD`, `released` the same in the way the language writes it;
    `easy` is its text in easy German, or empty.
    """

    slug: str
    title: str
    subtitle: str
    rights: str
    licence: str
    original: str
    day: str
    released: str
    easy: str


@dataclass(frozen=True)
class View:
    """One page in one language; `address` is its complete URL.

    `parameters` are what a visitor asks the page with; `list` is set where the page has a list to choose from.
    `said` has what is said of the resource by property (`wir:number`), `speakers` everybody who says something on the
    page. `parts` are the sections of a source whose quotes stand elsewhere. `samples` are the worked questions that the
    page offers, `worked` is the one that it shows; `asked` is the query that a visitor of the form asks, `prefixes` are
    those that a query can use, `limits` what it may take, where the page has the form. `interfaces` is for the page
    that explains them, `offers` for the page of downloads, `quality` for the one about it. `search` is what a visitor
    looks for, and what was found, where the page searches. `history` tells of the versions of the plan, where it has
    any.
    """

    name: str
    template: str
    path: str
    address: str
    language: str
    title: Value
    classes: tuple[Value, ...]
    iri: str | None
    plan: PlanView | None
    plans: tuple[tuple[PlanView, str], ...]
    parameters: Mapping[str, str]
    list: ListView | None
    tables: Mapping[str, Table]
    records: Mapping[str, Row]
    said: Mapping[str, tuple[Statement, ...]]
    speakers: tuple[Speaker, ...]
    groups: tuple[Group, ...]
    incoming: tuple[Property, ...]
    crumbs: tuple[Reference, ...]
    nav: tuple[Reference, ...]
    footer: tuple[Reference, ...]
    languages: tuple[Reference, ...]
    formats: tuple[Reference, ...]
    dumps: tuple[Reference, ...]
    digest: str
    samples: tuple[Sample, ...]
    worked: Worked | None
    prefixes: Mapping[str, str]
    asked: AskedView | None
    parts: tuple[PartView, ...]
    limits: LimitsView | None
    interfaces: InterfacesView | None
    offers: OffersView | None
    search: SearchView | None
    history: HistoryView | None
    quality: QualityView | None
