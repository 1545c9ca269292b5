"""Prose of ours must not be copied: no eight words in a row as a source has them, outside titles, names and quotes.

Words are compared without case and punctuation and with the syllable breaks of the text joined. Words of titles,
names and marked quotations („…“) may stand in a run of words, but do not count towards the eight.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from wir2graph.findings import Finding, ordered
from wir2graph.plan import PREFIXES, WIR, Plan
from wir2graph.quotes import normalise
from wir2graph.sources import SourceText, Statement

LONGEST: Final = 8  # as many words in a row, and it is a copy
LONGEST_QUOTATION: Final = 15  # as for wir:quote

EVERYWHERE: Final = "everywhere"
IN_SOURCES: Final = "in the graphs of sources; in `redaktion` it is ours and is compared"

# What is not compared, where, and why. Every other German literal is.
EXEMPT: Final[Mapping[str, tuple[str, str]]] = {
    f"{WIR}quote": (EVERYWHERE, "a quote: short, marked as such, with its source"),
    f"{WIR}section": (EVERYWHERE, "the heading of a section as printed"),
    f"{WIR}contactText": (EVERYWHERE, "the contact line as printed"),
    f"{WIR}qualifier": (EVERYWHERE, "the word that the source puts before a number"),
    f"{PREFIXES['dcterms']}title": (EVERYWHERE, "the title of a document as printed"),
    f"{PREFIXES['skos']}prefLabel": (IN_SOURCES, "a title or name as printed"),
    f"{PREFIXES['skos']}altLabel": (IN_SOURCES, "a title or name as printed"),
}
_NAMES: Final = frozenset(iri for iri, (_, reason) in EXEMPT.items() if reason.startswith("a title or name"))

_QUOTATION: Final = re.compile(r"„[^“]*“")
_TOKEN: Final = re.compile(r"\S+")
_NO_LETTER: Final = re.compile(r"[\W_]+")

Words = tuple[str, ...]


@dataclass(frozen=True)
class Copy:
    """Words of a literal that a source has in the same order: the words, the source, where they stand in it."""

    words: str
    source: str
    offset: int
    line: int


class Corpus:
    """The source texts, searchable by eight words, and the titles and names that may be repeated."""

    def __init__(self, texts: Iterable[SourceText], names: Iterable[str]) -> None:
        """Take the texts and the titles and names as printed; a single word is no title."""
        self._texts = tuple(texts)
        self._words: list[Words] = []
        self._offsets: list[tuple[int, ...]] = []
        self._places: dict[Words, list[tuple[int, int]]] = defaultdict(list)
        for number, text in enumerate(self._texts):
            tokens = list(_tokens(text.normalised.text))
            words = tuple(word for word, _, _ in tokens)
            self._words.append(words)
            self._offsets.append(tuple(text.normalised.origin(start) for _, start, _ in tokens))
            for position in range(len(words) - LONGEST + 1):
                self._places[words[position:position + LONGEST]].append((number, position))
        self._names: dict[str, set[Words]] = defaultdict(set)
        for name in names:
            folded = tuple(word for word, _, _ in _tokens(normalise(name).text))
            if len(folded) > 1:
                self._names[folded[0]].add(folded)

    def copies(self, literal: str) -> Iterator[Copy]:
        """Yield what a literal copies: runs that the source has too, with eight words that are no title or quote."""
        text = normalise(literal).text
        tokens = list(_tokens(text))
        words = tuple(word for word, _, _ in tokens)
        free = self._free(text, tokens)
        position = 0
        while position + LONGEST <= len(words):
            run, number, place = self._longest(words, position)
            if sum(not free[index] for index in range(position, position + run)) < LONGEST:
                position += 1
                continue
            offset, source = self._offsets[number][place], self._texts[number]
            copied = text[tokens[position][1]:tokens[position + run - 1][2]]
            yield Copy(copied, source.source, offset, source.line_of(offset))
            position += run

    def _longest(self, words: Words, position: int) -> tuple[int, int, int]:
        """Return the longest run from `position` on that a text has: its length, the text, the place there."""
        found = self._places.get(words[position:position + LONGEST], ())
        runs = [(_common(words[position:], self._words[number], place), number, place) for number, place in found]
        return max(runs, key=lambda run: run[0], default=(0, 0, 0))

    def _free(self, text: str, tokens: Sequence[tuple[str, int, int]]) -> list[bool]:
        """Return for each word of a literal whether it belongs to a title, a name or a marked quotation."""
        words = tuple(word for word, _, _ in tokens)
        free = [False] * len(words)
        for start, word in enumerate(words):
            for name in self._names.get(word, ()):
                if words[start:start + len(name)] == name:
                    free[start:start + len(name)] = [True] * len(name)
        for quotation in _QUOTATION.finditer(text):
            inside = [index for index, (_, start, end) in enumerate(tokens)
                      if quotation.start() < end and start < quotation.end()]
            if len(inside) <= LONGEST_QUOTATION:
                for index in inside:
                    free[index] = True
        return free


def check(plan: Plan, said: Iterable[Statement], texts: Iterable[SourceText]) -> list[Finding]:
    """Return a finding `NoCopiedProse` for each run of words that a German literal of a plan copies from a text."""
    said = list(said)
    redaktion = plan.graph("redaktion")
    names = (one.literal.value for one in said if one.predicate in _NAMES and one.graph != redaktion)
    corpus = Corpus(texts, names)
    return ordered(
        _finding(one, copy)
        for one in said if _is_compared(one, redaktion) for copy in corpus.copies(one.literal.value)
    )


def _is_compared(one: Statement, redaktion: str) -> bool:
    where, _ = EXEMPT.get(one.predicate, ("", ""))
    exempt = where == EVERYWHERE or (where == IN_SOURCES and one.graph != redaktion)
    return one.literal.language in (None, "de") and not exempt


def _finding(one: Statement, copy: Copy) -> Finding:
    name = one.predicate.replace(WIR, "wir:")
    for prefix in ("dcterms", "skos"):
        name = name.replace(PREFIXES[prefix], f"{prefix}:")
    return Finding(
        "NoCopiedProse", one.subject, one.file, one.line, None,
        f"{name} übernimmt Wörter der Quelle „{copy.source}“ (Zeile {copy.line}, Zeichen {copy.offset}): „{copy.words}“"
        ". Bitte mit eigenen Worten sagen.",
        f"{name} copies words of source “{copy.source}” (line {copy.line}, character {copy.offset}): “{copy.words}”;"
        " say it in words of your own",
    )


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word without case and punctuation, with its start and end; marks alone are no words."""
    for token in _TOKEN.finditer(text):
        word = _NO_LETTER.sub("", token.group().casefold())
        if word:
            yield word, token.start(), token.end()


def _common(words: Words, text: Words, place: int) -> int:
    length = 0
    while length < len(words) and place + length < len(text) and words[length] == text[place + length]:
        length += 1
    return length
