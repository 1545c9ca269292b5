"""Amounts that flow from things on the left to things on the right, as SVG with a link at each of them.

Nothing is scaled with the window, so that letters stay readable: the picture stands in a box that scrolls. The bar of a
thing is as high as all its flows together, and the room around it as high as its name needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from markupsafe import Markup

from wir2graph.pages.charts.letters import LINE, TARGET, area, lines, linked, named, written
from wir2graph.pages.model import Row, Value

WIDTH: Final = 1080
COLOURS: Final = 6

_LETTERS: Final = 34
_NAMES: Final = 310  # pixels on each side that hold the names
_BAR: Final = 14
_BESIDE: Final = 8
_GAP: Final = 10
_HIGH: Final = 620  # pixels that all flows together have about
_THICKEST, _THINNEST = 14.0, 1.0  # pixels of a flow of one


@dataclass(frozen=True)
class Flow:
    """An amount, more than nothing, that flows from one thing to another; each pair of things has one flow.

    `all` is the amount that the source is said to have: less than all that flows out of it, where some of it flows to
    several things.
    """

    source: Value
    target: Value
    amount: float
    all: float


@dataclass(frozen=True)
class Bar:
    """A thing with its name in lines and what flows through it; `top` and `high` are of the bar, `room` of its slot."""

    value: Value
    name: tuple[str, ...]
    amount: float
    top: float
    high: float
    room: tuple[float, float]


@dataclass(frozen=True)
class Band:
    """A flow between two bars, known by their places; its middle at both ends, and how thick it is."""

    flow: Flow
    source: int
    target: int
    begin: float
    end: float
    thick: float


@dataclass(frozen=True)
class Plan:
    """Where everything stands."""

    sources: tuple[Bar, ...]
    targets: tuple[Bar, ...]
    bands: tuple[Band, ...]
    height: float


def sankey(rows: Sequence[Row], names: tuple[str, str, str, str], title: str, said: str) -> Markup:
    """Return the picture of rows that each name two things and an amount, or empty markup where nothing flows.

    `names` are the variables of a row: the thing on the left, what it has in all, the thing on the right, the amount.
    `title` is what the picture is called for those who do not see it; `said` is the sentence about one flow, with
    `source`, `target` and `amount` to be filled in.
    """
    source, whole, target, amount = names
    flows = [
        Flow(row[source][0], row[target][0], row[amount][0].number or 0.0, row[whole][0].number or 0.0) for row in rows
    ]
    if not flows:
        return Markup("")
    plan = planned(flows)
    return Markup(
        f'<svg class="picture sankey" role="group" aria-labelledby="fluss-titel" width="{WIDTH}"'
        f' height="{plan.height:.0f}" viewBox="0 0 {WIDTH} {plan.height:.0f}">'
        f'<title id="fluss-titel">{escape(title)}</title>'
        f'<g aria-hidden="true">{"".join(_band(band, said) for band in plan.bands)}</g>'
        f'{"".join(_bars(plan.sources, left=True))}{"".join(_bars(plan.targets, left=False))}</svg>'
    )


def planned(flows: Sequence[Flow]) -> Plan:
    """Return where the bars and bands of flows stand; things keep the order in which they appear."""
    one = min(_THICKEST, max(_THINNEST, _HIGH / sum(flow.amount for flow in flows)))
    out = _through((flow.source, flow.amount) for flow in flows)
    into = _through((flow.target, flow.amount) for flow in flows)
    known = {flow.source: flow.all for flow in flows} | into
    height = max(_least(side, known, one) for side in (out, into))
    sources, targets = (_standing(side, known, one, height) for side in (out, into))
    places = [{bar.value: index for index, bar in enumerate(bars)} for bars in (sources, targets)]
    numbered = [(places[0][flow.source], places[1][flow.target], flow) for flow in flows]
    begins = _stacked(sources, [(here, there, flow.amount * one) for here, there, flow in numbered])
    ends = _stacked(targets, [(there, here, flow.amount * one) for here, there, flow in numbered])
    bands = tuple(
        Band(flow, here, there, begins[here, there], ends[there, here], flow.amount * one)
        for here, there, flow in sorted(numbered, key=lambda entry: entry[:2])
    )
    return Plan(sources, targets, bands, height)


def _through(amounts: Iterable[tuple[Value, float]]) -> dict[Value, float]:
    found: dict[Value, float] = {}
    for value, amount in amounts:
        found[value] = found.get(value, 0.0) + amount
    return found


def _name(value: Value, amount: float) -> tuple[str, ...]:
    return lines(f"{named(value)} ({amount:g})", _LETTERS)


def _room(name: Sequence[str], high: float) -> float:
    return max(high, float(TARGET), len(name) * LINE)


def _least(side: Mapping[Value, float], known: Mapping[Value, float], one: float) -> float:
    rooms = (_room(_name(value, known[value]), amount * one) for value, amount in side.items())
    return sum(rooms) + _GAP * (len(side) - 1)


def _standing(side: Mapping[Value, float], known: Mapping[Value, float], one: float, height: float) -> tuple[Bar, ...]:
    """Return the bars of one side, spread evenly over the height."""
    names = {value: _name(value, known[value]) for value, amount in side.items()}
    rooms = {value: _room(names[value], amount * one) for value, amount in side.items()}
    gap = (height - sum(rooms.values())) / max(1, len(side) - 1)
    top = 0.0 if len(side) > 1 else (height - sum(rooms.values())) / 2
    bars = []
    for value, amount in side.items():
        room, high = rooms[value], amount * one
        bars.append(Bar(value, names[value], amount, top + (room - high) / 2, high, (top, room)))
        top += room + gap
    return tuple(bars)


def _stacked(bars: Sequence[Bar], ends: Sequence[tuple[int, int, float]]) -> dict[tuple[int, int], float]:
    """Return the middle of each flow at its bar, by the bar's place and that of the bar at the other end."""
    down = [bar.top for bar in bars]
    found = {}
    for here, there, thick in sorted(ends):
        found[here, there] = down[here] + thick / 2
        down[here] += thick
    return found


def _band(band: Band, said: str) -> str:
    left, right = _NAMES + _BAR, WIDTH - _NAMES - _BAR
    bend = (left + right) / 2
    flow = band.flow
    told = said.format(source=named(flow.source), target=named(flow.target), amount=f"{flow.amount:g}")
    return (
        f'<path class="sankey__band colour--{band.source % COLOURS}" stroke-width="{band.thick:.2f}" d="M{left}'
        f' {band.begin:.1f}C{bend:g} {band.begin:.1f} {bend:g} {band.end:.1f} {right} {band.end:.1f}">'
        f"<title>{escape(told)}</title></path>"
    )


def _bars(bars: Sequence[Bar], *, left: bool) -> Iterator[str]:
    bar_at = _NAMES if left else WIDTH - _NAMES - _BAR
    x, anchor = (_NAMES - _BESIDE, "end") if left else (WIDTH - _NAMES + _BESIDE, "start")
    for index, bar in enumerate(bars):
        top, high = bar.room
        colour = f" colour--{index % COLOURS}" if left else ""
        yield linked(bar.value, [
            area(0 if left else WIDTH - _NAMES, top, _NAMES, high),
            f'<rect class="sankey__bar{colour}" x="{bar_at}" y="{bar.top:.1f}" width="{_BAR}"'
            f' height="{bar.high:.1f}"/>',
            *written(bar.name, x, top + high / 2, anchor, "picture__name"),
        ])
