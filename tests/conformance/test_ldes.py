"""The npm package ldes-client, the reference client of Linked Data Event Streams, follows the change feed of a plan.

What it emits must come to exactly the graph that the plan's dump has.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from tests import serving
from tests.conformance.deployed import Shown
from tests.conformance.npm import install
from tests.history.growing import publish_without_evidence
from tests.serving import FIXTURES, Server
from wir2graph import release as releases
from wir2graph.plan import find_workspace

PACKAGES: Final = Path(__file__).with_name("ldes")
DCTERMS: Final = "http://purl.org/dc/terms/"
VERSION_OF: Final = ox.NamedNode(f"{DCTERMS}isVersionOf")
MODIFIED: Final = ox.NamedNode(f"{DCTERMS}modified")
DELETE: Final = ox.NamedNode("https://www.w3.org/ns/activitystreams#Delete")

Run = Callable[..., str]


@pytest.fixture(scope="module")
def follow(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Install the client as the lock says; gives a function that replicates a feed and returns what it emits."""
    folder = tmp_path_factory.mktemp("ldes")
    install(PACKAGES, folder)

    def run(url: str, *options: str, certificate: Path | None = None) -> str:
        program = folder / "node_modules" / ".bin" / "ldes-client"
        trusted = {"NODE_EXTRA_CA_CERTS": str(certificate)} if certificate else {}
        done = subprocess.run([program, url, *options], capture_output=True, text=True, check=False, timeout=300,
                              env={**os.environ, **trusted})
        assert done.returncode == 0, done.stderr
        assert "gracefully closed" in done.stderr, done.stderr
        return done.stdout

    return run


def parsed(text: str | bytes) -> set[ox.Triple]:
    # The client writes numbers as Turtle does.
    return {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)}


def current(dump: bytes) -> set[ox.Triple]:
    """Return the graph that a plan's dump has."""
    found = parsed(dump)
    assert len(found) > 100
    return found


def comes_to(emitted: str) -> set[ox.Triple]:
    """Return the graph that members come to, in the order in which they are emitted: the last of each thing counts."""
    state: dict[ox.NamedNode, list[ox.Triple]] = {}
    for member in filter(None, map(parsed, emitted.split("\n\n"))):
        [thing] = [triple.object for triple in member if triple.predicate == VERSION_OF]
        assert isinstance(thing, ox.NamedNode)
        state[thing] = [
            ox.Triple(thing, triple.predicate, triple.object) for triple in member
            if triple.predicate not in (VERSION_OF, MODIFIED) and triple.object != DELETE
        ]
    return {triple for said in state.values() for triple in said}


def check(feed: str, dump: bytes, follow: Run, certificate: Path | None = None) -> None:
    """Follow the feed of a plan in both ways that clients have."""
    expected = current(dump)
    assert comes_to(follow(feed, "--ordered", "ascending", certificate=certificate)) == expected
    last = parsed(follow(feed, "--materialize", "--last-version-only", certificate=certificate))
    assert {t for t in last if t.predicate not in (VERSION_OF, MODIFIED) and t.object != DELETE} == expected


def test_who_follows_the_feed_has_the_current_graph(shown: Shown, follow: Run) -> None:
    dump = shown.get(f"/{shown.plan}/dumps/{shown.plan}.nt").content
    check(f"{shown.at.url}/{shown.plan}/feed", dump, follow, shown.at.certificate)


def test_a_plan_with_one_version_has_a_feed(server: Server, follow: Run) -> None:
    check(f"{server.url}/kleinstadt/feed", server.get("/kleinstadt/dumps/kleinstadt.nt").content, follow)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the fictional plan with one version more, from which a thing has disappeared."""
    folder = tmp_path_factory.mktemp("grown")
    data = Path(shutil.copytree(FIXTURES, folder / "data"))
    publish_without_evidence(data)
    workspace = replace(find_workspace(), data=data)
    releases.build(workspace, folder / "state", lambda _: [])
    with serving.serving(folder / "state") as running:
        yield running


def test_what_has_disappeared_is_gone_for_who_follows(grown: Server, follow: Run) -> None:
    page = grown.get("/musterstadt/feed/4", accept="text/turtle")
    assert "as:Delete" in page.text
    check(f"{grown.url}/musterstadt/feed", grown.get("/musterstadt/dumps/musterstadt.nt").content, follow)
