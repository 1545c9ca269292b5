"""The check as a whole: findings with their place, in one order, from every part of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.check.conftest import Edit
from wir2graph.check import check
from wir2graph.dataset import load
from wir2graph.findings import Finding, InputError, ordered
from wir2graph.plan import Workspace

MEASURES = "musterstadt/gruenplan-2026/massnahmen.ttl"
TREES = "https://daten.musterstadt.example/plan/id/massnahme/gruenplan-raeume-1"

def checked(workspace: Workspace, sources: Path | None = None) -> list[Finding]:
    return check(load(workspace), workspace, sources)


def line_of(workspace: Workspace, file: str, start: str) -> int:
    lines = (workspace.data / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


def test_the_fictional_plans_are_clean(workspace: Workspace) -> None:
    assert checked(workspace) == []


def test_a_finding_has_rule_place_and_what_to_do(copy: Workspace, edit: Edit) -> None:
    edit(MEASURES, "  wir:inField <handlungsfeld/gruenplan-raeume> ;\n", "")
    found = {finding.rule: finding for finding in checked(copy)}
    finding = found["MeasureField"]
    assert (finding.subject, finding.file, finding.severity) == (TREES, MEASURES, "violation")
    assert finding.line == line_of(copy, MEASURES, "<massnahme/gruenplan-raeume-1>")
    assert "Bitte genau ein wir:inField angeben" in finding.message_de
    assert "Please give exactly one wir:inField" in finding.message_en
    assert set(found) == {"MeasureField", "MeasuresPerFieldAsDeclared", "NumbersGapless"}


def test_a_rule_about_a_set_names_the_member_at_fault_and_the_numbers(copy: Workspace, edit: Edit) -> None:
    edit(MEASURES, "wir:number 2 ;", "wir:number 4 ;")
    found = {finding.rule: finding for finding in checked(copy)}
    assert set(found) == {"NumbersGapless", "IriKey"}
    finding = found["NumbersGapless"]
    assert (finding.file, finding.line) == (MEASURES, line_of(copy, MEASURES, "<massnahme/gruenplan-raeume-2>"))
    assert finding.message_de.startswith("Vor massnahme/gruenplan-raeume-2 fehlt die Nummer 3 ")
    assert finding.message_en.startswith("Before massnahme/gruenplan-raeume-2, number 3 is missing ")


def test_what_a_statement_says_wrongly_is_shown_where_it_is_written(copy: Workspace, edit: Edit) -> None:
    file = "musterstadt/redaktion/beschriftung.ttl"
    edit(file, '"Trees in every street"@en', '"Trees in every street"@en ; <http://xmlns.com/foaf/0.1/nick> "green"')
    [finding] = checked(copy)
    assert (finding.rule, finding.severity) == ("MeasureClosed", "warning")
    assert (finding.file, finding.line) == (file, line_of(copy, file, "<massnahme/gruenplan-raeume-1>"))
    assert finding.message_de.endswith("Gefunden: foaf:nick green")


def test_a_dataset_rule_names_the_file_of_the_graph_at_fault(copy: Workspace, edit: Edit) -> None:
    edit(MEASURES, '"Bäume an jeder Straße"@de', '"Bäume an jeder Straße"@de , "Trees"@en')
    found = {finding.rule: finding for finding in checked(copy)}
    assert found["OursNotInSource"].place().startswith(f"{MEASURES}:")
    assert "skos:prefLabel" in found["OursNotInSource"].message_de
    assert "LabelUnique" in found


def test_notes_of_the_reader_are_findings_too(copy: Workspace, edit: Edit) -> None:
    edit(MEASURES, "wir:number 1 ;", "wir:number 01 ;")
    assert [finding.rule for finding in checked(copy)] == ["CanonicalLiteral"]


def test_an_ill_typed_value_is_a_finding_and_no_traceback(
    copy: Workspace, edit: Edit, capfd: pytest.CaptureFixture[str],
) -> None:
    edit(MEASURES, "wir:number 1 ;", 'wir:number "eins"^^<http://www.w3.org/2001/XMLSchema#integer> ;')
    assert {finding.rule for finding in checked(copy)} >= {"MeasureNumber", "LiteralForm"}
    assert "Traceback" not in capfd.readouterr().err


def test_values_with_signs_of_their_own_do_not_confuse_the_messages(copy: Workspace, edit: Edit) -> None:
    edit("musterstadt/gruenplan-2026/verwaltung.ttl", 'org:identifier "A 1.2"', r'org:identifier "A 1\\g{?x}"')
    found = {finding.rule: finding for finding in checked(copy)}
    assert r"A 1\g{?x}" in found["UnitCodePattern"].message_de
    assert r"A 1\g{?x}" in found["UnitCodePattern"].message_en


def test_a_pattern_that_is_none_is_shown_with_each_code(copy: Workspace, edit: Edit) -> None:
    edit("musterstadt/redaktion/verwaltung.ttl", 'wir:unitCodePattern "^', 'wir:unitCodePattern "([')
    found = checked(copy)
    assert {finding.rule for finding in found} == {"UnitCodePattern"}
    assert all("„([" in finding.message_de for finding in found)


def test_findings_come_in_one_order_without_repetition(copy: Workspace, edit: Edit) -> None:
    edit(MEASURES, "  wir:inField <handlungsfeld/gruenplan-raeume> ;\n", "")
    edit("musterstadt/redaktion/beschriftung.ttl", '"Main series"@en', '"Hauptzählung"@de')
    first, second = checked(copy), checked(copy)
    assert first == second == ordered(first)
    assert len(set(first)) == len(first)
    severities = [finding.severity for finding in first]
    assert severities == sorted(severities)
    assert set(severities) == {"violation", "warning"}


def test_a_quote_that_is_not_in_the_lock_is_a_finding(copy: Workspace, edit: Edit) -> None:
    file = "musterstadt/gruenplan-2026/belege.ttl"
    edit(file, '"Stadt Musterstadt"', '"Stadt  Nirgendwo"'.replace("  ", " "))
    found = [finding for finding in checked(copy) if finding.rule == "QuoteNotLocked"]
    assert [(finding.file, finding.line) for finding in found] == [
        (file, line_of(copy, file, "<beleg/gruenplan-2026-stadt>"))]


def test_proving_the_quotes_writes_the_lock_that_the_plain_check_needs(copy: Workspace, texts: Path) -> None:
    locks = {path: path.read_bytes() for path in copy.data.glob("*/quotes.lock")}
    assert len(locks) == 2
    for path in locks:
        path.unlink()
    assert {finding.rule for finding in checked(copy)} == {"QuoteNotLocked"}
    assert checked(copy, texts) == []
    assert {path: path.read_bytes() for path in locks} == locks
    assert checked(copy) == []


def test_a_disproved_quote_leaves_the_lock_as_it_is(copy: Workspace, edit: Edit, texts: Path) -> None:
    edit("musterstadt/gruenplan-2026/belege.ttl", '"Stadt Musterstadt"', '"Stadt Nirgendwo"')
    lock = copy.data / "musterstadt" / "quotes.lock"
    before = lock.read_bytes()
    assert {finding.rule for finding in checked(copy, texts)} == {"QuoteNotInSource"}
    assert lock.read_bytes() == before


@pytest.mark.parametrize(("old", "new"), [
    ("SELECT ?this ?graph WHERE {", "SELEKT ?this WHERE {"),
    ("sh:select", "sh:Select ) ;"),
])
def test_unusable_rules_are_said_to_be_so(copy: Workspace, tmp_path: Path, old: str, new: str) -> None:
    shapes = Path(shutil.copytree(copy.shapes, tmp_path / "shapes"))
    file = shapes / "dataset.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    dataset = load(copy)
    with pytest.raises(InputError) as raised:
        check(dataset, replace(copy, shapes=shapes))
    [finding] = raised.value.findings
    assert finding.rule in {"ShapesUnusable", "TurtleSyntax"}
    assert "itte" in finding.message_de


def test_a_shape_that_is_no_shacl_is_said_to_be_so(copy: Workspace, tmp_path: Path) -> None:
    shapes = Path(shutil.copytree(copy.shapes, tmp_path / "shapes"))
    file = shapes / "measure.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("sh:path wir:inField ;", "", 1), encoding="utf-8")
    dataset = load(copy)
    with pytest.raises(InputError) as raised:
        check(dataset, replace(copy, shapes=shapes))
    assert [finding.rule for finding in raised.value.findings] == ["ShapesUnusable"]
