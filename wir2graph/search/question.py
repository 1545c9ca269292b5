"""What was typed, as the words that are looked for, and as other words that mean the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from wir2graph.search.synonyms import MOST_WORDS
from wir2graph.search.words import Word, plain, stem, words

Expression = tuple[str, ...]
Synonyms = Mapping[str, set[Expression]]
"""Expressions, as plain words, by the key of each one that means the same."""

_JOINED: Final = re.compile(r"(\D{2,})(\d.*)", re.DOTALL)  # one letter and a number are a name: B2, A1


class Rewording(NamedTuple):
    """Words of a question, from `start` to before `end`, with an expression that means the same."""

    start: int
    end: int
    other: Expression


def read(text: str, is_known: Callable[[str], bool]) -> Iterator[Word]:
    """Yield the words of a question; `is_known` tells of a plain word whether anything is called by it.

    A number that stands right behind letters is a word of its own (`bildung15`, `OE50.6`), unless the whole is known.
    """
    for word in words(text):
        joined = None if is_known(word.plain) else _JOINED.fullmatch(word.written)
        if joined is None:
            yield word
        else:
            middle = word.start + joined.end(1)
            yield Word(word.start, middle, joined[1], plain(joined[1]))
            yield Word(middle, word.end, joined[2], plain(joined[2]))


def is_number(word: Word, is_word: Callable[[str], bool]) -> bool:
    """Tell whether a word is a number or a code, which is meant exactly as it is typed.

    What begins with a letter and has a digit is one unless texts have it as a word.
    """
    has_digit = any(sign.isdigit() for sign in word.plain)
    return has_digit and (word.plain[0].isdigit() or not is_word(word.plain))


def meanings(groups: Iterable[Iterable[str]]) -> Synonyms:
    """Return the expressions that mean the same as each one of these groups, by its key."""
    found: dict[str, set[Expression]] = defaultdict(set)
    for group in groups:
        expressions = [tuple(word.plain for word in words(text)) for text in group]
        for one in expressions:
            found[key(one)] |= {other for other in expressions if key(one) != key(other)}
    return dict(found)


def key(expression: Iterable[str]) -> str:
    """Return the key that expressions of plain words are compared by."""
    return " ".join(stem(word, "de") for word in expression)


def rewordings(asked: Sequence[Word], synonyms: Synonyms) -> list[Rewording]:
    """Return what parts of a question may be replaced by, in a fixed order."""
    bare = [word.plain for word in asked]
    return [
        Rewording(start, end, other)
        for start in range(len(bare))
        for end in range(start + 1, min(len(bare), start + MOST_WORDS) + 1)
        for other in sorted(synonyms.get(key(bare[start:end]), ()))
    ]
