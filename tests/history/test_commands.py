"""`wir2graph release` and `wir2graph diff` as a person meets them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from wir2graph.plan import Workspace

LABEL = '"Caring for parks together"@en'


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wir2graph", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def data(workspace: Workspace, tmp_path: Path) -> Path:
    return Path(shutil.copytree(workspace.data, tmp_path / "data"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def relabel(data: Path) -> None:
    edit(data / "musterstadt" / "redaktion" / "beschriftung.ttl", LABEL, '"Parks, cared for together"@en')


def files(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "musterstadt" / "releases").iterdir())


def test_the_same_content_is_no_new_version(data: Path) -> None:
    before = files(data)
    done = run("release", "--data", data)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "musterstadt: unverändert" in done.stdout
    assert "kleinstadt: unverändert" in done.stdout
    edit(data / "musterstadt" / "plan.toml", "released = 2027-06-30", "released = 2027-07-31")
    assert run("release", "--data", data).returncode == 0
    assert files(data) == before


def test_changed_data_need_a_later_day_and_then_are_a_version(data: Path) -> None:
    relabel(data)
    told = run("check", "--data", data)
    assert told.returncode == 0
    assert "Hinweis [DataUnreleased]" in told.stdout
    refused = run("release", "--data", data)
    assert refused.returncode == 1
    assert "`released`" in refused.stderr
    assert "musterstadt/plan.toml" in refused.stderr
    assert len(files(data)) == 2
    shown = run("diff", "--data", data, "--plan", "musterstadt", "--language", "en")
    assert "“Caring for parks together” (en) → “Parks, cared for together” (en)" in shown.stdout
    edit(data / "musterstadt" / "plan.toml", "released = 2027-06-30", "released = 2027-07-31")
    done = run("release", "--data", data, "--plan", "musterstadt")
    assert done.returncode == 0, done.stdout + done.stderr
    assert files(data) == ["2027-04-30.rdfp.gz", "2027-06-30.rdfp.gz", "2027-07-31.rdfp.gz"]
    assert "(1 Aussagen neu, 1 entfallen)" in done.stdout
    assert "Kein Unterschied." in run("diff", "--data", data, "--plan", "musterstadt").stdout
    assert "0 Hinweise" in run("check", "--data", data).stdout


def test_an_identifier_that_vanishes_forbids_a_version_and_not_a_check(data: Path) -> None:
    plan = data / "musterstadt"
    edit(plan / "plan.toml", "released = 2027-06-30", "released = 2027-07-31")
    file = plan / "redaktion" / "anhang.ttl"
    edit(file, "<foerderlinie/musterstadt-blueht-grosses-gruen>\n  skos:prefLabel \"Large green\"@en .", "")
    for changed in sorted(plan.glob("*/*.ttl")):
        text = changed.read_text(encoding="utf-8")
        changed.write_text(text.replace("foerderlinie/musterstadt-blueht-grosses-gruen",
                                        "foerderlinie/musterstadt-blueht-gross"), encoding="utf-8")
    told = run("check", "--data", data)
    assert told.returncode == 0, told.stdout
    assert "Warnung [IdentifierVanished] foerderlinie/musterstadt-blueht-grosses-gruen" in told.stdout
    assert "wir:Tombstone" in told.stdout
    refused = run("release", "--data", data)
    assert refused.returncode == 1
    assert "Fehler [IdentifierVanished]" in refused.stdout
    assert len(files(data)) == 2


def test_violations_forbid_a_version(data: Path) -> None:
    edit(data / "musterstadt" / "gruenplan-2026" / "massnahmen.ttl", "  a wir:Measure ;", "  a wir:Messure ;")
    done = run("release", "--data", data)
    assert done.returncode == 1
    assert "zuerst die Fehler" in done.stderr


def test_a_damaged_history_is_an_error_with_its_file(data: Path) -> None:
    (data / "musterstadt" / "releases" / "2027-04-30.rdfp.gz").write_bytes(b"x")
    for command in ("check", "diff", "release"):
        done = run(command, "--data", data)
        assert done.returncode == 1
        assert "musterstadt/releases/2027-04-30.rdfp.gz: Fehler [HistoryUnreadable]" in done.stdout
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("arguments", "said"), [
    (["diff", "2027-01-01"], "keine Ausgabe 2027-01-01. Bekannt sind"),
    (["diff", "--plan", "x"], "Den Plan x gibt es nicht. Bekannt sind: kleinstadt, musterstadt."),
    (["release", "--plan", "x"], "Den Plan x gibt es nicht"),
    (["diff", "--language", "fr"], "--language de oder en"),
])
def test_what_does_not_exist_is_told(data: Path, arguments: list[str], said: str) -> None:
    done = run(*arguments, "--data", data)
    assert done.returncode == 2
    assert said in done.stderr


def test_diff_between_two_versions(data: Path) -> None:
    done = run("diff", "2027-04-30", "2027-06-30", "--data", data, "--plan", "musterstadt")
    assert done.returncode == 0
    assert "Förderlinie „Grün“ (foerderlinie/musterstadt-blueht-grün), ersetzt durch" in done.stdout
    assert "Förderlinie: Grün → Kleines Grün" in done.stdout
    assert run("diff", "2027-06-30", "2027-04-30", "--data", data, "--plan", "musterstadt").stdout != done.stdout
