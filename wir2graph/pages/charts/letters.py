"""What pictures with names in them share: lines of text that fit, and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from textwrap import wrap
from typing import Final

from wir2graph.pages.model import Value

LINE: Final = 20  # pixels from one line of text to the next
TARGET: Final = 24  # pixels that anything to be clicked is high and wide at least
_MORE: Final = "…"
_SYLLABLE: Final = re.compile(r"(?<=\w{2})(?!(?<=[cpst])h)[bcdfghjklmnpqrstvwxzß](?=[aeiouyäöü]\w)", re.IGNORECASE)


def named(value: Value) -> str:
    """Return what a thing is called in a picture: its code before the name, the tag of a foreign language behind it."""
    name = value.text if not value.code or value.text.startswith(value.code) else f"{value.code} {value.text}"
    return f"{name} ({value.lang})" if value.lang else name


def lines(text: str, letters: int, most: int | None = None) -> tuple[str, ...]:
    """Return a text in lines of so many letters; what does not fit into the `most` lines ends in an ellipsis.

    A word that is longer than a line is broken with a hyphen, before a consonant that begins a syllable if it has one.
    """
    found = wrap(" ".join(_broken(word, letters) for word in text.split()), letters) or [""]
    if most is None or len(found) <= most:
        return tuple(found)
    last = found[most - 1]
    return (*found[:most - 1], (last if len(last) < letters else last[:letters - 1]).rstrip() + _MORE)


def _broken(word: str, letters: int) -> str:
    parts = []
    while len(word) > letters:
        places = [found.start() for found in _SYLLABLE.finditer(word) if found.start() < letters]
        cut = places[-1] if places else letters - 1
        parts.append(f"{word[:cut]}-")
        word = word[cut:]
    return " ".join([*parts, word])


def written(parts: Sequence[str], x: float, middle: float, anchor: str, name: str) -> Iterator[str]:
    """Yield lines of text around a height; `anchor` is how they stand at `x`, `name` is their class."""
    top = middle - len(parts) * LINE / 2
    for index, part in enumerate(parts):
        yield (
            f'<text class="{name}" x="{x:g}" y="{top + index * LINE + 0.74 * LINE:.1f}" text-anchor="{anchor}">'
            f"{escape(part)}</text>"
        )


def linked(value: Value, content: Iterable[str], title: str = "") -> str:
    """Return the content as a link to the thing, or as it is where there is no page of it.

    `title` is what is said of it in full, where the content is shortened.
    """
    inner = (f"<title>{escape(title)}</title>" if title else "") + "".join(content)
    language = f' xml:lang="{escape(value.lang)}"' if value.lang else ""
    if value.href is None:
        return f"<g{language}>{inner}</g>"
    return f'<a class="picture__link" href="{escape(value.href)}"{language}>{inner}</a>'


def area(x: float, y: float, wide: float, high: float) -> str:
    """Return what can be clicked beside the letters themselves; it is not seen until it has the focus."""
    return f'<rect class="picture__area" x="{x:g}" y="{y:.1f}" width="{wide:g}" height="{high:.1f}" rx="3"/>'
