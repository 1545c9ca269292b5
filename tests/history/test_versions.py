"""The versions of a plan: replay gives each of them again, and a history that was tampered with is noticed."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.strategies import SPACE, quads
from wir2graph.dataset import default_graph, digest_of, load
from wir2graph.findings import InputError
from wir2graph.history.patch import Head, Patch, write_patch
from wir2graph.history.versions import current_version, iri_of, path_of, read_versions, replay
from wir2graph.plan import Plan, Workspace

PLAN = Plan("plan", Path("plan"), SPACE, ("de", "en"), "https://licence.example", date(2027, 1, 1), {}, {}, {})


def published(plan: Plan, states: list[frozenset[ox.Quad]]) -> list[str]:
    """Publish states day by day; return the names of the versions."""
    before: frozenset[ox.Quad] = frozenset()
    names: list[str] = []
    for number, after in enumerate(states):
        name = (plan.released + timedelta(number)).isoformat()
        previous = iri_of(plan, names[-1]) if names else None
        head = Head(iri_of(plan, name), previous, digest_of(after))
        write_patch(path_of(plan, name), Patch(head, before - after, after - before))
        names.append(name)
        before = after
    return names


def rules(error: InputError) -> list[str]:
    return [finding.rule for finding in error.findings]


@pytest.fixture
def plan(workspace: Workspace, tmp_path: Path) -> Plan:
    """The fictional plan with two versions, in a folder of its own."""
    shutil.copytree(workspace.data, tmp_path / "data")
    return next(p for p in load(replace(workspace, data=tmp_path / "data")).plans if p.slug == "musterstadt")


@settings(deadline=None, max_examples=40)
@given(st.lists(quads, min_size=1, max_size=5))
def test_replay_gives_every_version_again(states: list[frozenset[ox.Quad]]) -> None:
    with TemporaryDirectory() as folder:
        plan = replace(PLAN, folder=Path(folder))
        names = published(plan, states)
        versions = read_versions(plan)
        assert [version.name for version in versions] == names
        assert [version.previous for version in versions] == [None, *names[:-1]]
        assert [version.digest for version in versions] == [digest_of(state) for state in states]
        for name, state in zip(names, states, strict=True):
            assert replay(plan, name) == state


def test_the_last_version_of_the_fictional_plans_is_what_their_data_are(workspace: Workspace) -> None:
    dataset = load(workspace)
    for one in dataset.plans:
        version = current_version(dataset, one)
        assert version is not None, "run python -m tests.fixtures.history"
        assert version.day == one.released
        assert replay(one, version.name) == set(dataset.quads(one))


def test_the_default_graph_comes_back_from_the_quads(workspace: Workspace) -> None:
    dataset = load(workspace)
    for one in dataset.plans:
        assert default_graph(one, dataset.quads(one)) == dataset.defaults[one.slug]


def test_a_version_that_never_was_is_no_version(plan: Plan) -> None:
    with pytest.raises(KeyError):
        replay(plan, "1999-01-01")


def test_a_missing_version_is_noticed(plan: Plan) -> None:
    first, second = read_versions(plan)
    path_of(plan, first.name).unlink()
    with pytest.raises(InputError) as raised:
        read_versions(plan)
    assert rules(raised.value) == ["HistoryGap"]
    assert raised.value.findings[0].file == f"musterstadt/releases/{second.name}.rdfp.gz"


@pytest.mark.parametrize("name", ["2027-04-31", "2027-05-01", "x", "20270501"])
def test_a_file_under_another_name_is_noticed(plan: Plan, name: str) -> None:
    path_of(plan, "2027-04-30").rename(path_of(plan, name))
    with pytest.raises(InputError) as raised:
        read_versions(plan)
    assert "HistoryGap" in rules(raised.value)


def test_a_changed_statement_is_noticed_in_all_later_versions(plan: Plan) -> None:
    file = path_of(plan, "2027-04-30")
    text = gzip.decompress(file.read_bytes()).decode()
    assert "Bäume an jeder Straße" in text
    file.write_bytes(gzip.compress(text.replace("Bäume an jeder Straße", "Bäume an mancher Straße").encode()))
    for name in ("2027-04-30", "2027-06-30"):
        with pytest.raises(InputError) as raised:
            replay(plan, name)
        assert rules(raised.value) == ["HistoryChanged"]
