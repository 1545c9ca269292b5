"""The site through its front door: a real server of the fictional plans."""

from __future__ import annotations

import gzip
import json
from functools import cache
from urllib.parse import unquote, urljoin, urlsplit

import brotli  # type: ignore[import-untyped]
import httpx
import pytest

from tests.serving import PATIENCE, Server
from wir2graph.represent.static import StaticFiles

MEASURE = "gruenplan-raeume-1"
PAGE = f"/musterstadt/massnahme/{MEASURE}"
IRI = f"/musterstadt/id/massnahme/{MEASURE}"
DATA = f"/musterstadt/data/massnahme/{MEASURE}"
EVIDENCE = "/musterstadt/id/beleg/gruenplan-2026-raeume-1"
ADDRESSES = [
    "/", "/en/", "/musterstadt/", "/en/musterstadt/", PAGE, f"/en{PAGE}", IRI, EVIDENCE, DATA,
    *(f"{DATA}.{name}" for name in ("ttl", "nt", "jsonld", "rdf", "trig", "json", "csv")),
    "/def", "/def.ttl", "/shapes", "/shapes.rdf", "/musterstadt/dumps/musterstadt.nq",
    "/musterstadt/dumps/musterstadt.jsonld", "/health", "/nope", "/musterstadt/data/massnahme/nope.ttl",
    "/sparql?query=ASK%20%7B%7D", "/static/kern/kern.min.css", "/%ff", "/musterstadt",
]


@cache
def client() -> httpx.Client:
    # one for all: each client reads the system's certificates, which takes longer than any answer
    return httpx.Client(timeout=PATIENCE)


def ask(server: Server, method: str, path: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client().request(method, server.url + path, headers=named)


def get(server: Server, path: str, **headers: str) -> httpx.Response:
    return ask(server, "GET", path, **headers)


def links(answer: httpx.Response) -> dict[str, list[tuple[str, str]]]:
    """The links of an answer by relation: complete address and media type."""
    found: dict[str, list[tuple[str, str]]] = {}
    for part in answer.headers["link"].split(", <"):
        target, *parameters = part.lstrip("<").split(">", 1)[0], *part.split("; ")[1:]
        named = {name: value.strip('"') for name, _, value in (p.partition("=") for p in parameters)}
        found.setdefault(named["rel"], []).append((urljoin(str(answer.url), target), named.get("type", "")))
    return found


@pytest.mark.parametrize("path", ADDRESSES)
def test_head_says_what_get_says_and_has_no_body(server: Server, path: str) -> None:
    asked = {"accept": "text/html, */*;q=0.5", "accept_encoding": "br"}
    got, head = ask(server, "GET", path, **asked), ask(server, "HEAD", path, **asked)
    assert head.status_code == got.status_code
    assert head.content == b""
    told = {name: value for name, value in head.headers.items() if name != "date"}
    assert told == {name: value for name, value in got.headers.items() if name != "date"}


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_may_be_read_by_scripts_of_other_sites_and_runs_none(server: Server, path: str) -> None:
    told = get(server, path).headers
    assert told["access-control-allow-origin"] == "*"
    assert {"ETag", "Link", "Location"} <= set(told["access-control-expose-headers"].split(", "))
    assert told["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in told
    assert "default-src 'none'" in told["content-security-policy"]
    assert "unsafe" not in told["content-security-policy"]


@pytest.mark.parametrize("path", ["/", PAGE, DATA, f"{DATA}.ttl", "/def.jsonld", "/static/kern/kern.min.css"])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_what_is_unchanged_is_not_sent_again(server: Server, path: str, encoding: str) -> None:
    first = get(server, path, accept_encoding=encoding)
    again = get(server, path, accept_encoding=encoding, if_none_match=first.headers["etag"])
    assert (first.status_code, again.status_code) == (200, 304)
    assert again.content == b""
    for name in ("etag", "vary", "cache-control", "content-location", "access-control-allow-origin"):
        assert again.headers.get(name) == first.headers.get(name)
    since = get(server, path, if_modified_since=first.headers["last-modified"])
    assert since.status_code == 304


def test_codings_decode_to_the_same_document_under_different_tags(server: Server) -> None:
    plain, zipped, small = (
        client().send(httpx.Request("GET", server.url + PAGE, headers={"accept-encoding": name}), stream=True)
        for name in ("identity", "gzip", "br")
    )
    body = b"".join(plain.iter_raw())
    assert gzip.decompress(b"".join(zipped.iter_raw())) == body
    assert brotli.decompress(b"".join(small.iter_raw())) == body
    assert len({answer.headers["etag"] for answer in (plain, zipped, small)}) == 3
    assert all("Accept-Encoding" in answer.headers["vary"] for answer in (plain, zipped, small))


@pytest.mark.parametrize(("path", "accept", "status", "target"), [
    (IRI, "*/*", 303, PAGE),
    (IRI, "text/html", 303, PAGE),
    (IRI, "text/turtle", 303, f"{DATA}.ttl"),
    (IRI, "application/ld+json;q=0.9, text/html;q=0.8", 303, f"{DATA}.jsonld"),
    (PAGE, "application/rdf+xml", 303, f"{DATA}.rdf"),
    (f"/en{PAGE}", "text/turtle, */*;q=0.1", 303, f"{DATA}.ttl"),
    (EVIDENCE, "*/*", 303, "/musterstadt/quelle/gruenplan-2026#beleg-gruenplan-2026-raeume-1"),
    (EVIDENCE, "text/turtle", 303, "/musterstadt/data/beleg/gruenplan-2026-raeume-1.ttl"),
    ("/musterstadt", "*/*", 308, "/musterstadt/"),
    (f"{PAGE}/", "*/*", 308, PAGE),
])
def test_redirects_lead_to_what_was_asked_for(
    server: Server, path: str, accept: str, status: int, target: str,
) -> None:
    answer = get(server, path, accept=accept, accept_language="en")
    assert answer.status_code == status
    assert urljoin(server.url + path, answer.headers["location"]) == server.url + target
    assert get(server, target.partition("#")[0]).status_code == 200


@pytest.mark.parametrize("path", [IRI, PAGE, DATA, "/def", "/nope"])
def test_what_accept_decides_is_said_to_vary_with_it(server: Server, path: str) -> None:
    assert "Accept" in get(server, path).headers["vary"].split(", ")


@pytest.mark.parametrize("path", [f"{DATA}.ttl", "/def.ttl", "/musterstadt/dumps/musterstadt.nt"])
def test_what_accept_does_not_decide_is_not(server: Server, path: str) -> None:
    answer = get(server, path, accept="text/html")
    assert answer.status_code == 200
    assert "Accept" not in answer.headers["vary"].split(", ")


def test_a_negotiated_document_names_its_own_address(server: Server) -> None:
    answer = get(server, DATA, accept="application/n-triples")
    assert urljoin(str(answer.url), answer.headers["content-location"]) == f"{server.url}{DATA}.nt"
    assert answer.content == get(server, f"{DATA}.nt").content


@pytest.mark.parametrize("path", ["/def", "/shapes"])
def test_the_vocabulary_is_a_page_or_a_document_at_its_own_iri(server: Server, path: str) -> None:
    assert get(server, path, accept="text/html").headers["content-type"] == "text/html; charset=utf-8"
    answer = get(server, path, accept="text/turtle")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    assert answer.headers["content-location"] == f"{path[1:]}.ttl"


def test_links_lead_to_the_other_formats_the_iri_the_classes_and_the_licence(server: Server) -> None:
    told = links(get(server, PAGE))
    for address, media_type in told["alternate"]:
        there = client().get(address)
        assert there.status_code == 200
        assert there.headers["content-type"].partition(";")[0] == media_type
    assert {media_type for _, media_type in told["alternate"]} == {
        "text/html", "text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples",
        "application/trig", "application/json", "text/csv",
    }
    assert told["describedby"] == [(f"{server.url}{DATA}.ttl", "text/turtle")]
    assert told["canonical"] == [(server.url + PAGE, "")]
    assert told["cite-as"] == [(f"https://daten.musterstadt.example/plan/id/massnahme/{MEASURE}", "")]
    assert ("https://w3id.org/wir2graph/def#Measure", "") in told["type"]
    assert told["license"] == [("https://www.govdata.de/dl-de/by-2-0", "")]


def test_a_preflight_is_answered(server: Server) -> None:
    asked = {"origin": "https://elsewhere.example", "access_control_request_method": "GET"}
    for path in (PAGE, f"{DATA}.ttl", "/nope"):
        answer = ask(server, "OPTIONS", path, **asked)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "GET" in answer.headers["access-control-allow-methods"]
        assert "accept" in answer.headers["access-control-allow-headers"].lower()
    assert "POST" in ask(server, "OPTIONS", "/sparql", **asked).headers["access-control-allow-methods"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused_with_those_allowed(server: Server, method: str) -> None:
    answer = ask(server, method, PAGE)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("path", "language", "words"), [
    ("/musterstadt/nope", "de", "Nicht gefunden"), ("/en/musterstadt/nope", "en", "Not found"),
    ("/musterstadt/data/massnahme/nope.ttl", "de", "Nicht gefunden"),
    ("/musterstadt/id/massnahme/nope", "de", "Nicht gefunden"),
    ("/musterstadt/b%C3%BCro%20%22", "de", "Nicht gefunden"),
    ("/static/../pyproject.toml", "de", "Nicht gefunden"),
    ("/static/%2e%2e/%2e%2e/manifest.json", "de", "Nicht gefunden"),
])
def test_what_there_is_not_is_said_in_the_asked_form(server: Server, path: str, language: str, words: str) -> None:
    told = get(server, path, accept="application/json")
    document = told.json()
    assert told.headers["content-type"] == "application/problem+json"
    assert (told.status_code, document["status"], document["title"]) == (404, 404, words)
    page = get(server, path, accept="text/html", accept_language="fr")
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-language"] == language
    assert words in page.text


def test_what_cannot_be_given_names_what_can(server: Server) -> None:
    answer = get(server, DATA, accept="image/png")
    document = answer.json()
    assert answer.status_code == document["status"] == 406
    for alternate in document["alternates"]:
        there = client().get(urljoin(server.url + DATA, alternate["href"]))
        assert there.headers["content-type"].partition(";")[0] == alternate["type"]
    assert len(document["alternates"]) == len(links(answer)["alternate"]) == 7


@pytest.mark.parametrize("path", ["/%ff", "/musterstadt/%C3", "/musterstadt/massnahme/%E4%E4"])
def test_an_address_that_is_not_utf8_is_a_bad_request(server: Server, path: str) -> None:
    assert get(server, path).status_code == 400


def test_nothing_is_taken_from_host_or_forwarded(server: Server) -> None:
    plain = get(server, IRI)
    lied = get(server, IRI, host="evil.example", x_forwarded_host="evil.example", x_forwarded_proto="https",
                      x_forwarded_prefix="/evil", forwarded="host=evil.example")
    assert lied.headers["location"] == plain.headers["location"]
    page = get(server, PAGE, host="evil.example", x_forwarded_host="evil.example")
    assert "evil" not in page.text + str(page.headers)


def test_static_files_are_kept_for_ever_under_their_version(server: Server) -> None:
    files = StaticFiles(server.state / "current" / "site" / "static")
    lasting = get(server, files.address("kern/kern.min.css"))
    plain = get(server, "/static/kern/kern.min.css")
    assert "immutable" in lasting.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"
    assert lasting.content == plain.content
    assert lasting.headers["content-type"] == "text/css; charset=utf-8"
    assert get(server, "/static/000000000000/kern/kern.min.css").status_code == 404
    with pytest.raises(KeyError):
        files.address("nope.css")


def test_the_health_of_the_server(server: Server) -> None:
    document = get(server, "/health").json()
    manifest = json.loads((server.state / "current" / "manifest.json").read_text())
    assert document["digest"] == manifest["digest"]
    assert [plan["slug"] for plan in document["plans"]] == ["kleinstadt", "musterstadt"]


def test_every_address_of_the_release_answers(server: Server) -> None:
    """From the start page through every link of header fields: nothing leads nowhere."""
    seen: set[str] = set()
    waiting = [server.url + path for path in ("/", IRI, "/def", "/shapes", "/musterstadt/dumps/musterstadt.ttl")]
    while waiting:
        address = waiting.pop()
        answer = client().get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        seen.add(unquote(urlsplit(str(answer.url)).path))
        if "link" in answer.headers:
            found = {target for group in links(answer).values() for target, _ in group if target.startswith(server.url)}
            waiting += [target for target in found if unquote(urlsplit(target).path) not in seen]
    assert len(seen) > 25
