"""The index of a release: one SQLite file, written with the release and never changed.

    page      what can be found, as a result shows it        name, code   whole names and codes, for exact hits
    found     FTS5: the keys of all words, by where they stand; terms, counts: the same, key by key
    word      every word as it is written, with its keys     spelling     FTS5: the words by their trigrams
    same      synonyms
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Final

from wir2graph.pages.labels import Tagged
from wir2graph.search.compounds import parts
from wir2graph.search.entries import Entry
from wir2graph.search.synonyms import Same
from wir2graph.search.words import LANGUAGES, Word, code, fold, stem, words

FILE: Final = "search.sqlite"
COLUMNS: Final = ("code", "form", "de", "en", "other", "part", "text_de", "text_en")

_SCHEMA: Final = """
CREATE TABLE page (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, plan TEXT, iri TEXT, section TEXT NOT NULL, weight REAL NOT NULL,
  code TEXT, titles TEXT NOT NULL, kinds TEXT NOT NULL, texts TEXT NOT NULL, length INTEGER NOT NULL
);
CREATE TABLE name (key TEXT NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (key, page)) WITHOUT ROWID;
CREATE TABLE code (key TEXT NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (key, page)) WITHOUT ROWID;
CREATE TABLE word (id INTEGER PRIMARY KEY, form TEXT NOT NULL, written TEXT NOT NULL, plain TEXT NOT NULL,
  de TEXT NOT NULL, en TEXT NOT NULL);
CREATE TABLE same (plan TEXT NOT NULL, groups TEXT NOT NULL);
CREATE VIRTUAL TABLE found USING fts5 (code, form, de, en, other, part, text_de, text_en, content='', columnsize=0,
  tokenize="unicode61 remove_diacritics 0 tokenchars '.'");
CREATE VIRTUAL TABLE terms USING fts5vocab (found, instance);
CREATE VIRTUAL TABLE counts USING fts5vocab (found, row);
CREATE VIRTUAL TABLE spelling USING fts5 (form, content='', columnsize=0, tokenize="trigram");
"""


def write(file: Path, entries: Iterable[Entry], synonyms: Mapping[str, Iterable[Same]]) -> None:
    """Write the index of these entries into a new file; `synonyms` are those of each plan, by its slug."""
    found = sorted(entries, key=lambda entry: entry.path)
    groups = {plan: list(of) for plan, of in sorted(synonyms.items())}
    forms = _forms([
        *((*entry.names, *((text, None) for text in entry.codes)) for entry in found),
        *(entry.texts for entry in found),
        *(tuple((text, None) for text in group) for of in groups.values() for group in of),
    ])
    known = {*forms, *(stem(word.plain, language) for word in forms.values() for language in LANGUAGES)}
    with closing(sqlite3.connect(file)) as database:
        database.executescript(_SCHEMA)
        for number, entry in enumerate(found, 1):
            _write_entry(database, number, entry, known)
        for number, (form, word) in enumerate(sorted(forms.items()), 1):
            keys = [stem(word.plain, language) for language in LANGUAGES]
            row = (number, form, word.written, word.plain, *keys)
            database.execute("INSERT INTO word VALUES (?, ?, ?, ?, ?, ?)", row)
            database.execute("INSERT INTO spelling (rowid, form) VALUES (?, ?)", (number, form))
        for plan, of in groups.items():
            database.execute("INSERT INTO same VALUES (?, ?)", (plan, json.dumps(of, ensure_ascii=False)))
        for table in ("found", "spelling"):
            database.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        database.commit()
        database.execute("VACUUM")


def _forms(said: Iterable[Iterable[Tagged]]) -> dict[str, Word]:
    """Return every word of texts by its folded form, as it is written where it comes first."""
    forms: dict[str, Word] = {}
    for texts in said:
        for text, _ in texts:
            for word in words(text):
                forms.setdefault(fold(word.plain), word)
    return forms


def _write_entry(database: sqlite3.Connection, number: int, entry: Entry, known: set[str]) -> None:
    titles, kinds = dict(entry.titles), dict(entry.kinds)
    length = max(len(list(words(text))) for text, _ in titles.values())
    database.execute(
        "INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, entry.path, entry.plan, entry.iri, entry.group, entry.weight, entry.code,
         *(json.dumps(value, ensure_ascii=False) for value in (titles, kinds, entry.texts)), length),
    )
    database.executemany("INSERT OR IGNORE INTO name VALUES (?, ?)", [(key, number) for key in _keys(entry)])
    database.executemany("INSERT OR IGNORE INTO code VALUES (?, ?)", [(code(text), number) for text in entry.codes])
    main = set(titles.values())
    columns = {
        "code": " ".join(code(text) for text in entry.codes),
        "form": " ".join(fold(word.plain) for text, _ in entry.names for word in words(text)),
        "de": _joined((name for name in entry.names if name in main), "de"),
        "en": _joined((name for name in entry.names if name[1] != "de"), "en"),
        "other": _joined((name for name in entry.names if name not in main), "de"),
        "part": " ".join(_parts(entry.names, known)),
        "text_de": _joined(entry.texts, "de"), "text_en": _joined(entry.texts, "en"),
    }
    database.execute(
        f"INSERT INTO found (rowid, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, *(columns[name] for name in COLUMNS)),
    )


def _keys(entry: Entry) -> Iterator[str]:
    """Yield the key of each whole name: the keys of its words in order."""
    for text, tag in entry.names:
        for language in LANGUAGES:
            if tag in (language, None):
                yield " ".join(stem(word.plain, language) for word in words(text))


def _joined(texts: Iterable[Tagged], language: str) -> str:
    """Return the keys of all words of texts in a language; what has none is in each."""
    spoken = (text for text, tag in texts if tag is None or tag.partition("-")[0] == language)
    return " ".join(stem(word.plain, language) for text in spoken for word in words(text))


def _parts(names: Iterable[Tagged], known: set[str]) -> list[str]:
    """Return the keys of the parts of all compounds in German names; what a hyphen joins is a compound, too."""
    found = set()
    for text, tag in names:
        if tag in ("de", None):
            run = list(words(text))
            for word in run:
                found |= {stem(part, "de") for pair in parts(fold(word.plain), known) for part in pair}
            for left, right in pairwise(run):
                if text[left.end:right.start] == "-":
                    found.add(stem(left.plain + right.plain, "de"))
    return sorted(found)
