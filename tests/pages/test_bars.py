from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from wir2graph.pages.charts.bars import bars, scale
from wir2graph.pages.model import Row, Value

NUMBERS = st.none() | st.floats(0, 100).map(lambda number: round(number, 1))


def row(name: str, first: float | None, second: float | None) -> Row:
    return {
        "group": (Value(name),),
        "first": (Value(f"{first:g}", number=first),) if first is not None else (),
        "second": (Value(f"{second:g}", number=second),) if second is not None else (),
    }


def drawn(rows: list[Row]) -> ElementTree.Element:
    return ElementTree.fromstring(str(bars(rows, "group", "first", "second", ("now", "then"), "Shares")))


def widths(picture: ElementTree.Element, kind: str) -> list[float]:
    return [float(r.attrib["width"].rstrip("%")) for r in picture.iter("rect") if r.attrib["class"] == f"bars__{kind}"]


@given(st.lists(st.tuples(st.text("aäß <&\"'", min_size=1), NUMBERS, NUMBERS), min_size=1))
def test_each_number_is_one_bar_inside_the_picture(groups: list[tuple[str, float | None, float | None]]) -> None:
    numbers = [number for _, *pair in groups for number in pair if number is not None]
    if not numbers:
        assert bars([row(*group) for group in groups], "group", "first", "second", ("now", "then"), "Shares") == ""
        return
    picture = drawn([row(*group) for group in groups])
    found = widths(picture, "first") + widths(picture, "second")
    assert len(found) == len(numbers)
    assert all(0 <= width <= 100 for width in found)
    assert not [e for e in picture.iter() if "style" in e.attrib]
    height = float(picture.attrib["height"])
    assert all(float(e.attrib["y"]) + float(e.attrib["height"]) <= height for e in picture.iter("rect"))


@given(st.floats(0.1, 100), st.floats(0.1, 100))
def test_bars_are_as_long_as_their_numbers_say(first: float, second: float) -> None:
    picture = drawn([row("a", first, second)])
    [one], [two] = widths(picture, "first"), widths(picture, "second")
    assert abs(one * second - two * first) <= 0.01 * (first + second)


@given(st.floats(0, 10_000))
def test_the_scale_reaches_the_largest_number_and_has_whole_quarters(largest: float) -> None:
    assert scale(largest) >= largest
    assert scale(largest) % 4 == 0


def test_every_bar_says_its_group_its_kind_and_its_number() -> None:
    picture = drawn([row("Trainees", 12.5, 30.0)])
    titles = [e.text for e in picture.iter("title")]
    assert titles == ["Shares", "Trainees, now: 12.5 %", "Trainees, then: 30 %"]
    assert picture.attrib["role"] == "img"
