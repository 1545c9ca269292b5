"""Worked questions: each query of each plan is asked through HTTP, and its rows are those worked out by hand.

A question is two files in `data/<plan>/questions/`: `<slug>.rq`, the query, and `<slug>.toml` with `title` and
`question` (de, en), `group`, `worked_out` (how the answer was found by reading), `ordered` (true where the order of the
rows is part of the answer) and one `[[expected]]` table per row: variable = value, unbound variables left out.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.serving import FIXTURES, PATIENCE, Server
from wir2graph.plan import find_workspace, load_plans

SHIPPED = find_workspace().data
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {f"{XSD}integer", f"{XSD}decimal", f"{XSD}double"}


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
    datatype = binding.get("datatype")
    if datatype in NUMBERS:
        return Decimal(binding["value"])
    if datatype == f"{XSD}boolean":
        return binding["value"] == "true"
    return binding["value"]


def expected(row: dict[str, object]) -> dict[str, object]:
    return {name: given if isinstance(given, bool | str) else Decimal(str(given)) for name, given in row.items()}


def typed(rows: list[dict[str, object]]) -> list[frozenset[tuple[str, type, object]]]:
    """Return rows that can be counted and that tell true from 1."""
    return [frozenset((name, type(given), given) for name, given in row.items()) for row in rows]


@pytest.mark.parametrize("question", QUESTIONS, ids=[f"{q.plan}-{q.path.stem}" for q in QUESTIONS])
def test_the_answer_is_the_one_worked_out_by_hand(question: Question, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(question.server)
    answer = httpx.post(
        f"{server.url}/sparql", data={"query": question.query}, timeout=PATIENCE,
        headers={"accept": "application/sparql-results+json"},
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    rows = [{name: value(bound) for name, bound in row.items()} for row in answer.json()["results"]["bindings"]]
    wanted = [expected(row) for row in question.settings["expected"]]
    assert wanted
    if question.settings.get("ordered", False):
        assert typed(rows) == typed(wanted)
    else:
        assert Counter(typed(rows)) == Counter(typed(wanted))


@pytest.mark.parametrize("question", QUESTIONS, ids=[f"{q.plan}-{q.path.stem}" for q in QUESTIONS])
def test_a_question_says_what_is_asked_and_how_the_answer_was_found(question: Question) -> None:
    settings = question.settings
    assert set(settings) <= {"title", "question", "group", "worked_out", "ordered", "expected"}
    for name in ("title", "question"):
        assert all(settings[name][language].strip() for language in ("de", "en"))
    assert settings["group"].strip()
    assert settings["worked_out"].strip()


def test_there_are_enough_questions() -> None:
    counts = Counter(question.plan for question in QUESTIONS)
    assert counts["hannover"] >= 6
    assert all(counts[plan.slug] >= 1 for data in (FIXTURES, SHIPPED) for plan in load_plans(data))


def test_each_query_has_its_question() -> None:
    queries = {path for data in (FIXTURES, SHIPPED) for path in data.glob("*/questions/*.rq")}
    assert queries == {question.path.with_suffix(".rq") for question in QUESTIONS}
