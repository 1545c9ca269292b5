"""From a representation and header fields to an answer."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from urllib.parse import unquote, urljoin, urlsplit

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wir2graph.represent.base import Link, Representation, strong_etag
from wir2graph.web.http import Answer, encode, link, path_of_request, prepare, problem, redirect, respond

BODY = "Maßnahmen für alle. ".encode() * 200
WHEN = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
DOCUMENT = Representation("text/turtle", None, BODY, strong_etag(BODY), WHEN, (
    Link("/stadt/maßnahme/bäume", "alternate", "text/html", "de"), Link("https://w3id.example/id/a", "cite-as"),
))
PATH = "/stadt/data/maßnahme/bäume.ttl"


def fields(answer: Answer) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in answer.headers}


def get(**asked: str) -> Answer:
    return respond(prepare(DOCUMENT, PATH), {name.replace("_", "-"): value for name, value in asked.items()})


def test_a_document_comes_with_everything_a_client_needs_to_know() -> None:
    answer = get()
    told = fields(answer)
    assert (answer.status, answer.body) == (200, BODY)
    assert told["content-type"] == "text/turtle; charset=utf-8"
    assert told["content-length"] == str(len(BODY))
    assert told["last-modified"] == "Sun, 22 Nov 2026 10:30:00 GMT"
    assert told["vary"] == "Accept-Encoding"
    assert told["cache-control"] == "no-cache"
    assert told["access-control-allow-origin"] == "*"
    assert "unsafe" not in told["content-security-policy"]
    assert told["link"] == (
        '<../../ma%C3%9Fnahme/b%C3%A4ume>; rel="alternate"; type="text/html"; hreflang="de", '
        '<https://w3id.example/id/a>; rel="cite-as"'
    )


@pytest.mark.parametrize(("name", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_compressed_forms_decode_to_the_document_and_have_tags_of_their_own(name: str, decode: object) -> None:
    answer = get(accept_encoding=name)
    told = fields(answer)
    assert told["content-encoding"] == name
    assert decode(answer.body) == BODY  # type: ignore[operator]
    assert told["etag"] not in (fields(get())["etag"], DOCUMENT.etag)
    assert told["content-length"] == str(len(answer.body))
    assert told["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(("media_type", "body"), [("text/turtle", b"<a> <b> <c> ."), ("font/woff2", b"x" * 5000)])
def test_what_does_not_get_smaller_is_not_compressed_and_does_not_vary(media_type: str, body: bytes) -> None:
    small = Representation(media_type, None, body, strong_etag(body), WHEN)
    told = fields(respond(prepare(small, PATH), {"accept-encoding": "br, gzip"}))
    assert "content-encoding" not in told
    assert "vary" not in told


def test_a_negotiated_answer_names_its_own_address_and_what_it_depends_on() -> None:
    told = fields(respond(prepare(DOCUMENT, "/stadt/data/x", content_location="/stadt/data/x.ttl", varies=True), {}))
    assert told["content-location"] == "x.ttl"
    assert told["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(("asked", "status"), [
    ({"if_none_match": DOCUMENT.etag}, 304),
    ({"if_none_match": f"W/{DOCUMENT.etag}"}, 304),
    ({"if_none_match": f'"other", {DOCUMENT.etag}'}, 304),
    ({"if_none_match": "*"}, 304),
    ({"if_none_match": '"other"'}, 200),
    ({"if_none_match": DOCUMENT.etag.strip('"')}, 200),
    ({"if_none_match": DOCUMENT.etag, "accept_encoding": "gzip"}, 200),
    ({"if_none_match": f'{DOCUMENT.etag[:-1]}-gzip"', "accept_encoding": "gzip"}, 304),
    ({"if_modified_since": "Sun, 22 Nov 2026 10:30:00 GMT"}, 304),
    ({"if_modified_since": "Mon, 23 Nov 2026 00:00:00 GMT"}, 304),
    ({"if_modified_since": "Sun, 22 Nov 2026 10:29:59 GMT"}, 200),
    ({"if_modified_since": "yesterday"}, 200),
    ({"if_modified_since": "Sun, 22 Nov 2026 10:30:00 GMT", "if_none_match": '"other"'}, 200),
])
def test_what_the_client_has_is_not_sent_again(asked: dict[str, str], status: int) -> None:
    assert get(**asked).status == status


def test_unchanged_says_what_a_cache_must_know_and_nothing_about_a_body() -> None:
    told = fields(get(if_none_match="*"))
    whole = fields(get())
    assert {name: whole[name] for name in ("etag", "vary", "cache-control", "access-control-allow-origin")}.items() <= \
        told.items()
    assert not {"content-type", "content-length", "content-encoding"} & told.keys()
    assert get(if_none_match="*").body == b""


def test_only_the_canonical_link_is_complete_and_only_where_the_operator_says_so() -> None:
    own = Link("/stadt/maßnahme/a", "canonical")
    assert link("/stadt/maßnahme/a", own) == '<a>; rel="canonical"'
    assert link("/x", own, "https://daten.example/p") == \
        '<https://daten.example/p/stadt/ma%C3%9Fnahme/a>; rel="canonical"'
    assert link("/stadt/b", Link("/stadt/c", "alternate"), "https://daten.example") == '<c>; rel="alternate"'


@pytest.mark.parametrize(("target", "written"), [
    ("https://a.example/x?b=c&d=%C3%A4#e", "https://a.example/x?b=c&d=%C3%A4#e"),
    ("https://a.example/büro", "https://a.example/b%C3%BCro"),
    ('https://a.example/"<b>\r\nset-cookie: x', "https://a.example/%22%3Cb%3E%0D%0Aset-cookie:%20x"),
])
def test_a_link_to_elsewhere_stays_what_it_is(target: str, written: str) -> None:
    assert link("/x", Link(target, "license")) == f'<{written}>; rel="license"'


def test_a_redirect_keeps_query_and_fragment_and_is_relative() -> None:
    told = fields(redirect(308, "/stadt/liste/", "/stadt/liste", query="feld=bildung&x=%C3%A4"))
    assert told["location"] == "../liste?feld=bildung&x=%C3%A4"
    told = fields(redirect(303, "/stadt/id/beleg/a", "/stadt/quelle/b#beleg-ä", varies=True))
    assert told["location"] == "../../quelle/b#beleg-%C3%A4"
    assert told["vary"] == "Accept"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_every_header_value_is_ascii_and_says_the_same(path: str) -> None:
    encoded = encode(f"/{path.replace('#', '')}")
    assert encoded.isascii()
    assert encoded.isprintable()
    assert unquote(encoded) == f"/{path.replace('#', '')}"


@pytest.mark.parametrize(("raw", "path"), [
    (b"/stadt/ma%C3%9Fnahme", "/stadt/maßnahme"),
    (b"/a%20b%2520c", "/a b%20c"),
    (b"/a%2Fb", "/a%2Fb"),
    (b"/a%2fb", "/a%2Fb"),
    (b"/%ff", None),
    (b"/%C3", None),
    (b"/praefix/a", "/a"),
    (b"/praefix", "/"),
    (b"/praefix/", "/"),
    (b"/praefixe", "/praefixe"),
    (b"/a", "/a"),
])
def test_a_path_is_decoded_once_and_freed_of_its_prefix(raw: bytes, path: str | None) -> None:
    assert path_of_request({"raw_path": raw, "path": "", "root_path": ""}, "/praefix") == path


def test_a_prefix_may_also_come_from_the_server() -> None:
    assert path_of_request({"raw_path": b"/p/a", "path": "/p/a", "root_path": "/p"}) == "/a"


def test_the_same_problem_for_programs_and_for_people() -> None:
    told = problem(404, "Nicht gefunden", "Hier <ist> nichts.", lang="de", accept="*/*", alternates=[
        {"href": "a.ttl", "type": "text/turtle"},
    ])
    assert told.media_type is None
    assert told.headers["content-type"] == "application/problem+json"
    assert told.headers["content-language"] == "de"
    assert b'"status": 404' in told.body
    assert b'"alternates"' in told.body
    page = problem(404, "Nicht gefunden", "Hier <ist> nichts.", lang="de", accept="text/html", alternates=[
        {"href": "a.ttl", "type": "text/turtle"},
    ])
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Hier &lt;ist&gt; nichts." in bytes(page.body).decode()
    assert '<a class="link" href="a.ttl">text/turtle</a>' in bytes(page.body).decode()
    assert page.headers["vary"] == "Accept"


def test_a_relative_link_holds_under_every_prefix() -> None:
    reference = link("/stadt/data/oe/1.ttl", DOCUMENT.links[0]).split(">")[0].lstrip("<")
    for prefix in ("", "/a", "/a/b"):
        arrived = urljoin(f"https://host.example{prefix}/stadt/data/oe/1.ttl", reference)
        assert unquote(urlsplit(arrived).path) == f"{prefix}/stadt/maßnahme/bäume"
