"""Normalising a text: syllable breaks are joined, white space is one space, characters know their origin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wir2graph.quotes import find_quote, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Teil-\nhabe", "Teilhabe"),
        ("Teil- \n\t habe", "Teilhabe"),
        ("Teil-\r\nhabe", "Teilhabe"),
        ("Beglei-\n\ntung", "Begleitung"),
        ("Angestellten\u2011 \nlehrgang", "Angestelltenlehrgang"),
        ("Stadtbewohner-\n*innen", "Stadtbewohner*innen"),
        ("Diversity-\n\t Kompetenz", "Diversity-Kompetenz"),
        ("EU-\n2-Staaten", "EU-2-Staaten"),
        ("Migrations- \nund Teilhabepolitik", "Migrations- und Teilhabepolitik"),
        ("Kurs-\nbzw. Trägerwechsel", "Kurs- bzw. Trägerwechsel"),
        ("Ver-\nunden", "Verunden"),
        ("(stadt-\n) Leben", "(stadt- ) Leben"),
        ("Mi\u00adgra\u00ad\ntion", "Migration"),
        ("a\u00a0b\tc\n\n d", "a b c d"),
        ("Punkt\n- Strich", "Punkt - Strich"),
        ("interne und -ex-\nterne", "interne und -externe"),
        ("", ""),
    ],
)
def test_line_breaks_and_spaces(text: str, expected: str) -> None:
    assert normalise(text).text == expected


def test_a_quote_is_found_where_it_begins_in_the_original() -> None:
    text = "Im Vor-\nwort: 85 vor-\ngeschlagene Maß-\nnahmen und mehr."
    place = find_quote(normalise(text), "85  vorgeschlagene\nMaßnahmen")
    assert place == text.index("85")


@pytest.mark.parametrize("quote", ["Schul", "Amt", "tadt", "", "  ", "Schulamt Stadt"])
def test_what_the_text_does_not_say_is_not_found(quote: str) -> None:
    assert find_quote(normalise("Schulamt der Stadt (18.1)"), quote) is None


def test_a_later_whole_word_counts_although_an_earlier_word_contains_it() -> None:
    text = "Schulamt und Amt"
    assert find_quote(normalise(text), "Amt") == text.index("Amt", 9)


@given(st.text(alphabet="abÄ -\n\t\u00ad\u00a0*1,", max_size=60))
def test_every_character_that_is_kept_stands_at_its_origin(text: str) -> None:
    result = normalise(text)
    for position, character in enumerate(result.text):
        if not character.isspace() and character != "-":
            assert text[result.origin(position)] == character


@given(st.text(alphabet="abÄß -\n\t\u00ad\u00a0*1,", max_size=60))
def test_white_space_is_single_spaces_and_nothing_else_is_added(text: str) -> None:
    result = normalise(text).text
    assert "  " not in result
    assert not set(result) & set("\n\t\u00ad\u00a0")
    kept = [character for character in text if character.isalnum()]
    assert [character for character in result if character.isalnum()] == kept


@st.composite
def broken(draw: st.DrawFn) -> tuple[str, str]:
    """Words in one line, and the same words as a column prints them: broken at syllables and spaces."""
    words = draw(st.lists(st.text(alphabet="abcdeöß", min_size=2, max_size=9), min_size=1, max_size=8))
    printed = []
    for word in words:
        cut = draw(st.integers(0, len(word) - 1))
        hyphen = draw(st.sampled_from(("-\n", "- \n\t ", "\u00ad", "\u00ad\n")))
        printed.append(word[:cut] + hyphen + word[cut:] if cut else word)
    return " ".join(words), draw(st.sampled_from((" ", "\n", " \n\n", "\t"))).join(printed)


@given(broken(), st.sampled_from(["", "Davor steht dies: ", "Ge-\nteilt.\n\n"]))
def test_a_sentence_is_found_however_its_lines_are_broken(sentence: tuple[str, str], before: str) -> None:
    words, printed = sentence
    assert find_quote(normalise(before + printed + " Ende"), words) == len(before)
