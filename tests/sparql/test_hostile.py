"""Whatever a query or a client does, the endpoint goes on answering and never passes a part for the whole."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wir2graph.store.base import Limits

PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
COUNT = f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}"
ENDLESS = f"SELECT * {{ {PRODUCT} }}"
ASK = "ASK { ?s ?p ?o }"
DIRECT = {"content-type": "application/sparql-query"}

Serving = Callable[..., AbstractContextManager[Any]]


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so; fail when it does not come to be."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.02)


@contextmanager
def connected(port: int) -> Any:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        yield connection


def request(query: str, version: str = "1.1") -> bytes:
    return f"GET /sparql?query={quote(query)} HTTP/{version}\r\nHost: localhost\r\n\r\n".encode()


def test_an_exploding_query_gets_a_status_while_others_are_answered(folder: Path, serve: Serving) -> None:
    with serve(folder, Limits(seconds=2), workers=2) as endpoint:
        responses: list[httpx.Response] = []
        asking = threading.Thread(
            target=lambda: responses.append(httpx.get(endpoint.url, params={"query": COUNT}, timeout=60))
        )
        asking.start()
        until(lambda: bool(endpoint.store.pool.busy))
        for _ in range(10):
            assert endpoint.client.get(endpoint.url, params={"query": ASK}).json()["boolean"] is True
        asking.join(60)
        assert responses[0].status_code == 504
        assert responses[0].json()["title"] == "Query took too long"
        assert endpoint.client.get(endpoint.url, params={"query": ASK}).status_code == 200


def test_too_much_memory_has_a_status(folder: Path, serve: Serving) -> None:
    with serve(folder, Limits(seconds=60, memory_bytes=40 * 2**20)) as endpoint:
        query = f"SELECT (GROUP_CONCAT(?c) AS ?all) {{ {PRODUCT} }}"
        response = endpoint.client.get(endpoint.url, params={"query": query})
        assert response.status_code == 422
        assert response.json()["title"] == "Query needs too much memory"
        assert endpoint.client.get(endpoint.url, params={"query": ASK}).status_code == 200


@pytest.mark.parametrize("limits", [Limits(seconds=1), Limits(result_bytes=400_000)])
def test_what_breaks_after_the_first_byte_is_noticed(folder: Path, serve: Serving, limits: Limits) -> None:
    with serve(folder, limits) as endpoint:
        with endpoint.client.stream("GET", endpoint.url, params={"query": ENDLESS}) as response:
            assert response.status_code == 200
            pieces = response.iter_raw()
            assert next(pieces)
            with pytest.raises(httpx.RemoteProtocolError):
                sum(len(piece) for piece in pieces)
        assert endpoint.client.get(endpoint.url, params={"query": ASK}).status_code == 200


def test_http_1_0_gets_all_or_a_status(folder: Path, serve: Serving) -> None:
    with serve(folder, Limits(result_bytes=400_000)) as endpoint:
        for query, status in ((ENDLESS, b"422"), ("SELECT ?c { ?a ?b ?c . ?d ?e ?f } LIMIT 3000", b"200"),
                              (f"SELECT ?c {{ {PRODUCT} }} LIMIT 5000", b"200")):
            with connected(endpoint.port) as connection:
                connection.sendall(request(query, "1.0"))
                answer = b"".join(iter(lambda: connection.recv(65536), b""))
            head, _, body = answer.partition(b"\r\n\r\n")
            assert head.split()[1] == status
            assert f"content-length: {len(body)}".encode() in head.lower()


@pytest.mark.parametrize("query", [COUNT, ENDLESS])
def test_hanging_up_ends_the_query(folder: Path, serve: Serving, query: str) -> None:
    with serve(folder, Limits(seconds=600, result_bytes=2**40)) as endpoint:
        with connected(endpoint.port) as connection:
            connection.sendall(request(query))
            until(lambda: bool(endpoint.store.pool.busy))
            working = endpoint.store.pool.busy[0]
            if query == ENDLESS:
                assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        until(lambda: not endpoint.store.pool.busy)
        until(lambda: not Path(f"/proc/{working}").exists())
        assert endpoint.client.get(endpoint.url, params={"query": ASK}).status_code == 200


def test_a_crowd_is_told_when_to_come_back(folder: Path, serve: Serving) -> None:
    with serve(folder, Limits(seconds=600), workers=1, queue=0) as endpoint:
        with connected(endpoint.port) as connection:
            connection.sendall(request(COUNT))
            until(lambda: bool(endpoint.store.pool.busy))
            time.sleep(0.5)
            assert endpoint.client.get(endpoint.url, params={"query": ASK}).status_code == 200
            response = endpoint.client.get(endpoint.url, params={"query": COUNT})
            assert response.status_code == 503
            assert int(response.headers["retry-after"]) >= 1
        until(lambda: not endpoint.store.pool.busy)
        assert endpoint.client.get(endpoint.url, params={"query": ASK}).status_code == 200


@pytest.mark.parametrize("query", [
    "SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
    "PREFIX : <http://127.0.0.1:{port}/> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
    "SELECT * FROM <http://127.0.0.1:{port}/> {{ ?s ?p ?o }}",
    "SELECT * FROM <http://127.0.0.1:{port}/> FROM NAMED <http://127.0.0.1:{port}/x> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "DESCRIBE <http://127.0.0.1:{port}/>",
    "LOAD <http://127.0.0.1:{port}/>",
])
def test_no_query_reaches_another_server(endpoint: Any, query: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        response = endpoint.client.get(endpoint.url, params={"query": query.format(port=port)})
        assert response.status_code in (200, 400)
        for name in ("default-graph-uri", "named-graph-uri"):
            graph = {name: f"http://127.0.0.1:{port}/"}
            refused = endpoint.client.get(endpoint.url, params={"query": ASK, **graph})
            assert refused.status_code == 400
            assert "none is fetched from elsewhere" in refused.json()["detail"]
        with pytest.raises(BlockingIOError):
            server.accept()


WORDS = st.sampled_from([
    "SELECT", "*", "?s", "?p", "{", "}", "(", ")", "ASK", "DESCRIBE", "CONSTRUCT", "WHERE", "FROM", "NAMED", "FILTER",
    "GRAPH", "<http://example.org/one>", "<rel>", "ex:x", "PREFIX", "ex:", "'", '"""', "a", ".", ";", ",", "1", "-1",
    "OPTIONAL", "UNION", "ORDER BY", "LIMIT", "COUNT", "AS", "BIND", "VALUES", "EXISTS", "NOT", "SERVICE", "@de", "^^",
    "BASE", "_:b", "[", "]", "|", "/", "#", "\n", "IN", "\\u0041", "REGEX", "IF", "BOUND", "GROUP_CONCAT",
])


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(alphabet=st.characters(codec="utf-8")) | st.lists(WORDS, max_size=20).map(" ".join))
@example("ASK {} \x00")
@example("SELECT ('" + "a" * 60_000 + "' AS ?x) {}")
@example("DESCRIBE ?x { ?x ?p 1 } VALUES ?x { 1 }")
@example("ASK { ?s ?p ?o FILTER(REGEX(STR(?o), '" + "(a*)*" * 500 + "b')) }")
def test_any_text_gets_an_answer_or_a_problem(endpoint: Any, query: str) -> None:
    response = endpoint.client.post(endpoint.url, content=query.encode(), headers=DIRECT)
    assert response.status_code in (200, 400), response.text
    if response.status_code == 400:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["detail"]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([DIRECT["content-type"], "application/x-www-form-urlencoded"]))
def test_any_bytes_get_an_answer_or_a_problem(endpoint: Any, body: bytes, kind: str) -> None:
    response = endpoint.client.post(endpoint.url, content=body, headers={"content-type": kind})
    assert response.status_code in (200, 400)
