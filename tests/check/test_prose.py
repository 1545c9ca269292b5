"""Copied prose is found wherever it stands; titles, names, quotes and prose of our own are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.conftest import Edit
from wir2graph import prose
from wir2graph.check import check
from wir2graph.dataset import load
from wir2graph.findings import Finding, violations
from wir2graph.plan import Workspace, load_plan
from wir2graph.prose import LONGEST, Copy, Corpus
from wir2graph.sources import SourceText, read_texts, statements

LABELS = "musterstadt/redaktion/beschriftung.ttl"
DESCRIPTION = '"Erfundener Plan einer erfundenen Stadt."@de'
COPIED = "Projekte aus der Bürgerschaft können über das Programm gefördert werden"
TEXT = """Erste Zeile
Die Bürger*innen pflegen die Parks der Stadt ge-
meinsam mit dem Amt für Stadtgrün, und zwar – das ist neu –
auch im Winter.
"""


def found(workspace: Workspace, texts: Path) -> list[Finding]:
    """Return the findings about copied prose alone, in one of the fictional plans."""
    dataset = load(workspace)
    plan = load_plan(workspace.data / "musterstadt")
    return prose.check(plan, statements(dataset, plan), read_texts(dataset, plan, texts).values())


def copies(literal: str, *names: str) -> list[Copy]:
    return list(Corpus([SourceText("heft", TEXT, "")], names).copies(literal))


def test_prose_is_part_of_the_check_with_texts(copy: Workspace, edit: Edit, texts: Path) -> None:
    assert violations(check(load(copy), copy, texts)) == []
    edit(LABELS, DESCRIPTION, f'"Neu: {COPIED}."@de')
    (texts / "ratsbericht-2027.txt").write_text(f"{COPIED}.", encoding="utf-8")
    assert "NoCopiedProse" in {finding.rule for finding in check(load(copy), copy, texts)}
    assert violations(check(load(copy), copy)) == []


def test_a_copy_is_told_with_its_words_and_where_both_stand(copy: Workspace, edit: Edit, texts: Path) -> None:
    edit(LABELS, DESCRIPTION, '"Neu: Projekte aus der Bürgerschaft können über das Land kommen."@de')
    assert found(copy, texts) == []
    edit(LABELS, "Land kommen.", "Programm „Musterstadt blüht“ gefördert werden.")
    [finding] = found(copy, texts)
    assert (finding.rule, finding.severity) == ("NoCopiedProse", "violation")
    assert finding.place().startswith(f"{LABELS}:")
    assert "dcterms:description" in finding.message_de
    assert "„Projekte aus der Bürgerschaft können über das Programm „Musterstadt blüht“ gefördert werden.“" \
        in finding.message_de
    text = (texts / "gruenplan-2026.txt").read_text(encoding="utf-8")
    line = text[:text.index("Projekte aus")].count("\n") + 1
    assert f"(Zeile {line}, Zeichen {text.index('Projekte aus')})" in finding.message_de


@pytest.mark.parametrize(("file", "old", "new"), [
    ("redaktion/angaben.ttl", '"Das Programm fördert Pflanzungen; der Plan', f'"{COPIED}; der Plan'),
    ("redaktion/widersprueche.ttl", '"Der Plan gilt; der Bericht', f'"{COPIED}; der Bericht'),
    ("redaktion/beschriftung.ttl", '"Reihen des Grünplans"', f'"{COPIED}"'),
    ("redaktion/beschriftung.ttl", "wir:declaredMeasureCount 3",
     f'<http://www.w3.org/2004/02/skos/core#altLabel> "{COPIED}"@de ; wir:declaredMeasureCount 3'),
])
def test_every_german_literal_of_ours_is_compared(
    copy: Workspace, edit: Edit, texts: Path, file: str, old: str, new: str,
) -> None:
    text = texts / "ratsbericht-2027.txt"
    text.write_text(f"{COPIED}.\n{text.read_text(encoding='utf-8')}", encoding="utf-8")
    edit(f"musterstadt/{file}", old, new)
    [finding] = found(copy, texts)
    assert finding.place().startswith(f"musterstadt/{file}:")


@pytest.mark.parametrize(("file", "old", "new"), [
    ("gruenplan-2026/massnahmen.ttl", '"Bäume an jeder Straße"@de', f'"{COPIED}"@de'),
    ("gruenplan-2026/massnahmen.ttl", 'wir:contactText "', f'wir:contactText "{COPIED} '),
    ("gruenplan-2026/belege.ttl", 'wir:section "Titel"', f'wir:section "{COPIED}"'),
    ("gruenplan-2026/belege.ttl", 'wir:quote "Stadt Musterstadt"', f'wir:quote "{COPIED}"'),
    ("redaktion/quellen.ttl", 'dcterms:title "Grünplan 2030"@de', f'dcterms:title "{COPIED}"@de'),
    ("redaktion/beschriftung.ttl", '"Invented plan of an invented city."@en', f'"{COPIED}"@en'),
])
def test_what_is_printed_may_stand_as_printed(
    copy: Workspace, edit: Edit, texts: Path, file: str, old: str, new: str,
) -> None:
    text = texts / "ratsbericht-2027.txt"
    text.write_text(f"{COPIED}.\n{text.read_text(encoding='utf-8')}", encoding="utf-8")
    edit(f"musterstadt/{file}", old, new)
    assert found(copy, texts) == []


def test_case_marks_and_syllable_breaks_make_no_difference() -> None:
    [copied] = copies("Neu ist: PFLEGEN die Parks der Stadt gemeinsam mit, dem Amt. Gut so.")
    assert copied == Copy("PFLEGEN die Parks der Stadt gemeinsam mit, dem Amt.", "heft", TEXT.index("pflegen"), 2)
    assert copies("Für Stadtgrün und zwar: das ist neu – auch im Sommer") != []


def test_seven_words_are_no_copy() -> None:
    assert copies("Es pflegen die Parks der Stadt gemeinsam mit Freude.") == []
    assert len(copies("Es pflegen die Parks der Stadt gemeinsam mit dem.")) == 1


def test_words_of_titles_and_names_do_not_count() -> None:
    literal = "Parks der Stadt gemeinsam mit dem Amt für Stadtgrün"
    assert len(copies(literal)) == 1
    assert copies(literal, "Amt für Stadtgrün") == []
    assert len(copies(literal, "Stadtgrün")) == 1, "a single word is no title"
    assert len(copies(f"Die Bürger*innen pflegen die {literal}", "Amt für Stadtgrün")) == 1


def test_a_marked_quotation_is_short() -> None:
    assert copies("Es heißt: „pflegen die Parks der Stadt gemeinsam mit dem Amt für Stadtgrün“") == []
    assert len(copies(f"Es heißt: „{TEXT}“")) == 1


@given(st.lists(st.sampled_from([f"wort{number}" for number in range(12)]), min_size=1, max_size=60),
       st.lists(st.sampled_from([f"wort{number}" for number in range(12)]), min_size=1, max_size=30))
def test_a_literal_copies_where_it_shares_eight_words_in_a_row(text: list[str], literal: list[str]) -> None:
    shared = {tuple(text[i:i + LONGEST]) for i in range(len(text) - LONGEST + 1)} & {
        tuple(literal[i:i + LONGEST]) for i in range(len(literal) - LONGEST + 1)}
    copied = list(Corpus([SourceText("heft", "\n".join(text), "")], []).copies(" ".join(literal)))
    assert bool(copied) == bool(shared)
    for one in copied:
        words = one.words.split()
        assert len(words) >= LONGEST
        assert text[one.line - 1:one.line - 1 + len(words)] == words
