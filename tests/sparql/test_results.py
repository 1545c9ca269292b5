"""What comes back beside the rows: codings, entity tags, what may be kept, files to save, limits per client."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import httpx
import pytest

from tests.sparql.conftest import WORKED
from wir2graph.sparql.results import worked_name
from wir2graph.store.base import Limits

EX = "http://example.org/"
MANY = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s"
LARGE = "SELECT ?a ?c ?f { ?a ?b ?c . ?d ?e ?f }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
CODINGS = {"gzip": gzip.decompress, "br": brotli.decompress}

Serving = Callable[..., AbstractContextManager[Any]]


def get(
    endpoint: Any, query: str, headers: dict[str, str] | None = None, parameters: dict[str, str] | None = None,
) -> httpx.Response:
    sent = {"accept-encoding": "identity", **(headers or {})}
    response: httpx.Response = endpoint.client.get(
        endpoint.url, params={"query": query, **(parameters or {})}, headers=sent,
    )
    return response


def raw(endpoint: Any, query: str, coding: str) -> tuple[httpx.Response, bytes]:
    with endpoint.client.stream(
        "GET", endpoint.url, params={"query": query}, headers={"accept-encoding": coding},
    ) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("query", [MANY, LARGE])
def test_results_come_compressed(endpoint: Any, query: str, coding: str) -> None:
    plain = get(endpoint, query).content
    assert len(plain) > 5000
    for _ in range(2):  # made, and then kept
        response, body = raw(endpoint, query, coding)
        assert response.headers["content-encoding"] == coding
        assert "Accept-Encoding" in response.headers["vary"]
        assert len(body) < len(plain) / 3
        assert CODINGS[coding](body) == plain


def test_a_small_result_is_not_compressed(endpoint: Any) -> None:
    assert "content-encoding" not in get(endpoint, "ASK {}", {"accept-encoding": "br"}).headers


@pytest.mark.parametrize("query", [MANY, LARGE, "ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_a_client_that_has_the_result_does_not_get_it_again(endpoint: Any, query: str) -> None:
    first = get(endpoint, query)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    for coding in ("identity", "br"):
        again = get(endpoint, query, {"if-none-match": f'"other", {tag}', "accept-encoding": coding})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == "no-cache"
    assert get(endpoint, query, {"if-none-match": '"other"'}).content == first.content


def test_a_query_that_fails_is_no_result_that_a_client_has(endpoint: Any) -> None:
    assert get(endpoint, "SELECT", {"if-none-match": "*"}).status_code == 400


def test_tags_tell_results_apart(endpoint: Any) -> None:
    answers = [
        get(endpoint, MANY), get(endpoint, MANY + " "), get(endpoint, MANY, {"accept": "text/csv"}),
        get(endpoint, MANY, {"accept": "application/json"}),
        get(endpoint, MANY, parameters={"default-graph-uri": f"{EX}one"}),
        get(endpoint, MANY, parameters={"named-graph-uri": f"{EX}one"}),
    ]
    assert len({answer.headers["etag"] for answer in answers}) == len(answers)


@pytest.mark.parametrize("expression", [
    "RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()", "rand ( )", "NOW # not yet\n ()",
])
def test_what_differs_each_time_is_not_kept(endpoint: Any, expression: str) -> None:
    first, second = (get(endpoint, f"SELECT ({expression} AS ?x) {{}}") for _ in range(2))
    assert first.status_code == 200
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"
    assert first.content != second.content


def test_escapes_may_hide_what_differs_each_time(endpoint: Any) -> None:
    assert "etag" not in get(endpoint, "SELECT ('\\u0041' AS ?x) {}").headers


def test_what_is_kept_does_not_reach_the_store_again(folder: Path, serve: Serving, tmp_path: Path) -> None:
    own = Path(shutil.copytree(folder, tmp_path / "store"))
    with serve(own, Limits()) as endpoint:
        first = get(endpoint, MANY)
        post = endpoint.client.post(endpoint.url, data={"query": WORKED}).content
        shutil.rmtree(own)
        for worker in endpoint.store.pool.idle:
            os.kill(worker, signal.SIGKILL)
        assert get(endpoint, "ASK {}").status_code >= 400
        assert get(endpoint, MANY).content == first.content
        # The same body for another request: its coding, its way.
        assert get(endpoint, MANY, {"accept-encoding": "br"}).content == first.content
        assert endpoint.client.post(endpoint.url, data={"query": WORKED}).content == post


def test_head_and_get_say_the_same_of_what_is_kept(endpoint: Any) -> None:
    get(endpoint, MANY)
    head = endpoint.client.head(endpoint.url, params={"query": MANY}, headers={"accept-encoding": "identity"})
    whole = get(endpoint, MANY)
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**whole.headers, "date": ""}


@pytest.mark.parametrize("accept", ["*/*", "text/csv"])
def test_a_worked_question_has_a_short_name(endpoint: Any, accept: str) -> None:
    headers = {"accept": accept}
    short = endpoint.client.get(endpoint.url, params={"worked": worked_name(WORKED)}, headers=headers)
    long = endpoint.client.get(endpoint.url, params={"query": WORKED}, headers=headers)
    assert (short.content, short.headers["etag"]) == (long.content, long.headers["etag"])
    unknown = endpoint.client.get(endpoint.url, params={"worked": "0" * 12})
    assert unknown.status_code == 404
    assert unknown.headers["content-type"] == "application/problem+json"
    both = endpoint.client.get(endpoint.url, params={"worked": worked_name(WORKED), "query": WORKED})
    assert both.status_code == 400


@pytest.mark.parametrize(("name", "kind"), [
    ("csv", "text/csv; charset=utf-8"), ("csv-de", "text/csv; charset=utf-8"),
    ("tsv", "text/tab-separated-values; charset=utf-8"), ("srj", "application/sparql-results+json"),
    ("srx", "application/sparql-results+xml"),
])
def test_a_format_asked_for_by_name_is_a_file(endpoint: Any, name: str, kind: str) -> None:
    response = get(endpoint, MANY, parameters={"as": name})
    assert response.headers["content-type"] == kind
    suffix = name.removesuffix("-de")
    assert response.headers["content-disposition"] == f'attachment; filename="sparql.{suffix}"'
    assert "content-disposition" not in get(endpoint, MANY).headers


def test_a_german_excel_opens_its_csv_as_a_table(endpoint: Any) -> None:
    query = """SELECT ?text ?number ?whole ?iri ?none WHERE { VALUES (?text ?number ?whole ?iri) {
      ("a; \\"b\\"\\nc" 1234.5 7 <http://e.example/>) ("Straße, „1“"@de 2.5e0 -1 UNDEF) } }"""
    body = get(endpoint, query, parameters={"as": "csv-de"}).content
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == ["text", "number", "whole", "iri", "none"]
    assert rows[1] == ['a; "b"\nc', "1234,5", "7", "http://e.example/", ""]
    assert rows[2][0] == "Straße, „1“"
    assert float(rows[2][1].replace(",", ".")) == 2.5
    assert rows[2][2:] == ["-1", "", ""]
    truth = get(endpoint, "ASK {}", parameters={"as": "csv-de"}).content.decode("utf-8-sig")
    assert truth == "wahr\r\n"
    assert get(endpoint, "CONSTRUCT WHERE { ?s ?p ?o }", parameters={"as": "csv-de"}).status_code == 406


@pytest.mark.parametrize("parameters", [{"as": "docx"}, {"page": "0"}, {"page": "x"}, {"as": ["csv", "tsv"]}])
def test_parameters_of_ours_are_checked(endpoint: Any, parameters: dict[str, Any]) -> None:
    response = endpoint.client.get(endpoint.url, params={"query": MANY, **parameters})
    assert response.status_code == 400
    assert json.loads(response.content)["detail"]


def test_one_client_cannot_take_all_the_room(folder: Path, serve: Serving) -> None:
    with serve(folder, Limits(seconds=600), workers=1, per_client=2) as endpoint:
        greedy = {"x-forwarded-for": "192.0.2.1"}
        def impatient() -> None:
            with suppress(httpx.ReadTimeout):
                httpx.get(endpoint.url, params={"query": COUNT}, headers=greedy, timeout=4)

        asking = [threading.Thread(target=impatient) for _ in range(2)]
        for thread in asking:
            thread.start()
        while len(endpoint.store.pool.busy) < 2:
            pass
        refused = get(endpoint, "ASK {}", greedy)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json()["title"] == "Too many queries of yours"
        assert get(endpoint, "ASK {}", {"x-forwarded-for": "192.0.2.1, 192.0.2.2"}).status_code == 200
        for thread in asking:
            thread.join()
        while endpoint.store.pool.busy:  # a busy machine takes a moment to notice who has hung up
            time.sleep(0.01)
        assert get(endpoint, "ASK { ?s ?p ?o }", greedy).status_code == 200
