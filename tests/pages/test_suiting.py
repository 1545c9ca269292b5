"""Which results have a chart, and what the charts show."""

from __future__ import annotations

from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wir2graph.pages.charts.suiting import MOST_BARS, MOST_COLUMNS, chart_of
from wir2graph.pages.model import Value
from wir2graph.pages.results import Solution, number_of
from wir2graph.store.base import Term

XSD = "http://www.w3.org/2001/XMLSchema#"
TEXTS = {"bars": "{amount} per {name}", "course": "{amount} over {name}", "twin": "(table)"}


def literal(text: object, kind: str) -> ox.Literal:
    return ox.Literal(str(text), datatype=ox.NamedNode(XSD + kind))


def shown(term: Term) -> Value:
    number = number_of(term)
    text = term.value if isinstance(term, ox.Literal | ox.NamedNode) else ""
    return Value(text, number=float(number) if number is not None else None)


def drawn(variables: tuple[str, ...], rows: list[Solution]) -> ElementTree.Element | None:
    chart = chart_of(variables, rows, shown, TEXTS)
    return ElementTree.fromstring(str(chart.picture)) if chart is not None else None


def named(amounts: list[int]) -> list[Solution]:
    return [(ox.Literal(f"<{index}>&"), literal(amount, "integer")) for index, amount in enumerate(amounts)]


def titles(picture: ElementTree.Element) -> list[str | None]:
    return [title.text for title in picture.iter("title")]


def sizes(picture: ElementTree.Element, name: str) -> list[float]:
    return [float(rect.attrib[name].rstrip("%")) for rect in picture.iter("rect")]


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=MOST_BARS).filter(any))
def test_names_with_amounts_are_bars_as_long_as_their_amounts(amounts: list[int]) -> None:
    picture = drawn(("name", "n"), named(amounts))
    assert picture is not None
    assert titles(picture)[1:] == [f"<{index}>&: {amount}" for index, amount in enumerate(amounts)]
    for width, amount in zip(sizes(picture, "width"), amounts, strict=True):
        assert abs(width / 80 - amount / max(amounts)) < 0.001
    height = float(picture.attrib["height"])
    assert all(y + 16 <= height for y in sizes(picture, "y"))


@given(st.dictionaries(st.dates(), st.integers(0, 10**6), min_size=2, max_size=MOST_COLUMNS)
       .filter(lambda found: any(found.values())))
def test_dates_with_amounts_are_columns_in_the_order_of_time(found: dict[object, int]) -> None:
    rows: list[Solution] = [(literal(day, "date"), literal(n, "integer")) for day, n in found.items()]
    picture = drawn(("day", "n"), rows)
    assert picture is not None
    assert titles(picture)[1:] == [f"{day}: {found[day]}" for day in sorted(found, key=str)]
    left, wide, high = (sizes(picture, name) for name in ("x", "width", "height"))
    assert left == sorted(left)
    assert all(x >= 0 and x + width <= 100.01 for x, width in zip(left, wide, strict=True))
    for height, day in zip(high, sorted(found, key=str), strict=True):
        assert abs(height / 200 - found[day] / max(found.values())) < 0.001


def test_a_column_called_year_holds_years() -> None:
    rows: list[Solution] = [(literal(year, "integer"), literal(2, "integer")) for year in (2024, 2020, 2022)]
    for name in ("year", "Jahr", "geburtsjahr"):
        picture = drawn((name, "n"), rows)
        assert picture is not None
        assert titles(picture) == [f"n over {name} (table)", "2020: 2", "2022: 2", "2024: 2"]
        assert sizes(picture, "x")[1] == pytest.approx((sizes(picture, "x")[0] + sizes(picture, "x")[2]) / 2)
    assert drawn(("size", "n"), rows) is None  # two columns of numbers: which one is meant, nobody knows
    assert drawn(("year", "n"), [(literal(20, "integer"), literal(2, "integer")), *rows]) is None


@pytest.mark.parametrize(("variables", "rows"), [
    (("name", "n"), named([1])),
    (("name", "n"), named([1] * (MOST_BARS + 1))),
    (("name", "n"), named([0, 0])),
    (("name", "n"), named([1, -1])),
    (("name", "n"), [*named([1, 2]), (ox.Literal("x"), None)]),
    (("name", "n"), [*named([1, 2]), (None, literal(1, "integer"))]),
    (("name", "n"), [*named([1, 2]), (ox.Literal("x"), literal("INF", "double"))]),
    (("name", "n"), [*named([1, 2]), (ox.Literal("x"), ox.Literal("2"))]),
    (("name", "n"), [*named([1, 2]), *named([1, 2])]),
    (("day", "n"), [(literal("2026-01-01", "date"), literal(1, "integer"))] * 2),
    (("n",), [(literal(1, "integer"),), (literal(2, "integer"),)]),
    (("name", "n", "m"), [(*row, literal(1, "integer")) for row in named([1, 2])]),
    ((), [(), ()]),
    (("name", "n"), []),
])
def test_what_suits_no_chart_has_none(variables: tuple[str, ...], rows: list[Solution]) -> None:
    assert drawn(variables, rows) is None


def test_the_first_column_without_numbers_names_the_bars() -> None:
    rows: list[Solution] = [(literal(n, "integer"), ox.Literal(f"a{n}"), ox.Literal("same")) for n in (3, 4)]
    picture = drawn(("n", "name", "kind"), rows)
    assert picture is not None
    assert titles(picture) == ["n per name (table)", "a3: 3", "a4: 4"]
    assert not [element for element in picture.iter() if "style" in element.attrib]
