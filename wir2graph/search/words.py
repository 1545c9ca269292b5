"""Words as the search compares them: one key for a word, however it is spelled, gendered or inflected.

`Straße` and `Strasse`, `Grünfläche` and `Gruenflaeche`, `Migrant*innen`, `Migrant:innen`, `Migrantinnen` and
`Migranten` have the same key. A key is the Snowball stem of a word, in small letters without marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Final

import snowballstemmer  # type: ignore[import-untyped]

LANGUAGES: Final = ("de", "en")

# A word: letters and digits; a dot before a digit (`56.12`) and the signs of gendered forms are within it.
_WORD: Final = re.compile(
    r"[^\W_]+(?:(?<=[^\W\d_])(?:[*_·](?=[^\W\d_])|:(?=innen|in\b|nja|zze|[rn]\b)|/-?(?=innen|in\b))[^\W_]+|\.\d[^\W_]*)*",
)
_SIGNS: Final = re.compile(r"[*_·:]|/-?")
# The feminine forms: in the plural, within a compound (Autorinnenzentrum), in the singular; no verbs (beginnen).
_PLURAL: Final = re.compile(r"(?<=\w{3})(?<!beg)(?<!gew)(?<!bes)(?<!spi)innen\Z")
_WITHIN: Final = re.compile(r"(?<=\w{3})innen(?=\w{3})")
_SINGULAR: Final = re.compile(r"(?<=\w{2}(?:er|or|nt|st|zt|og))in\Z")
_FOREIGN_PLURAL: Final = re.compile(r"(?<=\w{3}[aioy])s\Z")  # Kitas, Azubis, Handys: the stemmer leaves the s
_PLAIN: Final = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_UMLAUTS: Final = re.compile(r"(?<=[ao])e|(?<![q])ue")
_STEMMERS: Final = {
    "de": snowballstemmer.stemmer("german").stemWord, "en": snowballstemmer.stemmer("english").stemWord,
}
_ONE_AT_A_TIME: Final = Lock()  # a stemmer remembers the word that it is at


@dataclass(frozen=True)
class Word:
    """A word of a text: its place there, as it is written, and its plain form (small letters, not gendered)."""

    start: int
    end: int
    written: str
    plain: str


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text in order."""
    for found in _WORD.finditer(text):
        yield Word(found.start(), found.end(), found[0], plain(found[0]))


@lru_cache(2**16)
def plain(word: str) -> str:
    """Return a word in small letters and in the form that names no gender: `Migrant*innen` is `migrant`."""
    bare = unicodedata.normalize("NFC", _SIGNS.sub("", word)).lower()
    within = _WITHIN.sub(lambda found: "" if bare[:found.start()].endswith("er") else "en", bare)
    return _FOREIGN_PLURAL.sub("", _SINGULAR.sub("", _PLURAL.sub("", within)))


@lru_cache(2**16)
def fold(word: str) -> str:
    """Return a word without marks on its letters: ä and ae are a, ß is ss."""
    bare = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return _UMLAUTS.sub(lambda found: "u" if found[0] == "ue" else "", letters)


@lru_cache(2**16)
def stem(word: str, language: str) -> str:
    """Return the key of a plain word in a language ("de" or "en")."""
    with _ONE_AT_A_TIME:
        return fold(str(_STEMMERS[language](word)))


def code(text: str) -> str:
    """Return a code as codes are compared: small letters, digits and dots only."""
    return "".join(sign for sign in text.casefold() if sign.isalnum() or sign == ".")
