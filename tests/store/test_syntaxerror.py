"""A malformed query is explained by the place of its fault and by what was expected there."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from wir2graph.store.base import BadQuery
from wir2graph.store.syntaxerror import explain


def explained(query: str) -> BadQuery:
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(query)
    return explain(query, str(caught.value))


@pytest.mark.parametrize(("query", "place", "message", "expected"), [
    ("SELECT * WHERE { ?s ?p }", (1, 24), "Unexpected }", "a variable"),
    ("SELECT *\nWHERE {\n  ?s ?p ?o\n", (3, 11), "The query ends before { of line 2, column 7 is closed.", '"}"'),
    ("SELECT * { ?s ?p ?o ORDER BY ?s", (1, 21), "Unexpected ORDER", '"}"'),
    ("SELECT * { ?s ?p ?o . FILTER ?s > 3 }", (1, 30), "Unexpected ?s", '"("'),
    ("SELECT ?s, ?p { ?s ?p ?o }", (1, 10), "Unexpected ,", "a variable"),
    ("ASK {} garbage", (1, 8), "Unexpected garbage", "the end of the query"),
    ("ASK {\n ?s foo:bar ?o }", (2, 5), "The prefix foo: is not declared.", "PREFIX foo: <…> before the query"),
    ("ASK { <rel> ?p ?o }", (1, 7), "The IRI <rel> is relative.", "an absolute IRI, or BASE before the query"),
    ("ASK { ?s ?p 'open }", (1, 13), "A string is not closed.", "'"),
    ("ASK { ?s ?p <http://a b> }", (1, 13), "An IRI is malformed.", "an IRI"),
    ("SELEC * {}", (1, 1), "Unexpected SELEC", "SELECT"),
    ("", (1, 1), "The query is incomplete.", "SELECT"),
])
def test_fault_is_located(query: str, place: tuple[int, int], message: str, expected: str) -> None:
    error = explained(query)
    assert (error.line, error.column) == place
    assert str(error) == message
    assert expected in error.expected


@pytest.mark.parametrize(("query", "message"), [
    ("SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }", "BIND is overriding an existing variable."),
    ("SELECT ?s (COUNT(?x) AS ?n) { ?s ?p ?x }", "The SELECT contains a variable that is unbound."),
])
def test_what_is_wrong_beyond_the_grammar_is_said(query: str, message: str) -> None:
    error = explained(query)
    assert str(error) == message
    assert error.line == 1
