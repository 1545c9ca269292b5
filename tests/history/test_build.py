"""What a release keeps of the versions of its plans: written once, taken over from an earlier release, read again."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.serving import Server
from wir2graph import release as releases
from wir2graph.findings import Finding, InputError
from wir2graph.formats import DUMP, TURTLE
from wir2graph.history.diff import ADDED, REMOVED
from wir2graph.history.versions import replay
from wir2graph.operator import Operator
from wir2graph.plan import Plan, Workspace
from wir2graph.release import Release
from wir2graph.represent import represent

FIRST, SECOND = "2027-04-30", "2027-06-30"
NEW, OLD = "foerderlinie/musterstadt-blueht-kleines-gruen", "foerderlinie/musterstadt-blueht-grün"


def unchecked(_: object) -> list[Finding]:
    return []


@pytest.fixture
def plan(release: Release) -> Plan:
    return release.plan("musterstadt")


@pytest.fixture
def copied(workspace: Workspace, tmp_path: Path) -> Workspace:
    return replace(workspace, data=Path(shutil.copytree(workspace.data, tmp_path / "data")))


def build(workspace: Workspace, state: Path) -> Release:
    folder = releases.build(workspace, state, unchecked).folder
    assert folder is not None
    return releases.open_release(folder, Operator())


def inodes(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def test_a_release_knows_its_versions(release: Release, plan: Plan) -> None:
    assert [(v.name, v.previous) for v in release.versions(plan)] == [(FIRST, None), (SECOND, FIRST)]
    current = release.version(plan)
    assert current is not None
    assert current.name == SECOND
    other = release.version(release.plan("kleinstadt"))
    assert other is not None
    assert other.digest != current.digest


def test_every_thing_has_its_history(release: Release, plan: Plan) -> None:
    things = release.history(plan).things
    base = f"{plan.namespace}id/"
    assert things[base + NEW] == ((SECOND, ADDED),)
    assert things[base + OLD] == ((FIRST, ADDED), (SECOND, REMOVED))
    assert things[f"{base}massnahme/gruenplan-raeume-1"] == ((FIRST, "added"), (SECOND, "changed"))
    assert things[f"{base}massnahme/gruenplan-wasser-1"] == ((FIRST, "added"),)


@pytest.mark.parametrize("version", [FIRST, SECOND])
def test_every_version_has_its_dumps(release: Release, plan: Plan, version: str) -> None:
    base = f"/musterstadt/releases/{version}/musterstadt"
    found = {a.path: a for a in release.addresses().values() if a.kind == "dump" and a.version == version
             and a.plan == "musterstadt"}
    assert set(found) == {f"{base}.{item.name}" for item in DUMP}
    quads = set(ox.parse(represent(release, found[f"{base}.nq"]).body, format=ox.RdfFormat.N_QUADS))
    assert quads == replay(plan, version)
    triples = represent(release, found[f"{base}.nt"]).body.decode()
    assert (OLD in triples) is True
    assert (f"{NEW}>" in triples) is (version == SECOND)


def test_the_dumps_of_the_current_version_are_those_of_the_plan(release: Release) -> None:
    for item in DUMP:
        paths = (f"/musterstadt/{folder}/musterstadt.{item.name}" for folder in ("dumps", f"releases/{SECOND}"))
        bodies = {represent(release, release.addresses()[path]).body for path in paths}
        assert len(bodies) == 1, item.name


def test_a_later_release_takes_versions_over_and_changed_data_are_no_version(copied: Workspace, tmp_path: Path) -> None:
    state = tmp_path / "state"
    old = build(copied, state)
    before = inodes(old.folder / "history" / "musterstadt" / FIRST)
    file = copied.data / "musterstadt" / "redaktion" / "beschriftung.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("Clean Water", "Cleaner Water"), encoding="utf-8")
    new = build(copied, state)
    try:
        assert new.folder != old.folder
        assert inodes(new.folder / "history" / "musterstadt" / FIRST) == before
        plan = new.plan("musterstadt")
        assert new.version(plan) is None
        assert [version.name for version in new.versions(plan)] == [FIRST, SECOND]
        assert "noch nicht veröffentlicht" in new.pages.html(new.addresses()["/musterstadt/ausgaben"])
        assert new.version(new.plan("kleinstadt")) is not None
    finally:
        old.close()
        new.close()


def test_a_build_gives_the_same_files_with_and_without_an_earlier_one(copied: Workspace, tmp_path: Path) -> None:
    def files(state: Path) -> dict[str, bytes]:
        folder = releases.current(state)
        assert folder is not None
        found = (path for path in (folder / "history").rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}

    one, two = tmp_path / "1", tmp_path / "2"
    build(copied, one).close()
    os.utime(copied.data / "musterstadt" / "plan.toml")
    build(copied, two).close()
    assert files(one) == files(two)
    assert len(files(one)) > 20


def test_a_plan_without_versions_has_no_pages_of_them(copied: Workspace, tmp_path: Path) -> None:
    shutil.rmtree(copied.data / "kleinstadt" / "releases")
    release = build(copied, tmp_path / "state")
    try:
        plan = release.plan("kleinstadt")
        assert release.versions(plan) == ()
        assert release.version(plan) is None
        told = ("/kleinstadt/ausgaben", "/kleinstadt/feed", "/kleinstadt/releases")
        assert [path for path in release.addresses() if path.startswith(told)] == []
        assert "feed.atom" not in release.pages.html(release.addresses()["/kleinstadt/"])
    finally:
        release.close()


def test_a_damaged_history_leaves_the_last_good_release(copied: Workspace, tmp_path: Path) -> None:
    state = tmp_path / "state"
    build(copied, state).close()
    good = releases.current(state)
    (copied.data / "musterstadt" / "releases" / f"{FIRST}.rdfp.gz").unlink()
    with pytest.raises(InputError):
        build(copied, state)
    assert releases.current(state) == good


def test_the_iri_of_a_version_leads_to_what_changed(server: Server) -> None:
    for version in (FIRST, SECOND):
        answer = server.get(f"/musterstadt/releases/{version}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"../ausgaben/{version}")
    assert server.get("/musterstadt/releases/2027-01-01").status_code == 404


def test_old_dumps_are_served_in_the_format_asked_for(server: Server) -> None:
    path = f"/musterstadt/releases/{FIRST}/musterstadt"
    asked = server.get(path, accept="text/turtle")
    assert asked.status_code == 200
    assert asked.headers["content-type"].startswith(TURTLE.media_type)
    assert asked.content == server.get(f"{path}.ttl").content
