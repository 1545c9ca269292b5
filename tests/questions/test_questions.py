"""Worked questions: each query of each plan is asked through HTTP, and its rows are those worked out by hand.

A question is two files in `data/<plan>/questions/`: `<slug>.rq`, the query, and `<slug>.toml` with `title`, `question`
and `reason` (how the answer was found by reading), each de and en, `group`, `columns`, and `rows` in their order.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.serving import FIXTURES, PATIENCE, Server
from wir2graph.plan import find_workspace, load_plans
from wir2graph.questions import read_questions

SHIPPED = find_workspace().data
XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Question:
    """One question; `server` is the fixture that serves its plan."""

    server: str
    plan: str
    path: Path

    @property
    def settings(self) -> dict[str, Any]:
        return tomllib.loads(self.path.read_text(encoding="utf-8"))

    @property
    def query(self) -> str:
        return self.path.with_suffix(".rq").read_text(encoding="utf-8")


def questions_of(server: str, data: Path) -> list[Question]:
    return [Question(server, plan.slug, path)
            for plan in load_plans(data) for path in sorted((plan.folder / "questions").glob("*.toml"))]


QUESTIONS = [*questions_of("server", FIXTURES), *questions_of("shipped_server", SHIPPED)]


def value(binding: dict[str, str]) -> object:
    """Return a value of a result as TOML writes it: IRIs and texts as strings, numbers and truth values as such."""
    match binding.get("datatype", "").removeprefix(XSD):
        case "integer":
            return int(binding["value"])
        case "decimal" | "double":
            return float(binding["value"])
        case "boolean":
            return binding["value"] == "true"
        case _:
            return binding["value"]


def typed(rows: list[list[object]]) -> list[list[tuple[type, object]]]:
    """Return rows that tell true from 1."""
    return [[(type(given), given) for given in row] for row in rows]


@pytest.mark.parametrize("question", QUESTIONS, ids=[f"{q.plan}-{q.path.stem}" for q in QUESTIONS])
def test_the_answer_is_the_one_worked_out_by_hand(question: Question, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(question.server)
    answer = httpx.post(
        f"{server.url}/sparql", data={"query": question.query}, timeout=PATIENCE,
        headers={"accept": "application/sparql-results+json"},
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    settings, table = question.settings, answer.json()
    assert table["head"]["vars"] == settings["columns"]
    rows = [[value(row[name]) for name in settings["columns"]] for row in table["results"]["bindings"]]
    assert settings["rows"]
    assert len(rows) == 1 or "ORDER BY" in question.query, "the order of the rows is left to chance"
    assert typed(rows) == typed(settings["rows"])


@pytest.mark.parametrize("question", QUESTIONS, ids=[f"{q.plan}-{q.path.stem}" for q in QUESTIONS])
def test_a_question_says_what_is_asked_and_how_the_answer_was_found(question: Question) -> None:
    settings = question.settings
    assert set(settings) - {"translated"} == {"title", "question", "reason", "group", "columns", "rows"}
    assert settings["group"] in {"staff", "researchers", "portals"}
    for name in ("title", "question", "reason"):
        assert set(settings[name]) == {"de", "en"}
        assert all(text.strip() for text in settings[name].values())


def test_the_answer_in_english_has_the_same_rows(request: pytest.FixtureRequest) -> None:
    """What is asked in English gives as many rows, with the same numbers, and no word of the query stays German."""
    asked = 0
    for name, data in (("server", FIXTURES), ("shipped_server", SHIPPED)):
        server: Server = request.getfixturevalue(name)
        for plan in load_plans(data):
            for question in read_questions(plan):
                if question.translated is None:
                    continue
                asked += 1
                english = question.query_in("en")
                assert english != question.query, question.slug
                answer = httpx.post(
                    f"{server.url}/sparql", data={"query": english}, timeout=PATIENCE,
                    headers={"accept": "application/sparql-results+json"},
                )
                assert answer.status_code == httpx.codes.OK, answer.text
                rows = [[value(row[name]) for name in question.columns] for row in answer.json()["results"]["bindings"]]
                assert numbers(rows) == numbers(question.rows), question.slug
                words = {cell for row in rows for cell in row}
                assert words.isdisjoint(question.translated), question.slug
    assert asked > 70


def numbers(rows: Iterable[Iterable[object]]) -> list[list[object]]:
    """Return the numbers and truth values of each row, the rows in an order of their own."""
    return sorted(([cell for cell in row if not isinstance(cell, str)] for row in rows), key=str)


def test_there_are_enough_questions() -> None:
    counts = Counter(question.plan for question in QUESTIONS)
    assert counts["hannover"] >= 82
    groups = Counter(question.settings["group"] for question in QUESTIONS if question.plan == "hannover")
    assert all(groups[group] >= 12 for group in ("staff", "researchers", "portals")), groups
    assert all(counts[plan.slug] >= 1 for data in (FIXTURES, SHIPPED) for plan in load_plans(data))


def test_each_query_has_its_question() -> None:
    queries = {path for data in (FIXTURES, SHIPPED) for path in data.glob("*/questions/*.rq")}
    assert queries == {question.path.with_suffix(".rq") for question in QUESTIONS}
