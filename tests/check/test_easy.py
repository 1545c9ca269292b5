"""The text in easy German: long sentences are warned of, and only that text of its folder comes into a release."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.serving import FIXTURES, Server
from wir2graph.easy import EASY, check_easy, read_easy
from wir2graph.formats import RESULTS_JSON
from wir2graph.plan import WIR, Plan, find_workspace, load_plan, load_plans
from wir2graph.release import Release


def changed(tmp_path: Path, text: str) -> Plan:
    shutil.copytree(FIXTURES / "musterstadt", tmp_path / "musterstadt")
    (tmp_path / "musterstadt" / EASY).write_text(text, encoding="utf-8")
    return load_plan(tmp_path / "musterstadt")


def test_a_long_sentence_is_a_warning_at_its_line(tmp_path: Path) -> None:
    fifteen = " ".join(["Wort"] * 15) + "."
    text = f"## Titel\n\n{fifteen} {fifteen}\n- **{fifteen}**\n- Das ist {fifteen}\n"
    (found,) = check_easy(changed(tmp_path, text))
    assert (found.rule, found.severity, found.place()) == (
        "EasySentence", "warning", "musterstadt/texts/leichte-sprache.md:5",
    )
    assert "17 Wörter" in found.message_de


def test_the_texts_of_the_plans_have_no_long_sentence() -> None:
    plans = [*load_plans(find_workspace().data), *load_plans(FIXTURES)]
    assert [plan.slug for plan in plans if read_easy(plan)] == ["hannover", "musterstadt"]
    assert [finding for plan in plans for finding in check_easy(plan)] == []


def test_a_release_has_the_text_and_no_text_of_a_source(release: Release) -> None:
    written = FIXTURES / "musterstadt" / EASY
    assert len(list(written.parent.iterdir())) > 1
    kept = [path.relative_to(release.folder) for path in release.folder.rglob("texts/*") if "site" not in path.parts]
    assert kept == [Path("data/musterstadt") / EASY]
    assert (release.folder / kept[0]).read_bytes() == written.read_bytes()


@pytest.mark.parametrize(("said", "counted"), [
    (r"stehen (\d+) \*\*Maßnahmen", "?thing a wir:Measure"),
    (r"stehen auch (\d+) \*\*Empfehlungen", "?thing a wir:Recommendation"),
    (r"hat (\d+) \*\*Handlungs-Felder", "?thing a wir:ActionField"),
    (r"Für (\d+) Maßnahmen kann es Geld geben", "?thing a wir:Measure ; wir:eligibleFor ?programme"),
])
def test_the_numbers_in_hannovers_text_are_those_of_its_data(
    said: str, counted: str, shipped_server: Server,
) -> None:
    (number,) = re.findall(said, read_easy(load_plan(find_workspace().data / "hannover")))
    query = f"PREFIX wir: <{WIR}> SELECT (COUNT(DISTINCT ?thing) AS ?n) {{ {counted} }}"
    answer = shipped_server.get(f"/sparql?{urlencode({'query': query})}", accept=RESULTS_JSON.media_type).json()
    assert answer["results"]["bindings"][0]["n"]["value"] == number
