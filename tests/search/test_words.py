"""Words have one key, however they are spelled, gendered or inflected; others have another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wir2graph.search.words import LANGUAGES, code, fold, stem, words


def keys(text: str, language: str = "de") -> list[str]:
    return [stem(word.plain, language) for word in words(text)]


@pytest.mark.parametrize("text", [
    "Migrant*innen Migrant:innen Migrant_innen Migrant·innen MigrantInnen Migrant/innen Migrant/-innen Migrantinnen "
    "Migrantin Migrant:in Migranten Migrant",
    "Autor*innenzentrum Autorinnenzentrum Autorenzentrum Autor_innenzentrum",
    "Bürger*innenmedien Bürgermedien BürgerInnenmedien",
    "Grünfläche Gruenflaeche Grunflache Grünflächen",
    "Straße Strasse Straßen", "Kita Kitas", "Azubi Azubis", "Bad Bäder", "Ärztin Ärztinnen Ärzte", "Rom*nja Romnja",
])
def test_forms_of_a_word_have_one_key(text: str) -> None:
    assert len(set(keys(text))) == 1, keys(text)


@pytest.mark.parametrize(("one", "other"), [
    ("Gewinn", "Gewicht"), ("beginnen", "Begonien"), ("Termin", "Term"), ("Berlin", "Berl"), ("56.1", "56.12"),
])
def test_other_words_have_other_keys(one: str, other: str) -> None:
    assert keys(one) != keys(other)


def test_english_has_its_own_stems() -> None:
    assert keys("measures", "en") == keys("measure", "en")


def test_codes_numbers_and_abbreviations_are_whole_words() -> None:
    assert [word.written for word in words("(56.12), WIR2.0; e.V. 18.LSBTIQ. wir:inField, 3 bis 4.")] == [
        "56.12", "WIR2.0", "e", "V", "18", "LSBTIQ", "wir", "inField", "3", "bis", "4",
    ]


def test_codes_are_compared_without_spaces_and_case() -> None:
    assert code("51 F") == code("51f") == "51f"
    assert code("18.LSBTIQ") == "18.lsbtiq"


@given(st.text())
def test_any_text_has_words_that_stand_in_it(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end
        assert text[word.start:word.end] == word.written
        end = word.end
        for language in LANGUAGES:
            assert " " not in stem(word.plain, language)
        assert fold(fold(word.plain)) == fold(word.plain)
