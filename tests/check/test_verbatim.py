"""What a property gives in the words of its source stands in the text of that source, and is reported where not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.conftest import Edit
from wir2graph.check import check
from wir2graph.dataset import load
from wir2graph.findings import violations
from wir2graph.plan import Workspace
from wir2graph.quotes import normalise
from wir2graph.verbatim import GAP, stands_in

TEXT = normalise("Die Arbeit lief ab Mitte 2026 mit vielen Betei-\nligten und wurde bis Ende 2027 abgeschlossen.")
WORDS = TEXT.text.split()


@pytest.mark.parametrize(("file", "old", "new", "name"), [
    ("musterstadt/ratsbericht-2027/verlauf.ttl", '"Von Herbst 2026 bis', '"Seit Herbst 2026 bis', "wir:statedPeriod"),
    ("musterstadt/gruenplan-2026/massnahmen.ttl", '"B 2 Stadtentwässerung"', '"B 2 Entwässerung"', "wir:contactText"),
    ("musterstadt/gruenplan-anhang-2026/beziehungen.ttl", 'qualifier "circa"', 'qualifier "ungefähr"', "wir:qualifier"),
])
def test_other_words_than_those_of_the_source_are_reported(
    copy: Workspace, edit: Edit, texts: Path, file: str, old: str, new: str, name: str,
) -> None:
    assert violations(check(load(copy), copy, texts)) == []
    edit(file, old, new)
    [finding] = violations(check(load(copy), copy, texts))
    assert (finding.rule, finding.file) == ("NotAsPrinted", file)
    assert finding.line is not None
    assert name in finding.message_de
    assert "Bitte im Wortlaut angeben" in finding.message_de
    assert name in finding.message_en
    assert "in the words of the text" in finding.message_en


@pytest.mark.parametrize(("printed", "stands"), [
    ("ab Mitte 2026", True),
    ("mit vielen Beteiligten", True),
    ("ab Mitte 2026 … bis Ende 2027 abgeschlossen", True),
    ("bis Ende 2027 … ab Mitte 2026", False),
    ("ab Mitte 2026 … Mitte 2026", False),
    ("ab mitte 2026", False),
    ("Mitte 2026 bis Ende 2027", False),
    ("itte 2026", False),
    ("…", False),
    ("", False),
])
def test_words_stand_in_a_text_in_their_order(printed: str, stands: bool) -> None:
    assert stands_in(TEXT, printed) is stands


@given(st.lists(st.integers(0, len(WORDS)), min_size=4, max_size=4).map(sorted))
def test_whatever_is_left_out_is_marked(cuts: list[int]) -> None:
    first, second, third, last = cuts
    parts = [" ".join(WORDS[first:second]), " ".join(WORDS[third:last])]
    assert stands_in(TEXT, f" {GAP} ".join(parts)) is all(parts)
