"""Things on the left, joined by lines to things on the right that stand in groups, as SVG with a link at each of them.

Nothing is scaled with the window, so that letters stay readable: the picture stands in a box that scrolls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from markupsafe import Markup

from wir2graph.pages.charts.letters import LINE, TARGET, area, lines, linked, named, written
from wir2graph.pages.model import Value

WIDTH: Final = 1000

_LETTERS: Final = 38
_NAMES: Final = 350  # pixels on each side that hold the names
_INDENT: Final = 24
_DOT: Final = 5
_BESIDE: Final = 12
_GAP: Final = 8
_APART: Final = 14  # pixels more before a group


@dataclass(frozen=True)
class Node:
    """A thing on the left with the places of those on the right that it is joined to."""

    value: Value
    joined: tuple[int, ...]


@dataclass(frozen=True)
class Member:
    """A thing on the right: `head` where it only names the group of those after it, `deep` where it is in one."""

    value: Value
    head: bool = False
    deep: bool = False


@dataclass(frozen=True)
class Slot:
    """Where a thing stands: the lines of its name, its upper edge and how high it is."""

    name: tuple[str, ...]
    top: float
    high: float

    @property
    def middle(self) -> float:
        """The height at which lines end."""
        return self.top + self.high / 2


def network(nodes: Sequence[Node], members: Sequence[Member], title: str) -> Markup:
    """Return the picture, or empty markup where nothing is joined; `title` is for those who do not see it."""
    if not any(node.joined for node in nodes):
        return Markup("")
    left, right, height = placed(nodes, members)
    shown = [
        *(_node(node, slot, right) for node, slot in zip(nodes, left, strict=True)),
        *(_member(member, slot) for member, slot in zip(members, right, strict=True)),
    ]
    return Markup(
        f'<svg class="picture network" role="group" aria-labelledby="netz-titel" width="{WIDTH}" height="{height:.0f}"'
        f' viewBox="0 0 {WIDTH} {height:.0f}"><title id="netz-titel">{escape(title)}</title>{"".join(shown)}</svg>'
    )


def placed(nodes: Sequence[Node], members: Sequence[Member]) -> tuple[tuple[Slot, ...], tuple[Slot, ...], float]:
    """Return where the things on both sides stand, in their order, and the height of all."""
    sides = [
        [(_name(node.value), 0) for node in nodes],
        [(_name(member.value, member.deep), 0 if member.deep or not index else _APART)
         for index, member in enumerate(members)],
    ]
    height = max(sum(_high(name) + before for name, before in side) + _GAP * (len(side) - 1) for side in sides)
    left, right = (tuple(_spread(side, height)) for side in sides)
    return left, right, height


def _name(value: Value, deep: bool = False) -> tuple[str, ...]:
    return lines(named(value), _LETTERS - 3 * deep)


def _high(name: Sequence[str]) -> float:
    return float(max(TARGET, len(name) * LINE))


def _spread(side: Sequence[tuple[tuple[str, ...], int]], height: float) -> Iterator[Slot]:
    room = height - sum(_high(name) + before for name, before in side)
    gap = room / max(1, len(side) - 1)
    top = 0.0 if len(side) > 1 else room / 2
    for name, before in side:
        top += before
        yield Slot(name, top, _high(name))
        top += _high(name) + gap


def _node(node: Node, slot: Slot, right: Sequence[Slot]) -> str:
    """Return a thing on the left with all its lines, so that they are marked together."""
    begin, end = _NAMES + _DOT, WIDTH - _NAMES - _DOT
    bend = (begin + end) / 2
    ways = "".join(
        f'<path class="network__line" d="M{begin} {slot.middle:.1f}C{bend:g} {slot.middle:.1f} {bend:g}'
        f' {right[place].middle:.1f} {end} {right[place].middle:.1f}"/>' for place in node.joined
    )
    link = linked(node.value, [
        area(0, slot.top, _NAMES - _BESIDE + 4, slot.high),
        *written(slot.name, _NAMES - _BESIDE, slot.middle, "end", "picture__name"),
    ])
    dot = f'<circle class="network__dot" cx="{_NAMES}" cy="{slot.middle:.1f}" r="{_DOT}"/>'
    return f'<g class="network__node">{link}{ways}{dot}</g>'


def _member(member: Member, slot: Slot) -> str:
    x = WIDTH - _NAMES + _BESIDE + (_INDENT if member.deep else 0)
    kind = "picture__head" if member.head else "picture__name"
    dot = "" if member.head else (
        f'<circle class="network__dot" cx="{WIDTH - _NAMES}" cy="{slot.middle:.1f}" r="{_DOT}"/>'
    )
    return linked(member.value, [
        area(x - 4, slot.top, WIDTH - x + 4, slot.high), *written(slot.name, x, slot.middle, "start", kind),
    ]) + dot
