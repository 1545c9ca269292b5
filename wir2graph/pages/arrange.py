"""Rows put in order: as a reader counts, under a heading that several share, or as trees below their parent."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from wir2graph.pages.model import Row, Value


@dataclass(frozen=True)
class Node:
    """One row with the rows below it."""

    row: Row
    children: tuple[Node, ...]


def tree(rows: Sequence[Row], key: str, parent: str) -> tuple[Node, ...]:
    """Return the trees that the rows form; order is kept, and every row stands in exactly one place.

    A row whose parent is not among the rows is a root. Rows in a circle are shown under the first of them.
    """
    known = {_iri(row, key): row for row in rows}
    below: Mapping[str | None, list[str]] = defaultdict(list)
    for iri, row in known.items():
        above = _iri(row, parent)
        below[above if above in known else None].append(iri)
    placed: set[str] = set()

    def grow(iri: str) -> Node:
        placed.add(iri)
        return Node(known[iri], tuple(grow(child) for child in below.get(iri, ()) if child not in placed))

    roots = [grow(iri) for iri in below.get(None, ())]
    roots += [grow(iri) for iri in known if iri not in placed]
    return tuple(roots)


@dataclass(frozen=True)
class Section:
    """Rows that share their values of some variables; `key` has the first value of each, or None."""

    key: tuple[Value | None, ...]
    rows: tuple[Row, ...]


def sections(rows: Iterable[Row], *variables: str) -> tuple[Section, ...]:
    """Return the rows under the values that they share, both in order of appearance."""
    groups: dict[tuple[Value | None, ...], list[Row]] = {}
    for row in rows:
        key = tuple(row[variable][0] if row[variable] else None for variable in variables)
        groups.setdefault(key, []).append(row)
    return tuple(Section(key, tuple(group)) for key, group in groups.items())


def ordered(rows: Iterable[Row], *variables: str) -> tuple[Row, ...]:
    """Return the rows in the order of the first values of some variables: numbers by what they are worth, also those
    within texts and identifiers, which decide between equal texts; rows without a value come first.
    """
    return tuple(sorted(rows, key=lambda row: tuple(_place(row[variable]) for variable in variables)))


def _place(values: tuple[Value, ...]) -> tuple[object, ...]:
    if not values:
        return ()
    value = values[0]
    return value.number or 0, counted(value.text), counted(value.iri or "")


@lru_cache(8192)
def counted(text: str) -> tuple[str | int, ...]:
    """Return the text in pieces that compare as a reader counts: 2 before 10, ä beside a."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return tuple(int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", plain))


def _iri(row: Row, variable: str) -> str:
    values = row[variable]
    return (values[0].iri or "") if values else ""
