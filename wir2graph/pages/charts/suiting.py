"""Which columns of a result suit a chart: names with amounts, or times with amounts. Anything else has none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import pyoxigraph as ox

from wir2graph.pages.asked import ChartView
from wir2graph.pages.charts.amounts import amounts
from wir2graph.pages.charts.course import Point, course
from wir2graph.pages.model import Value
from wir2graph.pages.results import Solution, number_of, numeric, seconds_of
from wir2graph.plan import PREFIXES
from wir2graph.store.base import Term

MOST_BARS: Final = 40
MOST_COLUMNS: Final = 60
_INTEGER: Final = PREFIXES["xsd"] + "integer"
_YEAR: Final = re.compile("jahr|year", re.IGNORECASE)
_YEARS: Final = range(1000, 3000)

Column = Sequence[Term]


def chart_of(
    variables: Sequence[str], rows: Sequence[Solution], shown: Callable[[Term], Value], texts: Mapping[str, str],
) -> ChartView | None:
    """Return the chart of a whole result, or None where its columns do not suit one.

    One column must hold amounts: numbers, none of them negative or missing. Beside it stands a column of different
    dates, months or years, or else one of different names, which is the first that holds no numbers. `shown` is how a
    term is shown, `texts` has the words of the captions.
    """
    if not 2 <= len(rows) <= MOST_COLUMNS:
        return None
    columns = {name: found for index, name in enumerate(variables) if (found := _bound(rows, index)) is not None}
    times = {name: at for name, column in columns.items() if (at := _times(name, column)) is not None}
    numbers = [name for name, column in columns.items() if name not in times and numeric(column)]
    if len(numbers) != 1 or len(times) > 1 or not _are_amounts(columns[numbers[0]]):
        return None
    label = next(iter([*times, *(name for name in columns if name not in numbers)]), None)
    if label is None:
        return None
    told = list(zip(map(shown, columns[label]), map(shown, columns[numbers[0]]), strict=True))
    caption = texts["course" if times else "bars"].format(amount=numbers[0], name=label)
    title = f"{caption} {texts['twin']}"
    if times:
        moments = times[label]
        points = [Point(at, name.text, amount) for at, (name, amount) in zip(moments, told, strict=True)]
        picture = course(sorted(points, key=lambda point: point.at), title) if _differ(moments) else None
    else:
        picture = amounts(told, title) if len(told) <= MOST_BARS and _differ([name.text for name, _ in told]) else None
    return ChartView(picture, caption) if picture is not None else None


def _bound(rows: Sequence[Solution], index: int) -> Column | None:
    """Return a column if every row has a value there."""
    found = [term for row in rows if (term := row[index]) is not None]
    return found if len(found) == len(rows) else None


def _times(name: str, column: Column) -> Sequence[float] | None:
    """Return what grows evenly with time, where a column holds dates, or whole numbers that its name calls years."""
    found = [moment for term in column if (moment := seconds_of(term)) is not None]
    if len(found) == len(column):
        return [float(moment) for moment in found]
    years = [year for term in column if (year := _year(term)) is not None] if _YEAR.search(name) else []
    return years if len(years) == len(column) else None


def _year(term: Term) -> float | None:
    whole = isinstance(term, ox.Literal) and term.datatype.value == _INTEGER
    number = number_of(term)
    return float(number) if whole and number is not None and number in _YEARS else None


def _are_amounts(column: Column) -> bool:
    found = [number for term in column if (number := number_of(term)) is not None]
    return all(number.is_finite() and number >= 0 for number in found) and any(number > Decimal(0) for number in found)


def _differ(values: Sequence[float] | Sequence[str]) -> bool:
    return len(set(values)) == len(values)
