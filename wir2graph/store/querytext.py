"""What the text of a SPARQL query tells before it is parsed: its form, its depth, the graphs it names.

The parser recurses, and the planner takes cubic time in the length of a pattern: both are asked only after
this. Strings, IRIs and comments are tokens (SPARQL 1.1, section 19.8): what looks like a keyword there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .base import BadQuery, Limits, QueryTooComplex

FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
GRAPH_FORMS: Final = frozenset({"CONSTRUCT", "DESCRIBE"})
UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)

_IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>"
_TOKEN: Final = re.compile(
    rf"""
    (?P<space>\s+|\#[^\r\n]*)
    |(?P<iri>{_IRI})
    |(?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*+\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*+'''
        |"(?:[^"\\\r\n]|\\.)*+"|'(?:[^'\\\r\n]|\\.)*+')
    |(?P<variable>[?$]\w+)
    |(?P<blank>_:\w(?:[\w.-]*[\w-])?)
    |(?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:(?:[\w:-]|%[0-9A-Fa-f]{{2}}|\\[^\w\s]|\.(?=[\w:%\\.-]))*+))
    |(?P<word>[^\W\d]\w*)
    |(?P<number>\d*\.\d+(?:[eE][+-]?\d+)?|\d+(?:\.?[eE][+-]?\d+)?)
    |(?P<tag>@[A-Za-z]+(?:--?[A-Za-z0-9]+)*)
    |(?P<operator>\^\^|&&|\|\||[!<>]=)
    |(?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PROLOGUE: Final = re.compile(
    rf"(?:\s+|\#[^\r\n]*)|(?P<iri>{_IRI})|(?P<prefix>[^\s:<>#\"'{{}}()?$]*:)|(?P<word>[A-Za-z]+)"
)
_CLOSING: Final = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class Token:
    """One token; `kind` is a group of the tokenizer (iri, string, variable, blank, name, word, …)."""

    kind: str
    text: str
    start: int

    @property
    def keyword(self) -> str:
        """The token in capitals if it is a word, else an empty string."""
        return self.text.upper() if self.kind == "word" else ""


@dataclass
class Outline:
    """The tokens of a query that stand outside all brackets, and where its form begins."""

    top: list[Token] = field(default_factory=list)
    form: str = ""
    form_at: int = 0

    def graphs(self) -> tuple[list[Token], list[Token]]:
        """Return the terms (IRI references or prefixed names) of FROM and of FROM NAMED."""
        default: list[Token] = []
        named: list[Token] = []
        for index, token in enumerate(self.top):
            if token.keyword == "FROM":
                following = self.top[index + 1:index + 3]
                is_named = bool(following) and following[0].keyword == "NAMED"
                term = following[int(is_named):][:1]
                if term and term[0].kind in ("iri", "name"):
                    (named if is_named else default).append(term[0])
        return default, named

    def described(self) -> list[Token]:
        """Return what stands between DESCRIBE and its pattern or dataset: IRIs, names, variables or `*`."""
        found: list[Token] = []
        for token in self.top:
            if token.start > self.form_at:
                if token.kind not in ("iri", "name", "variable") and token.text != "*":
                    break
                found.append(token)
        return found

    def has_pattern(self) -> bool:
        """Tell whether a pattern in braces follows."""
        return any(token.text == "{" for token in self.top)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query without white space and comments."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        if kind != "space":
            yield Token(kind, match[0], match.start())


def query_form(text: str) -> str:
    """Return the form of a query (SELECT, ASK, CONSTRUCT, DESCRIBE), UPDATE for an update, "" if it has none.

    Reads the prologue only and takes time linear in its length.
    """
    position = 0
    while match := _PROLOGUE.match(text, position):
        word = (match["word"] or "").upper()
        if word in FORMS:
            return word
        if word in UPDATES:
            return "UPDATE"
        position = match.end()
    return ""


def outline(text: str, limits: Limits) -> Outline:
    """Read a query's outline and refuse what must not reach the parser.

    Raises QueryTooComplex for brackets nested deeper or patterns longer than the limits, BadQuery for
    SERVICE.
    """
    found = Outline()
    opened: list[str] = []
    lengths = [0]
    prefixes: set[str] = set()
    before = ""
    for token in tokens(text):
        mark = token.text if token.kind == "mark" else ""
        # `?a<(((1)))>0` reads as an IRI here and as a comparison there: its brackets count as if nested.
        hidden = token.text.count("(") + token.text.count("[") if token.kind == "iri" else 0
        if not opened:
            found.top.append(token)
            if not found.form and token.keyword in FORMS | UPDATES:
                found.form, found.form_at = token.keyword, token.start
        if token.kind == "name":
            # `SERVICE:x` is a keyword and a name with the empty prefix, unless there is a prefix `service:`.
            prefix = token.text.partition(":")[0].upper()
            if before == "PREFIX":
                prefixes.add(prefix)
            asks_elsewhere = prefix == "SERVICE" and prefix not in prefixes
        else:
            asks_elsewhere = token.keyword.startswith("SERVICE")
        before = token.keyword
        if asks_elsewhere:
            line, column = place(text, token.start)
            raise BadQuery("SERVICE is not offered: this endpoint asks no other server.", line, column)
        if mark and mark in "([{":
            opened.append(mark)
            if mark == "{":
                lengths.append(0)
        elif mark in _CLOSING and opened and opened[-1] == _CLOSING[mark]:
            opened.pop()
            if mark == "}":
                lengths.pop()
        elif mark and mark in ".;," and opened and opened[-1] != "(":
            lengths[-1] += 1
        if len(opened) + hidden > limits.depth:
            raise QueryTooComplex(f"Brackets are nested deeper than {limits.depth}.")
        if lengths[-1] > limits.length:
            raise QueryTooComplex(f"A pattern has more than {limits.length} triples.")
    return found


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, counted from 1, of a character."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
