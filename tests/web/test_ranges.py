"""Parts of files (RFC 9110, section 14), by a client and in every form that the field can have."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.serving import Server
from wir2graph.web.ranges import asked_range

PATHS = ["/musterstadt/downloads/massnahmen.csv", "/musterstadt/dumps/musterstadt.ttl"]
IDENTITY = {"accept_encoding": "identity"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("asked", "part"), [
    ("bytes=0-9", slice(0, 10)), ("bytes=100-", slice(100, None)), ("bytes=-7", slice(-7, None)),
    ("bytes=5-99999999", slice(5, None)),
])
def test_a_part_of_a_file_is_sent(server: Server, path: str, asked: str, part: slice) -> None:
    whole = server.get(path, **IDENTITY)
    assert whole.headers["accept-ranges"] == "bytes"
    answer = server.get(path, range=asked, **IDENTITY)
    assert answer.status_code == httpx.codes.PARTIAL_CONTENT
    assert answer.content == whole.content[part]
    first, last, _ = part.indices(len(whole.content))
    assert answer.headers["content-range"] == f"bytes {first}-{last - 1}/{len(whole.content)}"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["etag"] == whole.headers["etag"]
    assert answer.headers["content-type"] == whole.headers["content-type"]


@pytest.mark.parametrize("asked", ["bytes=1-2,5-6", "bytes=9-3", "bytes=-", "lines=1-2", "bytes=a-b", ""])
def test_what_is_no_single_range_is_answered_with_the_whole(server: Server, asked: str) -> None:
    answer = server.get(PATHS[0], range=asked, **IDENTITY)
    assert answer.status_code == httpx.codes.OK
    assert answer.content == server.get(PATHS[0], **IDENTITY).content


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_part_that_there_is_not_is_refused_with_the_size(server: Server, asked: str) -> None:
    answer = server.get(PATHS[0], range=asked, **IDENTITY)
    assert answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE
    assert answer.headers["content-range"] == f"bytes */{len(server.get(PATHS[0], **IDENTITY).content)}"


def test_a_part_of_another_state_is_not_sent(server: Server) -> None:
    whole = server.get(PATHS[0], **IDENTITY)
    tag, day = whole.headers["etag"], whole.headers["last-modified"]
    for condition, status in ((tag, 206), (day, 206), ('"other"', 200), (f"W/{tag}", 200), ("nonsense", 200),
                              ("Mon, 01 Jan 2024 00:00:00 GMT", 200)):
        answer = server.get(PATHS[0], range="bytes=0-3", if_range=condition, **IDENTITY)
        assert answer.status_code == status, condition


def test_a_part_counts_in_the_coding_that_is_sent(server: Server) -> None:
    with httpx.stream("GET", server.url + PATHS[0], headers={"accept-encoding": "gzip"}) as answer:
        compressed = b"".join(answer.iter_raw())
        tag = answer.headers["etag"]
    asked = {"accept-encoding": "gzip", "range": "bytes=2-9"}
    with httpx.stream("GET", server.url + PATHS[0], headers=asked) as answer:
        assert b"".join(answer.iter_raw()) == compressed[2:10]
        assert (answer.status_code, answer.headers["etag"]) == (206, tag)


def test_head_and_unchanged_files_have_no_parts(server: Server) -> None:
    head = httpx.head(server.url + PATHS[0], headers={"range": "bytes=0-3", "accept-encoding": "identity"})
    assert (head.status_code, "content-range" in head.headers) == (200, False)
    tag = server.get(PATHS[0], **IDENTITY).headers["etag"]
    assert server.get(PATHS[0], range="bytes=0-3", if_none_match=tag, **IDENTITY).status_code == 304


def test_pages_have_no_parts(server: Server) -> None:
    answer = server.get("/musterstadt/", range="bytes=0-3", accept="text/html")
    assert (answer.status_code, "accept-ranges" in answer.headers) == (200, False)


@given(st.text(), st.integers(0, 1000))
def test_no_field_asks_for_more_than_there_is(field: str, size: int) -> None:
    found = asked_range(field, size)
    assert found is None or not found or (0 <= found.start < found.stop <= size)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_range_is_the_same_bytes_as_a_slice(first: int, last: int, size: int) -> None:
    body = bytes(range(size))
    found = asked_range(f"bytes={first}-{last}", size)
    if last < first:
        assert found is None
    else:
        assert found is not None
        assert bytes(body[place] for place in found) == body[first:last + 1]
