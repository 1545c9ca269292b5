"""What comes before a body is bounded, however it comes; what comes after it is not counted."""

from __future__ import annotations

import socket
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx
import pytest

from tests.serving import PATIENCE, Server
from wir2graph.web.protocol import MAX_HEAD


def ends(server: Server, start: bytes, piece: bytes, times: int) -> bool:
    """Send a start and a piece again and again; tell whether the server ends the connection. It has long to do so."""
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=PATIENCE) as connection:
        try:
            connection.sendall(start)
            for _ in range(times):
                connection.sendall(piece)
            while connection.recv(65536):
                pass
        except (ConnectionResetError, BrokenPipeError):
            return True
        except TimeoutError:
            return False
        return True


@pytest.mark.parametrize(("start", "piece"), [
    (b"GET /", b"a" * 1000),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", b"a" * 1000),
    (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-A: a\r\n" * 100),
    (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 2 + b"GET / HTTP/1.1\r\nX-A: ", b"a" * 1000),
])
def test_a_head_without_end_ends_the_connection(server: Server, start: bytes, piece: bytes) -> None:
    assert ends(server, start, piece, 2 * MAX_HEAD // len(piece))
    assert server.get("/health").status_code == 200


@pytest.mark.parametrize(("path", "status"), [("/sparql?query=", 414), ("/", 404)])
def test_a_very_long_address_is_answered(server: Server, path: str, status: int) -> None:
    place = urlsplit(server.url)
    for length in (66_000, 100_000):
        with closing(HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)) as connection:
            connection.request("GET", path + "a" * length)
            assert connection.getresponse().status == status


def test_a_query_string_may_have_64_kb(server: Server) -> None:
    place = urlsplit(server.url)
    start = "query=ASK%7B%7D"
    for length, status in ((64 * 1024, 200), (64 * 1024 + 1, 414)):
        with closing(HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)) as connection:
            connection.request("GET", f"/sparql?{start}" + "+" * (length - len(start)), headers={"accept": "text/csv"})
            assert connection.getresponse().status == status


def test_many_requests_over_one_connection_are_not_one_head(server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        for _ in range(60):
            answer = client.get("/health", headers={"x-filling": "a" * 4000})
            assert answer.status_code == 200


def test_a_body_is_not_a_head(server: Server) -> None:
    query = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1" + " " * (3 * MAX_HEAD)
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        for _ in range(2):
            answer = client.post("/sparql", content=query, headers={"content-type": "application/sparql-query"})
            assert answer.status_code == 200


def test_a_body_that_comes_with_its_head_is_not_a_head(server: Server) -> None:
    place = urlsplit(server.url)
    query = b"ASK {}" + b" " * (3 * MAX_HEAD)
    head = (f"POST /sparql HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/sparql-query\r\n"
            f"Accept: text/csv\r\nConnection: close\r\nContent-Length: {len(query)}\r\n\r\n").encode()
    for _ in range(20):
        with socket.create_connection((place.hostname or "", place.port or 0), timeout=PATIENCE) as connection:
            connection.sendall(head + query)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
