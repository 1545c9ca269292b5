"""Compounds by their parts, as far as these are words of the plan: `Ganztagsgrundschule`: `Ganztag`, `Grundschule`."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

_LEFT: Final = 4
_RIGHT: Final = 3
_SHORT: Final = 8
# What stands between the parts, and what may follow the last one.
_LINKS: Final = ("", "s", "n", "en", "es", "er", "e")
_ENDINGS: Final = ("", "e", "n", "en", "er", "s", "es", "ern")


def parts(word: str, known: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield each two known words that a folded word consists of, the left one first; none where it is no compound."""
    if len(word) < _SHORT:
        return
    for middle in range(_LEFT, len(word) - _RIGHT + 1):
        left = _known(word[:middle], _LINKS, known)
        right = _known(word[middle:], _ENDINGS, known) if left else None
        if left and right:
            yield left, right


def _known(part: str, endings: tuple[str, ...], known: Container[str]) -> str | None:
    for ending in endings:
        bare = part[:len(part) - len(ending)]
        if part.endswith(ending) and len(bare) >= _RIGHT and bare in known:
            return bare
    return None
