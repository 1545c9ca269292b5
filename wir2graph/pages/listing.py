"""A list that can be narrowed by facets, sorted and turned page by page.

What is chosen stands in the address: one value of one facet has an address of its own (`massnahmen/feld/wir2-bildung`),
anything else is asked with parameters (`massnahmen?feld=wir2-bildung&stelle=51&sortierung=-title&seite=2`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple
from urllib.parse import quote

import pyoxigraph as ox

from wir2graph.pages.arrange import ordered
from wir2graph.pages.folder import FacetForm, ListForm
from wir2graph.pages.model import Choice, Facet, Heading, ListView, Reference, Row, Table, Value

SORT: Final = "sortierung"
PAGE: Final = "seite"
WITHOUT: Final = "ohne"
_ASSUMED: Final = "annahme-"


class Wanted(NamedTuple):
    """What can be chosen in a facet: the rows in which a variable has the thing `iri`."""

    variable: str
    iri: str


Choices = Mapping[str, Mapping[str, Wanted | None]]
"""For each facet's parameter what can be chosen: keys in addresses, with what they stand for (None: no value)."""


class NoSuchPart(Exception):
    """The list has no part of this number."""


def keys(iris: Iterable[str]) -> dict[str, str]:
    """Return for each IRI a key that is short and unique: its last part, and where others share that, the last two."""
    found = sorted(set(iris))
    last = Counter(_parts(iri)[-1] for iri in found)
    return {iri: _parts(iri)[-1] if last[_parts(iri)[-1]] == 1 else "-".join(_parts(iri)[-2:]) for iri in found}


def offered(facet: FacetForm, solutions: Sequence[Mapping[str, object]]) -> dict[str, Wanted | None]:
    """Return what can be chosen in a facet of a list with these solutions; rows without a value only beside others."""
    found: dict[str, Wanted | None] = {}
    for variable in facet.variables:
        things = (row.get(variable) for row in solutions)
        by_iri = keys(thing.value for thing in things if isinstance(thing, ox.NamedNode))
        before = "" if variable == facet.variable else _ASSUMED
        found |= {before + key: Wanted(variable, iri) for iri, key in by_iri.items()}
    if facet.without and found and any(not any(variable in row for variable in facet.variables) for row in solutions):
        found[WITHOUT] = None
    return found


def called(facet: FacetForm, wanted: Wanted | None, name: str, language: str) -> str:
    """Return what a choice is called; `name` is that of the thing."""
    if wanted is None:
        return (facet.without or {}).get(language, "")
    if facet.assumed and wanted.variable == facet.assumed.variable:
        return facet.assumed.called[language].format(name=name)
    return name


def narrowing(form: ListForm, choices: Choices, parameters: Mapping[str, str]) -> dict[str, str] | None:
    """Return which of the parameters are the list's, in the order of the facets; None where a value is not there."""
    found: dict[str, str] = {}
    for facet in form.facets:
        value = parameters.get(facet.parameter)
        if value:
            if value not in choices[facet.parameter]:
                return None
            found[facet.parameter] = value
    if sort := parameters.get(SORT):
        found[SORT] = sort
    if page := parameters.get(PAGE):
        if not (page.isascii() and page.isdecimal() and len(page) < 7):
            return None
        if int(page) != 1:
            found[PAGE] = page
    return found


def narrowed_query(query: str, form: ListForm, choices: Choices, asked: Mapping[str, str]) -> str:
    """Return the query that gives the rows of the chosen values only; its WHERE clause ends with `}` on a line alone.

    With filters, as VALUES would join with rows without a value, too.
    """
    filters = []
    for facet in form.facets:
        if facet.parameter in asked:
            wanted = choices[facet.parameter][asked[facet.parameter]]
            none = " && ".join(f"!BOUND(?{variable})" for variable in facet.variables)
            filters.append(f"  FILTER (?{wanted.variable} = <{wanted.iri}>)" if wanted else f"  FILTER ({none})")
    where, end, after = query.rpartition("\n}")
    return "\n".join([where, *filters]) + end + after


def select(rows: Sequence[Row], form: ListForm, choices: Choices, asked: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the rows of the chosen values, in the order asked for."""
    wanted = [(facet, choices[facet.parameter][asked[facet.parameter]])
              for facet in form.facets if facet.parameter in asked]
    found = tuple(row for row in rows if all(_has(row, facet, one) for facet, one in wanted))
    variable = asked.get(SORT, "").removeprefix("-")
    if not variable or not found or variable not in found[0]:
        return found
    found = ordered(found, variable)
    return found[::-1] if asked[SORT].startswith("-") else found


@dataclass(frozen=True)
class _Way:
    """References from the page at hand to the list with other choices. `base` is the list's own address, relative."""

    base: str
    facets: tuple[str, ...]

    def to(self, asked: Mapping[str, str]) -> str:
        chosen = {name: asked[name] for name in (*self.facets, SORT, PAGE) if asked.get(name)}
        if not chosen:
            return self.base
        if len(chosen) == 1 and next(iter(chosen)) in self.facets:
            (name, value), = chosen.items()
            return f"{self.base}/{quote(name)}/{quote(value)}"
        return f"{self.base}?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in chosen.items())


def listed(
    table: Table, everything: Sequence[Row], form: ListForm, choices: Choices, asked: Mapping[str, str], base: str,
    language: str,
) -> tuple[Table, ListView]:
    """Return one page of a list and what else can be chosen.

    `table` has the rows chosen, `everything` are those of the whole list. `base` is the reference to the list. Raises
    NoSuchPart.
    """
    way = _Way(base, tuple(facet.parameter for facet in form.facets))
    page = int(asked.get(PAGE, "1"))
    last = max(1, -(-len(table.rows) // form.size))
    if not 1 <= page <= last:
        raise NoSuchPart(f"{PAGE}={page}")
    first = (page - 1) * form.size
    facets = tuple(_facet(facet, everything, form, choices, asked, way, language) for facet in form.facets)
    shown = replace(
        table, rows=table.rows[first:first + form.size], columns=tuple(_sortable(c, asked, way) for c in table.columns),
    )
    return shown, ListView(
        facets=tuple(facet for facet in facets if facet.choices), all=len(everything), found=len(table.rows),
        first=first + 1, last=min(first + form.size, len(table.rows)), sorted=SORT in asked,
        whole=way.to({name: value for name, value in asked.items() if name == SORT}),
        unsorted=way.to({name: value for name, value in asked.items() if name not in (SORT, PAGE)}),
        pages=tuple(
            Reference(str(number), way.to({**asked, PAGE: "" if number == 1 else str(number)}), current=number == page)
            for number in range(1, last + 1)
        ) if last > 1 else (),
    )


def _facet(
    facet: FacetForm, everything: Sequence[Row], form: ListForm, choices: Choices, asked: Mapping[str, str], way: _Way,
    language: str,
) -> Facet:
    others = {name: value for name, value in asked.items() if name not in (facet.parameter, PAGE)}
    rows = select(everything, form, choices, {name: value for name, value in others.items() if name != SORT})
    counts = Counter(wanted for row in rows for wanted in _of(row, facet))
    taken = asked.get(facet.parameter)
    # What is chosen stays, also where it leaves nothing.
    known = {wanted: key for key, wanted in choices[facet.parameter].items() if counts[wanted] or key == taken}
    found = []
    for wanted, value in _named(facet, known, everything):
        key = known[wanted]
        text = called(facet, wanted, named(value), language)
        href = way.to(others if key == taken else {**others, facet.parameter: key})
        lang = value.lang if text == named(value) else None
        found.append(Choice(key, value.iri, text, lang, counts[wanted], href, key == taken))
    return Facet(facet.parameter, facet.heading[language], tuple(found))


def _named(
    facet: FacetForm, known: Container[Wanted | None], everything: Sequence[Row],
) -> Iterator[tuple[Wanted | None, Value]]:
    """Yield what is known of a facet with the things it stands for, in the order in which a reader looks for it."""
    for variable in facet.variables:
        things = {value.iri: value for row in everything for value in row[variable]
                  if value.iri and Wanted(variable, value.iri) in known}
        for value in _in_order(things.values()):
            yield Wanted(variable, value.iri or ""), value
    if None in known:
        yield None, Value("")


def _in_order(values: Iterable[Value]) -> list[Value]:
    """Return values with a code in its order, behind them those without one as they came."""
    found = tuple(values)
    coded: list[Row] = [{"value": (value,)} for value in found if value.code]
    return [*(row["value"][0] for row in ordered(coded, "value")), *(value for value in found if not value.code)]


def _sortable(column: Heading, asked: Mapping[str, str], way: _Way) -> Heading:
    """Return a column with the reference that sorts by it: ascending first, then descending, then not at all."""
    now = {column.variable: "ascending", f"-{column.variable}": "descending"}.get(asked.get(SORT, ""))
    following = {None: column.variable, "ascending": f"-{column.variable}", "descending": ""}[now]
    kept = {name: value for name, value in asked.items() if name != PAGE}
    return replace(column, order=now, href=way.to({**kept, SORT: following}))


def named(value: Value) -> str:
    """Return what a value is called in a list: its code before its text."""
    return value.text if not value.code or value.text.startswith(value.code) else f"{value.code} {value.text}"


def _has(row: Row, facet: FacetForm, wanted: Wanted | None) -> bool:
    if wanted is None:
        return not any(row[variable] for variable in facet.variables)
    return any(value.iri == wanted.iri for value in row[wanted.variable])


def _of(row: Row, facet: FacetForm) -> Iterator[Wanted | None]:
    """Yield all that a row counts for in a facet."""
    if _has(row, facet, None):
        yield None
    for variable in facet.variables:
        yield from (Wanted(variable, value.iri) for value in row[variable] if value.iri)


def _parts(iri: str) -> list[str]:
    return iri.replace("#", "/").rstrip("/").split("/")
