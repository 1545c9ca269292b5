"""Where a text has what was looked for, and the piece of it that shows that best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from wir2graph.pages.labels import Tagged
from wir2graph.search.words import LANGUAGES, Word, fold, stem, words

_BEFORE: Final = 60
_LENGTH: Final = 180
_MORE: Final = "…"


@dataclass(frozen=True)
class Fragment:
    """A piece of a text; `hit` says that it is what was looked for."""

    text: str
    hit: bool


class Marks:
    """What makes a word of a text a hit. `forms` are the known words by their folded form, with their keys."""

    def __init__(self, forms: Mapping[str, Mapping[str, str]]) -> None:
        self._forms = forms
        self._keys: set[str] = set()
        self._beginnings: list[str] = []
        self._within: list[str] = []

    def stem(self, plain: str) -> None:
        """Mark every word with the same key as this one."""
        self.keys(self._forms.get(fold(plain)) or {language: stem(plain, language) for language in LANGUAGES})

    def keys(self, keys: Mapping[str, str]) -> None:
        """Mark every word with one of these keys."""
        self._keys |= set(keys.values())

    def beginning(self, form: str) -> None:
        """Mark every word that begins with a folded form."""
        self._beginnings.append(form)

    def within(self, form: str) -> None:
        """Mark every word that has a folded form within."""
        self._within.append(form)

    def fragments(self, text: str) -> tuple[Fragment, ...]:
        """Return a text in pieces, hits and what is between them."""
        return tuple(_pieces(text, self._hits(text)))

    def snippet(self, texts: Iterable[Tagged], language: str) -> tuple[tuple[Fragment, ...], str | None]:
        """Return the piece that has most of what was looked for, with the language of its text.

        A text in the reader's language is taken where it has a hit, or where none has one.
        """
        offered = sorted(texts, key=lambda tagged: tagged[1] not in (language, None))
        found = [(text, tag, self._hits(text)) for text, tag in offered]
        if not found:
            return (), None
        text, tag, hits = max(found, key=lambda item: (bool(item[2]), item[1] in (language, None), len(item[2])))
        start, end = _window(text, hits)
        inside = [word for word in hits if start <= word.start and word.end <= end]
        pieces = list(_pieces(text[start:end], [_moved(word, start) for word in inside]))
        if start:
            pieces.insert(0, Fragment(f"{_MORE} ", False))
        if end < len(text):
            pieces.append(Fragment(f" {_MORE}", False))
        return tuple(pieces), tag

    def _hits(self, text: str) -> list[Word]:
        return [word for word in words(text) if self._is_hit(word)]

    def _is_hit(self, word: Word) -> bool:
        form = fold(word.plain)
        keys = self._forms.get(form)
        if keys is not None and not self._keys.isdisjoint(keys.values()):
            return True
        return form.startswith(tuple(self._beginnings)) or any(within in form for within in self._within)


def _pieces(text: str, hits: Iterable[Word]) -> Iterator[Fragment]:
    at = 0
    for word in hits:
        if word.start > at:
            yield Fragment(text[at:word.start], False)
        yield Fragment(text[word.start:word.end], True)
        at = word.end
    if at < len(text):
        yield Fragment(text[at:], False)


def _window(text: str, hits: list[Word]) -> tuple[int, int]:
    """Return where a snippet begins and ends: around the first hit, at the borders of words."""
    if len(text) <= _LENGTH:
        return 0, len(text)
    first = hits[0].start if hits else 0
    start = max(0, min(first - _BEFORE, len(text) - _LENGTH))
    start = 0 if start == 0 else text.find(" ", start, first) + 1 or first
    end = start + _LENGTH
    if end >= len(text):
        return start, len(text)
    return start, max(text.rfind(" ", start, end), hits[0].end if hits else start + 1)


def _moved(word: Word, by: int) -> Word:
    return Word(word.start - by, word.end - by, word.written, word.plain)
