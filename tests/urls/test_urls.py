"""Addresses of IRIs, and references that lead from page to page under any prefix."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from wir2graph.plan import Plan
from wir2graph.urls import localised, place_of, relative, vocabulary_path

PLAN = Plan("plan", Path(), "https://daten.example/plan/", ("de", "en"), "", date(2026, 1, 1), {}, {}, {})

character = st.characters(
    codec="utf-8", exclude_characters="/#?%\\", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"),
)
segment = st.text(character, min_size=1, max_size=8)
path = st.builds(lambda parts, slash: "/" + "/".join(parts) + ("/" if slash and parts else ""),
                 st.lists(segment.filter(lambda s: s not in (".", "..")), max_size=4), st.booleans())


@given(path, path, st.sampled_from(["", "#beleg-x"]), st.sampled_from(["", "/prefix", "/a/b"]))
def test_a_relative_reference_leads_to_its_target_under_any_prefix(
    source: str, target: str, fragment: str, prefix: str,
) -> None:
    base = f"http://host.example{prefix}{quote(source)}"
    arrived = urlsplit(urljoin(base, relative(source, target + fragment)))
    assert unquote(arrived.path) == prefix + target
    assert arrived.fragment == fragment.removeprefix("#")


def test_a_plans_iri_has_its_place_and_others_have_none() -> None:
    place = place_of("https://daten.example/plan/id/oe/büro-für-ökologie", [PLAN])
    assert place is not None
    assert place.page("de") == "/plan/oe/büro-für-ökologie"
    assert place.page("en") == "/en/plan/oe/büro-für-ökologie"
    assert place.data == "/plan/data/oe/büro-für-ökologie"
    assert place.resource == "/plan/id/oe/büro-für-ökologie"
    for other in ("https://daten.example/plan/", "https://daten.example/plan/id/oe", "https://elsewhere.example/id/a/b"):
        assert place_of(other, [PLAN]) is None


def test_terms_are_anchors_of_the_vocabulary() -> None:
    assert vocabulary_path("https://w3id.org/wir2graph/def#Measure") == "/def#Measure"
    assert vocabulary_path("https://w3id.org/wir2graph/shapes") == "/shapes"
    assert vocabulary_path("https://w3id.org/wir2graph/default") is None
    assert localised("/a", "de") == "/a"
