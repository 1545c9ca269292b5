"""What a path and an Accept header ask for, over a small made-up set of addresses."""

from __future__ import annotations

import unicodedata

import pytest

from wir2graph.formats import DATA, DUMP, VOCABULARY
from wir2graph.represent.base import Address
from wir2graph.web.resolve import (
    Directory,
    Gone,
    Missing,
    NotAcceptable,
    Redirect,
    Resolution,
    Show,
    Successor,
)

THING = "/stadt/id/oe/18.63"
TREE = "/stadt/id/maßnahme/bäume"
EVIDENCE = "/stadt/id/beleg/seite-1"
TTL, HTML, LD = "text/turtle", "text/html", "application/ld+json"
GONE = Gone("2027-05-31", (Successor("https://stadt.example/id/oe/18.63", "/stadt/oe/18.63"),))


def _addresses() -> dict[str, Address]:
    found: list[Address] = []
    for resource in (THING, TREE, EVIDENCE):
        name = resource.removeprefix("/stadt/id")
        found += [
            Address(f"/stadt/data{name}.{item.name}", "data", item.media_type, resource=resource) for item in DATA
        ]
        if resource != EVIDENCE:
            found += [
                Address(f"{prefix}/stadt{name}", "page", HTML, resource=resource, language=language)
                for prefix, language in (("/en", "en"), ("", "de"))
            ]
    found += [Address(path, "page", HTML, resource=path, language="de") for path in ("/stadt/", "/stadt/liste")]
    found += [Address(f"/def.{item.name}", "vocabulary", item.media_type, resource="/def") for item in VOCABULARY]
    found += [
        Address(f"/stadt/dumps/stadt.{item.name}", "dump", item.media_type, resource="/stadt/dumps/stadt")
        for item in DUMP
    ]
    found.append(Address("/stadt/catalog.ttl", "catalogue", TTL, resource="/stadt/catalog"))
    return {address.path: address for address in found}


DIRECTORY = Directory(
    _addresses(), {EVIDENCE: "/stadt/quelle/buch#beleg-seite-1"}, {"/": "/stadt/", "/def/1.0": "/def"},
    {"/stadt/oe/alt": GONE}, {"/stadt/id/datensatz/x": ("/stadt/daten#datensatz-x", "/stadt/catalog")},
)


def ask(path: str, accept: str | None = None) -> Resolution:
    return DIRECTORY.resolve(path, accept)


def shown(path: str, accept: str | None = None) -> str:
    found = ask(path, accept)
    assert isinstance(found, Show)
    return found.address.path


def sent(path: str, accept: str | None = None) -> tuple[int, str]:
    found = ask(path, accept)
    assert isinstance(found, Redirect)
    return found.status, found.target


@pytest.mark.parametrize("accept", [None, HTML, "image/png", "*/*;q=0"])
def test_a_suffix_fixes_the_format_whatever_is_accepted(accept: str | None) -> None:
    assert ask("/stadt/data/oe/18.63.ttl", accept) == Show(_addresses()["/stadt/data/oe/18.63.ttl"])
    assert shown("/stadt/dumps/stadt.nq", accept) == "/stadt/dumps/stadt.nq"
    assert shown("/def.rdf", accept) == "/def.rdf"


@pytest.mark.parametrize(("accept", "target"), [
    (None, "/stadt/oe/18.63"),
    ("*/*", "/stadt/oe/18.63"),
    ("text/html,application/xhtml+xml,*/*;q=0.8", "/stadt/oe/18.63"),
    (TTL, "/stadt/data/oe/18.63.ttl"),
    (LD, "/stadt/data/oe/18.63.jsonld"),
    ("application/rdf+xml, */*;q=0.1", "/stadt/data/oe/18.63.rdf"),
    ("application/trig", "/stadt/data/oe/18.63.trig"),
    ("application/json", "/stadt/data/oe/18.63.json"),
    ("text/csv;q=0.2, application/n-triples;q=0.3", "/stadt/data/oe/18.63.nt"),
])
def test_an_iri_sends_to_the_german_page_or_to_the_data(accept: str | None, target: str) -> None:
    assert ask(THING, accept) == Redirect(303, target, varies=True)


def test_evidence_sends_to_its_place_on_the_page_of_its_source_or_to_its_data() -> None:
    assert sent(EVIDENCE) == (303, "/stadt/quelle/buch#beleg-seite-1")
    assert sent(EVIDENCE, TTL) == (303, "/stadt/data/beleg/seite-1.ttl")


def test_data_without_a_suffix_are_negotiated_and_the_dot_of_a_code_is_no_suffix() -> None:
    assert shown("/stadt/data/oe/18.63") == "/stadt/data/oe/18.63.ttl"
    assert shown("/stadt/data/oe/18.63", LD) == "/stadt/data/oe/18.63.jsonld"
    found = ask("/stadt/data/oe/18.63", LD)
    assert isinstance(found, Show)
    assert found.chosen
    assert found.varies
    assert ask("/stadt/data/oe/18") == Missing()


def test_vocabulary_and_dumps_are_negotiated_alike() -> None:
    assert shown("/def", "application/n-triples") == "/def.nt"
    assert shown("/stadt/dumps/stadt", "application/n-quads") == "/stadt/dumps/stadt.nq"


@pytest.mark.parametrize(("accept", "target"), [
    (TTL, "/stadt/data/oe/18.63.ttl"),
    ("application/rdf+xml, */*;q=0.1", "/stadt/data/oe/18.63.rdf"),
    ("text/html;q=0, application/json", "/stadt/data/oe/18.63.json"),
])
def test_a_page_sends_those_who_want_rdf_to_the_data(accept: str, target: str) -> None:
    assert ask("/stadt/oe/18.63", accept) == Redirect(303, target, varies=True)


@pytest.mark.parametrize("accept", [None, "*/*", "text/html;q=0.1", "application/json, */*"])
def test_a_page_stays_a_page_for_everyone_else(accept: str | None) -> None:
    assert shown("/en/stadt/oe/18.63", accept) == "/en/stadt/oe/18.63"


@pytest.mark.parametrize("path", [THING, EVIDENCE, "/stadt/oe/18.63", "/stadt/data/oe/18.63", "/stadt/liste", "/def"])
def test_what_is_in_no_wanted_format_names_those_there_are(path: str) -> None:
    found = ask(path, "image/png")
    assert isinstance(found, NotAcceptable)
    assert found.offered
    assert all(DIRECTORY.resolve(address.path, "*/*") for address in found.offered)


@pytest.mark.parametrize(("path", "target"), [
    ("/stadt", "/stadt/"), ("/stadt/liste/", "/stadt/liste"), (f"{THING}/", THING), ("/def/", "/def"),
    ("/stadt/data/oe/18.63.ttl/", "/stadt/data/oe/18.63.ttl"), ("/stadt/data/oe/18.63/", "/stadt/data/oe/18.63"),
])
def test_the_other_trailing_slash_leads_to_the_right_one(path: str, target: str) -> None:
    assert sent(path) == (308, target)


@pytest.mark.parametrize("path", [
    "/nope", "/stadt/id/oe/18.6", "/stadt//liste", "/stadt/liste//", "//", "/STADT/", "/stadt/oe/18.63.ttl",
])
def test_what_there_is_not_is_missing(path: str) -> None:
    assert ask(path) == Missing()


@pytest.mark.parametrize("accept", [None, HTML, TTL, "image/png"])
def test_what_is_gone_is_gone_in_every_format(accept: str | None) -> None:
    assert ask("/stadt/oe/alt", accept) == GONE
    assert sent("/stadt/oe/alt/", accept) == (308, "/stadt/oe/alt")


def test_a_document_with_a_page_among_its_formats_is_negotiated_in_place() -> None:
    addresses = _addresses() | {"/def": Address("/def", "page", HTML, resource="/def", language="de")}
    directory = Directory(addresses, {}, {}, {}, {})
    assert directory.resolve("/def", "*/*") == Show(addresses["/def"], varies=True)
    assert directory.resolve("/def", LD) == Show(addresses["/def.jsonld"], chosen=True, varies=True)
    assert isinstance(directory.resolve("/def", "image/png"), NotAcceptable)


def test_the_root_and_the_version_of_the_vocabulary_lead_on() -> None:
    assert sent("/") == (303, "/stadt/")
    assert sent("/def/1.0") == (303, "/def")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_are_compared_in_one_form(form: str) -> None:
    path = unicodedata.normalize(form, TREE)  # type: ignore[arg-type]
    assert sent(path) == (303, "/stadt/maßnahme/bäume")
    assert sent(path, TTL) == (303, "/stadt/data/maßnahme/bäume.ttl")


@pytest.mark.parametrize(("accept", "target"), [
    (None, "/stadt/daten#datensatz-x"), (HTML, "/stadt/daten#datensatz-x"), (TTL, "/stadt/catalog.ttl"),
])
def test_an_iri_of_the_catalogue_leads_to_the_page_or_to_the_document_that_tells_of_it(
    accept: str | None, target: str,
) -> None:
    assert sent("/stadt/id/datensatz/x", accept) == (303, target)
