"""Rows put in order: as a reader counts, under a heading that several share, or as trees below their parent."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from wir2graph.pages.model import Row, Value

_NUMBER: Final = re.compile(r"(\d+)")


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
    within codes, texts and identifiers, which decide between equal texts. What has a code stands where its code says,
    before what has none; rows without a value come first.
    """
    found = tuple(rows)
    places = list(zip(*(_places([row[variable][:1] for row in found]) for variable in variables), strict=True))
    return tuple(found[index] for index in sorted(range(len(found)), key=places.__getitem__))


def _places(values: Sequence[tuple[Value, ...]]) -> list[tuple[object, ...]]:
    """Return what each value, or none, is sorted by: its identifier only where others have the same text."""
    texts: list[tuple[object, ...]] = [_place(v[0]) if v else () for v in values]
    called: dict[tuple[object, ...], set[str | None]] = {}
    for text, value in zip(texts, values, strict=True):
        called.setdefault(text, set()).update(one.iri for one in value)
    return [
        (*text, counted(value[0].iri or "")) if len(called[text]) > 1 else text
        for text, value in zip(texts, values, strict=True)
    ]


def _place(value: Value) -> tuple[object, ...]:
    return value.number or 0, not value.code, counted(value.code or ""), counted(value.text)


@lru_cache(8192)
def counted(text: str) -> tuple[str | float, ...]:
    """Return the text in pieces that compare as a reader counts: 2 before 10, 04 before 1, ä beside a."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    if not _NUMBER.search(plain):
        return (plain,)
    return tuple(_worth(part) if part.isdecimal() else part for part in _NUMBER.split(plain))


def _worth(digits: str) -> float:
    return float(f"0.{digits}") if digits.startswith("0") else int(digits)


def _iri(row: Row, variable: str) -> str:
    values = row[variable]
    return (values[0].iri or "") if values else ""
