"""The synonyms of a plan: read where they are right, and told in clear German where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serving import FIXTURES
from wir2graph.findings import InputError
from wir2graph.plan import find_workspace, load_plan, load_plans
from wir2graph.search.synonyms import FILE, read_synonyms


def plan_with(folder: Path, text: str) -> Path:
    own = folder / "musterstadt"
    own.mkdir()
    (own / "plan.toml").write_bytes((FIXTURES / "musterstadt" / "plan.toml").read_bytes())
    (own / FILE).write_text(text, encoding="utf-8")
    return own


def test_synonyms_are_read() -> None:
    assert ("Bach", "Fließgewässer", "Rinnsal") in read_synonyms(load_plan(FIXTURES / "musterstadt"))


def test_a_plan_needs_none() -> None:
    assert read_synonyms(load_plan(FIXTURES / "kleinstadt")) == ()


def test_those_that_are_shipped_can_be_read() -> None:
    for plan in load_plans(find_workspace().data):
        assert read_synonyms(plan)


@pytest.mark.parametrize(("text", "told"), [
    ("same = [", "nicht lesbar"),
    ("", "Es fehlt die Liste `same`"),
    ('same = "Kita"', "Es fehlt die Liste `same`"),
    ('sam = []\nsame = [["a", "b"]]', "Unbekannte Einstellung `sam`"),
    ('same = [["a", "b"], ["Kita"]]', "Eintrag 2 in `same`: Bitte eine Liste von mindestens zwei"),
    ('same = [["a", 3]]', "Eintrag 1 in `same`: Bitte eine Liste von mindestens zwei"),
    ('same = [["a", "…"]]', "Eintrag 1 in `same`: „…“ muss aus einem bis 4 Wörtern"),
    ('same = [["a", "eins zwei drei vier fünf"]]', "muss aus einem bis 4 Wörtern"),
    ('same = [["Kita", "b"], ["c", "Kitas"]]', "Eintrag 2 in `same`: „Kitas“ steht schon in Eintrag 1"),
])
def test_what_is_wrong_is_told(tmp_path: Path, text: str, told: str) -> None:
    plan = load_plan(plan_with(tmp_path, text))
    with pytest.raises(InputError) as raised:
        read_synonyms(plan)
    assert any(told in finding.message_de for finding in raised.value.findings), raised.value.findings
    assert all(finding.file == f"musterstadt/{FILE}" for finding in raised.value.findings)
