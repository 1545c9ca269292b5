"""Coverage: what no evidence refers to is listed with its lines, unless it is left out with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.conftest import Edit
from wir2graph.coverage import ClassShares, Exemption, Reference, classes, exemptions, passages, references, report
from wir2graph.dataset import load
from wir2graph.findings import InputError
from wir2graph.plan import Workspace, load_plan
from wir2graph.sources import LineRange, SourceText, read_texts

COVERAGE = "musterstadt/coverage.toml"
TEXT = SourceText("heft", """Inhalt
Parks 7

Parks

Wir pflegen die Parks.
Das Amt hilft.

4 5

Bäche

Parks

Das Amt hilft.
""", "")


def reported(workspace: Workspace, texts: Path) -> list[str]:
    dataset = load(workspace)
    plan = load_plan(workspace.data / "musterstadt")
    return list(report(dataset, plan, read_texts(dataset, plan, texts)))


def test_a_passage_is_covered_where_a_quote_starts() -> None:
    found = passages(TEXT, [Reference("heft", "die Parks. Das Amt", "")], [])
    assert (found.total, found.covered, found.exempt) == (6, 1, 0)
    assert found.open == (LineRange(1, 2), LineRange(4, 4), LineRange(11, 11), LineRange(13, 13), LineRange(15, 15))


def test_of_a_quote_that_occurs_twice_the_place_in_its_section_counts() -> None:
    assert LineRange(6, 7) not in passages(TEXT, [Reference("heft", "Das Amt hilft.", "Parks")], []).open
    assert LineRange(15, 15) in passages(TEXT, [Reference("heft", "Das Amt hilft.", "Parks")], []).open
    assert LineRange(15, 15) not in passages(TEXT, [Reference("heft", "Das Amt hilft.", "Bäche")], []).open
    assert LineRange(11, 11) not in passages(TEXT, [Reference("heft", "Bäche", "Ein Abschnitt, den es nicht gibt")],
                                             []).open


def test_the_heading_of_a_page_may_stand_behind_its_text() -> None:
    between = "Das Wasser im Bach ist klar, und an seinem Ufer wächst wieder Schilf."
    blocks = ["Wir pflanzen.", "Kopf Bäume", "Kopf Bäche", between, "Wir pflanzen.\nWir gießen."]
    text = SourceText("heft", "\n\n".join(blocks), "")
    assert LineRange(1, 1) not in passages(text, [Reference("heft", "Wir pflanzen.", "Kopf Bäume")], []).open
    assert LineRange(1, 1) in passages(text, [Reference("heft", "Wir pflanzen.", "Kopf Bäche")], []).open


def test_a_name_at_the_start_of_a_line_fits_better_than_within_another() -> None:
    text = SourceText("heft", "Liste aller, die dabei waren\n\nBüro Amt Grün Ost\n\nAmt Grün\n", "")
    assert LineRange(5, 5) not in passages(text, [Reference("heft", "Amt Grün", "Liste")], []).open


def test_several_references_with_the_same_quote_take_one_place_each() -> None:
    text = SourceText("heft", "Parks\n\n1 Beet\nAmt 7\n\n2 Bach\nAmt 7\n\n3 Baum\nAmt 7\n", "")
    assert passages(text, [Reference("heft", "Amt 7", "Parks")] * 2, []).open == (LineRange(1, 1), LineRange(9, 10))


def test_passages_with_the_same_words_share_their_fate() -> None:
    left_out = [Exemption((LineRange(4, 4),), {})]
    found = passages(TEXT, [], left_out)
    assert found.exempt == 2
    assert LineRange(13, 13) not in found.open


def test_a_passage_is_left_out_when_all_its_lines_are() -> None:
    assert LineRange(6, 7) in passages(TEXT, [], [Exemption((LineRange(7, 9),), {})]).open
    assert LineRange(6, 7) not in passages(TEXT, [], [Exemption((LineRange(6, 6), LineRange(7, 9)), {})]).open


def test_in_a_text_that_is_not_wrapped_each_line_is_a_passage() -> None:
    text = SourceText("heft", f"Parks\nWir pflegen {'jeden Tag ' * 20}die Parks.\nDas Amt hilft.\n\n* *\nBäche", "")
    found = passages(text, [Reference("heft", "Das Amt hilft.", "")], [])
    assert (found.total, found.covered) == (4, 1)
    assert found.open == (LineRange(1, 1), LineRange(2, 2), LineRange(6, 6))


def test_quotes_of_another_source_cover_nothing() -> None:
    assert passages(TEXT, [Reference("blatt", "Das Amt hilft.", "")], []).covered == 0


@given(st.lists(st.sampled_from(["", " ", "Baum", "Bach 7", "12", "Beet und Bank"]), max_size=12), st.data())
def test_every_passage_is_covered_left_out_or_open(lines: list[str], data: st.DataObject) -> None:
    text = SourceText("heft", "\n".join(lines), "")
    quotes = data.draw(st.lists(st.sampled_from(["Baum", "Bach", "Beet und", "Bank"]), max_size=2))
    left_out = data.draw(st.lists(st.integers(1, len(text.lines)).map(lambda n: LineRange(n, n)), max_size=3))
    found = passages(text, [Reference("heft", quote, "") for quote in quotes], [Exemption(tuple(left_out), {})])
    assert found.covered + found.exempt + len(found.open) == found.total
    for lines_open in found.open:
        assert any(c.isalpha() for line in text.within(lines_open) for c in line)
        assert all(line.strip() for line in text.within(lines_open))
        assert not any(one in left_out for one in [lines_open])


def test_the_report_names_what_is_open(copy: Workspace, edit: Edit, texts: Path) -> None:
    assert "Quelle stadtblatt-2027: 8 Abschnitte, 1 belegt, 5 mit Grund ausgelassen, 2 offen" in "\n".join(
        reported(copy, texts))
    edit(COVERAGE, '"7-17"', '"7-14"')
    lines = reported(copy, texts)
    at = lines.index("Quelle stadtblatt-2027: 8 Abschnitte, 1 belegt, 4 mit Grund ausgelassen, 3 offen")
    begin = "  Zeilen 16-17: Linde Lattich, Leiterin der Baumschule Musterstadt und Sprecherin der …"
    assert begin in lines[at + 1:at + 4]


def test_ranges_for_another_text_are_not_used(copy: Workspace, texts: Path) -> None:
    text = texts / "stadtblatt-2027.txt"
    text.write_text(f"Nachtrag\n\n{text.read_text(encoding='utf-8')}", encoding="utf-8")
    lines = reported(copy, texts)
    assert lines[0].startswith(f"{COVERAGE}: Die Zeilen zu „stadtblatt-2027“ gelten für einen anderen Text")
    assert "Quelle stadtblatt-2027: 9 Abschnitte, 1 belegt, 0 mit Grund ausgelassen, 8 offen" in lines


@pytest.mark.parametrize(("old", "new", "rule"), [
    ('en = "personal words"', "", "CoverageSetting"),
    ('lines = ["19-20"]', "", "LineRange"),
    ('lines = ["19-20"]', 'lines = ["19-200"]', "LineRange"),
])
def test_a_file_that_cannot_be_used_is_told(
    copy: Workspace, edit: Edit, texts: Path, old: str, new: str, rule: str,
) -> None:
    edit(COVERAGE, old, new)
    plan = load_plan(copy.data / "musterstadt")
    read = read_texts(load(copy), plan, texts)
    with pytest.raises(InputError) as raised:
        exemptions(plan, read)
    assert [(finding.rule, finding.file) for finding in raised.value.findings] == [(rule, COVERAGE)]


def test_the_shares_of_a_class_are_counted(copy: Workspace) -> None:
    plan = load_plan(copy.data / "musterstadt")
    before = next(one for one in classes(load(copy), plan) if one.name == "UnitGroup")
    (copy.data / "musterstadt" / "redaktion" / "neu.ttl").write_text(f"""
@base <{plan.namespace}id/> .
@prefix wir: <https://w3id.org/wir2graph/def#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<gruppe/karg> a wir:UnitGroup ; skos:prefLabel "karg"@de ; dcterms:description "Nur auf Deutsch."@de .
<gruppe/reich> a wir:UnitGroup ; skos:prefLabel "reich"@de , "rich"@en ;
  dcterms:description "Zwei Sprachen."@de , "Two languages."@en ;
  wir:derivedFrom <oe/a> ; wir:partner <gruppe/genannt> .
<gruppe/genannt> a wir:UnitGroup .
""", encoding="utf-8")
    after = next(one for one in classes(load(copy), plan) if one.name == "UnitGroup")
    assert after == ClassShares(
        "UnitGroup", total=before.total + 3, evidence=before.evidence + 1, german=before.german + 2,
        english=before.english + 1, description=before.description + 1, relations=before.relations + 2,
    )


def test_references_hold_quote_section_and_source(copy: Workspace) -> None:
    found = references(load(copy), load_plan(copy.data / "musterstadt"))
    assert Reference("gruenplan-2026", "Stadt Musterstadt", "Titel") in found
