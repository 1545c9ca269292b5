"""What staff look for in the plan that is shipped: at least 57 of 60 have what they mean among the first three hits."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urljoin

import pytest

from tests.serving import Server
from wir2graph.urls import localised

QUERIES: Final = tomllib.loads((Path(__file__).parent / "queries.toml").read_text(encoding="utf-8"))["queries"]
PLAN: Final = "hannover"


def wanted(hit: str, language: str) -> str:
    return localised(hit if hit.startswith("/") else f"/{PLAN}/{hit}", language)


def test_what_is_expected_exists(shipped_server: Server) -> None:
    assert len(QUERIES) >= 60
    assert len({query["q"] for query in QUERIES}) == len(QUERIES)
    for query in QUERIES:
        for hit in query["hits"]:
            path = wanted(hit, query.get("lang", "de"))
            assert shipped_server.get(path).status_code == 200, path


def found(server: Server, text: str, language: str = "de") -> list[str]:
    """Return the addresses of the first three hits."""
    hits = server.get(f"/api/search?q={quote(text)}&lang={language}&plan={PLAN}&limit=3").json()["hits"]
    return [urljoin("/api/search", hit["href"]) for hit in hits]


def test_57_of_60_queries_have_theirs_among_the_first_three(shipped_server: Server) -> None:
    missed = []
    for query in QUERIES:
        language = query.get("lang", "de")
        hits = found(shipped_server, query["q"], language)
        if not {wanted(hit, language) for hit in query["hits"]} & set(hits):
            missed.append((query["q"], query["hits"], hits))
    for query, expected, hits in missed:
        print(f"{query!r}: wanted {expected}, got {hits}")
    assert (len(QUERIES) - len(missed)) / len(QUERIES) >= 57 / 60


@pytest.mark.parametrize("query", [query for query in QUERIES if query.get("first")], ids=lambda query: query["q"])
def test_what_is_named_is_the_first_hit(shipped_server: Server, query: dict[str, Any]) -> None:
    language = query.get("lang", "de")
    (first, *_) = found(shipped_server, query["q"], language)
    assert first in {wanted(hit, language) for hit in query["hits"]}


@pytest.mark.parametrize("text", ["OE 50.6", "OE50.6", "50.6"])
def test_a_code_that_is_not_there_has_no_hit_and_those_like_it_are_suggested(shipped_server: Server, text: str) -> None:
    answer = shipped_server.get(f"/api/search?q={quote(text)}&plan={PLAN}").json()
    assert (answer["count"], answer["suggested"]) == (0, ["50.4", "50.5"])


def test_a_word_is_taken_only_for_one_that_it_can_be_a_slip_of(shipped_server: Server) -> None:
    answer = shipped_server.get(f"/api/search?q=Drucksache&plan={PLAN}").json()
    assert (answer["count"], answer["corrected"]) == (0, [])
