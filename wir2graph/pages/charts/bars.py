"""Bars that compare two numbers of each group, as SVG that keeps its letters readable at every width.

Places along the scale are percentages of the width and heights are pixels, so nothing is scaled with the window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from textwrap import wrap
from typing import Final

from markupsafe import Markup

from wir2graph.pages.model import Row, Value

_BAR: Final = 20
_LINE: Final = 22
_GAP: Final = 18
_FOOT: Final = 26
_LETTERS: Final = 38
_TICKS: Final = 4
_STEPS: Final = (1, 2, 5, 10, 15, 20, 25)
_ROOM: Final = 84.0  # per cent of the width that the scale takes; the rest holds the number behind the longest bar


@dataclass(frozen=True)
class Pair:
    """One group: its name, the first and the second number; either may be missing."""

    name: str
    first: Value | None
    second: Value | None


def bars(rows: Sequence[Row], group: str, first: str, second: str, names: tuple[str, str], title: str) -> Markup:
    """Return the chart of the rows that have a number, or empty markup where none has.

    `group`, `first` and `second` are the variables that hold a row's name and its two numbers: `Value.number` is the
    length of the bar in per cent, `Value.text` stands behind it. `names` says what the first and the second bar of each
    group are; `title` is what the picture is called for those who do not see it.
    """
    groups = [pair for pair in (_pair(row, group, first, second) for row in rows) if _numbers(pair)]
    if not groups:
        return Markup("")
    top = scale(max(number for pair in groups for number in _numbers(pair)))
    lines: list[str] = []
    height = 0
    for pair in groups:
        lines += _group(pair, names, top, height)
        height += _height(pair)
    return Markup(
        f'<svg class="bars" role="img" aria-labelledby="diagramm-titel" width="100%" height="{height + _FOOT}">'
        f'<title id="diagramm-titel">{escape(title)}</title>'
        f"{''.join(_grid(top, height))}{''.join(lines)}</svg>"
    )


def scale(largest: float) -> int:
    """Return a whole number at or above the largest one of which a quarter is a whole number, too."""
    return next((4 * step for step in _STEPS if 4 * step >= largest), 4 * ceil(largest / 4))


def _pair(row: Row, group: str, first: str, second: str) -> Pair:
    name, *numbers = (next(iter(row[variable]), None) for variable in (group, first, second))
    return Pair(name.text if name else "", *numbers)


def _numbers(pair: Pair) -> list[float]:
    return [value.number for value in (pair.first, pair.second) if value is not None and value.number is not None]


def _height(pair: Pair) -> int:
    return len(_named(pair)) * _LINE + 2 * _BAR + _GAP


def _named(pair: Pair) -> list[str]:
    return wrap(pair.name, _LETTERS) or [""]


def _group(pair: Pair, names: tuple[str, str], top: int, offset: int) -> Iterator[str]:
    name = _named(pair)
    for index, line in enumerate(name):
        yield f'<text class="bars__name" x="0" y="{offset + (index + 1) * _LINE - 6}">{escape(line)}</text>'
    start = offset + len(name) * _LINE
    for index, (value, kind) in enumerate(((pair.first, "first"), (pair.second, "second"))):
        if value is not None and value.number is not None:
            wide = _ROOM * value.number / top
            y = start + index * _BAR
            yield (
                f'<g><title>{escape(f"{pair.name}, {names[index]}: {value.text} %")}</title>'
                f'<rect class="bars__{kind}" x="0" y="{y + 2}" width="{wide:.2f}%" height="{_BAR - 4}"/>'
                f'<text class="bars__number" x="{wide:.2f}%" dx="6" y="{y + _BAR - 5}">{escape(value.text)} %</text>'
                "</g>"
            )


def _grid(top: int, height: int) -> Iterator[str]:
    for index in range(_TICKS + 1):
        x = _ROOM * index / _TICKS
        anchor = "start" if index == 0 else "middle"
        text = top * index // _TICKS
        yield f'<line class="bars__grid" x1="{x:.2f}%" y1="0" x2="{x:.2f}%" y2="{height}"/>'
        yield f'<text class="bars__tick" x="{x:.2f}%" y="{height + 18}" text-anchor="{anchor}">{text}</text>'
