"""What the editors assume, in files: their cells have it beside what sources state, and columns tell it apart.

Pages show the same with a mark (templates/process.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from wir2graph.pages.model import Heading, Row, Value

TABLE: Final = "assumed"
"""The table of a page with what the editors assume: thing, property (the last part of its IRI), value, certainty."""


def beside(rows: Iterable[Row], header: str, properties: Mapping[str, str], assumed: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows with what is assumed of the thing that each is about, by the variable `header`.

    `properties` has the property of each variable of which something may be assumed. Its cell gets the assumed values,
    too; two further cells have these alone, and how certain each is.
    """
    known: dict[tuple[str | None, str], list[Row]] = {}
    for claim in assumed:
        known.setdefault((claim["thing"][0].iri, claim["property"][0].text), []).append(claim)

    def cells(row: Row) -> Iterator[tuple[str, tuple[Value, ...]]]:
        for variable, property in properties.items():
            claims = [claim for thing in row[header] for claim in known.get((thing.iri, property), ())]
            values = tuple(claim["value"][0] for claim in claims)
            yield variable, (*row[variable], *values)
            yield _assumed(variable), values
            yield _certainty(variable), tuple(claim["certainty"][0] for claim in claims)

    return tuple({**row, **dict(cells(row))} for row in rows)


def headings(columns: Iterable[Heading], variables: Iterable[str], texts: Mapping[str, Any]) -> Iterator[Heading]:
    """Yield the columns, and behind those of the variables the two that tell what is assumed and how certainly.

    `texts` has their headings.
    """
    for column in columns:
        yield column
        if column.variable in variables:
            for name, text in ((_assumed, "values"), (_certainty, "certainties")):
                yield replace(column, variable=name(column.variable), text=texts[text].format(column=column.text))


def _assumed(variable: str) -> str:
    return f"{variable}Assumed"


def _certainty(variable: str) -> str:
    return f"{variable}Certainty"
