"""The answer of a worked question as a table: its query is the plan's, its columns are the query's variables."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from wir2graph.pages.folder import Column, TableForm
from wir2graph.pages.model import Row
from wir2graph.pages.results import NUMBERS
from wir2graph.pages.values import Values
from wir2graph.plan import PREFIXES
from wir2graph.questions import Cell, Question
from wir2graph.store.base import Term

_DECIMAL: Final = ox.NamedNode(PREFIXES["xsd"] + "decimal")
_STRING: Final = PREFIXES["xsd"] + "string"


@dataclass(frozen=True)
class Sample:
    """A worked question as a list offers it; `href` is its page, `form` the form with its query."""

    plan: str
    group: str
    title: str
    text: str
    href: str
    form: str


@dataclass(frozen=True)
class Worked:
    """What the page of a worked question tells beside its answer.

    `expected` are the rows found by reading, given only where the answer has others. `translated` tells that the query
    asks in another language than the plan does. `json` runs the query, `curl` is the line for the command line for it.
    """

    group: str
    text: str
    reason: str
    expected: tuple[Row, ...]
    translated: bool
    json: str
    curl: str


def answer_form(question: Question, solutions: Sequence[Mapping[str, Term]]) -> TableForm:
    """Return the form of the answer: every variable has its column, and the first one names the row."""
    columns = tuple(
        Column(name, {"de": name, "en": name}, numeric=all(_is_number(row.get(name)) for row in solutions),
               header=name == question.columns[0], translated=False, open=True)
        for name in question.columns
    )
    return TableForm(question.text, (), columns)


def tagged(
    solutions: Iterable[Mapping[str, Term]], question: Question, language: str,
) -> Iterable[Mapping[str, Term]]:
    """Return an answer as it is shown in a language: words of another one that have no tag get that of the question.

    Codes (without a small letter) and IRIs written as text are words of no language.
    """
    own = question.languages[0]
    if language == own:
        return solutions
    translated = set((question.translated or {}).values())
    return [{name: _in_words(term, own, translated) for name, term in row.items()} for row in solutions]


def expected_rows(question: Question, values: Values, things: Container[str]) -> tuple[Row, ...]:
    """Return the rows found by reading as the page shows them; a text that is the IRI of a thing stands for it."""
    return tuple(
        {name: (values.of(_term(cell, things)),) for name, cell in zip(question.columns, row, strict=True)}
        for row in question.rows
    )


def _in_words(term: Term, language: str, but: Container[str]) -> Term:
    if not isinstance(term, ox.Literal) or term.language or term.datatype.value != _STRING:
        return term
    if "://" in term.value or term.value in but:
        return term
    return ox.Literal(term.value, language=language) if any(map(str.islower, term.value)) else term


def _is_number(term: Term | None) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value in NUMBERS


def _term(cell: Cell, things: Container[str]) -> Term:
    if isinstance(cell, float):
        return ox.Literal(str(cell), datatype=_DECIMAL)
    return ox.NamedNode(cell) if isinstance(cell, str) and cell in things else ox.Literal(cell)
