"""Strangers' queries run in processes that die alone."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from pathlib import Path

import pyoxigraph as ox
import pytest

from wir2graph.store.base import (
    BadQuery,
    Capacity,
    DatasetClause,
    Limits,
    MemoryExceeded,
    QueryTimeout,
    QueryTooComplex,
    ResultTooLarge,
    StoreBusy,
    StoreError,
)
from wir2graph.store.embedded import EmbeddedStore

JSON = "application/sparql-results+json"
EX = "http://example.org/"
POINT = f"ASK {{ <{EX}s1> <{EX}p> 'value 1' }}"
COUNT = "SELECT (COUNT(*) AS ?n) {0} {{ ?s <http://example.org/p> ?o }}"
PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
EXPLODING = (
    f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}",
    f"SELECT * {{ {PRODUCT} }} ORDER BY ?c ?f ?i ?l",
    f"SELECT DISTINCT ?c ?f ?i ?l {{ {PRODUCT} }}",
    f"SELECT ?c ?f (COUNT(?i) AS ?n) {{ {PRODUCT} }} GROUP BY ?c ?f",
    f"CONSTRUCT {{ ?a ?b ?l }} {{ {PRODUCT} FILTER(?c = ?l && ?a = ?k) }}",
)


async def answer(
    store: EmbeddedStore, query: str, media_type: str = JSON, dataset: DatasetClause | None = None,
    limits: Limits | None = None,
) -> bytes:
    pieces = store.stream(query, dataset or DatasetClause(), media_type, limits)
    return b"".join([piece async for piece in pieces])


async def number(store: EmbeddedStore, query: str, dataset: DatasetClause | None = None) -> int:
    rows = json.loads(await answer(store, query, dataset=dataset))["results"]["bindings"]
    return int(rows[0]["n"]["value"])


def run(store: EmbeddedStore, test: Callable[[], Awaitable[None]]) -> None:
    """Run a test in an event loop of its own and guard it against hanging."""
    async def guarded() -> None:
        try:
            await asyncio.wait_for(_await(test), 120)
        finally:
            store.close()

    asyncio.run(guarded())


async def _await(test: Callable[[], Awaitable[None]]) -> None:
    await test()


async def idle(store: EmbeddedStore) -> None:
    """Wait until no worker answers a query."""
    async with asyncio.timeout(60):
        while store.pool.busy:
            await asyncio.sleep(0.01)


def test_one_worker_answers_query_after_query(folder: Path) -> None:
    store = EmbeddedStore(folder, {}, capacity=Capacity(workers=1))

    async def test() -> None:
        assert json.loads(await answer(store, POINT)) == {"head": {}, "boolean": True}
        first = store.pool.idle
        for _ in range(20):
            await answer(store, POINT)
        assert store.pool.idle == first
        assert len(first) == 1

    run(store, test)


@pytest.mark.parametrize("query", EXPLODING)
def test_an_exploding_query_dies_at_its_limit_while_others_are_answered(store: EmbeddedStore, query: str) -> None:
    async def test() -> None:
        media_type = "application/n-triples" if query.startswith("CONSTRUCT") else JSON
        exploding = asyncio.create_task(answer(store, query, media_type, limits=Limits(seconds=2)))
        await asyncio.sleep(0.2)
        assert not exploding.done()
        for _ in range(5):
            assert b"true" in await answer(store, POINT)
        with pytest.raises((QueryTimeout, MemoryExceeded)):
            await exploding
        assert b"true" in await answer(store, POINT)

    run(store, test)


def test_a_memory_explosion_costs_only_that_query(store: EmbeddedStore) -> None:
    async def test() -> None:
        hungry = f"SELECT (GROUP_CONCAT(?c) AS ?all) {{ {PRODUCT} }}"
        small = Limits(seconds=60, memory_bytes=50 * 2**20)
        exploding = asyncio.create_task(answer(store, hungry, limits=small))
        assert b"true" in await answer(store, POINT)
        with pytest.raises(MemoryExceeded):
            await exploding
        assert b"true" in await answer(store, POINT)

    run(store, test)


@pytest.mark.parametrize("query", [
    "ASK " + "{" * 5000 + "}" * 5000,
    "ASK { FILTER(" + "!" * 200_000 + "true) }",
    "ASK {" + " ".join(f"?s <http://e/{n}> ?o{n} ." for n in range(500)) + "}",
    "ASK { ?s " + "/".join(["<http://e/p>"] * 500) + " ?o }",
    "ASK { ?s ?p " + "(" * 199 + "1" + ")" * 199 + " }",
    "ASK { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * 1000 + "}",
])
def test_monsters_cost_only_themselves(store: EmbeddedStore, query: str) -> None:
    async def test() -> None:
        monster = asyncio.create_task(answer(store, query, limits=Limits(seconds=1)))
        assert b"true" in await answer(store, POINT)
        with pytest.raises((QueryTooComplex, QueryTimeout)):
            await monster
        assert b"true" in await answer(store, POINT)

    run(store, test)


def test_a_killed_worker_is_replaced(folder: Path) -> None:
    store = EmbeddedStore(folder, {}, capacity=Capacity(workers=1))

    async def test() -> None:
        running = asyncio.create_task(answer(store, EXPLODING[0]))
        while not store.pool.busy:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        os.kill(store.pool.busy[0], signal.SIGKILL)
        with pytest.raises(StoreError):
            await running
        assert b"true" in await answer(store, POINT)
        waiting = store.pool.idle[0]
        os.kill(waiting, signal.SIGKILL)
        os.waitid(os.P_PID, waiting, os.WEXITED | os.WNOWAIT)
        assert b"true" in await answer(store, POINT)

    run(store, test)


@pytest.mark.parametrize("query", [EXPLODING[0], f"SELECT * {{ {PRODUCT} }}"])
def test_closing_the_answer_ends_the_query(store: EmbeddedStore, query: str) -> None:
    async def test() -> None:
        pieces: AsyncGenerator[bytes, None]
        async with aclosing(store.stream(query, DatasetClause(), JSON)) as pieces:
            waiting = asyncio.ensure_future(anext(aiter(pieces)))
            while not store.pool.busy:
                await asyncio.sleep(0.01)
            working = store.pool.busy[0]
            await asyncio.wait({waiting}, timeout=0.5)
            waiting.cancel()
            await asyncio.wait({waiting})
        await idle(store)
        async with asyncio.timeout(60):
            while Path(f"/proc/{working}").exists():
                await asyncio.sleep(0.01)

    run(store, test)


def test_a_full_queue_says_when_to_come_back(folder: Path) -> None:
    store = EmbeddedStore(folder, {}, capacity=Capacity(workers=1, queue=0))

    async def test() -> None:
        running = asyncio.create_task(answer(store, EXPLODING[0], limits=Limits(seconds=3)))
        while not store.pool.busy:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)
        assert b"true" in await answer(store, POINT)
        with pytest.raises(StoreBusy) as caught:
            await answer(store, EXPLODING[0])
        assert caught.value.retry_after >= 1
        with pytest.raises(QueryTimeout):
            await running
        assert b"true" in await answer(store, POINT)

    run(store, test)


@pytest.mark.parametrize("query", [EXPLODING[0], f"SELECT * {{ {PRODUCT} }}"])
def test_long_queries_leave_room_for_short_ones(folder: Path, query: str) -> None:
    store = EmbeddedStore(folder, {}, capacity=Capacity(workers=1))

    async def test() -> None:
        limits = Limits(seconds=2, result_bytes=2**40)
        crowd = [asyncio.create_task(answer(store, query, limits=limits)) for _ in range(4)]
        most = 0
        for _ in range(3):
            assert b"true" in await answer(store, POINT)
            most = max(most, len(store.pool.busy))
            await asyncio.sleep(0.2)
        assert most >= 2
        for outcome in await asyncio.gather(*crowd, return_exceptions=True):
            assert isinstance(outcome, QueryTimeout | StoreBusy | MemoryExceeded)
        assert b"true" in await answer(store, POINT)

    run(store, test)


def test_a_long_query_gives_way_to_others(store: EmbeddedStore) -> None:
    cores = sorted(os.sched_getaffinity(0))

    async def test() -> None:
        await answer(store, POINT)
        short = store.pool.idle
        assert all(os.sched_getaffinity(worker) == set(cores) for worker in short)
        asked = asyncio.create_task(answer(store, EXPLODING[0], limits=Limits(seconds=2)))
        async with asyncio.timeout(20):
            while not (slow := [worker for worker in store.pool.busy if os.getpriority(os.PRIO_PROCESS, worker) > 0]):
                await asyncio.sleep(0.01)
        assert os.sched_getaffinity(slow[0]) == set(cores[1:] or cores)
        with pytest.raises(QueryTimeout):
            await asked

    run(store, test)


def test_a_long_query_is_answered_in_the_end(store: EmbeddedStore) -> None:
    async def test() -> None:
        times = " ".join(map(str, range(40)))
        query = f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . VALUES ?times {{ {times} }} FILTER(?c != ?times) }}"
        assert await number(store, query) == 302 * 302 * 40

    run(store, test)


def test_too_long_an_answer_is_an_error_not_a_short_answer(store: EmbeddedStore) -> None:
    async def test() -> None:
        got: list[bytes] = []

        async def read() -> None:
            limits = Limits(result_bytes=500_000)
            async for piece in store.stream(f"SELECT * {{ {PRODUCT} }}", DatasetClause(), JSON, limits):
                got.append(piece)

        with pytest.raises(ResultTooLarge):
            await read()
        assert 0 < sum(map(len, got)) <= 500_000

    run(store, test)


@pytest.mark.parametrize(("query", "dataset", "count"), [
    (COUNT.format(""), None, 300),
    (COUNT.format(f"FROM <{EX}one>"), None, 300),
    (COUNT.format(f"FROM <{EX}one> FROM <{EX}two>"), None, 300),
    (COUNT.format(f"FROM <{EX}one> FROM <{EX}one>"), None, 300),
    (COUNT.format(f"FROM <{EX}one> FROM <{EX}two> FROM <{EX}three>"), None, 301),
    (f"PREFIX ex: <{EX}> " + COUNT.format("FROM ex:two FROM ex:three"), None, 301),
    (f"BASE <{EX}> " + COUNT.format("FROM <two> FROM <three>"), None, 301),
    (COUNT.format(f"FROM NAMED <{EX}one>"), None, 0),
    (COUNT.format(f"FROM <{EX}one>"), DatasetClause((f"{EX}three",)), 1),
    (COUNT.format(""), DatasetClause((f"{EX}one", f"{EX}two")), 300),
    ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", None, 601),
    (f"SELECT (COUNT(*) AS ?n) FROM NAMED <{EX}one> {{ GRAPH ?g {{ ?s ?p ?o }} }}", None, 300),
    (f"SELECT (COUNT(*) AS ?n) FROM <{EX}one> {{ GRAPH ?g {{ ?s ?p ?o }} }}", None, 0),
    (
        f"SELECT (COUNT(*) AS ?n) FROM <{EX}one> FROM <{EX}two> FROM NAMED <{EX}three> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        None, 1,
    ),
    ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", DatasetClause((), (f"{EX}two",)), 300),
])
def test_a_triple_counts_once_in_the_dataset_asked_for(
    store: EmbeddedStore, query: str, dataset: DatasetClause | None, count: int,
) -> None:
    async def test() -> None:
        assert await number(store, query, dataset) == count
        assert await number(store, query, dataset) == count

    run(store, test)


@pytest.mark.parametrize(("query", "described"), [
    (f"DESCRIBE <{EX}s1>", ["s1"]),
    (f"BASE <{EX}> PREFIX ex: <{EX}> DESCRIBE <s1> ex:s2", ["s1", "s2"]),
    (f"DESCRIBE ?s {{ ?s <{EX}near> ?o }}", ["s1"]),
    (f"DESCRIBE * {{ ?s <{EX}near> ?o }}", ["s1", "s2"]),
    (f"DESCRIBE <{EX}s3> ?o WHERE {{ ?s <{EX}near> ?o }} ORDER BY ?o LIMIT 1", ["s2", "s3"]),
    (f"DESCRIBE <{EX}s3> {{ ?s <{EX}nothing> ?o }}", ["s3"]),
])
def test_describe_gives_the_data_documents(store: EmbeddedStore, query: str, described: Sequence[str]) -> None:
    async def test() -> None:
        lines = (await answer(store, query, "application/n-triples")).decode().splitlines()
        expected = {f"{triple} ." for name in described for triple in store.describe(EX + name)}
        assert len(lines) == len(set(lines))
        assert set(lines) == expected

    run(store, test)


def test_describe_keeps_to_the_dataset_asked_for(store: EmbeddedStore) -> None:
    async def test() -> None:
        query = f"DESCRIBE ?s FROM <{EX}three> {{ ?s ?p ?o }}"
        assert await answer(store, query, "application/n-triples") == f"<{EX}x> <{EX}p> <{EX}y> .\n".encode()
        query = f"DESCRIBE <{EX}x>"
        assert await answer(store, query, "application/n-triples") == b""

    run(store, test)


@pytest.mark.parametrize("query", ["SELECT * {", "DESCRIBE <http://e/> { ?s ?p }", "SELECT * FROM {}", "DESCRIBE"])
def test_malformed_queries_are_located(store: EmbeddedStore, query: str) -> None:
    async def test() -> None:
        with pytest.raises(BadQuery) as caught:
            await answer(store, query)
        assert caught.value.line == 1
        assert caught.value.column is not None

    run(store, test)


def test_a_graph_name_that_is_no_iri_is_refused(store: EmbeddedStore) -> None:
    async def test() -> None:
        with pytest.raises(BadQuery):
            await answer(store, POINT, dataset=DatasetClause(("no iri",)))

    run(store, test)


def test_closing_after_the_event_loop_leaves_no_process(folder: Path) -> None:
    store = EmbeddedStore(folder, {}, capacity=Capacity(workers=2))

    async def test() -> tuple[int, ...]:
        await answer(store, POINT)
        async with asyncio.timeout(60):
            while len(store.pool.idle) < 2:
                store.warm()
                await asyncio.sleep(0.01)
        return store.pool.idle

    workers = asyncio.run(test())
    store.close()
    assert len(workers) == 2
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def test_no_worker_outlives_a_killed_server(folder: Path) -> None:
    program = (
        "import asyncio\n"
        "from pathlib import Path\n"
        "from wir2graph.store.base import Capacity, DatasetClause\n"
        "from wir2graph.store.embedded import EmbeddedStore\n"
        f"store = EmbeddedStore(Path({str(folder)!r}), {{}}, capacity=Capacity(workers=1))\n"
        "async def ask():\n"
        f"    async for _ in store.stream({EXPLODING[0]!r}, DatasetClause(), {JSON!r}): pass\n"
        "async def main():\n"
        "    tasks = [asyncio.create_task(ask()) for _ in range(3)]\n"
        "    while len(store.pool.busy) < 3: await asyncio.sleep(0.01)\n"
        "    print(*store.pool.busy, flush=True)\n"
        "    await asyncio.gather(*tasks)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        workers = [int(word) for word in server.stdout.readline().split()]
        server.kill()
    assert len(workers) == 3
    end = time.monotonic() + 30
    while any(_runs(worker) for worker in workers):
        assert time.monotonic() < end
        time.sleep(0.02)


def _runs(process: int) -> bool:
    """Tell whether a process is neither gone nor dead and merely not yet collected."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_own_queries_know_the_prefixes(store: EmbeddedStore) -> None:
    rows = store.select("SELECT ?s ?none { ?s ex:near ?o OPTIONAL { ?s ex:none ?none } }")
    assert [{name: term.value for name, term in row.items()} for row in rows] == [{"s": f"{EX}s1"}]  # type: ignore[union-attr]
    assert store.ask("ASK { ?s ex:near ex:s2 }")
    assert len(store.construct("CONSTRUCT WHERE { ?s ex:near ?o }")) == 1
    with pytest.raises(ValueError, match="SELECT"):
        store.select("ASK {}")


def test_a_store_too_large_for_memory_answers_the_same_from_disk(
    folder: Path, store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch,
) -> None:
    again = EmbeddedStore(folder, {"ex": EX})
    monkeypatch.setattr("wir2graph.store.embedded._MOST_IN_MEMORY", 10)
    on_disk = EmbeddedStore(folder, {"ex": EX})
    try:
        for query in ("SELECT * { ?s ex:p ?o }", "SELECT * { GRAPH ?g { ?s ?p ?o } }",
                      "SELECT ?o (COUNT(*) AS ?n) { ?s ex:p ?o } GROUP BY ?o"):
            found = store.select(query)
            assert found
            # Where the order is left open, too, pages of the same release must always be the same.
            assert again.select(query) == found, query
            assert sorted(map(str, on_disk.select(query))) == sorted(map(str, found)), query
        graphs = "SELECT ?g { GRAPH ?g {} } ORDER BY ?g"
        assert len(store.select(graphs)) == 3
        assert on_disk.select(graphs) == store.select(graphs)
    finally:
        on_disk.close()
        again.close()


def test_a_missing_store_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        EmbeddedStore(tmp_path / "none", {})


def test_a_store_of_many_files_is_read_whole(tmp_path: Path) -> None:
    """The engine opens some files only when a query needs them, which is after the worker has been confined."""
    writing = ox.Store(str(tmp_path))
    for n in range(40):
        graph = ox.NamedNode(f"{EX}g{n}")
        writing.add(ox.Quad(ox.NamedNode(f"{EX}s{n}"), ox.NamedNode(f"{EX}p{n}"), ox.Literal(f"value {n}"), graph))
        writing.add(ox.Quad(ox.NamedNode(f"{EX}s{n}"), ox.NamedNode(f"{EX}p"), ox.Literal(f"value {n}")))
        writing.flush()
    del writing
    assert len(list(tmp_path.glob("*.sst"))) > 40
    store = EmbeddedStore(tmp_path, {}, capacity=Capacity(workers=1))

    async def main() -> None:
        for n in range(40):
            for pattern in (f"<{EX}s{n}> ?p ?o", f"?s <{EX}p{n}> ?o", f"?s ?p 'value {n}'"):
                assert b"true" in await answer(store, f"ASK {{ GRAPH ?g {{ {pattern} }} }}")
            assert b"true" in await answer(store, f"ASK FROM <{EX}g{n}> {{ ?s ?p ?o }}")
            assert b"true" in await answer(store, f"ASK {{ ?s <{EX}p> 'value {n}' }}")

    try:
        asyncio.run(main())
    finally:
        store.close()
