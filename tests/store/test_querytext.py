"""What the text of a query tells before it is parsed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wir2graph.store.base import BadQuery, Limits, QueryTooComplex
from wir2graph.store.querytext import outline, place, query_form, tokens

LIMITS = Limits()


@pytest.mark.parametrize(("query", "form"), [
    ("SELECT * {}", "SELECT"),
    ("ask{}", "ASK"),
    ("PREFIX select: <http://e/ask> # CONSTRUCT\n BASE <http://e/>\nDescribe <x>", "DESCRIBE"),
    ("PREFIX : <http://e/>\rCONSTRUCT WHERE {?s ?p ?o}", "CONSTRUCT"),
    ("PREFIX ex: <http://e/> INSERT DATA { ex:a ex:b ex:c }", "UPDATE"),
    ("WITH <http://e/> DELETE {?s ?p ?o} WHERE {?s ?p ?o}", "UPDATE"),
    ("# SELECT", ""),
    ("'SELECT'", ""),
    ("", ""),
])
def test_form(query: str, form: str) -> None:
    assert query_form(query) == form


@pytest.mark.parametrize("query", [
    "ASK " + "{" * 5000 + "}" * 5000,
    "ASK { FILTER(" + "(" * 201 + "1" + ")" * 201 + ") }",
    "ASK { ?s ?p " + "[ ?p " * 201 + "1" + "]" * 201 + "}",
    "ASK { FILTER(?a<" + "(" * 300 + "1" + ")" * 300 + ">0) }",
    "ASK {" + " ".join(f"?s <http://e/{n}> ?o{n} ." for n in range(500)) + "}",
    "ASK { ?s ?p " + ", ".join("?o" for n in range(500)) + "}",
])
def test_what_would_break_the_parser_is_refused(query: str) -> None:
    with pytest.raises(QueryTooComplex):
        outline(query, LIMITS)


@pytest.mark.parametrize("query", [
    "ASK " + "{" * 200 + "}" * 200,
    "ASK { VALUES ?s { " + "<http://e/x> " * 5000 + "} }",
    "ASK { ?s ?p ?o FILTER(?o IN (" + ", ".join(str(n) for n in range(5000)) + ")) }",
    "ASK { ?s ?p '" + "(" * 5000 + "' } # " + "{" * 5000,
    "ASK {" + "".join(f"{{ ?s <http://e/{n}> 1 . }} UNION" for n in range(400)) + "{} }",
])
def test_what_is_merely_long_is_not(query: str) -> None:
    assert outline(query, LIMITS).form == "ASK"


@pytest.mark.parametrize("query", [
    "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
    "SELECT * { service silent ?x { ?s ?p ?o } }",
    "SELECT * {?s ?p 1 SERVICE<http://e/>{ ?s ?p ?o } }",
    "PREFIX : <http://e/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "SELECT * { # '\nSERVICE <http://e/> { ?s ?p ?o } }",
])
def test_service_is_refused_with_its_place(query: str) -> None:
    with pytest.raises(BadQuery, match="SERVICE") as caught:
        outline(query, LIMITS)
    assert (caught.value.line, caught.value.column) == place(query, query.upper().index("SERVICE"))


@pytest.mark.parametrize("query", [
    "ASK { ?service ?p 'SERVICE <http://e/>' }",
    'ASK { ?s <http://e/SERVICE> """SERVICE " <http://e/>""" } # SERVICE',
    "PREFIX service: <http://e/> ASK { ?s service:type ?o }",
    "PREFIX my: <http://e/> ASK { ?s my:SERVICE ?o }",
])
def test_the_word_elsewhere_is_not(query: str) -> None:
    assert outline(query, LIMITS).form == "ASK"


def test_graphs_and_described_resources_are_found_as_written() -> None:
    found = outline("DESCRIBE <http://e/a> ex:b ?c FROM <http://e/g> FROM NAMED ex:h WHERE { ?c ?p ?o }", LIMITS)
    default, named = found.graphs()
    assert ([token.text for token in default], [token.text for token in named]) == (["<http://e/g>"], ["ex:h"])
    assert [token.text for token in found.described()] == ["<http://e/a>", "ex:b", "?c"]
    assert found.has_pattern()


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text(alphabet="<>\"'\\#(){}[].;,:?$@ab1 \n"))
def test_tokens_are_pieces_of_the_text_in_order(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert token.start >= end
        end = token.start + len(token.text)
        assert text[token.start:end] == token.text
