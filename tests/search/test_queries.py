"""What staff look for in the plan that is shipped: at least 57 of 60 have what they mean among the first three hits."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final
from urllib.parse import quote, urljoin

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


def test_57_of_60_queries_have_theirs_among_the_first_three(shipped_server: Server) -> None:
    missed = []
    for query in QUERIES:
        language = query.get("lang", "de")
        address = f"/api/search?q={quote(query['q'])}&lang={language}&plan={PLAN}&limit=3"
        found = shipped_server.get(address).json()["hits"]
        hits = [urljoin("/api/search", hit["href"]) for hit in found]
        if not {wanted(hit, language) for hit in query["hits"]} & set(hits):
            missed.append((query["q"], query["hits"], hits))
    for query, expected, hits in missed:
        print(f"{query!r}: wanted {expected}, got {hits}")
    assert (len(QUERIES) - len(missed)) / len(QUERIES) >= 57 / 60
