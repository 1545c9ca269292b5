"""Compounds have the parts that are words of the plan; what is no compound has none."""

from __future__ import annotations

import pytest

from wir2graph.search.compounds import parts

KNOWN = {
    "kinder", "kind", "tagesstatte", "ganztag", "grundschule", "schule", "stadt", "archiv", "integration", "beirat",
}


@pytest.mark.parametrize(("word", "expected"), [
    ("kindertagesstatten", [("kinder", "tagesstatte")]),
    ("ganztagsgrundschulen", [("ganztag", "grundschule")]),
    ("stadtarchiv", [("stadt", "archiv")]),
    ("integrationsbeirat", [("integration", "beirat")]),
    ("schule", []), ("grundschule", []), ("unbekanntes", []), ("", []),
])
def test_parts(word: str, expected: list[tuple[str, str]]) -> None:
    assert list(parts(word, KNOWN)) == expected
