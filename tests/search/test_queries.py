"""What staff look for in the plan that is shipped: at least 57 of 60 have what they mean among the first three hits."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final
from urllib.parse import quote, urljoin

from tests.serving import Server

QUERIES: Final = tomllib.loads((Path(__file__).parent / "queries.toml").read_text(encoding="utf-8"))["queries"]
PLAN: Final = "hannover"


def wanted(server: Server, hit: str, language: str) -> str:
    path = hit if hit.startswith("/") else f"/{PLAN}/{hit}"
    return f"{server.url}{'' if language == 'de' else f'/{language}'}{path}"


def test_what_is_expected_exists(shipped_server: Server) -> None:
    assert len(QUERIES) >= 60
    assert len({query["q"] for query in QUERIES}) == len(QUERIES)
    for query in QUERIES:
        for hit in query["hits"]:
            found = shipped_server.get(wanted(shipped_server, hit, query.get("lang", "de")).removeprefix(shipped_server.url))
            assert found.status_code == 200, hit


def test_57_of_60_queries_have_theirs_among_the_first_three(shipped_server: Server) -> None:
    missed = []
    for query in QUERIES:
        language = query.get("lang", "de")
        address = f"/api/search?q={quote(query['q'])}&lang={language}&plan={PLAN}&limit=3"
        hits = [urljoin(f"{shipped_server.url}/api/search", hit["href"]) for hit in shipped_server.get(address).json()["hits"]]
        if not {wanted(shipped_server, hit, language) for hit in query["hits"]} & set(hits):
            missed.append((query["q"], query["hits"], hits))
    for query, expected, hits in missed:
        print(f"{query!r}: wanted {expected}, got {hits}")
    assert (len(QUERIES) - len(missed)) / len(QUERIES) >= 57 / 60
