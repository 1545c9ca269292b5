"""Requests that no proper client sends, byte by byte, against a real server: each gets a documented status."""

from __future__ import annotations

import re
import socket
from typing import Final
from urllib.parse import quote, urlsplit

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.serving import PATIENCE, Server

STATUSES: Final = {200, 303, 304, 400, 404, 405, 406, 413, 414, 415}
QUERY: Final = quote("ASK { ?s ?p ?o }")
STATUS_LINE: Final = re.compile(rb"HTTP/1\.1 (\d{3}) ")

# What may stand in a request line and in the value of a header field without ending it.
LINE: Final = st.binary(max_size=120).map(lambda value: re.sub(rb"[\x00-\x20\x7f]", b"%", value))
VALUE: Final = st.binary(max_size=120).map(lambda value: re.sub(rb"[\x00-\x1f\x7f]", b";", value))
NAMES: Final = st.sampled_from([
    b"Accept", b"Accept-Encoding", b"Accept-Language", b"If-None-Match", b"If-Modified-Since", b"Range", b"Origin",
    b"Content-Type", b"Cookie", b"X-Forwarded-For", b"X-Forwarded-Host", b"Forwarded", b"Referer", b"X-Strange",
])


def answered(server: Server, request: bytes) -> int:
    """Send bytes over a connection of their own and return the status of the answer."""
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=PATIENCE) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    found = STATUS_LINE.match(answer)
    assert found, f"no answer to {request!r}: {answer[:200]!r}"
    return int(found[1])


def assert_well(server: Server) -> None:
    """The server lives and answers a simple query."""
    assert server.process.poll() is None
    answer = server.get(f"/sparql?query={QUERY}", accept="application/sparql-results+json")
    assert answer.json()["boolean"] is True


def head(target: bytes, fields: list[tuple[bytes, bytes]], method: bytes = b"GET") -> bytes:
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: a.example", b"Connection: close"]
    return b"\r\n".join([*lines, *(name + b": " + value for name, value in fields), b"", b""])


@settings(deadline=None, max_examples=120)
@given(LINE)
@example(b"query=%ff")
@example(b"query=%")
@example(b"query=%u0053ELECT")
@example(b"query=ASK{}&query=ASK{}")
@example(b"&&&=&query==&;")
@example(b"as=html&query=SELECT&sort=%00&page=-1")
@example(b"worked=zzz&page=99999999999999999999")
@example(b"query=" + QUERY.encode() + b"&default-graph-uri=%00&named-graph-uri=%ff")
def test_any_query_string(server: Server, text: bytes) -> None:
    assert answered(server, head(b"/sparql?" + text, [])) in STATUSES
    assert_well(server)


@settings(deadline=None, max_examples=120)
@given(st.lists(st.tuples(NAMES, VALUE), max_size=4))
@example([(b"Accept", b"text/csv;q=nan")])
@example([(b"Accept", b"*/*;q=1e400, text/html;q=-1, ;;;,,")])
@example([(b"Accept", b"application/json;q=0")])
@example([(b"Accept", b",".join([b"a/b;q=0.1"] * 2_000))])
@example([(b"Accept-Encoding", b"br;q=0, gzip;q=x, *;q=0, identity;q=0")])
@example([(b"If-None-Match", b'W/"' + b'"' * 50 + b", *")])
@example([(b"Range", b"bytes=9-1,-5,0-")])
@example([(b"X-Forwarded-For", b"::1, 999.1.1.1, unknown")])
def test_any_header_fields(server: Server, fields: list[tuple[bytes, bytes]]) -> None:
    assert answered(server, head(b"/sparql?query=" + QUERY.encode(), fields)) in STATUSES
    assert_well(server)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from([
    b"application/x-www-form-urlencoded", b"application/sparql-query", b"application/sparql-query; charset=\xff",
    b"multipart/form-data; boundary=x", b"", b";", b"text/plain", b"application/sparql-query;charset=utf-7",
]), st.binary(max_size=400))
@example(b"application/x-www-form-urlencoded", b"query=" + QUERY.encode() + b"&as=html&sort=" + b"%" * 300)
@example(b"application/x-www-form-urlencoded", b"query=%C0%AF")
@example(b"application/sparql-query", b"\xef\xbb\xbfASK {}")
def test_any_body(server: Server, kind: bytes, body: bytes) -> None:
    fields = [(b"Content-Type", kind), (b"Content-Length", str(len(body)).encode())]
    assert answered(server, head(b"/sparql", fields, b"POST") + body) in STATUSES
    assert_well(server)
