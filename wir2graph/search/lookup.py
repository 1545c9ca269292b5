"""The index as the search asks it: which pages have a word, and how well it fits there; which words are alike."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import log
from pathlib import Path
from typing import Final, NamedTuple

from wir2graph.pages.labels import Tagged
from wir2graph.search.words import LANGUAGES, Word, code, fold, stem

WEIGHTS: Final = {
    "code": 3.0, "form": 1.1, "own": 1.0, "other": 0.9, "foreign": 0.6, "part": 0.5, "text": 0.22, "foreign_text": 0.12,
}
"""How much a word counts where it stands."""

_BEGINNING: Final = 0.75
_EDITS, _LETTERS = 2, 5  # a slip of the pen changes not more letters than this, or one in so many
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
class Page:
    """What the ranking needs to know of a page; `length` is the number of words of its title."""

    plan: str | None
    section: str
    weight: float
    length: int


class Known(NamedTuple):
    """A word of the release: its folded form, as it is written, and its key in each language."""

    form: str
    written: str
    keys: Mapping[str, str]


class Lookup:
    """The index of one release, opened for reading, for one thread at a time.

    Scores are by the number of a page. `pages` are all pages, `forms` the keys of all words by their forms, `known`
    all forms and keys, `codes` all codes, `same` the groups of synonyms of each plan.
    """

    def __init__(self, file: Path) -> None:
        """Open the index and read what every search needs. Raises sqlite3.Error."""
        uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        rows = self._database.execute("SELECT id, plan, section, weight, length FROM page")
        self.pages = {number: Page(*page) for number, *page in rows}
        self._words = {
            number: Known(form, written, {"de": de, "en": en})
            for number, form, written, de, en in self._database.execute("SELECT id, form, written, de, en FROM word")
        }
        self.forms = {word.form: word.keys for word in self._words.values()}
        self.known = {key for form, keys in self.forms.items() for key in (form, *keys.values())}
        self.codes = {key for (key,) in self._database.execute("SELECT key FROM code")}
        self.same: dict[str, list[list[str]]] = {
            plan: json.loads(groups) for plan, groups in self._database.execute("SELECT plan, groups FROM same")
        }

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def is_word(self, plain: str) -> bool:
        """Tell whether names or texts have a word."""
        return fold(plain) in self.known

    def is_known(self, plain: str) -> bool:
        """Tell whether anything is called by a word, or by a code."""
        return self.is_word(plain) or code(plain) in self.codes

    def is_common(self, word: Word) -> bool:
        """Tell whether a word is nearly everywhere, so that it decides nothing beside others."""
        keys = {stem(word.plain, language) for language in LANGUAGES}
        rows = self._database.execute(f"SELECT max(doc) FROM counts WHERE term IN ({_marks(keys)})", tuple(keys))
        return (rows.fetchone()[0] or 0) > _COMMON * len(self.pages)

    def somehow(self, plain: str, language: str) -> dict[int, float]:
        """Return the pages that have a word, or one that begins with it."""
        return {**self.beginning(fold(plain), language), **self.exact(plain, language)}

    def exact(self, plain: str, language: str) -> dict[int, float]:
        """Return the pages that have a word in any form."""
        return self.keys(self.forms.get(fold(plain)) or {of: stem(plain, of) for of in LANGUAGES}, language)

    def keys(self, keys: Mapping[str, str], language: str) -> dict[int, float]:
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

    def written(self, form: str, language: str) -> dict[int, float]:
        """Return the pages whose name has a word in this very form: `Schüler`, and not `Schule`."""
        rows = self._database.execute("SELECT DISTINCT doc FROM terms WHERE term = ? AND col = 'form'", (form,))
        return self._scored(((page, "form", 1.0) for (page,) in rows), language)

    def beginning(self, form: str, language: str, only_codes: bool = False) -> dict[int, float]:
        """Return the pages that have a word or a code beginning with a form; the nearer to the whole, the better."""
        columns = "col = 'code'" if only_codes else "col <> 'form'"
        rows = self._database.execute(
            f"SELECT DISTINCT doc, col, term FROM terms WHERE term >= ? AND term < ? AND {columns}",
            (form, form + _LAST),
        )
        found = ((page, column, _BEGINNING * (0.5 + 0.5 * len(form) / len(term))) for page, column, term in rows)
        return self._scored(found, language)

    def _scored(self, rows: Iterable[tuple[int, str, float]], language: str) -> dict[int, float]:
        best: dict[int, float] = {}
        for page, column, factor in rows:
            kind = _kind(column, language)
            short = 1.0 if kind.endswith("text") or kind == "code" else 1 / (1 + 0.06 * self.pages[page].length)
            best[page] = max(best.get(page, 0.0), factor * WEIGHTS[kind] * short)
        rarity = log(1 + len(self.pages) / max(1, len(best)))
        return {page: score * rarity for page, score in best.items()}

    def containing(self, form: str) -> list[Known]:
        """Return the words that have a form within them."""
        return [word for word in self._spelling(f'"{form}"') if form in word.form]

    def similar(
        self, form: str, least: float, among: Container[str] | None = None,
    ) -> list[tuple[float, Known]]:
        """Return the words that are spelled like a form, the most similar first; `among` are those that may be."""
        if len(form) < 4:
            return []
        grams = " OR ".join(f'"{form[at:at + 3]}"' for at in range(len(form) - 2))
        matcher = SequenceMatcher(a=form, autojunk=False)
        found = []
        for word in self._spelling(grams):
            if among is not None and word.form not in among:
                continue
            matcher.set_seq2(word.form)
            if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least:
                found.append((matcher.ratio(), word))
        return sorted((item for item in found if item[0] >= least), key=lambda item: (-item[0], item[1].form))

    def _spelling(self, match: str) -> list[Known]:
        query = "SELECT rowid FROM spelling WHERE spelling MATCH ? ORDER BY rank LIMIT 60"
        rows = self._database.execute(query, (match,))
        return [self._words[number] for (number,) in rows]

    def named(self, name: str) -> set[int]:
        """Return the pages that have a whole name, by its key."""
        return {page for (page,) in self._database.execute("SELECT page FROM name WHERE key = ?", (name,))}

    def names(self, start: str, end: str = "") -> list[tuple[int, str]]:
        """Return the names that begin and end with these keys, each with its page."""
        query = "SELECT page, key FROM name WHERE key >= ? AND key < ?"
        rows = self._database.execute(query, (start, start + _LAST))
        return [(page, name) for page, name in rows if name.endswith(end)]

    def coded(self, codes: Collection[str]) -> list[tuple[int, str]]:
        """Return the pages that have one of these codes, each with that."""
        query = f"SELECT page, key FROM code WHERE key IN ({_marks(codes)})"
        return self._database.execute(query, tuple(codes)).fetchall()

    def hit(self, page: int) -> Hit:
        """Return what is shown of a page."""
        path, iri, code_, titles, kinds, texts = self._database.execute(
            "SELECT path, iri, code, titles, kinds, texts FROM page WHERE id = ?", (page,),
        ).fetchone()
        return Hit(
            path, self.pages[page].plan, iri, self.pages[page].section, code_,
            {language: (text, tag) for language, (text, tag) in json.loads(titles).items()}, json.loads(kinds),
            tuple((text, tag) for text, tag in json.loads(texts)),
        )


def is_slip(form: str, other: str) -> bool:
    """Tell whether a word may be another one misspelled: it begins as that does, and few letters differ."""
    steps = SequenceMatcher(a=form, b=other, autojunk=False).get_opcodes()
    edits = sum(max(to - at, until - start) for kind, at, to, start, until in steps if kind != "equal")
    return form[0] == other[0] and edits <= max(_EDITS, len(form) // _LETTERS)


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
