"""The seats of a body in a half circle, as SVG: the shape says the role, letter and colour for whom the seat is, the
filling whether it has a vote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, cos, pi, sin
from typing import Final

from markupsafe import Markup

from wir2graph.pages.charts.letters import named
from wir2graph.pages.model import Row, Value

ROUND: Final = 13.0  # pixels from the middle of a seat to its edge
APART: Final = 31.0  # pixels from one seat to the next, at least

_NOT_STATED: Final = "–"

# Each fits into the circle of the same radius around the point 0 0.
_SHAPES: Final = (
    '<circle r="13"/>',
    '<path d="M0 -13 L13 0 L0 13 L-13 0 Z"/>',
    '<rect x="-9.2" y="-9.2" width="18.4" height="18.4" rx="1"/>',
    '<path d="M-6.5 -11.2 H6.5 L13 0 L6.5 11.2 H-6.5 L-13 0 Z"/>',
)


@dataclass(frozen=True)
class Seat:
    """A seat: its name, for what kind of thing it is, its role and whether it has a vote; None is not stated."""

    name: str
    whom: str | None
    role: Value | None
    vote: bool | None


@dataclass(frozen=True)
class Key:
    """A line of the legend: the sign, what it means (None: not stated) and how many seats have it."""

    sign: Markup
    text: str | None
    count: int


@dataclass(frozen=True)
class Seating:
    """The picture and its legend: for whom the seats are, their roles, their votes ("yes", "no")."""

    picture: Markup
    whom: tuple[Key, ...]
    roles: tuple[Key, ...]
    votes: tuple[Key, ...]


def seating(rows: Iterable[Row], letters: Mapping[str, str], title: str) -> Seating:
    """Return the picture of seats, from rows with `seat`, `whom` (the name of a kind), `role` and `vote` (1 or 0).

    `letters` has the letter of each kind of thing; `title` is what the picture is called for those who do not see it.
    """
    seats = [_seat(row) for row in rows]
    kinds = list(letters)
    by_whom, by_role, by_vote = (Counter(getattr(seat, of) for seat in seats) for of in ("whom", "role", "vote"))
    whom = sorted(by_whom, key=lambda kind: kinds.index(kind) if kind else len(kinds))
    roles = sorted(by_role, key=lambda role: (role is None, -by_role[role]))
    looks = {kind: (kinds.index(kind) if kind else None, letters[kind] if kind else _NOT_STATED) for kind in whom}
    ordered = sorted(seats, key=lambda seat: (whom.index(seat.whom), roles.index(seat.role)))
    places, width, height = half_circle(len(ordered))
    drawn = "".join(
        f'<g transform="translate({x:.1f} {y:.1f})">'
        f"{_shape(seat.vote, looks[seat.whom][0], roles.index(seat.role), looks[seat.whom][1], seat.name)}</g>"
        for seat, (x, y) in zip(ordered, places, strict=True)
    )
    return Seating(
        Markup(
            f'<svg class="seats" role="img" aria-labelledby="sitze-titel" width="{width:.0f}" height="{height:.0f}"'
            f' viewBox="0 0 {width:.0f} {height:.0f}"><title id="sitze-titel">{escape(title)}</title>{drawn}</svg>'
        ),
        tuple(Key(_sign(None, looks[kind][0], 0, looks[kind][1]), kind, by_whom[kind]) for kind in whom),
        tuple(Key(_sign(None, None, index), role.text if role else None, by_role[role])
              for index, role in enumerate(roles)),
        tuple(Key(_sign(vote, None, 0), text, by_vote[vote])
              for vote, text in ((True, "yes"), (False, "no"), (None, None)) if by_vote[vote]),
    )


def half_circle(number: int) -> tuple[tuple[tuple[float, float], ...], float, float]:
    """Return the middles of so many seats, from left to right, in as few rows as keep them apart; width and height."""
    rows = next(rows for rows in range(1, number + 2) if sum(_room(row, rows) for row in range(rows)) >= number)
    radii = [_radius(row, rows) for row in range(rows)]
    shares = _shares(number, [_room(row, rows) for row in range(rows)])
    edge = ROUND + 2
    middle = radii[-1] + edge
    found = []
    for radius, share in zip(radii, shares, strict=True):
        for index in range(share):
            turn = pi * (index / (share - 1) if share > 1 else 0.5)
            found.append((turn, middle - radius * cos(turn), middle - radius * sin(turn)))
    found.sort(key=lambda place: (round(place[0], 6), place[1]))
    return tuple((x, y) for _, x, y in found), 2 * middle, middle + edge


def _radius(row: int, rows: int) -> float:
    """Return how far a row is from the middle: the more rows there are, the more room is left inside them."""
    return APART * (row + 1 + ceil(rows / 2))


def _room(row: int, rows: int) -> int:
    return int(pi * _radius(row, rows) / APART) + 1


def _shares(number: int, rooms: Sequence[int]) -> list[int]:
    """Return how many seats each row has: about the same share of its room, never more than that."""
    total = sum(rooms)
    shares = [number * room // total for room in rooms]
    for row in sorted(range(len(rooms)), key=lambda row: -(number * rooms[row] % total))[:number - sum(shares)]:
        shares[row] += 1
    return shares


def _seat(row: Row) -> Seat:
    whom, role, vote = (next(iter(row[variable]), None) for variable in ("whom", "role", "vote"))
    name = ", ".join(named(value) for value in row["for"] or row["seat"])
    return Seat(name, whom.text if whom else None, role, None if vote is None else bool(vote.number))


def _shape(vote: bool | None, colour: int | None, shape: int, letter: str, name: str = "") -> str:
    filling = {True: "yes", False: "no", None: "open"}[vote]
    title = f"<title>{escape(name)}</title>" if name else ""
    text = f'<text y="5" text-anchor="middle">{escape(letter)}</text>' if letter else ""
    return (
        f'<g class="seat seat--{filling} colour--{"none" if colour is None else colour}">{title}'
        f"{_SHAPES[shape % len(_SHAPES)]}{text}</g>"
    )


def _sign(vote: bool | None, colour: int | None, shape: int, letter: str = "") -> Markup:
    return Markup(
        f'<svg class="seat-sign" aria-hidden="true" width="30" height="30" viewBox="-15 -15 30 30">'
        f"{_shape(vote, colour, shape, letter)}</svg>"
    )
