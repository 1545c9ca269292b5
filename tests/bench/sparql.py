"""Prints how fast the endpoint answers beside native Oxigraph and rdflib-endpoint, with the same quads in one run.

The mix are the questions in `queries/`: what people ask on the real plan. Each is asked of every server, which must
give the same number of rows (a DESCRIBE may say more or less: SPARQL leaves it to the server). What is compared is
throughput, with one connection for each processor: so the whole machine is at work for every server in turn, and a
server that answers on one processor only is not flattered. The client is wrk, as one in Python would cost more than
the answers it waits for. *Repeated* is the same request over and over, and every cache may help; *cold* is a query text
never seen before, so that none can. The servers take turns, so that a slow moment of the machine hits them all.
"""

from __future__ import annotations

import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

import httpx

from tests.bench import peers
from tests.bench.load import Load, Query, load, wrk
from tests.bench.peers import Endpoint
from tests.bench.report import aim, line
from tests.bench.serve import children, resident
from tests.serving import PATIENCE, build
from wir2graph.plan import find_workspace
from wir2graph.release import current

QUERIES = Path(__file__).with_name("queries")
CONNECTIONS = os.cpu_count() or 1
ROUNDS = 2
SECONDS = 1
# rdflib-endpoint needs up to half a second for an answer.
SLOW_SECONDS = 2
# Beside whom, how high the ratio should be when repeated, and when cold.
AIMS = {"oxigraph": (1.0, 0.3), "rdflib-endpoint": (10.0, 20.0)}

ASK = Query("simple ASK", "ASK { ?measure a <https://w3id.org/wir2graph/def#Measure> }")
PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
EXPLODING = (
    f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}",
    f"SELECT * {{ {PRODUCT} }} ORDER BY ?l",
    f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {PRODUCT} }}",
    f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {PRODUCT} }} GROUP BY ?a ?d ?g",
)
HARD = (
    "SELECT * { ?s ?p ?o } ORDER BY ?o",
    "SELECT ?p (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
)
ASK_SECONDS = 6
# Time enough for a worker to end and for another to start.
REPLACED_SECONDS = 3
IN_BUSY_TIMES = 3.0


def mix() -> list[Query]:
    """Return the queries of the mix in their order."""
    found = [Query(file.stem, file.read_text(encoding="utf-8")) for file in sorted(QUERIES.glob("*.rq"))]
    assert found, f"no queries in {QUERIES}"
    return found


def rows(endpoint: Endpoint, query: Query) -> int | bool:
    """Return how many rows or triples an endpoint answers, or what it says to an ASK."""
    answer = httpx.get(endpoint.url, params={"query": query.text}, headers={"accept": query.accept}, timeout=PATIENCE)
    assert answer.status_code == httpx.codes.OK, f"{endpoint.name}, {query.name}: {answer.status_code} {answer.text}"
    if query.is_graph:
        return len({triple for triple in answer.text.splitlines() if triple.strip()})
    document = answer.json()
    if "boolean" in document:
        return bool(document["boolean"])
    return len(document["results"]["bindings"])


def same_rows(endpoints: Sequence[Endpoint], queries: Sequence[Query]) -> bool:
    """Print how many rows each endpoint gives to each query; tell whether they agree where they have to."""
    agreed = True
    print(f"\n{'rows':<44}" + "".join(f"{endpoint.name:>17}" for endpoint in endpoints))
    for query in queries:
        counts = [rows(endpoint, query) for endpoint in endpoints]
        free = query.text.startswith("DESCRIBE")
        differ = len(set(counts)) > 1 and not free
        agreed &= not differ
        verdict = "  DIFFERENT" if differ else "  each server describes in its own way" if free else ""
        print(f"{query.name:<44}" + "".join(f"{count!s:>17}" for count in counts) + verdict)
    return agreed


def measured(endpoints: Sequence[Endpoint], query: Query, fresh: bool) -> dict[str, Load]:
    """Return for each endpoint the mean rate, the mean median and the worst 99th percentile of its turns."""
    turns: dict[str, list[Load]] = {endpoint.name: [] for endpoint in endpoints}
    for _ in range(ROUNDS):
        for endpoint in endpoints:
            seconds = SLOW_SECONDS if endpoint.name == "rdflib-endpoint" else SECONDS
            turns[endpoint.name].append(
                load(endpoint.url, query, fresh=fresh, connections=CONNECTIONS, seconds=seconds)
            )
    return {name: Load(
        statistics.fmean(turn.rate for turn in loads), statistics.fmean(turn.median for turn in loads),
        max(turn.late for turn in loads),
    ) for name, loads in turns.items()}


def side_by_side(endpoints: Sequence[Endpoint], queries: Sequence[Query], *, fresh: bool) -> None:
    """Print rate and median time for each query and endpoint, and the medians of the ratios over the mix."""
    what = "cold" if fresh else "repeated"
    print(f"\n{what + ': requests a second (median time)':<44}" + "".join(f"{e.name:>22}" for e in endpoints)
          + "".join(f"{'× ' + e.name:>19}" for e in endpoints[1:]))
    ratios: dict[str, list[float]] = {endpoint.name: [] for endpoint in endpoints[1:]}
    for query in queries:
        loads = measured(endpoints, query, fresh)
        own = loads[endpoints[0].name]
        for name, found in ratios.items():
            found.append(own.rate / loads[name].rate)
        rates = "".join(f"{f'{one.rate:,.0f} ({one.median * 1000:.2f} ms)':>22}" for one in loads.values())
        print(f"{query.name:<44}{rates}" + "".join(f"{found[-1]:>19.2f}" for found in ratios.values()), flush=True)
    for name, found in ratios.items():
        print(aim(f"{what}, median of the mix, × {name}", statistics.median(found), AIMS[name][int(fresh)]))


@contextmanager
def exploding(endpoint: Endpoint) -> Iterator[None]:
    """Have four queries at work that no server can answer; each is asked again as soon as a limit has ended it."""
    place = httpx.URL(endpoint.url)
    stop = threading.Event()
    statuses: list[int] = []
    connections = [HTTPConnection(place.host, place.port, timeout=PATIENCE) for _ in EXPLODING]

    def insist(connection: HTTPConnection, query: str) -> None:
        with suppress(OSError, HTTPException):  # so it ends: the connection is shut down below
            while not stop.is_set():
                connection.request("GET", f"{place.path}?query={quote(query)}")
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)

    threads = [threading.Thread(target=insist, args=each) for each in zip(connections, EXPLODING, strict=True)]
    for thread in threads:
        thread.start()
    stop.wait(1)
    yield
    stop.set()
    assert all(thread.is_alive() for thread in threads), "not all of the four queries were at work"
    assert 200 not in statuses, "an exploding query was answered"
    for connection, thread in zip(connections, threads, strict=True):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)
        thread.join(PATIENCE)
    print(f"  meanwhile a limit ended a query {len(statuses)} times (status {sorted(set(statuses))})")


def others_wait(endpoint: Endpoint) -> None:
    """Print the 99th percentile of a simple ASK when nothing else is asked, and while four queries explode."""
    def late(fresh: bool) -> float:
        return load(endpoint.url, ASK, fresh=fresh, connections=1, seconds=ASK_SECONDS).late * 1000

    print("\n99th percentile of a simple ASK")
    late(fresh=True)  # so that all workers have started
    idle = {name: late(fresh) for name, fresh in (("never seen", True), ("repeated", False))}
    with exploding(endpoint):
        busy = {name: late(fresh) for name, fresh in (("never seen", True), ("repeated", False))}
    for name, least in idle.items():
        print(line(f"  {name}, idle {least:.2f} ms, while four explode", busy[name], "ms", IN_BUSY_TIMES * least))


def memory(endpoints: Sequence[Endpoint]) -> None:
    """Print what the servers and our workers weigh; ours has done hard work before."""
    own = endpoints[0]
    for query in HARD:
        # Where a query wears its worker out, that is replaced: what counts here is what is left.
        httpx.get(own.url, params={"query": query}, timeout=PATIENCE)
    time.sleep(REPLACED_SECONDS)
    print()
    print(line("server process", resident(own.process), "MB", 200))
    workers = children(own.process)
    assert workers, "the server has no workers"
    for number, worker in enumerate(workers, 1):
        print(line(f"worker {number} after hard work", resident(worker), "MB", 60))
    for endpoint in endpoints[1:]:
        print(f"{endpoint.name:<44}{resident(endpoint.process):>9.2f} MB")


def started(stack: ExitStack, state: Path, folder: Path) -> tuple[list[Endpoint], list[str]]:
    """Start every server that is installed; return those and what there is to install for the others."""
    release = current(state)
    assert release is not None
    quads = folder / "all.nq"
    peers.dump(release / "store", quads)
    endpoints = [stack.enter_context(peers.ours(state))]
    missing = []
    if program := peers.oxigraph():
        endpoints.append(stack.enter_context(peers.native(program, quads, folder)))
    else:
        missing.append("oxigraph is missing: pip install oxigraph==0.5.13 (in a venv; name the program in OXIGRAPH)")
    if program := peers.rdflib_endpoint():
        endpoints.append(stack.enter_context(peers.rdflib(program, quads)))
    else:
        missing.append("rdflib-endpoint is missing: pip install rdflib-endpoint uvicorn (in a venv of its own; name "
                       "the program in RDFLIB_ENDPOINT)")
    if not wrk():
        missing.append("wrk is missing: apt-get install wrk (or name the program in WRK)")
    return endpoints, missing


def main() -> int:
    """Measure and print. Returns 1 when a program to compare with is missing or the answers differ."""
    queries = mix()
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary)
        build(find_workspace().data, folder / "state")
        endpoints, missing = started(stack, folder / "state", folder)
        agreed = same_rows(endpoints, queries)
        if wrk():
            side_by_side(endpoints, queries, fresh=False)
            side_by_side(endpoints, queries, fresh=True)
            others_wait(endpoints[0])
        memory(endpoints)
    for each in missing:
        print(each, file=sys.stderr)
    return 1 if missing or not agreed else 0


if __name__ == "__main__":
    sys.exit(main())
