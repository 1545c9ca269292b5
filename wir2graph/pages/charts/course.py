"""Columns over time, as SVG that keeps its letters readable at every width.

Places in time are percentages of the width and heights are pixels, so nothing is scaled with the window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from wir2graph.pages.model import Value

_HIGH: Final = 200
_HEAD: Final = 24
_FOOT: Final = 26
_WIDEST, _NARROWEST = 8.0, 0.4  # per cent of the width
_LETTERS: Final = 44  # that fit below and above the columns on a phone


@dataclass(frozen=True)
class Point:
    """An amount at a time; `at` is any number that grows evenly with time, `amount.number` is not negative."""

    at: float
    time: str
    amount: Value


def course(points: Sequence[Point], title: str) -> Markup:
    """Return the chart of two or more points in the order of their different times, of which one amount is positive.

    `title` is what the picture is called for those who do not see it.
    """
    first, last = points[0].at, points[-1].at
    closest = min(after.at - before.at for before, after in pairwise(points)) / (last - first)
    wide = min(_WIDEST, max(_NARROWEST, 60 * closest))
    largest = max(point.amount.number or 0.0 for point in points)
    told = (_fit([point.amount.text for point in points]), _fit([point.time for point in points]))
    lines: list[str] = []
    for index, point in enumerate(points):
        left = (100 - wide) * (point.at - first) / (last - first)
        high = _HIGH * (point.amount.number or 0.0) / largest
        lines += _column(point, left, wide, high)
        lines += _letters(point, (left, wide), high, told, (index == 0) - (index == len(points) - 1))
    base = _HEAD + _HIGH
    return Markup(
        f'<svg class="bars course" role="img" aria-labelledby="diagramm-titel" width="100%" height="{base + _FOOT}">'
        f'<title id="diagramm-titel">{escape(title)}</title>{"".join(lines)}'
        f'<line class="bars__grid" x1="0" y1="{base}" x2="100%" y2="{base}"/></svg>'
    )


def _fit(texts: Sequence[str]) -> bool:
    return sum(len(text) + 1 for text in texts) <= _LETTERS


def _column(point: Point, left: float, wide: float, high: float) -> Iterator[str]:
    yield (
        f'<g><title>{escape(f"{point.time}: {point.amount.text}")}</title>'
        f'<rect class="bars__second" x="{left:.2f}%" y="{_HEAD + _HIGH - high:.1f}" width="{wide:.2f}%"'
        f' height="{high:.1f}"/></g>'
    )


def _letters(
    point: Point, place: tuple[float, float], high: float, told: tuple[bool, bool], end: int,
) -> Iterator[str]:
    """Yield amount and time of a column where there is room for those of all.

    `end` is 1 for the first column and -1 for the last, which have their time in any case.
    """
    left, wide = place
    amounts, times = told
    if amounts:
        yield (
            f'<text class="bars__number" x="{left + wide / 2:.2f}%" y="{_HEAD + _HIGH - high - 6:.1f}"'
            f' text-anchor="middle">{escape(point.amount.text)}</text>'
        )
    if times or end:
        x, anchor = {1: (left, "start"), -1: (left + wide, "end"), 0: (left + wide / 2, "middle")}[0 if times else end]
        yield (
            f'<text class="bars__tick" x="{x:.2f}%" y="{_HEAD + _HIGH + 18}" text-anchor="{anchor}">'
            f"{escape(point.time)}</text>"
        )
