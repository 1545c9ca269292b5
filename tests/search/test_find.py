"""The search in the fictional plans: what is found, what comes first, and that nothing typed is ever an error."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.search.conftest import First
from wir2graph.release import Release
from wir2graph.search.find import LONGEST, Search

MEASURE = "/musterstadt/massnahme/gruenplan-"


@pytest.mark.parametrize(("text", "path"), [
    ("Bäche ans Licht", f"{MEASURE}wasser-2"), ("baeche ans licht", f"{MEASURE}wasser-2"),
    ("A 1.2", "/musterstadt/oe/a-1.2"), ("Kontakt A 1.2", "/musterstadt/oe/a-1.2"), ("a1.2", "/musterstadt/oe/a-1.2"),
    ("7", "/kleinstadt/oe/7"),
    ("Stadtentwässrung", "/musterstadt/oe/b-2"), ("entwässerung", "/musterstadt/oe/b-2"),
    ("Rinnsal", f"{MEASURE}wasser-2"), ("Gießkanne", "/musterstadt/projekt/regentonnen"),
    ("Anwohnerinnen", "/musterstadt/zielgruppe/anwohnende"), ("Anwohner", "/musterstadt/zielgruppe/anwohnende"),
    ("Breite Rad", "/kleinstadt/fragen/breite-radwege"), ("contactOffice", "/def#contactOffice"),
])
def test_hits_in_german(first: First, text: str, path: str) -> None:
    assert path in first(text)[:3]


@pytest.mark.parametrize(("text", "path"), [
    ("bringing brooks", f"{MEASURE}wasser-2"), ("drainage", "/musterstadt/oe/b-2"),
    ("climat", "/musterstadt/konzept/klimakonzept"),
])
def test_hits_in_english(first: First, text: str, path: str) -> None:
    assert path in first(text, "en")[:3]


def test_only_the_plan_that_is_searched_and_what_belongs_to_none(first: First) -> None:
    found = first("Radweg", plan="kleinstadt")
    assert found
    assert not any(path.startswith("/musterstadt/") for path in found)
    assert "/sparql" in first("SPARQL", plan="kleinstadt")
    both = first("Handlungsfeld")
    assert {path.split("/")[1] for path in both} >= {"musterstadt", "kleinstadt"}


def test_everything_that_has_a_page_is_found_by_its_whole_name(release: Release) -> None:
    missing = []
    pages = [a for a in release.addresses().values() if a.kind == "page" and a.language == "de" and a.subject]
    assert pages
    for address in pages:
        assert address.subject is not None
        label = release.labels.claimed(address.subject, "de") or release.labels.of(address.subject, "de")
        found = release.search.find(label.text, "de", address.plan)
        if address.path not in [hit.path for hit in release.search.hits(found.pages)]:
            missing.append((label.text, address.path))
    assert missing == []


def test_what_was_misspelled_is_told(release: Release) -> None:
    found = release.search.find("Stadtentwässrung", "de")
    assert found.corrected == (("Stadtentwässrung", ("Stadtentwässerung",)),)


def test_words_that_are_a_little_alike_are_suggested(release: Release) -> None:
    for plan, word in (("musterstadt", "Zisternen"), ("kleinstadt", None)):
        found = release.search.find("Zistrnenbauten", "de", plan)
        assert not found.pages
        assert ("Zisternen" in found.suggested) == (word is not None), found.suggested
        assert all(release.search.find(suggested, "de", plan).pages for suggested in found.suggested)


def test_a_word_that_only_the_synonyms_have_may_be_misspelled(release: Release) -> None:
    assert "Fließgewässer" in release.search.find("Fliesgewässser", "de", "musterstadt").suggested


def test_nothing_is_found_where_nothing_is_asked(first: First) -> None:
    assert [first(text) for text in ("", " ", "!?*", '"', "%", "\0")] == [[]] * 6


@pytest.mark.parametrize("text", [
    '"', "'", '""" OR *', "a AND", "NEAR(", "de:wasser", "^wasser", "wasser*", "-wasser", "(((", "*", "%_", "\0wasser",
    "wasser\0", "🌳🌳🌳", "🌳" * 5000, "wasser " * 2000, "x" * 10_000, "\ud800", "ß" * 300, "1" * 300, ". . .",
    "a.1.2.", "{de other} : wasser", "wasser; DROP TABLE page", "é̂́" * 50, "İ", "ﬁ", "Ⅳ", "०१", "\u202e abc",
])
def test_hostile_input_is_no_error(release: Release, text: str) -> None:
    for language in ("de", "en"):
        found = release.search.find(text, language)
        release.search.hits(found.pages)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=LONGEST + 50), st.sampled_from(["de", "en"]), st.sampled_from([None, "musterstadt"]))
def test_any_text_is_searched(release: Release, text: str, language: str, plan: str | None) -> None:
    found = release.search.find(text, language, plan)
    assert sorted(found.pages) == sorted(page for pages in found.sections.values() for page in pages)
    assert len(set(found.pages)) == len(found.pages)
    for hit in release.search.hits(found.pages[:3]):
        assert "".join(part.text for part in found.marks.fragments(hit.titles[language][0])) == hit.titles[language][0]


def test_an_index_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="search"):
        Search(tmp_path / "search.sqlite")
    (tmp_path / "search.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(OSError, match="search"):
        Search(tmp_path / "search.sqlite")


def test_threads_search_at_once_and_find_the_same(release: Release, first: First) -> None:
    asked = ["Bäche ans Licht", "Stadtentwässrung", "Kinder", "A 1"] * 5
    expected = [first(text) for text in asked]
    found: dict[int, list[list[str]]] = {}
    threads = [
        threading.Thread(target=lambda number=number: found.update({number: [first(text) for text in asked]}))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == dict.fromkeys(range(8), expected)
