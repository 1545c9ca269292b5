"""A word is another one misspelled where they begin alike and few letters differ."""

from __future__ import annotations

import pytest

from wir2graph.search.lookup import is_slip


@pytest.mark.parametrize(("form", "other", "expected"), [
    ("libary", "library", True), ("kuratoruim", "kuratorium", True), ("shcule", "schule", True),
    ("antidiskrimminierungstelle", "antidiskriminierungsstelle", True),
    ("drucksache", "rucksprache", False), ("drucksachen", "drucktasten", False), ("wasser", "ausser", False),
])
def test_slips(form: str, other: str, expected: bool) -> None:
    assert is_slip(form, other) == expected
