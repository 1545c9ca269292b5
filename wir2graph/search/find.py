"""The search: what was typed, word by word, against the index of a release; the best hits first.

Each word may match exactly, as the beginning of a word, by a synonym, by the parts of a compound, within a word, or by
its spelling where nothing else is found; names count more than texts, and a page more that has all words. A number or a
code must be there, exactly.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from math import log
from pathlib import Path
from threading import Lock
from typing import Final

from wir2graph.search.compounds import parts
from wir2graph.search.lookup import WEIGHTS, Hit, Lookup, is_slip
from wir2graph.search.marks import Marks
from wir2graph.search.question import Expression, Rewording, Synonyms, is_number, meanings, read, rewordings
from wir2graph.search.words import LANGUAGES, Word, code, fold, stem

LONGEST: Final = 200
"""The characters of a question that are read; what follows is not."""

_MOST: Final = 12  # words of a question
_CODE_WORDS: Final = 3  # a code is written in at most so many: 51 F
_SAME, _WITHIN, _PART, _SPELLED = 0.8, 0.35, 0.45, 0.6
_WHOLE, _START, _IDENTIFIED = 2.5, 1.4, 6.0
_LEAST: Final = 0.06  # of the best hit's score: what has less is not shown
_SIMILAR, _REMOTE, _TAKEN = 0.82, 0.65, 3


@dataclass(frozen=True)
class Found:
    """What came of a search: the numbers of all pages found, the best first, under the lists that they belong to.

    The lists are in the order of their best pages. `marks` tells where a text has what was looked for; `corrected` are
    words with those that they were taken for; `suggested` are words of the plan that are spelled a little like those
    that nothing was found for.
    """

    pages: tuple[int, ...]
    sections: Mapping[str, tuple[int, ...]]
    marks: Marks
    corrected: tuple[tuple[str, tuple[str, ...]], ...] = ()
    suggested: tuple[str, ...] = ()


@dataclass
class _Term:
    """A word of the question with the pages that have it, each with how well it fits."""

    word: Word
    is_number: bool = False
    scores: dict[int, float] = field(default_factory=dict)
    rarity: float = 0.0

    def add(self, scores: Mapping[int, float]) -> None:
        for page, score in scores.items():
            self.scores[page] = max(score, self.scores.get(page, 0.0))


class Search:
    """The index of one release, opened for reading; to be used from any thread."""

    def __init__(self, file: Path) -> None:
        """Open the index. Raises OSError when it cannot be read."""
        self._turn = Lock()
        try:
            self._lookup = Lookup(file)
        except sqlite3.Error as error:
            raise OSError(f"the index of the search cannot be read: {file}: {error}") from error
        self._pages = self._lookup.pages
        groups = self._lookup.same
        self._same: dict[str | None, Synonyms] = {plan: meanings(of) for plan, of in groups.items()}
        self._same[None] = meanings(chain.from_iterable(groups.values()))

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._lookup.close()

    def find(self, text: str, language: str, plan: str | None = None) -> Found:
        """Return what is found for a text that somebody typed in a language, in one plan or in all; never an error."""
        with self._turn:
            return self._find(text[:LONGEST], language, plan)

    def hits(self, pages: Iterable[int]) -> tuple[Hit, ...]:
        """Return what is shown of pages that were found."""
        with self._turn:
            return tuple(self._lookup.hit(page) for page in pages)

    def _find(self, text: str, language: str, plan: str | None) -> Found:
        marks = Marks(self._lookup.forms)
        pages, corrected, terms = self._ranked(text, language, plan, marks)
        sections: dict[str, list[int]] = defaultdict(list)
        for page in pages:
            sections[self._pages[page].section].append(page)
        return Found(
            tuple(pages), {name: tuple(found) for name, found in sections.items()}, marks, corrected,
            () if pages else tuple(self._suggested(terms, language, plan)),
        )

    def _ranked(
        self, text: str, language: str, plan: str | None, marks: Marks,
    ) -> tuple[list[int], tuple[tuple[str, tuple[str, ...]], ...], list[_Term]]:
        """Return the pages that are found, the best first, the words that were corrected, and the words asked."""
        typed = list(read(text, self._lookup.is_known))[:_MOST]
        terms = self._terms(typed)
        synonyms = self._same.get(plan, {})
        reworded = rewordings(typed, synonyms)
        corrected: dict[str, tuple[str, ...]] = {}
        for term in terms:
            place = typed.index(term.word)
            same = {other for start, end, other in reworded if start <= place < end}
            if taken := self._match(term, same, synonyms, language, marks):
                corrected[term.word.written] = taken
        coded = self._coded(text, typed, terms)
        scores, shares = self._combined(terms, plan)
        best = max(scores.values(), default=1.0)
        named = self._named(typed, reworded)
        kept = {page: score * named.get(page, 1.0) for page, score in scores.items() if score >= _LEAST * best}
        # A code or a numbered name says what is meant; the less, the more of the other words its page does not have.
        numbered = self._numbered(typed, named) if any(term.is_number for term in terms) else {}
        for page in scores.keys() & (coded.keys() | numbered.keys()):
            sure = max(coded.get(page, 0), len(typed) * numbered.get(page, 0.0)) * shares[page] ** 3
            kept[page] = kept.get(page, 0.0) + best * _IDENTIFIED * sure * self._pages[page].weight
        return sorted(kept, key=lambda page: (-kept[page], page)), tuple(corrected.items()), terms

    def _terms(self, typed: list[Word]) -> list[_Term]:
        """Return the words that decide what is found: all numbers, and what is not nearly everywhere."""
        terms = [_Term(word, is_number(word, self._lookup.is_word)) for word in typed]
        return [term for term in terms if term.is_number or not self._lookup.is_common(term.word)] or terms

    def _match(
        self, term: _Term, same: Iterable[Expression], synonyms: Synonyms, language: str, marks: Marks,
    ) -> tuple[str, ...]:
        """Fill in the pages of a word; return what it was taken for where nothing has it as it is."""
        plain, form = term.word.plain, fold(term.word.plain)
        exact = self._lookup.exact(plain, language)
        term.add(exact)
        term.add(self._lookup.written(form, language))
        marks.stem(plain)
        if term.is_number:
            begun = self._lookup.beginning(form, language, only_codes=True)
            term.add({page: _WITHIN * score for page, score in begun.items()})
        elif len(form) >= 3:
            term.add(self._lookup.beginning(form, language))
            marks.beginning(form)
        for expression in same:
            found = [self._lookup.somehow(word, language) for word in expression]
            everywhere = set.intersection(*(set(scores) for scores in found))
            term.add({page: _SAME * min(scores[page] for scores in found) for page in everywhere})
            for word in expression:
                marks.stem(word)
        taken: tuple[str, ...] = ()
        if not exact and not term.is_number:
            self._by_parts(term, form, synonyms, language, marks)
            taken = () if term.scores else self._spelled(term, form, language, marks)
        term.rarity = log(1 + len(self._pages) / max(1, len(term.scores)))
        return taken

    def _by_parts(self, term: _Term, form: str, synonyms: Synonyms, language: str, marks: Marks) -> None:
        """A compound that nobody writes is found by its parts; a part of a compound by what has it within.

        A page must have both parts, or words that mean the same; where none has, it must have the rarer one.
        """
        pairs = [
            [(len(part) / len(form), self._part(part, synonyms, language, marks)) for part in pair]
            for pair in parts(form, self._lookup.known)
        ]
        whole = [pair for pair in pairs if pair[0][1].keys() & pair[1][1].keys()]
        for pair in whole or [[min(pair, key=lambda side: len(side[1]))] for pair in pairs]:
            for page in set.intersection(*(set(scores) for _, scores in pair)):
                term.add({page: _PART * sum(share * scores[page] for share, scores in pair)})
        if len(form) >= 5:
            for other, _, keys in self._lookup.containing(form):
                share = len(form) / len(other)
                term.add({page: _WITHIN * share * score for page, score in self._lookup.keys(keys, language).items()})
            marks.within(form)

    def _part(self, part: str, synonyms: Synonyms, language: str, marks: Marks) -> dict[int, float]:
        """Return the pages that have a part of a compound, or a word that means the same."""
        marks.stem(part)
        found: dict[int, float] = {}
        keys = self._lookup.forms.get(part)
        for other in synonyms.get(keys["de"] if keys else part, ()):
            if len(other) == 1:
                marks.stem(other[0])
                found |= {page: _SAME * score for page, score in self._lookup.exact(other[0], language).items()}
        return {**found, **self._lookup.exact(part, language)}

    def _spelled(self, term: _Term, form: str, language: str, marks: Marks) -> tuple[str, ...]:
        """Take a word for those that are spelled like it; return them, one of each that mean the same."""
        taken: dict[str, str] = {}
        close = (item for item in self._lookup.similar(form, _SIMILAR) if is_slip(form, item[1].form))
        for ratio, (_, written, keys) in islice(close, _TAKEN):
            if scores := self._lookup.keys(keys, language):
                term.add({page: _SPELLED * ratio * score for page, score in scores.items()})
                marks.keys(keys)
                taken.setdefault(keys[language], written)
        return tuple(taken.values())

    def _suggested(self, terms: Iterable[_Term], language: str, plan: str | None) -> Iterator[str]:
        """Yield words that are spelled a little like those asked, and that something is found for."""
        for term in terms:
            form = fold(term.word.plain)
            least = 1.0 if term.scores else _REMOTE  # what is there needs no other word
            similar = self._lookup.similar(form, least, self._lookup.codes if term.is_number else None)
            distinct = {keys[language]: written for _, (_, written, keys) in reversed(similar)}
            for written in list(reversed(distinct.values()))[:_TAKEN]:
                if self._ranked(written, language, plan, Marks(self._lookup.forms))[0]:
                    yield written

    def _combined(self, terms: list[_Term], plan: str | None) -> tuple[dict[int, float], dict[int, float]]:
        """Return the score of each page that has all numbers, and the share of the words that it has.

        The score is the sum over the words, less where words are missing.
        """
        sums: dict[int, float] = defaultdict(float)
        had: dict[int, float] = defaultdict(float)
        numbers = [term.scores.keys() for term in terms if term.is_number]
        for term in terms:
            for page, score in term.scores.items():
                if self._is_in(page, plan) and all(page in pages for pages in numbers):
                    sums[page] += score
                    had[page] += term.rarity
        whole = sum(term.rarity for term in terms)
        shares = {page: had[page] / whole for page in sums}
        return {page: score * shares[page] ** 2 * self._pages[page].weight for page, score in sums.items()}, shares

    def _is_in(self, page: int, plan: str | None) -> bool:
        """Tell whether a page belongs to a plan, or to the whole release; None stands for all plans."""
        return plan is None or self._pages[page].plan in (plan, None)

    def _named(self, typed: list[Word], reworded: Iterable[Rewording]) -> dict[int, float]:
        """Return what pages gain whose whole name was typed, in these or other words, or begins with what was typed."""
        bare = [word.plain for word in typed]
        found: dict[int, float] = {}
        for start in _keys(bare):
            found |= {page: _START for page, _ in self._lookup.names(start)}
        for reading in (bare, *([*bare[:start], *other, *bare[end:]] for start, end, other in reworded)):
            for whole in _keys(reading):
                found |= dict.fromkeys(self._lookup.named(whole), _WHOLE)
        return found

    def _numbered(self, typed: list[Word], named: Mapping[int, float]) -> dict[int, float]:
        """Return the pages whose name with a number was typed, and how much of it: that says as much as a code does.

        Of a longer name its beginning is enough, with the number at its end; `named` are the names typed.
        """
        found: dict[int, float] = {}
        *bare, last = (word.plain for word in typed)
        for start in _keys(bare) if bare and last[0].isdigit() else ():
            for page, name in self._lookup.names(start, f" {last}"):
                found[page] = max(found.get(page, 0.0), len(typed) / len(name.split()))
        return {**found, **{page: 1.0 for page, factor in named.items() if factor == _WHOLE}}

    def _coded(self, text: str, typed: list[Word], terms: Iterable[_Term]) -> dict[int, int]:
        """Return the pages whose code stands in what was typed, and of how many words that consists.

        Such a page has all these words.
        """
        found: dict[int, int] = {}
        spans = {
            code(text[typed[start].start:typed[start + size - 1].end]): (start, size)
            for size in range(1, _CODE_WORDS + 1) for start in range(len(typed) - size + 1)
        }
        for page, written in self._lookup.coded(spans):
            start, size = spans[written]
            found[page] = max(found.get(page, 0), size)
            for term in terms:
                if term.word in typed[start:start + size]:
                    term.add({page: WEIGHTS["code"]})
        return found


def _keys(expression: Iterable[str]) -> set[str]:
    """Return the keys of a name of plain words, one in each language."""
    return {" ".join(stem(word, language) for word in expression) for language in LANGUAGES}
