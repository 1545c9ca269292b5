"""The SPARQL 1.1 Protocol for queries, over real HTTP."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Protocol
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest

EX = "http://example.org/"
SELECT = f"SELECT ?o {{ <{EX}s1> <{EX}label> ?o }}"
ASK = f"ASK {{ <{EX}s1> <{EX}label> ?o }}"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{EX}s1> ?p ?o }}"
DESCRIBE = f"DESCRIBE <{EX}s1>"
TEXT = "Straße, „Nr. 1“"
JSON = "application/sparql-results+json"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


class Endpoint(Protocol):
    @property
    def url(self) -> str: ...
    @property
    def client(self) -> httpx.Client: ...


def problem(response: httpx.Response, status: int) -> dict[str, object]:
    """The problem document of a response that must be one."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, object] = response.json()
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document


def values(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["o"]["value"] for row in response.json()["results"]["bindings"]]


@pytest.mark.parametrize(("accept", "content_type"), [
    (JSON, JSON),
    ("application/sparql-results+xml", "application/sparql-results+xml"),
    ("text/csv", "text/csv; charset=utf-8"),
    ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ("application/json", "application/json"),
    ("application/xml", "application/xml"),
    ("*/*", JSON),
    (None, JSON),
    ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
    ("text/turtle, application/sparql-results+json", JSON),
])
@pytest.mark.parametrize("query", [SELECT, ASK])
def test_tables(endpoint: Endpoint, accept: str | None, content_type: str, query: str) -> None:
    headers = httpx.Headers({"accept": accept} if accept else {})
    request = endpoint.client.build_request("GET", endpoint.url, params={"query": query}, headers=headers)
    if accept is None:
        del request.headers["accept"]
    response = endpoint.client.send(request)
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert response.headers["vary"].startswith("Accept")
    assert response.headers["access-control-allow-origin"] == "*"
    assert int(response.headers["content-length"]) == len(response.content)
    assert_table(response, query == ASK)


def assert_table(response: httpx.Response, boolean: bool) -> None:
    kind = response.headers["content-type"].partition(";")[0]
    text = response.content.decode("utf-8")
    if kind == "text/csv":
        assert list(csv.reader(io.StringIO(text)))[-1] == (["true"] if boolean else [TEXT])
    elif boolean and kind == "text/tab-separated-values":
        assert text.strip() == "true"
    else:
        form = ox.QueryResultsFormat.from_media_type(kind)
        result = ox.parse_query_results(text, form or ox.QueryResultsFormat.JSON)
        if isinstance(result, ox.QuerySolutions):
            assert [row["o"] for row in result] == [ox.Literal(TEXT, language="de")]
        else:
            assert bool(result)


@pytest.mark.parametrize(("accept", "content_type"), [
    ("text/turtle", "text/turtle; charset=utf-8"),
    ("application/n-triples", "application/n-triples"),
    ("application/ld+json", "application/ld+json"),
    ("application/rdf+xml", "application/rdf+xml"),
    ("application/trig", "application/trig"),
    ("application/n-quads", "application/n-quads"),
    ("application/json", "application/json"),
    ("*/*", "text/turtle; charset=utf-8"),
    ("application/sparql-results+json, application/rdf+xml;q=0.5", "application/rdf+xml"),
])
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
def test_graphs(endpoint: Endpoint, accept: str, content_type: str, query: str) -> None:
    response = endpoint.client.get(endpoint.url, params={"query": query}, headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    kind = content_type.partition(";")[0]
    form = ox.RdfFormat.JSON_LD if kind == "application/json" else ox.RdfFormat.from_media_type(kind)
    triples = {quad.triple for quad in ox.parse(response.content, form)}
    text = ox.Literal(TEXT, language="de")
    assert triples == {ox.Triple(ox.NamedNode(f"{EX}s1"), ox.NamedNode(f"{EX}label"), text)}


def test_turtle_uses_the_prefixes(endpoint: Endpoint) -> None:
    response = endpoint.client.get(endpoint.url, params={"query": CONSTRUCT}, headers={"accept": "text/turtle"})
    assert "ex:s1 ex:label" in response.text


@pytest.mark.parametrize(("query", "accept"), [
    (SELECT, "text/turtle"), (ASK, "image/png"), (CONSTRUCT, "text/csv"),
])
def test_no_format_in_common(endpoint: Endpoint, query: str, accept: str) -> None:
    response = endpoint.client.get(endpoint.url, params={"query": query}, headers={"accept": accept})
    assert response.status_code == 406
    assert response.headers["vary"].startswith("Accept")


@pytest.mark.parametrize(("query", "accept"), [
    (f"CONSTRUCT {{ <{EX}s> <{EX}123> 1 }} {{}}", "application/rdf+xml"),
    (f"CONSTRUCT {{ <{EX}s> <{EX}> 1 }} {{}}", "application/rdf+xml"),
    (f"CONSTRUCT {{ <{EX}s> <{EX}p> 'a\\u0001b' }} {{}}", "application/rdf+xml"),
    ("SELECT ('a\\u0001b' AS ?o) {}", "application/sparql-results+xml"),
    (f"CONSTRUCT {{ <{EX}s> <{EX}p> <<( <{EX}s> <{EX}p> 1 )>> }} {{}}", "application/ld+json"),
])
def test_what_a_format_cannot_carry_is_said(endpoint: Endpoint, query: str, accept: str) -> None:
    problem(endpoint.client.get(endpoint.url, params={"query": query}, headers={"accept": accept}), 406)
    other = "text/turtle" if query.startswith("CONSTRUCT") else "text/csv"
    assert endpoint.client.get(endpoint.url, params={"query": query}, headers={"accept": other}).status_code == 200


def test_form_post(endpoint: Endpoint) -> None:
    assert values(endpoint.client.post(endpoint.url, data={"query": SELECT})) == [TEXT]


@pytest.mark.parametrize("content_type", [
    DIRECT, f"{DIRECT}; charset=utf-8", f'{DIRECT};charset="UTF-8"', "Application/SPARQL-Query",
])
def test_direct_post(endpoint: Endpoint, content_type: str) -> None:
    query = f"SELECT ?o {{ ?s ?p ?o FILTER(STR(?o) = '{TEXT}') }}"
    response = endpoint.client.post(endpoint.url, content=query.encode(), headers={"content-type": content_type})
    assert values(response) == [TEXT]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everything_is_decoded_exactly_once(endpoint: Endpoint, method: str) -> None:
    query = f"SELECT ?o FROM <{EX}three> {{ <{EX}größe%20x> ?p ?o }}"
    encoded = f"query={quote(query, safe='')}"
    if method == "GET":
        response = endpoint.client.get(f"{endpoint.url}?{encoded}")
    else:
        response = endpoint.client.post(endpoint.url, content=encoded, headers={"content-type": FORM})
    assert values(response) == ["x"]


@pytest.mark.parametrize(("graphs", "count"), [
    ([f"{EX}one"], 200), ([f"{EX}one", f"{EX}two"], 200), ([f"{EX}one", f"{EX}two", f"{EX}three"], 201),
    ([], 200),
])
@pytest.mark.parametrize("method", ["get", "form", "direct"])
def test_graphs_of_the_request(endpoint: Endpoint, graphs: list[str], count: int, method: str) -> None:
    query = "SELECT (COUNT(*) AS ?o) { ?s ?p ?o_ }"
    given: dict[str, list[str]] = {"default-graph-uri": graphs}
    if method == "get":
        response = endpoint.client.get(endpoint.url, params={"query": query, **given})
    elif method == "form":
        response = endpoint.client.post(endpoint.url, data={"query": query, **given})
    else:
        headers = {"content-type": DIRECT}
        response = endpoint.client.post(endpoint.url, params=given, content=query, headers=headers)
    assert values(response) == [str(count)]


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_that_is_not_here_is_refused(endpoint: Endpoint, name: str) -> None:
    given = {"query": ASK, name: "http://nowhere.example/"}
    document = problem(endpoint.client.get(endpoint.url, params=given), 400)
    assert "There is no graph <http://nowhere.example/> here" in str(document["detail"])
    clause = "FROM" if name.startswith("default") else "FROM NAMED"
    query = f"PREFIX no: <http://nowhere.example/>\nASK FROM <{EX}one>\n  {clause} no:where {{ ?s ?p ?o }}"
    document = problem(endpoint.client.get(endpoint.url, params={"query": query}), 400)
    assert "<http://nowhere.example/where>" in str(document["detail"])
    assert (document["line"], document["column"]) == (3, 3 + len(clause) + 1)


def test_named_graphs_of_the_request(endpoint: Endpoint) -> None:
    query = "SELECT (COUNT(*) AS ?o) { GRAPH ?g { ?s ?p ?o_ } }"
    response = endpoint.client.get(endpoint.url, params={"query": query, "named-graph-uri": f"{EX}three"})
    assert values(response) == ["1"]


def test_head_has_the_header_fields_of_get(endpoint: Endpoint) -> None:
    url = f"{endpoint.url}?query={quote(SELECT)}"
    head, get = endpoint.client.head(url), endpoint.client.get(url)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "vary", "cache-control"):
        assert head.headers[name] == get.headers[name]


def test_options(endpoint: Endpoint) -> None:
    response = endpoint.client.options(endpoint.url)
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "Content-Type" in response.headers["access-control-allow-headers"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(endpoint: Endpoint, method: str) -> None:
    response = endpoint.client.request(method, endpoint.url, params={"query": ASK})
    problem(response, 405)
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize("parameters", [
    "query=ASK%20%7B%7D&query=ASK%20%7B%7D", "default-graph-uri=http://e/", "query=ASK%20%7B%20%FF%20%7D",
    "query=", "query=%00", "&".join(f"a{n}=1" for n in range(2000)),
    "query=ASK%20%7B%7D&default-graph-uri=%3Cno%20iri%3E",
])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_bad_parameters(endpoint: Endpoint, parameters: str, method: str) -> None:
    if method == "GET":
        response = endpoint.client.get(f"{endpoint.url}?{parameters}")
    else:
        response = endpoint.client.post(endpoint.url, content=parameters, headers={"content-type": FORM})
    problem(response, 400)


def test_query_in_address_and_body(endpoint: Endpoint) -> None:
    headers = {"content-type": DIRECT}
    problem(endpoint.client.post(endpoint.url, params={"query": ASK}, content=ASK, headers=headers), 400)


def test_direct_post_that_is_not_utf8(endpoint: Endpoint) -> None:
    headers = {"content-type": DIRECT}
    document = problem(endpoint.client.post(endpoint.url, content=b"ASK { ?s ?p '\xff' }", headers=headers), 400)
    assert "byte 14" in str(document["detail"])


@pytest.mark.parametrize("headers", [
    {"content-type": "application/json"}, {"content-type": "text/plain"}, {},
    {"content-type": f"{DIRECT}; charset=utf-16"}, {"content-type": DIRECT, "content-encoding": "gzip"},
    {"content-type": "application/sparql-update"},
])
def test_bodies_of_other_kinds(endpoint: Endpoint, headers: dict[str, str]) -> None:
    response = endpoint.client.post(endpoint.url, content=ASK, headers=headers)
    problem(response, 415)
    assert "accept-post" in response.headers or "accept-encoding" in response.headers


@pytest.mark.parametrize("update", ["CLEAR ALL", f"PREFIX ex: <{EX}> INSERT DATA {{ ex:a ex:b ex:c }}"])
def test_updates_are_refused(endpoint: Endpoint, update: str) -> None:
    problem(endpoint.client.post(endpoint.url, data={"update": update}), 400)
    document = problem(endpoint.client.post(endpoint.url, data={"query": update}), 400)
    assert "cannot be changed" in str(document["detail"])


def test_lengths(endpoint: Endpoint) -> None:
    filling = " " * (1024 * 1024)
    headers = {"content-type": DIRECT}
    connection = HTTPConnection(f"127.0.0.1:{httpx.URL(endpoint.url).port}", timeout=60)
    with closing(connection):
        connection.request("GET", f"/sparql?query={quote(ASK)}{'+' * 70_000}")
        assert connection.getresponse().status == 414
    assert endpoint.client.post(endpoint.url, content=ASK + filling[:1_000_000], headers=headers).status_code == 200
    problem(endpoint.client.post(endpoint.url, content=ASK + filling, headers=headers), 413)


def test_chunked_body_is_bounded_too(endpoint: Endpoint) -> None:
    pieces = (b" " * 100_000 for _ in range(30))
    problem(endpoint.client.post(endpoint.url, content=pieces, headers={"content-type": DIRECT}), 413)


def test_a_malformed_query_is_located(endpoint: Endpoint) -> None:
    document = problem(endpoint.client.get(endpoint.url, params={"query": "SELECT *\nWHERE { ?s ?p }"}), 400)
    assert (document["line"], document["column"]) == (2, 15)
    expected = document["expected"]
    assert isinstance(expected, list)
    assert "a variable" in expected


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*"])
def test_the_address_itself_is_the_page(endpoint: Endpoint, accept: str) -> None:
    response = endpoint.client.get(endpoint.url, headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html"


BROWSERS = [
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
]


@pytest.mark.parametrize("accept", BROWSERS)
@pytest.mark.parametrize("query", [SELECT, ASK, CONSTRUCT, DESCRIBE])
def test_a_browser_gets_the_page(endpoint: Endpoint, query: str, accept: str) -> None:
    headers = {"accept": accept}
    for response in (
        endpoint.client.get(endpoint.url, params={"query": query}, headers=headers),
        endpoint.client.head(endpoint.url, params={"query": query}, headers=headers),
        endpoint.client.post(endpoint.url, data={"query": query}, headers=headers),
    ):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/html"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/turtle"])
def test_html_can_be_asked_for_by_name(endpoint: Endpoint, accept: str) -> None:
    response = endpoint.client.get(endpoint.url, params={"query": SELECT, "as": "html"}, headers={"accept": accept})
    assert response.headers["content-type"] == "text/html"


def test_without_a_query_only_a_get_is_answered(endpoint: Endpoint) -> None:
    assert endpoint.client.get(endpoint.url, headers={"accept": "text/turtle"}).status_code == 200
    problem(endpoint.client.get(endpoint.url, params={"as": "csv"}), 400)
    problem(endpoint.client.post(endpoint.url, data={"a": "b"}), 400)
    problem(endpoint.client.post(endpoint.url, data={"default-graph-uri": "http://e.example/"}), 400)


def test_large_results_come_in_chunks_and_whole(endpoint: Endpoint) -> None:
    query = "SELECT ?a ?c { ?a ?b ?c . ?d ?e ?f }"
    response = endpoint.client.get(endpoint.url, params={"query": query}, headers={"accept": JSON})
    assert response.headers["transfer-encoding"] == "chunked"
    assert len(json.loads(response.content)["results"]["bindings"]) == 40_000
