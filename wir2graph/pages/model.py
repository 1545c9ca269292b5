"""The view model: all that a template sees. Plain text and references, nothing of RDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Value:
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


@dataclass(frozen=True)
class Speaker:
    """Who says something: a source, the editors, or nobody where it is derived. `sign` stands for the name."""

    order: int
    sign: str
    name: Value


@dataclass(frozen=True)
class Statement:
    """One value that something has for a property, with everybody who says so.

    `holds` is false where all claims that carry it are disputed or superseded. `statuses`, `certainties` (where
    nobody states it), `periods` of validity (begin, end) and `contradictions` are those of the claims about it.
    """

    value: Value
    speakers: tuple[Speaker, ...] = ()
    holds: bool = True
    statuses: tuple[Value, ...] = ()
    certainties: tuple[Value, ...] = ()
    periods: tuple[tuple[Value | None, Value | None], ...] = ()
    contradictions: tuple[Value, ...] = ()


Row = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True)
class Heading:
    """The heading of one column and the variable that it shows."""

    variable: str
    text: str
    numeric: bool
    header: bool
    translated: bool
    open: bool


@dataclass(frozen=True)
class Table:
    """The rows of one query, with the query itself and the references that run it and open it in the form."""

    name: str
    caption: str
    columns: tuple[Heading, ...]
    rows: tuple[Row, ...]
    query: str
    run: str
    form: str


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
class Reference:
    """A named reference to another representation or page."""

    text: str
    href: str
    media_type: str | None = None
    language: str | None = None
    current: bool = False


@dataclass(frozen=True)
class Sample:
    """A worked question as a list offers it; `href` is its page, `form` the form with its query."""

    plan: str
    group: str
    title: str
    text: str
    href: str
    form: str


@dataclass(frozen=True)
class Worked:
    """What the page of a worked question tells beside its answer.

    `expected` are the rows found by reading, given only where the answer has others. `json` runs the query.
    """

    group: str
    text: str
    reason: str
    expected: tuple[Row, ...]
    json: str


@dataclass(frozen=True)
class PlanView:
    """The plan whose page it is: the words of its header and footer."""

    slug: str
    title: str
    subtitle: str
    rights: str
    licence: str
    original: str
    released: str


@dataclass(frozen=True)
class View:
    """One page in one language.

    `said` has what is said of the resource by property (`wir:number`), `speakers` everybody who says something on the
    page. `samples` are the worked questions that the page offers, `worked` is the one that it shows; `query` is what a
    visitor of the query form brought along, `prefixes` are those that a query can use.
    """

    name: str
    template: str
    path: str
    language: str
    title: Value
    classes: tuple[Value, ...]
    iri: str | None
    plan: PlanView | None
    plans: tuple[tuple[PlanView, str], ...]
    tables: Mapping[str, Table]
    records: Mapping[str, Row]
    said: Mapping[str, tuple[Statement, ...]]
    speakers: tuple[Speaker, ...]
    groups: tuple[Group, ...]
    incoming: tuple[Property, ...]
    crumbs: tuple[Reference, ...]
    nav: tuple[Reference, ...]
    languages: tuple[Reference, ...]
    formats: tuple[Reference, ...]
    dumps: tuple[Reference, ...]
    digest: str
    samples: tuple[Sample, ...]
    worked: Worked | None
    prefixes: Mapping[str, str]
    query: str | None
