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


@pytest.mark.parametrize("text", ["A 9.9", "A9.9", "Kontakt A 9.9", "Stadtbäume 77", "Amt 9.9 Stadtbäume", "1.2.3"])
def test_a_number_that_is_not_there_has_no_hit(release: Release, text: str) -> None:
    found = release.search.find(text, "de", "musterstadt")
    assert (found.pages, found.corrected) == ((), ())


def test_what_is_there_is_suggested_without_the_number(release: Release) -> None:
    assert release.search.find("Wasser 99", "de", "musterstadt").suggested == ("Wasser",)


@pytest.mark.parametrize("text", ["A 1.2", "a1.2", "Organisationseinheit A 1.2", "Kontakt A 1.2", "Sachgebiet a 1.2"])
def test_of_the_offices_only_that_with_the_code_is_found(first: First, text: str) -> None:
    found = first(text, plan="musterstadt")
    assert found[0] == "/musterstadt/oe/a-1.2"
    assert not any(path.startswith("/musterstadt/oe/") for path in found[1:])


@pytest.mark.parametrize("text", ["Wasser 2", "wasser2", "Maßnahme Wasser 2", "massnahme wasser2", "Wasser 2 Bäche"])
def test_a_measure_is_found_by_field_and_number(first: First, text: str) -> None:
    assert first(text)[0] == f"{MEASURE}wasser-2"


def test_a_number_without_its_series_is_that_of_the_largest(first: First) -> None:
    found = first("Grüne Räume 1", plan="musterstadt")
    assert found[0] == f"{MEASURE}raeume-1"
    assert f"{MEASURE}raeume-schule-1" in found[:4]
    assert first("Räume 1", plan="musterstadt")[0] == f"{MEASURE}raeume-1"


@pytest.mark.parametrize(("text", "language"), [
    ("Sachgebiet Stadtbäume", "de"), ("Stadtbäume Sachgebiet", "de"), ("section city trees", "en"),
    ("City Trees section", "en"),
])
def test_an_office_is_found_by_its_name_and_its_kind(first: First, text: str, language: str) -> None:
    assert first(text, language)[0] == "/musterstadt/oe/a-1.2"


def test_a_compound_needs_both_parts_or_what_means_the_same(first: First) -> None:
    assert first("Regenrinnsal", plan="musterstadt")
    assert first("Stadtgießkanne")[0] == "/musterstadt/projekt/regentonnen"
    assert "/musterstadt/stadt/musterstadt" not in first("Stadtrinnsal")


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
