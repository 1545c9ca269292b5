"""Prints how long a point query takes at the endpoint, and what a worker weighs after hard work."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from tests.bench.report import line
from tests.bench.serve import resident
from tests.serving import PATIENCE, build, serving
from wir2graph.plan import find_workspace
from wir2graph.release import current
from wir2graph.store.base import DatasetClause, Limits
from wir2graph.store.embedded import EmbeddedStore

JSON = "application/sparql-results+json"
POINT = "PREFIX wir: <https://w3id.org/wir2graph/def#> SELECT ?s WHERE { ?s wir:number 15 }"
HARD = (
    "SELECT * { ?s ?p ?o } ORDER BY ?o",
    "SELECT ?p (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
)
EXPLODING = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ROUNDS = 500


def milliseconds(times: Sequence[float], percentile: int) -> float:
    """Return a percentile of times that were measured in seconds."""
    return statistics.quantiles(times, n=100)[percentile - 1] * 1000


async def ask(store: EmbeddedStore, query: str, limits: Limits | None = None) -> int:
    """Ask one query in a worker and return the length of the answer."""
    media_type = "application/n-triples" if query.startswith("CONSTRUCT") else JSON
    return sum([len(piece) async for piece in store.stream(query, DatasetClause(), media_type, limits)])


async def timed(store: EmbeddedStore) -> list[float]:
    """Return the times of many point queries, one after the other."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await ask(store, POINT)
        times.append(time.perf_counter() - start)
    return times


async def workers(store: EmbeddedStore) -> None:
    """Measure and print what concerns the workers alone."""
    await ask(store, POINT)
    times = await timed(store)
    print(line("point query in a worker, median", milliseconds(times, 50), "ms", 1))
    tasks = [asyncio.create_task(ask(store, EXPLODING, Limits(seconds=5))) for _ in range(4)]
    await asyncio.sleep(1.5)
    busy = await timed(store)
    print(line("  99 of 100, while four queries explode", milliseconds(busy, 99), "ms", 25))
    await asyncio.gather(*tasks, return_exceptions=True)
    for query in HARD:
        # Where a limit ends a query, its worker is replaced: what counts here is what is left.
        await asyncio.gather(ask(store, query), ask(store, query), return_exceptions=True)
        while not store.pool.idle:  # a long query wears its worker out
            await asyncio.sleep(0.01)
        print(line(f"worker after {query[:28]}…", max(map(resident, store.pool.idle)), "MB", 60))


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        build(find_workspace().data, state)
        release = current(state)
        assert release is not None
        store = EmbeddedStore(release / "store", {})
        try:
            asyncio.run(workers(store))
        finally:
            store.close()
        with serving(state) as server, httpx.Client(timeout=PATIENCE) as client:
            times = []
            for _ in range(ROUNDS):
                start = time.perf_counter()
                client.get(f"{server.url}/sparql", params={"query": POINT}).raise_for_status()
                times.append(time.perf_counter() - start)
            print(line("point query over HTTP, median", milliseconds(times, 50), "ms", 10))


if __name__ == "__main__":
    main()
