"""Who is a contact for what: the rows of measures and of contacts become a matrix, or a picture of two columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wir2graph.pages.arrange import Section, sections
from wir2graph.pages.charts.network import Member, Node, network
from wir2graph.pages.model import Row, Value


@dataclass(frozen=True)
class Column:
    """A column: the office, its kind (of a unit below the one that is opened) and for how many rows it has a mark."""

    office: Value
    kind: Value | None
    count: int


@dataclass(frozen=True)
class Head:
    """An office with its columns: itself, or where it is opened each contact in it.

    `count` is for how many rows it or a unit below it is a contact; `below` tells whether one below it is.
    """

    office: Value
    columns: tuple[Column, ...]
    count: int
    opened: bool
    below: bool


@dataclass(frozen=True)
class Mark:
    """That a row has contacts in a column; `own` is set where the office of the column is one itself."""

    contacts: tuple[Value, ...]
    own: bool


@dataclass(frozen=True)
class Line:
    """A row of measures with its mark, or None, in every column."""

    row: Row
    marks: tuple[Mark | None, ...]


@dataclass(frozen=True)
class Matrix:
    """The heads of the columns, and the lines in sections of what they share."""

    heads: tuple[Head, ...]
    sections: tuple[tuple[Section, tuple[Line, ...]], ...]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return sum(len(head.columns) for head in self.heads)


@dataclass(frozen=True)
class _Column:
    office: Value
    kind: Value | None
    contacts: frozenset[Value]


def matrix(rows: Sequence[Row], contacts: Sequence[Row], opened: Iterable[str], *shared: str) -> Matrix:
    """Return the matrix of measures and the offices that have a mark in it.

    `rows` have the variable `contact`; `contacts` have one row for each `contact`, with its `kind` and the `office`
    that it belongs to, in the order of the columns. `opened` are the IRIs of offices that stand with each contact in
    them, `shared` the variables that make a section.
    """
    named = [set(row["contact"]) for row in rows]
    wanted = set(opened)
    heads, columns = [], []
    for office, members in _offices(rows, contacts):
        below = any(member["contact"][0] != office for member in members)
        inside = _columns(office, members, opened=below and office.iri in wanted)
        everything = frozenset(member["contact"][0] for member in members)
        heads.append(Head(
            office, tuple(Column(c.office, c.kind, _count(c.contacts, named)) for c in inside),
            _count(everything, named), below and office.iri in wanted, below,
        ))
        columns += inside
    return Matrix(tuple(heads), tuple(
        (section, tuple(Line(row, tuple(_mark(row, column) for column in columns)) for row in section.rows))
        for section in sections(rows, *shared)
    ))


def joined(rows: Sequence[Row], contacts: Sequence[Row], title: str) -> Markup:
    """Return the picture of measures, with their `number`, and the offices that they name, grouped as in the matrix."""
    members: list[Member] = []
    places: dict[Value, int] = {}
    for office, inside in _offices(rows, contacts):
        own = [row["contact"][0] for row in inside]
        if office in own:
            places[office] = len(members)
        members.append(Member(office, head=office not in own))
        for contact in own:
            if contact != office:
                places.setdefault(contact, len(members))
                members.append(Member(contact, deep=True))
    nodes = [
        Node(row["measure"][0]._replace(code=row["number"][0].text if row["number"] else None),
             tuple(places[contact] for contact in row["contact"]))
        for row in rows
    ]
    return network(nodes, members, title)


def _offices(rows: Sequence[Row], contacts: Sequence[Row]) -> list[tuple[Value, list[Row]]]:
    """Return the offices with those of their contacts that the rows name, both in the order of `contacts`."""
    named = {contact for row in rows for contact in row["contact"]}
    found: dict[Value, list[Row]] = {}
    for row in contacts:
        if row["contact"][0] in named:
            for office in row["office"]:
                found.setdefault(office, []).append(row)
    return list(found.items())


def _columns(office: Value, members: Sequence[Row], *, opened: bool) -> list[_Column]:
    if not opened:
        return [_Column(office, None, frozenset(member["contact"][0] for member in members))]
    return [
        _Column(member["contact"][0], next(iter(member["kind"]), None), frozenset(member["contact"]))
        for member in members
    ]


def _count(contacts: frozenset[Value], named: Sequence[set[Value]]) -> int:
    return sum(not contacts.isdisjoint(own) for own in named)


def _mark(row: Row, column: _Column) -> Mark | None:
    found = tuple(contact for contact in row["contact"] if contact in column.contacts)
    return Mark(found, column.office in found) if found else None
