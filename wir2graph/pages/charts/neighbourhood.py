"""A thing with what stands around it, as a small SVG with a link at each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from markupsafe import Markup

from wir2graph.pages.charts.letters import LINE, lines, linked, named, written
from wir2graph.pages.model import Row, Value

MOST: Final = 8

_WIDTH: Final = 288
_BOX: Final = 138
_LETTERS: Final = 17
_MOST_LINES: Final = 3
_ROUND: Final = 26
_GAP: Final = 12
_EDGE: Final = 6


@dataclass(frozen=True)
class Near:
    """A thing that is near, and what it is to the thing in the middle: one kind, or several."""

    kinds: tuple[str, ...]
    value: Value


def nearby(rows: Iterable[Row], kind: str, thing: str) -> tuple[Near, ...]:
    """Return what is near, from rows of a kind and a thing: each thing once with all its kinds, if it has a page."""
    found: dict[Value, dict[str, None]] = {}
    for row in rows:
        if row[kind] and row[thing] and row[thing][0].href:
            found.setdefault(row[thing][0], {})[row[kind][0].text] = None
    return tuple(Near(tuple(kinds), value) for value, kinds in found.items())


def of_kind(around: Iterable[Near], kind: str) -> tuple[Value, ...]:
    """Return what is near as one kind, in the order given."""
    return tuple(entry.value for entry in around if kind in entry.kinds)


def chosen(around: Sequence[Near], most: int = MOST) -> tuple[Near, ...]:
    """Return no more than `most` of what is near, so that every kind has its share, in the order given."""
    turns: dict[str, int] = {}
    order = []
    for place, entry in enumerate(around):
        kind = entry.kinds[0]
        turns[kind] = turns.get(kind, 0) + 1
        order.append((turns[kind], place))
    return tuple(around[place] for place in sorted(place for _, place in sorted(order)[:most]))


def neighbourhood(middle: str, around: Sequence[Near], kinds: Mapping[str, str], title: str) -> Markup:
    """Return the picture: two columns of boxes around the thing in the middle, or empty markup where nothing is near.

    `middle` is what stands in the middle: a few letters; `kinds` has the words for the kinds; `title` is what the
    picture is called for those who do not see it.
    """
    if not around:
        return Markup("")
    pairs = [around[index:index + 2] for index in range(0, len(around), 2)]
    above = (len(pairs) + 1) // 2
    shown: list[str] = []
    stems: list[float] = []
    top = float(_EDGE)
    centre = 0.0
    for index, pair in enumerate(pairs):
        if index == above:
            centre, top = top + _ROUND, top + 2 * _ROUND + _GAP
        high = max(_high(entry) for entry in pair)
        for side, entry in enumerate(pair):
            shown.append(_box(entry, kinds, float(side * (_WIDTH - _BOX)), top, high))
            shown.append(_branch(side, top + high / 2))
        stems.append(top + high / 2)
        top += high + _GAP
    if not centre:
        centre, top = top + _ROUND, top + 2 * _ROUND + _GAP
    begin, end = min(stems[0], centre), max(stems[-1], centre)
    return Markup(
        f'<svg class="picture near" role="group" aria-labelledby="umgebung-titel" viewBox="0 0 {_WIDTH}'
        f' {top - _GAP + _EDGE:.0f}"><title id="umgebung-titel">{escape(title)}</title>'
        f'<path class="near__line" d="M{_WIDTH / 2:g} {begin:.1f}V{end:.1f}"/>{"".join(shown)}'
        f'<circle class="near__middle" cx="{_WIDTH / 2:g}" cy="{centre:.1f}" r="{_ROUND}"/>'
        f'{"".join(written([middle], _WIDTH / 2, centre, "middle", "near__number"))}</svg>'
    )


def _name(entry: Near) -> tuple[str, ...]:
    return lines(named(entry.value), _LETTERS, _MOST_LINES)


def _high(entry: Near) -> float:
    return float((1 + len(_name(entry))) * LINE + 2 * _EDGE)


def _box(entry: Near, kinds: Mapping[str, str], x: float, top: float, high: float) -> str:
    kind = ", ".join(kinds[name] for name in entry.kinds)
    middle = x + _BOX / 2
    text = top + (high - _high(entry)) / 2 + _EDGE
    return linked(entry.value, [
        f'<rect class="near__box" x="{x:g}" y="{top:.1f}" width="{_BOX}" height="{high:.1f}" rx="4"/>',
        *written([kind], middle, text + LINE / 2, "middle", "near__kind"),
        *written(_name(entry), middle, text + LINE * (1 + len(_name(entry)) / 2), "middle", "near__name"),
    ], title=f"{kind}: {named(entry.value)}")


def _branch(side: int, y: float) -> str:
    x = _BOX if side == 0 else _WIDTH - _BOX
    return f'<path class="near__line" d="M{_WIDTH / 2:g} {y:.1f}H{x}"/>'
