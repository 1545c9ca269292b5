"""Which media type and which content coding a client's header fields prefer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wir2graph.web.http import coding, negotiate

HTML, TTL, LD, RDF, NT, JSON, CSV = OFFERED = (
    "text/html", "text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples",
    "application/json", "text/csv",
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
RDFLIB = "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"


@pytest.mark.parametrize(("accept", "chosen"), [
    (None, HTML),
    ("", HTML),
    ("*/*", HTML),
    (FIREFOX, HTML),
    (JENA, TTL),
    (RDFLIB, RDF),
    (JAVA, HTML),
    ("text/turtle", TTL),
    ("TEXT/Turtle", TTL),
    ("text/*", HTML),
    ("text/*;q=0.5, text/html;q=0.1", TTL),
    ("text/turtle;q=0.5, application/ld+json", LD),
    ("text/turtle;q=0.5,application/ld+json;q=0.5", TTL),
    ("application/ld+json, text/turtle", TTL),
    ("text/turtle, */*", TTL),
    ("application/json, text/plain, */*", JSON),
    ("text/html;q=0, */*", TTL),
    ("text/html;q=0.000, text/turtle;q=0.001", TTL),
    ("*/*;q=0", None),
    ("text/html;q=0", None),
    ("image/png", None),
    ("image/png, text/csv;q=0.1", CSV),
    ("text/turtle; charset=utf-8", TTL),
    ("text/turtle;charset=utf-8;q=0.2, application/rdf+xml;q=0.3", RDF),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x"', LD),
    ("text/html;level=1;q=0, text/html", HTML),
    ("text/html;level=3, text/html;q=0.4, text/turtle;q=0.5", TTL),
    ("text/turtle , , application/ld+json;q=0.1", TTL),
    ("nonsense, text/turtle;q=0.1", TTL),
    ("text/turtle;q=2, text/csv", CSV),
    ("text/turtle;q=-1, text/csv", CSV),
    ("*/turtle, text/csv", CSV),
    ("nonsense", HTML),
    ("text/turtle;q=1.000", TTL),
    ("text/turtle; q = 0.5 , text/csv;q=0.6", CSV),
])
def test_the_client_gets_what_it_weighs_highest(accept: str | None, chosen: str | None) -> None:
    assert negotiate(accept, OFFERED) == chosen


@pytest.mark.parametrize(("offered", "weight"), [
    ("text/plain;format=flowed", "1"), ("text/plain", "0.7"), ("text/html", "0.3"), ("image/jpeg", "0.5"),
    ("text/plain;format=fixed", "0.4"),
])
def test_the_example_of_the_standard(offered: str, weight: str) -> None:
    """The table of RFC 9110, 12.5.1: against a rival just above or below, the weight decides."""
    accept = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"
    below, above = f"{max(float(weight) - 0.01, 0):.2f}", f"{min(float(weight) + 0.01, 1):.2f}"
    assert negotiate(f"{accept}, font/below;q={below}", ["font/below", offered]) == offered
    if weight != "1":
        assert negotiate(f"{accept}, font/above;q={above}", [offered, "font/above"]) == "font/above"


def test_nothing_offered_is_nothing_chosen() -> None:
    assert negotiate("*/*", []) is None


weights = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(OFFERED), weights, min_size=1), st.permutations(OFFERED))
def test_of_exact_types_the_heaviest_is_chosen_and_order_decides_ties(
    accepted: dict[str, float], offered: list[str],
) -> None:
    header = ", ".join(f"{name};q={weight:.3f}" for name, weight in accepted.items())
    wanted = [name for name in offered if accepted.get(name)]
    assert negotiate(header, offered) == max(wanted, key=lambda name: accepted[name], default=None)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["text/turtle", "*/*;q=0.2", "x/y;q=0.3", "text/*"]), min_size=1), st.randoms())
def test_the_order_of_the_header_means_nothing(parts: list[str], random: object) -> None:
    turned = list(parts)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert negotiate(", ".join(parts), OFFERED) == negotiate(",".join(turned), OFFERED)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_header_is_too_strange(header: str) -> None:
    assert negotiate(header, OFFERED) in (*OFFERED, None)
    assert coding(header) in ("br", "gzip", None)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_a_malformed_part_takes_nothing_from_the_others(part: str) -> None:
    malformed = part.replace(",", "").replace('"', "").replace("/", "").replace("*", "")
    assert negotiate(f"{malformed}, text/csv", OFFERED) == CSV


@pytest.mark.parametrize(("header", "chosen"), [
    (None, None), ("", None), ("identity", None), ("gzip", "gzip"), ("gzip, deflate, br, zstd", "br"),
    ("gzip, br;q=0.9", "gzip"), ("*", "br"), ("br;q=0, *", "gzip"), ("*;q=0", None), ("gzip;q=0", None),
    ("gzip;q=0.5, identity", None), ("GZIP", "gzip"), ("br;q=0.000, gzip;q=0.001", "gzip"), ("deflate", None),
])
def test_the_coding_that_is_sent(header: str | None, chosen: str | None) -> None:
    assert coding(header) == chosen
