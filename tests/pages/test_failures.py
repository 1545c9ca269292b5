"""What a failed query's visitor reads: the store's own words are German on the German page."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from wir2graph.operator import SparqlSettings
from wir2graph.pages.failures import failure_view, in_german
from wir2graph.pages.results import Failure
from wir2graph.release import Release
from wir2graph.store import base
from wir2graph.store.base import BadQuery, DatasetClause, Limits, StoreError
from wir2graph.store.embedded import EmbeddedStore
from wir2graph.store.querytext import outline
from wir2graph.store.syntaxerror import explain

WRONG = [
    "SELECT ?x WHERE { ?x ?y }", "SELECT ?x WHERE {", "", "SELECT ?x WHERE { ?x a:b 1 }", "SELECT * { ?s ?p 'x }",
    "SELECT * { <x> ?p ?o }", "SELECT * { <x y> ?p ?o }", "SELECT * { SERVICE <urn:a> {} }", "ASK " + "{" * 201,
    "SELECT * {" + "?s ?p ?o ." * 251 + "}", "ASK {} ASK {}", "SELECT * WHERE { ?s ?p ?o } LIMIT x", "SELECT",
]


def failure(query: str) -> StoreError:
    try:
        outline(query, Limits())
        ox.Store().query(query)
    except StoreError as error:
        return error
    except SyntaxError as error:
        return explain(query, str(error))
    raise AssertionError(f"nothing is wrong with {query}")


@pytest.mark.parametrize("query", WRONG)
def test_what_is_wrong_is_said_in_german(query: str) -> None:
    error = failure(query)
    detail, language = in_german(str(error))
    assert language == "de"
    assert detail != str(error)
    expected = error.expected if isinstance(error, BadQuery) else ()
    for item in expected:
        assert in_german(item)[1] == "de" or " " not in item, item


def test_what_is_not_ours_is_marked_as_english(release: Release) -> None:
    detail = "The SELECT contains an expression with a variable that is unbound"
    found = Failure("bad-query", 400, detail, 1, 8)
    texts = release.pages.index.texts
    german = failure_view(found, "de", texts["de"], SparqlSettings())
    assert (german.detail, german.lang) == (detail, "en")
    assert failure_view(found, "en", texts["en"], SparqlSettings()).lang is None


def kinds() -> Iterator[str]:
    errors = [value for value in vars(base).values() if isinstance(value, type) and issubclass(value, StoreError)]
    assert len(errors) > 7
    yield from {error.kind for error in errors} | {"client-busy"}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_way_to_fail_has_words(release: Release, language: str) -> None:
    texts = release.pages.index.texts[language]
    for kind in kinds():
        found = failure_view(Failure(kind, 500, "x", retry_after=15), language, texts, SparqlSettings())
        assert found.title
        assert found.text
        assert "{" not in found.text
    told = failure_view(Failure("timeout", 504, "x"), language, texts, SparqlSettings(Limits(seconds=7)))
    assert " 7 " in told.text
    assert " 15 " in failure_view(Failure("busy", 503, "x", retry_after=15), language, texts, SparqlSettings()).text


def test_the_store_says_what_is_known_here(tmp_path: Path) -> None:
    ox.Store(str(tmp_path / "store")).flush()
    store = EmbeddedStore(tmp_path / "store", {}, Limits())

    async def said(query: str) -> str:
        pieces = store.stream(query, DatasetClause(), "text/tab-separated-values")
        try:
            async for _ in pieces:
                pass
        except StoreError as error:
            return str(error)
        return ""

    async def all_said() -> list[str]:
        return [await said(query) for query in ("SELECT ?x WHERE { ?x ?y }", "SELECT * { SERVICE <urn:a> {} }")]

    try:
        found = asyncio.run(all_said())
    finally:
        store.close()
    assert [in_german(detail)[1] for detail in found] == ["de", "de"]
