"""A question is read word by word; numbers stand alone, and what means the same is known."""

from __future__ import annotations

import pytest

from wir2graph.search.question import Rewording, is_number, meanings, read, rewordings
from wir2graph.search.words import words

KNOWN = {"wir2.0", "51f", "plan", "b2b"}


@pytest.mark.parametrize(("text", "expected"), [
    ("Wasser2", ["Wasser", "2"]), ("OE50.6", ["OE", "50.6"]), ("Gärtner*innen12", ["Gärtner*innen", "12"]),
    ("WIR2.0 Plan2", ["WIR2.0", "Plan", "2"]), ("51f", ["51f"]), ("B2", ["B2"]), ("b2b", ["b2b"]), ("", []),
])
def test_words(text: str, expected: list[str]) -> None:
    found = list(read(text, KNOWN.__contains__))
    assert [word.written for word in found] == expected
    assert [text[word.start:word.end] for word in found] == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("50.6", True), ("51f", True), ("2022", True), ("A9.9", True), ("WIR2.0", False), ("Plan", False),
])
def test_numbers(text: str, expected: bool) -> None:
    (word,) = words(text)
    assert is_number(word, KNOWN.__contains__) == expected


def test_every_part_of_a_question_may_be_said_in_other_words() -> None:
    synonyms = meanings([("Bach", "Rinnsal"), ("Amt", "Haus am Markt"), ("Bachamt", "Wasserhaus")])
    assert rewordings(list(words("Amt Bach")), synonyms) == [
        Rewording(0, 1, ("haus", "am", "markt")), Rewording(1, 2, ("rinnsal",)),
    ]
    assert rewordings(list(words("das Haus am Markt")), synonyms) == [Rewording(1, 4, ("amt",))]
    assert rewordings([], synonyms) == []
