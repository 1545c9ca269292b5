"""Say where a query is malformed and what was expected there, in words that a reader of SPARQL knows.

The parser reports the farthest character that it looked at, and it looks as far as the longest keyword that
it tries: its position may lie several tokens behind the fault. So the query is parsed again with its tokens far
apart, which makes the position point at a token, and once more up to that token, which makes the parser name
all that could follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from .base import BadQuery
from .querytext import FORMS, Token, place, query_form, tokens

_POSITION: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)\Z", re.DOTALL)
_CLASS: Final = re.compile(r"\[[^\[\]]*\]")
_ITEM: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([^",\s][^",]*)')
_WORD: Final = re.compile(r"\w")
_END: Final = "the end of the query"
_GAP: Final = " " * 40
_BRACKETS: Final = frozenset("()[]{},;")
# Names for what begins a longer token; None for what is not offered here.
_NAMES: Final[dict[str, str | None]] = {
    "?": "a variable", "$": "a variable", "<": "an IRI", ":": "a prefixed name", "_:": "a blank node",
    "+": "a number", "-": "a number", '"': "a string", "'": "a string", '"""': "a string", "'''": "a string",
    "<<": None, "<<(": None, "SERVICE": None, "LATERAL": None,
}


def explain(query: str, message: str) -> BadQuery:
    """Turn the parser's message about a query into a BadQuery with line, column and what was expected."""
    found = _parse(query, message)
    if found is None:
        return BadQuery(message.strip() or "The query is malformed.")
    offset, items = found
    for reason in (item for item in items if " " in item):
        for cause in _causes(query, offset):
            return cause
        if reason != "IRI parsing failed":
            return BadQuery(f"{reason}.", *place(query, offset))
    fault, following = _fault(query, offset)
    for cause in _causes(query, fault.start):
        return cause
    line, column = place(query, fault.start)
    for reason in (item for item in following if " " in item and item not in _END):
        return BadQuery(f"{reason}.", line, column)
    expected = _names(following) or _keywords(query[:fault.start])
    if fault.text:
        return BadQuery(f"Unexpected {_short(fault.text)}", line, column, expected)
    opened = _unclosed(query)
    if opened is None:
        return BadQuery("The query is incomplete.", line, column, expected)
    at = place(query, opened.start)
    unclosed = f"The query ends before {opened.text} of line {at[0]}, column {at[1]} is closed."
    return BadQuery(unclosed, line, column, expected)


def _parse(query: str, message: str | None = None) -> tuple[int, list[str]] | None:
    """Return where the parser stopped and what it names there; None if it did not stop."""
    if message is None:
        try:
            ox.Store().query(query)
        except SyntaxError as error:
            message = str(error)
        except (ValueError, RuntimeError):
            return None
    match = _POSITION.match(message or "")
    if match is None:
        return None
    found = _ITEM.findall(_CLASS.sub("", match[3]))
    items = [quoted.replace('\\"', '"') or bare.strip() for quoted, bare in found]
    return _offset(query, int(match[1]), int(match[2])), items


def _fault(query: str, offset: int) -> tuple[Token, list[str]]:
    """Return the token where the query breaks (an empty one at its end) and what the parser names there."""
    found = list(tokens(query))
    end = Token("mark", "", len(query.rstrip()))
    spread = ""
    starts: list[int] = []
    for token, following in zip(found, [*found[1:], end], strict=False):
        starts.append(len(spread))
        adjacent = following.text and following.start == token.start + len(token.text)
        joined = adjacent and not _BRACKETS & {token.text, following.text}
        spread += token.text if joined else token.text + _GAP
    stopped = _parse(spread)
    if stopped is None:
        return next((token for token in found if token.start >= offset), end), []
    if stopped[0] >= len(spread):
        return end, stopped[1]
    index = sum(start <= stopped[0] for start in starts) - 1
    before = _parse(spread[:starts[index]])
    if before is None:
        return found[index], [_END]
    return found[index], before[1] if before[0] >= starts[index] else []


def _names(items: list[str]) -> tuple[str, ...]:
    shown = (item for item in items if not set(item) & set("\\<") or item in _NAMES)
    names = (_NAMES.get(item, item if _WORD.match(item) else f'"{item}"') for item in shown)
    return tuple(dict.fromkeys(name for name in names if name))


def _keywords(before: str) -> tuple[str, ...]:
    """Return what begins a query, where none has begun: the parser does not name keywords."""
    return () if query_form(before) else ("PREFIX", "BASE", *sorted(FORMS))


def _causes(query: str, offset: int) -> Iterator[BadQuery]:
    """Yield what the tokens up to a place tell: undeclared prefixes, relative IRIs, what has no end."""
    declared: set[str] = set()
    based = False
    keyword = ""
    for token in tokens(query):
        if token.start > offset:
            return
        if token.kind == "name" and keyword == "PREFIX":
            declared.add(token.text.partition(":")[0])
        elif token.kind == "name" and token.text.partition(":")[0] not in declared:
            if query[token.start - 1:token.start] == "<":
                yield BadQuery("An IRI is malformed.", *place(query, token.start - 1), ("an IRI",))
            prefix = token.text.partition(":")[0]
            declaration = f"PREFIX {prefix}: <…> before the query"
            message = f"The prefix {prefix}: is not declared."
            yield BadQuery(message, *place(query, token.start), (declaration,))
        elif token.text in ("'", '"'):
            yield BadQuery("A string is not closed.", *place(query, token.start), (token.text,))
        elif token.kind == "iri" and keyword == "BASE":
            based = True
        elif token.kind == "iri" and not based and not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", token.text):
            message = f"The IRI {_short(token.text)} is relative."
            expected = "an absolute IRI, or BASE before the query"
            yield BadQuery(message, *place(query, token.start), (expected,))
        keyword = token.keyword


def _unclosed(query: str) -> Token | None:
    opened: list[Token] = []
    for token in tokens(query):
        if token.kind == "mark" and token.text in "([{":
            opened.append(token)
        elif token.kind == "mark" and token.text in ")]}" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _offset(query: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = query.find("\n", start) + 1
    return min(start + column - 1, len(query))
