from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from wir2graph.pages.charts.years import sign, years
from wir2graph.pages.model import Row, Value

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")
BOUNDS = st.tuples(st.integers(1990, 2040), st.integers(0, 371), st.integers(0, 2000)).map(
    lambda given: (given[0] + given[1] / 372, given[0] + (given[1] + given[2] + 1) / 372))


def row(name: str, start: float | None, end: float | None, *, kind: int = 1, date: str = "then") -> Row:
    return {
        "thing": (Value(name),), "order": (Value(str(kind), number=kind),),
        "start": (Value("", number=start),) if start is not None else (),
        "end": (Value("", number=end),) if end is not None else (),
        "date": (Value(date),) if date else (), "period": (),
    }


def drawn(rows: list[Row]) -> ElementTree.Element:
    return ElementTree.fromstring(str(years(rows, MONTHS, "Years")))


def written(picture: ElementTree.Element, name: str) -> list[str]:
    return [e.text or "" for e in picture.iter("text") if e.attrib["class"] == f"years__{name}"]


def places(picture: ElementTree.Element) -> Iterator[tuple[float, float, float]]:
    """Height, begin and end of all that stands for a moment, as shares of the width."""
    for group in picture.findall("g"):
        for shape in [*group.findall("svg"), *group.findall("line")]:
            begin = float(shape.attrib.get("x", shape.attrib.get("x1", "")).rstrip("%"))
            height = float(shape.attrib.get("y", shape.attrib.get("y1", "")))
            yield height, begin, float(shape.attrib.get("x2", f"{begin}%").rstrip("%"))


@given(st.lists(BOUNDS, min_size=1, max_size=12))
def test_each_moment_lies_on_every_year_that_it_covers_inside_the_picture(bounds: list[tuple[float, float]]) -> None:
    picture = drawn([row(f"moment {index}", *pair) for index, pair in enumerate(bounds)])
    covered = {year for start, end in bounds for year in range(int(start + 1e-6), int(end - 1e-6) + 1)}
    assert written(picture, "year") == [str(year) for year in sorted(covered)]
    assert all(0 <= begin <= end <= 100.5 for _, begin, end in places(picture))
    assert all(0 < height < float(picture.attrib["height"]) for height, _, _ in places(picture))
    assert len(picture.findall("g/svg")) == len(bounds)
    assert not [e for e in picture.iter() if "style" in e.attrib]


@given(st.lists(BOUNDS, min_size=2, max_size=12))
def test_no_sign_covers_another(bounds: list[tuple[float, float]]) -> None:
    picture = drawn([row(f"moment {index}", *pair) for index, pair in enumerate(bounds)])
    signs = sorted((float(e.attrib["y"]), float(e.attrib["x"].rstrip("%"))) for e in picture.findall("g/svg"))
    for (height, place), (other_height, other_place) in pairwise(signs):
        assert height != other_height or other_place - place >= 2.98


def test_a_day_is_a_sign_and_a_period_a_bar() -> None:
    picture = drawn([row("day", 2026.5, 2026.5 + 1 / 372), row("half", 2026.5, 2027)])
    assert [len(group.findall("line")) for group in picture.findall("g")] == [0, 1]
    [line] = picture.findall("g/line")
    assert (line.attrib["x1"], line.attrib["x2"]) == ("57.00%", "100.00%")


def test_what_has_no_bounds_is_left_to_the_list() -> None:
    assert years([row("some day", None, None)], MONTHS, "Years") == ""
    picture = drawn([row("some day", None, None), row("this day", 2026.0, 2026.1)])
    assert [e.text for e in picture.iter("title")] == ["Years", "this day"]


def test_what_the_text_leaves_open_looks_different() -> None:
    picture = drawn([row("stated", 2026.0, 2026.5, kind=1), row("<open> & more", 2026.0, 2026.5, kind=2, date="")])
    assert [(g.attrib["class"], g.findtext("title")) for g in picture.findall("g")] == [
        ("sign--1", "stated"), ("sign--2 years__open", "<open> & more"),
    ]
    assert picture.attrib["role"] == "img"
    assert written(picture, "month") == list("JFMAMJJASOND")


def test_each_kind_has_a_sign_of_its_own() -> None:
    shapes = {str(sign(kind)).partition(">")[2] for kind in range(1, 9)}
    assert len(shapes) == 8
    assert all('aria-hidden="true"' in str(sign(kind)) for kind in range(1, 9))
