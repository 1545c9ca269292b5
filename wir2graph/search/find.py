"""The search: what was typed, word by word, against the index of a release; the best hits first.

Each word may match exactly, as the beginning of a word, by a synonym, by the parts of a compound, within a word, or by
its spelling where nothing else is found; names count more than texts, and a page more that has all words.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from math import log
from pathlib import Path
from threading import Lock
from typing import Final

from wir2graph.pages.labels import Tagged
from wir2graph.search.compounds import parts
from wir2graph.search.marks import Marks
from wir2graph.search.synonyms import MOST_WORDS
from wir2graph.search.words import LANGUAGES, Word, code, fold, stem, words

LONGEST: Final = 200
"""The characters of a question that are read; what follows is not."""

_MOST: Final = 12  # words of a question
_WEIGHTS: Final = {
    "code": 3.0, "form": 1.1, "own": 1.0, "other": 0.9, "foreign": 0.6, "part": 0.5, "text": 0.22, "foreign_text": 0.12,
}
_SAME, _BEGINNING, _WITHIN, _PART, _SPELLED = 0.8, 0.75, 0.35, 0.45, 0.6
_WHOLE, _START, _CODE = 2.5, 1.4, 6.0
_LEAST: Final = 0.06  # of the best hit's score: what has less is not shown
_SIMILAR, _REMOTE, _TAKEN = 0.8, 0.6, 3
_LAST: Final = chr(0x10ffff)  # what begins with a text stands before the text with this behind it
_COMMON: Final = 0.25  # a word on more than this share of pages decides nothing beside others


@dataclass(frozen=True)
class Hit:
    """One page that was found. `titles` and `kinds` are in each language, `texts` what may be quoted of it."""

    path: str
    plan: str | None
    iri: str | None
    section: str
    code: str | None
    titles: Mapping[str, Tagged]
    kinds: Mapping[str, str]
    texts: tuple[Tagged, ...]


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
    scores: dict[int, float] = field(default_factory=dict)
    rarity: float = 0.0

    def add(self, scores: Mapping[int, float]) -> None:
        for page, score in scores.items():
            self.scores[page] = max(score, self.scores.get(page, 0.0))


@dataclass(frozen=True)
class _Page:
    plan: str | None
    section: str
    weight: float
    length: int


class Search:
    """The index of one release, opened for reading; to be used from any thread."""

    def __init__(self, file: Path) -> None:
        """Open the index. Raises OSError when it cannot be read."""
        self._turn = Lock()
        try:
            uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._read()
        except sqlite3.Error as error:
            raise OSError(f"the index of the search cannot be read: {file}: {error}") from error

    def _read(self) -> None:
        """Read what every search needs."""
        rows = self._database.execute("SELECT id, plan, section, weight, length FROM page")
        self._pages = {number: _Page(*page) for number, *page in rows}
        self._words = {
            number: (form, written, {"de": de, "en": en})
            for number, form, written, de, en in self._database.execute("SELECT id, form, written, de, en FROM word")
        }
        self._forms = {form: keys for form, _, keys in self._words.values()}
        self._known = {key for form, keys in self._forms.items() for key in (form, *keys.values())}
        self._same = {
            plan: _synonyms(json.loads(groups))
            for plan, groups in self._database.execute("SELECT plan, groups FROM same")
        }

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._database.close()

    def find(self, text: str, language: str, plan: str | None = None) -> Found:
        """Return what is found for a text that somebody typed in a language, in one plan or in all; never an error."""
        with self._turn:
            return self._find(text[:LONGEST], language, plan)

    def hits(self, pages: Iterable[int]) -> tuple[Hit, ...]:
        """Return what is shown of pages that were found."""
        with self._turn:
            return tuple(self._hit(page) for page in pages)

    def _find(self, text: str, language: str, plan: str | None) -> Found:
        marks = Marks(self._forms)
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
        typed = list(words(text))[:_MOST]
        asked = [word for word in typed if not self._is_common(word)] or typed
        terms = [_Term(word) for word in asked]
        corrected: dict[str, tuple[str, ...]] = {}
        for term, same in zip(terms, self._synonyms_for(asked, plan), strict=True):
            if taken := self._match(term, same, language, marks):
                corrected[term.word.written] = taken
        scores = self._combined(terms, plan)
        best = max(scores.values(), default=1.0)
        factors = self._named(typed)
        kept = {page: score * factors.get(page, 1.0) for page, score in scores.items() if score >= _LEAST * best}
        for page, size in self._coded(text).items():
            if self._is_in(page, plan):
                kept[page] = kept.get(page, 0.0) + best * _CODE * size
        return sorted(kept, key=lambda page: (-kept[page], page)), tuple(corrected.items()), terms

    def _is_common(self, word: Word) -> bool:
        """Tell whether a word is nearly everywhere, so that it decides nothing beside others."""
        keys = {stem(word.plain, language) for language in LANGUAGES}
        rows = self._database.execute(f"SELECT max(doc) FROM counts WHERE term IN ({_marks(keys)})", tuple(keys))
        return (rows.fetchone()[0] or 0) > _COMMON * len(self._pages)

    def _match(
        self, term: _Term, same: Iterable[tuple[str, ...]], language: str, marks: Marks,
    ) -> tuple[str, ...]:
        """Fill in the pages of a word; return what it was taken for where nothing has it as it is."""
        plain, form = term.word.plain, fold(term.word.plain)
        exact = self._exact(plain, language)
        term.add(exact)
        term.add(self._written(form, language))
        marks.stem(plain)
        if len(form) >= 3 or form.isdigit():
            term.add(self._beginning(form, language))
            marks.beginning(form)
        for expression in same:
            found = [self._somehow(word, language) for word in expression]
            everywhere = set.intersection(*(set(scores) for scores in found))
            term.add({page: _SAME * min(scores[page] for scores in found) for page in everywhere})
            for word in expression:
                marks.stem(word)
        if not exact:
            self._by_parts(term, form, language, marks)
        taken = () if term.scores else self._spelled(term, form, language, marks)
        term.rarity = log(1 + len(self._pages) / max(1, len(term.scores)))
        return taken

    def _by_parts(self, term: _Term, form: str, language: str, marks: Marks) -> None:
        """A compound that nobody writes is found by its parts; a part of a compound by what has it within."""
        for part in dict.fromkeys(parts(form, self._known)):
            share = len(part) / len(form)
            term.add({page: _PART * share * score for page, score in self._exact(part, language).items()})
            marks.stem(part)
        if len(form) >= 5:
            containing = [word for word in self._spelling(f'"{form}"') if form in word[0]]
            for other, _, keys in containing:
                share = len(form) / len(other)
                term.add({page: _WITHIN * share * score for page, score in self._keys(keys, language).items()})
            marks.within(form)

    def _spelled(self, term: _Term, form: str, language: str, marks: Marks) -> tuple[str, ...]:
        """Take a word for those that are spelled like it; return them, one of each that mean the same."""
        taken: dict[str, str] = {}
        for ratio, (_, written, keys) in self._similar(form, _SIMILAR)[:_TAKEN]:
            if scores := self._keys(keys, language):
                term.add({page: _SPELLED * ratio * score for page, score in scores.items()})
                marks.keys(keys)
                taken.setdefault(keys[language], written)
        return tuple(taken.values())

    def _similar(self, form: str, least: float) -> list[tuple[float, tuple[str, str, dict[str, str]]]]:
        """Return the words that are spelled like a form, the most similar first."""
        if len(form) < 4:
            return []
        grams = " OR ".join(f'"{form[at:at + 3]}"' for at in range(len(form) - 2))
        matcher = SequenceMatcher(a=form, autojunk=False)
        found = []
        for word in self._spelling(grams):
            matcher.set_seq2(word[0])
            if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least:
                found.append((matcher.ratio(), word))
        return sorted((item for item in found if item[0] >= least), key=lambda item: (-item[0], item[1][0]))

    def _spelling(self, match: str) -> list[tuple[str, str, dict[str, str]]]:
        query = "SELECT rowid FROM spelling WHERE spelling MATCH ? ORDER BY rank LIMIT 60"
        rows = self._database.execute(query, (match,))
        return [self._words[number] for (number,) in rows]

    def _suggested(self, terms: Iterable[_Term], language: str, plan: str | None) -> Iterator[str]:
        """Yield words that are spelled a little like those asked, and that something is found for."""
        for term in terms:
            similar = self._similar(fold(term.word.plain), _REMOTE)
            distinct = {keys[language]: written for _, (_, written, keys) in reversed(similar)}
            for written in list(reversed(distinct.values()))[:_TAKEN]:
                if self._ranked(written, language, plan, Marks(self._forms))[0]:
                    yield written

    def _somehow(self, plain: str, language: str) -> dict[int, float]:
        """Return the pages that have a word, or one that begins with it."""
        return {**self._beginning(fold(plain), language), **self._exact(plain, language)}

    def _exact(self, plain: str, language: str) -> dict[int, float]:
        return self._keys(self._forms.get(fold(plain)) or {of: stem(plain, of) for of in LANGUAGES}, language)

    def _keys(self, keys: Mapping[str, str], language: str) -> dict[int, float]:
        """Return the pages that have a word by its keys, in the columns of their languages."""
        rows: list[tuple[int, str]] = []
        for of, key in keys.items():
            columns = _columns(of) if len(set(keys.values())) > 1 else _columns(None)
            rows += [
                (page, column) for page, column
                in self._database.execute("SELECT DISTINCT doc, col FROM terms WHERE term = ?", (key,))
                if column in columns
            ]
        return self._scored(((page, column, 1.0) for page, column in rows), language)

    def _written(self, form: str, language: str) -> dict[int, float]:
        """Return the pages whose name has a word in this very form: `Schüler`, and not `Schule`."""
        rows = self._database.execute("SELECT DISTINCT doc FROM terms WHERE term = ? AND col = 'form'", (form,))
        return self._scored(((page, "form", 1.0) for (page,) in rows), language)

    def _beginning(self, form: str, language: str) -> dict[int, float]:
        """Return the pages that have a word beginning with a form; the nearer to the whole of it, the better."""
        rows = self._database.execute(
            "SELECT DISTINCT doc, col, term FROM terms WHERE term >= ? AND term < ? AND col <> 'form'",
            (form, form + _LAST),
        )
        found = ((page, column, _BEGINNING * (0.5 + 0.5 * len(form) / len(term))) for page, column, term in rows)
        return self._scored(found, language)

    def _scored(self, rows: Iterable[tuple[int, str, float]], language: str) -> dict[int, float]:
        best: dict[int, float] = {}
        for page, column, factor in rows:
            kind = _kind(column, language)
            short = 1.0 if kind.endswith("text") or kind == "code" else 1 / (1 + 0.06 * self._pages[page].length)
            best[page] = max(best.get(page, 0.0), factor * _WEIGHTS[kind] * short)
        rarity = log(1 + len(self._pages) / max(1, len(best)))
        return {page: score * rarity for page, score in best.items()}

    def _combined(self, terms: list[_Term], plan: str | None) -> dict[int, float]:
        """Return the score of each page: the sum over the words, less where words are missing."""
        sums: dict[int, float] = defaultdict(float)
        had: dict[int, float] = defaultdict(float)
        for term in terms:
            for page, score in term.scores.items():
                if self._is_in(page, plan):
                    sums[page] += score
                    had[page] += term.rarity
        whole = sum(term.rarity for term in terms)
        return {page: score * (had[page] / whole) ** 2 * self._pages[page].weight for page, score in sums.items()}

    def _is_in(self, page: int, plan: str | None) -> bool:
        """Tell whether a page belongs to a plan, or to the whole release; None stands for all plans."""
        return plan is None or self._pages[page].plan in (plan, None)

    def _named(self, asked: list[Word]) -> dict[int, float]:
        """Return what pages gain whose whole name was typed, or whose name begins with what was typed."""
        found: dict[int, float] = {}
        for language in LANGUAGES:
            key = " ".join(stem(word.plain, language) for word in asked)
            for page, name in self._database.execute(
                "SELECT page, key FROM name WHERE key >= ? AND key < ?", (key, key + _LAST),
            ):
                found[page] = max(found.get(page, 0.0), _WHOLE if name == key else _START)
        return found

    def _coded(self, text: str) -> dict[int, int]:
        """Return the pages whose code stands in what was typed, and of how many words that consists."""
        found: dict[int, int] = {}
        pieces = text.split()[:_MOST]
        codes = {code("".join(pieces[at:at + size])): size for size in (1, 2, 3) for at in range(len(pieces))}
        rows = self._database.execute(f"SELECT page, key FROM code WHERE key IN ({_marks(codes)})", tuple(codes))
        for page, key in rows:
            found[page] = max(found.get(page, 0), codes[key])
        return found

    def _synonyms_for(self, asked: list[Word], plan: str | None) -> list[set[tuple[str, ...]]]:
        """Return for each word what means the same as an expression that it is part of."""
        found: list[set[tuple[str, ...]]] = [set() for _ in asked]
        tables = [table for of, table in self._same.items() if plan in (of, None)]
        for at in range(len(asked)):
            for to in range(at + 1, min(len(asked), at + MOST_WORDS) + 1):
                key = _key(asked[at:to])
                for others in (table[key] for table in tables if key in table):
                    for place in range(at, to):
                        found[place] |= others
        return found

    def _hit(self, page: int) -> Hit:
        path, iri, code_, titles, kinds, texts = self._database.execute(
            "SELECT path, iri, code, titles, kinds, texts FROM page WHERE id = ?", (page,),
        ).fetchone()
        return Hit(
            path, self._pages[page].plan, iri, self._pages[page].section, code_,
            {language: (text, tag) for language, (text, tag) in json.loads(titles).items()}, json.loads(kinds),
            tuple((text, tag) for text, tag in json.loads(texts)),
        )


def _synonyms(groups: Iterable[Iterable[str]]) -> dict[str, set[tuple[str, ...]]]:
    """Return the expressions that mean the same as each one, by its key."""
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for group in groups:
        expressions = [list(words(text)) for text in group]
        for one in expressions:
            for other in expressions:
                if _key(one) != _key(other):
                    found[_key(one)].add(tuple(word.plain for word in other))
    return found


def _key(expression: Iterable[Word]) -> str:
    return " ".join(stem(word.plain, "de") for word in expression)


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))


def _columns(language: str | None) -> tuple[str, ...]:
    """Return the columns that hold keys of a language; None stands for both."""
    german, english = ("code", "de", "other", "part", "text_de"), ("en", "text_en")
    return {"de": german, "en": english, None: german + english}[language]


def _kind(column: str, language: str) -> str:
    """Return what a column is to somebody who reads this language."""
    own = column.removeprefix("text_") == language
    if column in LANGUAGES:
        return "own" if own else "foreign"
    return ("text" if own else "foreign_text") if column.startswith("text_") else column
