"""No person of the texts is named in the data: the names are read from the lines that `persons.toml` gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.conftest import Edit
from tests.serving import FIXTURES
from wir2graph import persons
from wir2graph.check import check
from wir2graph.dataset import load
from wir2graph.findings import Finding, InputError, violations
from wir2graph.persons import FILE, fold
from wir2graph.plan import Workspace, load_plan
from wir2graph.sources import SourceText, read_texts, statements

PERSONS = "musterstadt/persons.toml"
LABELS = "musterstadt/redaktion/beschriftung.ttl"
DESCRIPTION = '"Erfundener Plan einer erfundenen Stadt."@de'
NAMES = {
    ("Wilma", "Wipfel"), ("Knut", "von", "der", "Kiefer"), ("Ayşe", "Ulmenhöf-Erlengrund"), ("Birk", "Blattgold"),
    ("Zita", "Maria", "Zeder"), ("Linde", "Lattich"),
}


def found(workspace: Workspace, texts: Path) -> list[Finding]:
    """Return the findings about names alone, in the fictional plan that has persons."""
    dataset = load(workspace)
    plan = load_plan(workspace.data / "musterstadt")
    return persons.check(dataset, plan, statements(dataset, plan), read_texts(dataset, plan, texts))


def test_names_are_part_of_the_check_with_texts(copy: Workspace, edit: Edit, texts: Path) -> None:
    assert violations(check(load(copy), copy, texts)) == []
    edit(LABELS, DESCRIPTION, '"Entworfen von Wilma Wipfel."@de')
    assert [finding.rule for finding in violations(check(load(copy), copy, texts))] == ["NoPrivatePerson"]
    assert violations(check(load(copy), copy)) == []


def test_the_names_are_read_from_lists_columns_and_captions(copy: Workspace, texts: Path) -> None:
    dataset = load(copy)
    plan = load_plan(copy.data / "musterstadt")
    read, findings = persons.persons_of(read_texts(dataset, plan, texts), plan)
    assert findings == []
    assert {person.parts for person in read} == NAMES
    assert all(person.source == "stadtblatt-2027" for person in read)


def test_a_name_within_a_line_is_read_by_its_characters(copy: Workspace, edit: Edit, texts: Path) -> None:
    edit(PERSONS, 'captions = ["16-17"]', 'within = ["16:1-13"]')
    edit(LABELS, DESCRIPTION, '"Entworfen von Linde Lattich."@de')
    edit(PERSONS, '"21"', '"14"')
    assert [finding.rule for finding in found(copy, texts)] == ["NoPrivatePerson"]
    edit(PERSONS, '"16:1-13"', '"16:14-20"')
    assert [finding.rule for finding in found(copy, texts)] == ["NoNameInRange"]


@pytest.mark.parametrize(("said", "initials"), [
    ("Entworfen von Wilma Wipfel.", "W. W."),
    ("Ein Plan (Wipfel, Wilma)", "W. W."),
    ("Der Garten von KNUT VON DER KIEFER", "K. K."),
    ("Knut Kiefer pflanzt", "K. K."),
    ("Mit Ayse Ulmenhoef-Erlengrund", "A. U."),
    ("Gespräch mit Zita Zeder", "Z. M. Z."),
    ("Zita Maria sagt", "Z. M. Z."),
    ("Dank an Dr. Wipfel", "W. W."),
    ("Dank an Frau Prof. Dr. Zeder", "Z. M. Z."),
    ("Herr von der Kiefer meint", "K. K."),
    ("Frau Ulmenhöf-Erlengrund", "A. U."),
    ("Linde-Lattich-Beet", "L. L."),
])
def test_a_name_is_found_and_not_repeated(
    copy: Workspace, edit: Edit, texts: Path, said: str, initials: str,
) -> None:
    edit(LABELS, DESCRIPTION, f'"{said}"@de')
    [finding] = found(copy, texts)
    parts = {word for name in NAMES for part in name for word in fold(part)} - {"von", "der"}
    assert (finding.rule, finding.severity) == ("NoPrivatePerson", "violation")
    assert finding.place().startswith(f"{LABELS}:")
    for message in (finding.message_de, finding.message_en):
        assert f"({initials};" in message
        assert parts.isdisjoint(fold(message))


@pytest.mark.parametrize("said", [
    "Im Wipfel der Linde", "Lattich und Kiefer im Beet", "Frau Holle und Herr Blatt", "Die Zeder, Maria gewidmet",
    "Dr. med. Wurst", "Leiterin der Baumschule Musterstadt", "Verein Grüne Finger", "Interne Expert*innen",
])
def test_words_and_other_names_are_no_persons_of_the_text(
    copy: Workspace, edit: Edit, texts: Path, said: str,
) -> None:
    edit(LABELS, DESCRIPTION, f'"{said}"@de')
    assert found(copy, texts) == []


@pytest.mark.parametrize(("file", "old", "new"), [
    ("gruenplan-2026/belege.ttl", 'wir:section "Titel"', 'wir:section "Birk Blattgold"'),
    ("gruenplan-2026/massnahmen.ttl", 'wir:contactText "', 'wir:contactText "Birk Blattgold, '),
    ("redaktion/beschriftung.ttl", '"Main series"@en', '"Birk Blattgold’s series"@en'),
    ("redaktion/widersprueche.ttl", '"Der Plan gilt; der Bericht', '"Birk Blattgold sagt: Der Plan gilt; der Bericht'),
])
def test_every_literal_is_read(
    copy: Workspace, edit: Edit, texts: Path, file: str, old: str, new: str,
) -> None:
    edit(f"musterstadt/{file}", old, new)
    findings = {(finding.rule, finding.file) for finding in found(copy, texts)}
    assert ("NoPrivatePerson", f"musterstadt/{file}") in findings


def test_a_name_in_an_iri_is_found_and_the_iri_not_repeated(copy: Workspace, texts: Path) -> None:
    for file in copy.data.glob("musterstadt/*/*.ttl"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("<gremium/ag-gewaesser>", "<gremium/wilma-wipfel>"), encoding="utf-8")
    findings = found(copy, texts)
    assert findings != []
    assert {(finding.subject, finding.file is None) for finding in findings} == {(None, False)}


def test_ranges_for_another_text_are_stale(copy: Workspace, texts: Path) -> None:
    text = texts / "stadtblatt-2027.txt"
    text.write_text(f"{text.read_text(encoding='utf-8')}\nNachtrag\n", encoding="utf-8")
    [finding] = found(copy, texts)
    assert (finding.rule, finding.file) == ("LineRangesStale", PERSONS)


def test_a_range_without_a_name_is_told(copy: Workspace, edit: Edit, texts: Path) -> None:
    edit(PERSONS, '"14"', '"13", "14"')
    [finding] = found(copy, texts)
    assert (finding.rule, finding.file) == ("NoNameInRange", PERSONS)
    assert "Zeilen 13 " in finding.message_de


def test_a_table_for_no_source_is_told(copy: Workspace, edit: Edit, texts: Path) -> None:
    edit(PERSONS, "[stadtblatt-2027]", "[stadtblatt-2028]")
    [finding] = found(copy, texts)
    assert (finding.rule, finding.file) == ("SourceTextMissing", PERSONS)


@pytest.mark.parametrize(("old", "new", "rule"), [
    ('"14"', '"14-9"', "LineRange"),
    ('"14"', '"0"', "LineRange"),
    ('"14"', '"14-99"', "LineRange"),
    ('"14"', "14", "LineRange"),
    ("names =", "within = ['16:1-99']\nnames =", "CharacterRange"),
    ("names =", "within = ['16:9-3']\nnames =", "CharacterRange"),
    ("names =", "within = ['16']\nnames =", "CharacterRange"),
    ("names =", "within = ['99:1-2']\nnames =", "LineRange"),
    ("names =", "namen =", "PersonsSetting"),
    ("names =", "names", "SettingsUnreadable"),
])
def test_a_file_that_cannot_be_used_is_told(
    copy: Workspace, edit: Edit, texts: Path, old: str, new: str, rule: str,
) -> None:
    edit(PERSONS, old, new)
    with pytest.raises(InputError) as raised:
        found(copy, texts)
    assert [(finding.rule, finding.file) for finding in raised.value.findings] == [(rule, PERSONS)]


_PART = st.text(st.sampled_from("abcdefgäöüßçğışéñ"), min_size=2, max_size=8).map(str.title)
_NAME = st.tuples(_PART, st.one_of(_PART, st.tuples(_PART, _PART).map("-".join), _PART.map("von {}".format)))


@given(
    st.lists(_NAME, min_size=1, max_size=4), st.sampled_from(["\t ", "/", "\t\t  ", "; "]),
    st.sampled_from(["", "Dr. ", "Prof. Dr. ", "Dipl.-Ing. ", "Dr. h.c. "]),
    st.sampled_from(["", " (Sprecherin Phase 2)", " (Jugend", " [Vertretung] "]), st.sampled_from(["", "Leitung: "]),
)
def test_names_are_read_whatever_stands_around_them(
    tmp_path_factory: pytest.TempPathFactory, names: list[tuple[str, str]], between: str, title: str, role: str,
    label: str,
) -> None:
    folder = tmp_path_factory.mktemp("plan")
    (folder / FILE).write_text('[heft]\ntext = "0"\nnames = ["1"]\nlists = ["2"]\n', encoding="utf-8")
    cells = between.join(f"{title}{first} {last}{role}" for first, last in names)
    text = SourceText("heft", f"{label}{cells}\nFachbereich Gärten und Bäume\t{cells}", "0")
    plan = replace(load_plan(FIXTURES / "musterstadt"), folder=folder)
    read, findings = persons.persons_of({"heft": text}, plan)
    assert findings == []
    expected = {(first, *last.split()) for first, last in names}
    assert {person.parts for person in read} == expected


@given(st.text(st.characters(max_codepoint=0x17F)))
def test_a_text_and_its_slug_have_the_same_words(text: str) -> None:
    assert fold("-".join(fold(text))) == fold(text)
