"""FAIR Signposting: landing pages, files and metadata lead to each other, in header fields, elements and linksets."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import replace
from urllib.parse import urljoin

import pytest

from tests.pages.document import parse
from wir2graph.operator import Operator
from wir2graph.release import Release
from wir2graph.represent import Link, represent
from wir2graph.urls import absolute
from wir2graph.web.http import links_field

BASE = "https://offen.example/daten"
LANDING = ("/musterstadt/", "/en/musterstadt/", "/musterstadt/daten", "/en/musterstadt/daten")
DATASET = "https://daten.musterstadt.example/plan/id/datensatz/gesamt"
SUFFIXES = ("ttl", "jsonld", "rdf", "nt")
DUMPS = {f"{BASE}/musterstadt/dumps/musterstadt.{suffix}" for suffix in (*SUFFIXES, "trig", "nq")}
VOID = {f"{BASE}/void.{suffix}" for suffix in SUFFIXES}
LONGEST = 3000  # nginx takes 4 KB of header fields from a server behind it, if nobody has told it otherwise


@pytest.fixture(scope="module")
def public(release: Release) -> Release:
    operator = Operator(public_url=BASE, name="Verein", homepage="https://verein.example/")
    return replace(release, operator=operator, base_url=BASE)


def told(release: Release, path: str) -> dict[str, list[Link]]:
    found = defaultdict(list)
    for link in represent(release, release.addresses()[path]).links:
        target = absolute(BASE, link.target) if link.target.startswith("/") else link.target
        found[link.rel].append(replace(link, target=target))
    return found


def targets(links: list[Link]) -> list[str]:
    return [link.target for link in links]


@pytest.mark.parametrize("path", LANDING)
def test_a_landing_page_leads_to_all_parts_of_its_dataset(public: Release, path: str) -> None:
    found = told(public, path)
    assert targets(found["cite-as"]) == [DATASET]
    assert set(targets(found["type"])) == {"https://schema.org/AboutPage", "https://schema.org/Dataset"}
    assert targets(found["license"]) == [public.plan("musterstadt").licence]
    assert targets(found["author"]) == ["https://verein.example/"]
    assert set(targets(found["item"])) == DUMPS
    assert set(targets(found["describedby"])) >= VOID
    assert {(link.target.rpartition("/")[2], link.media_type) for link in found["linkset"]} == {
        ("links.linkset", "application/linkset"), ("links.linksetjson", "application/linkset+json"),
    }
    for rel in ("item", "describedby"):
        for link in found[rel]:
            assert public.addresses()[link.target.removeprefix(BASE)].media_type == link.media_type


def test_a_page_says_in_its_head_what_the_header_field_says(public: Release) -> None:
    for path in (*LANDING, "/musterstadt/massnahme/gruenplan-raeume-1"):
        answer = represent(public, public.addresses()[path])
        elements = Counter(
            (element["rel"], urljoin(BASE + path, element["href"]), element.get("type"))
            for element in (link.attributes for link in parse(answer.body.decode()).find("link"))
        )
        for rel, links in told(public, path).items():
            for link in links:
                if rel not in ("alternate", "canonical"):
                    assert elements[rel, link.target, link.media_type] == 1, (path, link)


def test_files_and_metadata_lead_back(public: Release) -> None:
    landing = [f"{BASE}/musterstadt/daten"]
    for url in DUMPS:
        found = told(public, url.removeprefix(BASE))
        assert targets(found["collection"]) == landing
        assert targets(found["license"]) == [public.plan("musterstadt").licence]
    for url in VOID:
        assert set(targets(told(public, url.removeprefix(BASE))["describes"])) == {
            *landing, f"{BASE}/kleinstadt/daten",
        }


def test_the_page_of_a_thing_leads_to_its_iri_and_to_its_data(public: Release) -> None:
    found = told(public, "/musterstadt/massnahme/gruenplan-raeume-1")
    iri = "https://daten.musterstadt.example/plan/id/massnahme/gruenplan-raeume-1"
    assert targets(found["cite-as"]) == [iri]
    assert f"{BASE}/musterstadt/data/massnahme/gruenplan-raeume-1.ttl" in targets(found["describedby"])
    assert "https://w3id.org/wir2graph/def#Measure" in targets(found["type"])
    assert not found["linkset"]
    data = told(public, "/musterstadt/data/massnahme/gruenplan-raeume-1.ttl")
    assert targets(data["describes"]) == targets(data["cite-as"]) == [iri]


def test_without_an_operator_nobody_is_named_as_author(release: Release) -> None:
    assert not told(release, "/musterstadt/daten")["author"]


def test_no_header_field_is_too_long_for_a_proxy(public: Release) -> None:
    lengths = {path: len(links_field(represent(public, address), path, BASE))
               for path, address in public.addresses().items() if address.kind in ("page", "dump", "void", "linkset")}
    assert max(lengths.values()) < LONGEST, max(lengths, key=lengths.__getitem__)
    assert len(lengths) > 200


def linkset(release: Release) -> dict[str, dict[str, list[dict[str, str]]]]:
    document = represent(release, release.addresses()["/musterstadt/links.linksetjson"])
    assert document.media_type == "application/linkset+json"
    return {context.pop("anchor"): context for context in json.loads(document.body)["linkset"]}


def test_the_linkset_holds_what_header_fields_say_and_the_way_back(public: Release) -> None:
    found = linkset(public)
    for path in LANDING:
        context = found[BASE + path]
        for rel in ("cite-as", "type", "license", "author", "item", "describedby"):
            wanted = [{"href": link.target} | ({"type": link.media_type} if link.media_type else {})
                      for link in told(public, path)[rel]]
            assert all(link in context[rel] for link in wanted), rel
    for url in DUMPS:
        assert [link["href"] for link in found[url]["collection"]] == [f"{BASE}/musterstadt/daten"]
    for url in VOID:
        assert [link["href"] for link in found[url]["describes"]] == [f"{BASE}/musterstadt/daten"]
    assert all(anchor.startswith(f"{BASE}/") for anchor in found)


def test_both_formats_of_the_linkset_say_the_same(public: Release) -> None:
    text = represent(public, public.addresses()["/musterstadt/links.linkset"])
    assert text.media_type == "application/linkset"
    pattern = r'<([^>]*)>; rel="([^"]*)"; anchor="([^"]*)"(?:; type="([^"]*)")?(?:,\n|\n\Z)'
    links = Counter(
        (anchor, rel, target, kind or None)
        for target, rel, anchor, kind in re.findall(pattern, text.body.decode())
    )
    assert links == Counter(
        (anchor, rel, link["href"], link.get("type"))
        for anchor, context in linkset(public).items() for rel, found in context.items() for link in found
    )
    assert links.total() > 60
