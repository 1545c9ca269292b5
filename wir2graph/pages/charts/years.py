"""A line for each year with the moments and periods on it, as SVG that keeps its letters readable at every width.

Places within a year are percentages of the width and heights are pixels. Years in which nothing lies are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Final

from markupsafe import Markup

from wir2graph.pages.model import Row

_HEAD: Final = 24
_LANE: Final = 16
_GAP: Final = 12
_LEFT: Final = 14.0  # per cent of the width that the name of the year takes
_APART: Final = 3.0  # per cent that a sign takes, so that none covers another
_LONG: Final = 0.035  # of a year: what lasts longer has a bar beside its sign
_WHOLE: Final = 1e-6
_MONTHS: Final = 12

# The sign of each kind, around the point 0 0.
_SIGNS: Final = (
    '<path d="M0 -7 L7 0 L0 7 L-7 0 Z"/>',
    '<circle r="5.5"/>',
    '<rect x="-5" y="-5" width="10" height="10"/>',
    '<path d="M0 -6 L6.5 5.5 L-6.5 5.5 Z"/>',
    '<path d="M0 6 L6.5 -5.5 L-6.5 -5.5 Z"/>',
    '<path d="M-5 -6 L6 0 L-5 6 Z"/>',
    '<path d="M-6 0 H6 M0 -6 V6"/>',
    '<path d="M-5 -5 L5 5 M-5 5 L5 -5"/>',
)


@dataclass(frozen=True)
class Moment:
    """One thing on the years: name, number of its kind, bounds, and whether the text leaves its date open."""

    name: str
    kind: int
    start: float
    end: float
    open: bool


def years(rows: Sequence[Row], months: Sequence[str], title: str) -> Markup:
    """Return the chart of the rows that have bounds, or empty markup where none has.

    A row has `thing`, `order` (the number of its kind, from 1), `start` and `end` (bounds in years, 2026.5 is the
    middle of 2026), `date` and `period` (what the text states). `months` are the names of the months, `title` is what
    the picture is called for those who do not see it.
    """
    moments = [moment for moment in map(_moment, rows) if moment is not None]
    if not moments:
        return Markup("")
    lines: list[str] = []
    height = _HEAD
    for year in sorted({year for moment in moments for year in _covered(moment)}):
        lanes = _lanes([moment for moment in moments if year in _covered(moment)], year)
        lines += _year(year, lanes, height)
        height += len(lanes) * _LANE + _GAP
    return Markup(
        f'<svg class="years" role="img" aria-labelledby="diagramm-titel" width="100%" height="{height}">'
        f'<title id="diagramm-titel">{escape(title)}</title>'
        f"{''.join(_grid(months, height))}{''.join(lines)}</svg>"
    )


def sign(kind: int) -> Markup:
    """Return the sign of a kind (a number from 1) for a legend or a list; it tells nothing that is not in words."""
    return Markup(
        f'<svg class="sign sign--{kind}" aria-hidden="true" width="16" height="16" viewBox="-8 -8 16 16">'
        f"{_shape(kind)}</svg>"
    )


def _shape(kind: int) -> str:
    return _SIGNS[(kind - 1) % len(_SIGNS)]


def _moment(row: Row) -> Moment | None:
    start, end, kind = (row[name][0].number if row[name] else None for name in ("start", "end", "order"))
    if start is None or end is None or kind is None:
        return None
    return Moment(row["thing"][0].text, int(kind), start, end, not row["date"] and not row["period"])


def _covered(moment: Moment) -> range:
    first = int(moment.start + _WHOLE)
    return range(first, max(ceil(moment.end - _WHOLE), first + 1))


def _span(moment: Moment, year: int) -> tuple[float, float]:
    """Return where a moment begins and ends within a year, as places on the picture."""
    first, last = (min(max(bound - year, 0), 1) for bound in (moment.start, moment.end))
    return _place(first), _place(last)


def _place(part: float) -> float:
    return _LEFT + (100 - _LEFT) * part


def _lanes(moments: Sequence[Moment], year: int) -> list[list[Moment]]:
    """Return the moments of a year one below the other where they would cover each other."""
    lanes: list[list[Moment]] = []
    ends: list[float] = []
    for moment in sorted(moments, key=lambda moment: (_span(moment, year), moment.kind, moment.name)):
        start, end = _span(moment, year)
        free = next((index for index, taken in enumerate(ends) if taken <= start), None)
        if free is None:
            free = len(lanes)
            lanes.append([])
            ends.append(0)
        lanes[free].append(moment)
        ends[free] = max(end, start + _APART)
    return lanes


def _year(year: int, lanes: Sequence[Sequence[Moment]], top: int) -> Iterator[str]:
    yield f'<line class="years__line" x1="0" y1="{top}" x2="100%" y2="{top}"/>'
    yield f'<text class="years__year" x="0" y="{top + _GAP // 2 + 13}">{year}</text>'
    for index, lane in enumerate(lanes):
        y = top + _GAP // 2 + index * _LANE + _LANE // 2
        for moment in lane:
            yield from _drawn(moment, year, y)


def _drawn(moment: Moment, year: int, y: int) -> Iterator[str]:
    start, end = _span(moment, year)
    stated = " years__open" if moment.open else ""
    yield f'<g class="sign--{moment.kind}{stated}"><title>{escape(moment.name)}</title>'
    if moment.end - moment.start > _LONG:
        yield f'<line class="years__bar" x1="{start:.2f}%" y1="{y}" x2="{max(end, start + 0.5):.2f}%" y2="{y}"/>'
    if moment.start >= year - _WHOLE:
        yield f'<svg x="{start:.2f}%" y="{y}" class="years__sign">{_shape(moment.kind)}</svg>'
    yield "</g>"


def _grid(months: Sequence[str], height: int) -> Iterator[str]:
    for index, name in enumerate(months):
        x, middle = _place(index / _MONTHS), _place((index + 0.5) / _MONTHS)
        yield f'<line class="years__grid" x1="{x:.2f}%" y1="{_HEAD}" x2="{x:.2f}%" y2="{height}"/>'
        yield f'<text class="years__month" x="{middle:.2f}%" y="16" text-anchor="middle">{escape(name[:1])}</text>'
