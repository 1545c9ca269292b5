"""A bar for each amount, as SVG that keeps its letters readable at every width.

Lengths are percentages of the width and heights are pixels, so nothing is scaled with the window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap
from typing import Final

from markupsafe import Markup

from wir2graph.pages.model import Value

_BAR: Final = 20
_LINE: Final = 22
_GAP: Final = 10
_LETTERS: Final = 38
_ROOM: Final = 80.0  # per cent of the width that the longest bar takes; the rest holds its number

Entry = tuple[Value, Value]


def amounts(entries: Sequence[Entry], title: str) -> Markup:
    """Return the chart of named amounts: pairs of a name and a number that is not negative, of which one is positive.

    `Value.number` is the length of a bar, `Value.text` stands behind it; `title` is what the picture is called for
    those who do not see it.
    """
    largest = max(number for _, number in _measured(entries))
    lines: list[str] = []
    height = 0
    for (name, amount), (_, number) in zip(entries, _measured(entries), strict=True):
        parts = wrap(name.text, _LETTERS) or [""]
        lines += _entry(parts, name.text, amount.text, _ROOM * number / largest, height)
        height += len(parts) * _LINE + _BAR + _GAP
    return Markup(
        f'<svg class="bars" role="img" aria-labelledby="diagramm-titel" width="100%" height="{height}">'
        f'<title id="diagramm-titel">{escape(title)}</title>{"".join(lines)}</svg>'
    )


def _measured(entries: Sequence[Entry]) -> list[tuple[Value, float]]:
    return [(name, amount.number or 0.0) for name, amount in entries]


def _entry(parts: Sequence[str], name: str, amount: str, wide: float, top: int) -> Iterator[str]:
    for index, part in enumerate(parts):
        yield f'<text class="bars__name" x="0" y="{top + (index + 1) * _LINE - 6}">{escape(part)}</text>'
    y = top + len(parts) * _LINE
    yield (
        f'<g><title>{escape(f"{name}: {amount}")}</title>'
        f'<rect class="bars__second" x="0" y="{y + 2}" width="{wide:.2f}%" height="{_BAR - 4}"/>'
        f'<text class="bars__number" x="{wide:.2f}%" dx="6" y="{y + _BAR - 5}">{escape(amount)}</text></g>'
    )
