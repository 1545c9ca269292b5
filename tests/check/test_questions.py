"""What is wrong with the files of a worked question is said with the file and what to do, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wir2graph.check import check
from wir2graph.dataset import load
from wir2graph.findings import Finding
from wir2graph.plan import Workspace, load_plan
from wir2graph.questions import read_questions

NAME = "musterstadt/questions/massnahmen-je-handlungsfeld"
SAID, ASKED = f"{NAME}.toml", f"{NAME}.rq"

Change = Callable[[str], str]


def checked(workspace: Workspace) -> list[Finding]:
    return check(load(workspace), workspace)


def put(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)
    return change


@pytest.mark.parametrize(("file", "change", "rule", "message_de", "message_en"), [
    (SAID, put('group = "researchers"', 'group = "press"'), "QuestionSetting",
     "`group` fehlt oder ist falsch. Bitte angeben: eines von staff, researchers, portals",
     "`group` is missing or wrong; give one of staff, researchers, portals"),
    (SAID, put("[reason]", "[raeson]"), "QuestionSetting", "`reason` fehlt", "`reason` is missing"),
    (SAID, put('en = "How many', 'fr = "How many'), "QuestionSetting", "[question] mit Text in", "[question]"),
    (SAID, put('de = "Maßnahmen je Handlungsfeld"', 'de = " "'), "QuestionSetting", "`title` fehlt", "`title` is"),
    (SAID, put('["Grüne Räume", 3]', '["Grüne Räume"]'), "QuestionSetting", "`rows` fehlt", "a value (text, number"),
    (SAID, put('["Grüne Räume", 3]', '["Grüne Räume", 2027-01-01]'), "QuestionSetting", "`rows` fehlt", "`rows`"),
    (SAID, put('columns = ["field", "measures"]', ""), "QuestionSetting", "`columns` fehlt", "`columns` is missing"),
    (SAID, put('group = "researchers"', "group = researchers"), "SettingsUnreadable", "nicht lesbar. Bitte", "line 1"),
    (SAID, put('["field", "measures"]', '["measures", "field"]'), "QuestionQuery",
     "liefert die Spalten field, measures, `columns` nennt measures, field", "correct one of them"),
    (SAID, put("[translated]", '[translated]\n"kein Wort" = "no word"'), "QuestionSetting",
     "übersetzt „kein Wort“, das die Abfrage nicht enthält", "correct or remove it"),
    (SAID, put("[translated]", "[translated]\nde = 1"), "QuestionSetting", "`translated` fehlt oder ist falsch",
     "words of the query with their translation"),
    (ASKED, put("WHERE {", "WHERE ["), "QuestionQuery", "bitte berichtigen", "Unexpected"),
    (ASKED, put("PREFIX skos", "PREFIX other"), "QuestionQuery", "bitte berichtigen", "cannot be answered"),
    (ASKED, put("FILTER", "SERVICE <https://else.example/> {} FILTER"), "QuestionQuery", "SERVICE", "SERVICE"),
    (ASKED, lambda _: "ASK { ?s ?p ?o }", "QuestionQuery", "mit SELECT fragen", "must be a SELECT query"),
])
def test_a_wrong_file_is_named_with_what_to_do(
    copy: Workspace, file: str, change: Change, rule: str, message_de: str, message_en: str,
) -> None:
    path = copy.data / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    found = checked(copy)
    finding = next(finding for finding in found if message_de in finding.message_de)
    assert {(f.rule, f.severity) for f in found} == {(rule, "violation")}
    assert message_en in finding.message_en
    assert finding.file == (ASKED if rule == "QuestionQuery" else SAID)


def test_a_malformed_query_is_shown_at_its_place(copy: Workspace) -> None:
    path = copy.data / ASKED
    path.write_text(put("GROUP BY", "GRUPPE BY")(path.read_text(encoding="utf-8")), encoding="utf-8")
    [finding] = checked(copy)
    line = next(n for n, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if "GRUPPE" in text)
    assert (finding.line, finding.column) == (line, 1)


@pytest.mark.parametrize(("missing", "other"), [(SAID, ASKED), (ASKED, SAID)])
def test_a_half_question_is_missed_by_its_name(copy: Workspace, missing: str, other: str) -> None:
    (copy.data / missing).unlink()
    [finding] = checked(copy)
    assert (finding.rule, finding.file, finding.severity) == ("QuestionFile", missing, "violation")
    assert Path(other).name in finding.message_de
    assert Path(other).name in finding.message_en


def test_a_name_that_makes_no_address_is_refused(copy: Workspace) -> None:
    for name in (SAID, ASKED):
        path = copy.data / name
        path.rename(path.with_stem("Maßnahmen je Feld"))
    [finding] = checked(copy)
    assert (finding.rule, finding.file) == ("QuestionFile", "musterstadt/questions/Maßnahmen je Feld.toml")


def test_everything_that_is_wrong_is_said_at_once(copy: Workspace) -> None:
    (copy.data / ASKED).unlink()
    (copy.data / "kleinstadt/questions/breite-radwege.toml").write_text('colour = "green"', encoding="utf-8")
    found = checked(copy)
    assert {finding.file for finding in found} == {ASKED, "kleinstadt/questions/breite-radwege.toml"}
    assert len([f for f in found if f.rule == "QuestionSetting"]) == 7


def test_a_plan_needs_no_questions_and_other_files_may_lie_beside_them(copy: Workspace) -> None:
    folder = copy.data / "kleinstadt" / "questions"
    (folder / "README.md").write_text("# Fragen\n", encoding="utf-8")
    assert [question.slug for question in read_questions(load_plan(folder.parent))] == ["breite-radwege"]
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert read_questions(load_plan(folder.parent)) == ()
    assert checked(copy) == []


def test_a_query_asks_for_the_words_of_the_other_language_where_they_are_given(copy: Workspace) -> None:
    path = copy.data / SAID
    path.write_text(put("[translated]", '[translated]\n"Baum" = "tree"')(path.read_text(encoding="utf-8")), "utf-8")
    query = copy.data / ASKED
    query.write_text(query.read_text(encoding="utf-8") + '# "Baum", Baum, "Baumhaus"\n', encoding="utf-8")
    questions = {question.slug: question for question in read_questions(load_plan(copy.data / "musterstadt"))}
    question = questions["massnahmen-je-handlungsfeld"]
    assert question.query_in("de") == question.query
    assert 'LANG(?field) = "en"' in question.query_in("en")
    assert '# "tree", Baum, "Baumhaus"' in question.query_in("en")
    assert questions["wer-sagt-was"].query_in("en") == questions["wer-sagt-was"].query
