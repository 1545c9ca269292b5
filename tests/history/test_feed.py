"""The change feed: who follows it has the default graph of the last version, and no page ever changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS

from tests.history.growing import publish_without_evidence
from tests.history.strategies import quads
from tests.history.test_versions import PLAN
from tests.serving import Server
from wir2graph import release as releases
from wir2graph.dataset import default_graph
from wir2graph.findings import Finding
from wir2graph.formats import FEED, Format
from wir2graph.history.members import pages
from wir2graph.history.versions import Version
from wir2graph.operator import Operator
from wir2graph.plan import Workspace
from wir2graph.release import Release
from wir2graph.represent import represent
from wir2graph.shacl import to_rdflib

LDES: Final = Namespace("https://w3id.org/ldes#")
TREE: Final = Namespace("https://w3id.org/tree#")
AS: Final = Namespace("https://www.w3.org/ns/activitystreams#")
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
PLANS: Final = ("musterstadt", "kleinstadt")


def fetched(release: Release, path: str, suffix: str = "ttl") -> Graph:
    return Graph().parse(represent(release, release.addresses()[f"{path}.{suffix}"]).body, format=suffix_format(suffix))


def suffix_format(suffix: str) -> str:
    return {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "trig": "trig"}[suffix]


def node_of(graph: Graph, stream: URIRef) -> URIRef:
    view = graph.value(stream, TREE.view)
    assert isinstance(view, URIRef)
    return view


def followed(release: Release, plan: str) -> Graph:
    """Return what a client has that starts with nothing and follows the feed of a plan, page by page in order."""
    root = fetched(release, f"/{plan}/feed")
    [stream] = root.subjects(RDF.type, LDES.EventStream)
    assert isinstance(stream, URIRef)
    of, time = root.value(stream, LDES.versionOfPath), root.value(stream, LDES.timestampPath)
    delete = root.value(stream, LDES.versionDeletePath), root.value(stream, LDES.versionDeleteObject)
    assert of is not None
    assert time is not None
    relations = sorted(
        root.objects(node_of(root, stream), TREE.relation), key=lambda one: str(root.value(one, TREE.value)))
    state: dict[URIRef, tuple[Literal, Graph]] = {}
    for relation in relations:
        page = fetched(release, urlsplit(str(root.value(relation, TREE.node))).path)
        for member in page.objects(stream, TREE.member):
            thing, moment = page.value(member, of), page.value(member, time)
            assert isinstance(thing, URIRef)
            assert isinstance(moment, Literal)
            assert moment >= root.value(relation, TREE.value)
            said = Graph()
            for _, predicate, value in page.triples((member, None, None)):
                if predicate not in (of, time) and (predicate, value) != delete:
                    said.add((thing, predicate, value))
            if thing not in state or state[thing][0] < moment:
                state[thing] = moment, said
    whole = Graph()
    for _, said in state.values():
        whole += said
    return whole


@pytest.mark.parametrize("plan", PLANS)
def test_who_follows_the_feed_has_the_current_graph(release: Release, plan: str) -> None:
    current = represent(release, release.addresses()[f"/{plan}/dumps/{plan}.nt"]).body
    expected = set(ox.parse(current, format=ox.RdfFormat.N_TRIPLES))
    assert set(ox.parse(followed(release, plan).serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)) == expected
    assert len(expected) > 100


@settings(deadline=None, max_examples=60)
@given(quads, quads)
def test_members_tell_every_difference(before: frozenset[ox.Quad], after: frozenset[ox.Quad]) -> None:
    was, is_ = default_graph(PLAN, before), default_graph(PLAN, after)
    version = Version("2027-01-02", PLAN.released, "", None)
    graph = to_rdflib(triple for page in pages(PLAN, version, was, is_) for triple in page)
    state = to_rdflib(was)
    for member, thing in graph.subject_objects(DCTERMS.isVersionOf):
        state.remove((thing, None, None))
        for _, predicate, value in graph.triples((member, None, None)):
            if predicate not in (DCTERMS.isVersionOf, DCTERMS.modified) and value != AS.Delete:
                state.add((thing, predicate, value))
    assert set(state) == set(to_rdflib(is_))


@pytest.mark.parametrize("plan", PLANS)
def test_what_the_feed_says_of_itself(release: Release, plan: str) -> None:
    root = fetched(release, f"/{plan}/feed")
    [stream] = root.subjects(RDF.type, LDES.EventStream)
    assert str(stream).startswith(release.plan(plan).namespace)
    assert root.value(stream, LDES.timestampPath) == DCTERMS.modified
    assert root.value(stream, LDES.versionOfPath) == DCTERMS.isVersionOf
    assert isinstance(stream, URIRef)
    assert str(node_of(root, stream)) == f"{release.base_url}/{plan}/feed"
    shape = root.value(stream, TREE.shape)
    assert {root.value(rule, SH.path) for rule in root.objects(shape, SH.property)} == {
        DCTERMS.modified, DCTERMS.isVersionOf}
    relations = list(root.objects(node_of(root, stream), TREE.relation))
    assert len(relations) == len(release.history(release.plan(plan)).feed) > 0
    for relation in relations:
        assert root.value(relation, RDF.type) == TREE.GreaterThanOrEqualToRelation
        value = root.value(relation, TREE.value)
        assert isinstance(value, Literal)
        assert str(value.datatype) == "http://www.w3.org/2001/XMLSchema#dateTime"


@pytest.mark.parametrize("item", FEED, ids=lambda item: item.name)
def test_every_format_says_the_same(release: Release, item: Format) -> None:
    for path in ("/musterstadt/feed", "/musterstadt/feed/1", "/musterstadt/feed/3"):
        assert isomorphic(fetched(release, path, item.name), fetched(release, path))


def test_knownlast_and_the_feed_does_not(server: Server) -> None:
    root, page = server.get("/musterstadt/feed", accept="application/trig"), server.get("/musterstadt/feed/1")
    assert root.headers["content-type"] == "application/trig"
    assert root.headers["cache-control"] == "no-cache"
    assert "immutable" in page.headers["cache-control"]
    assert page.headers["vary"].startswith("Accept")
    assert server.get("/musterstadt/feed/4").status_code == 404


@pytest.fixture
def grown(workspace: Workspace, tmp_path: Path) -> Iterator[tuple[Release, Release]]:
    """Two releases of the plan: of its data, and of data with a thing less and one version more."""
    data = Path(shutil.copytree(workspace.data, tmp_path / "data"))
    own = replace(workspace, data=data)

    def build(name: str) -> Release:
        def unchecked(_: object) -> list[Finding]:
            return []

        folder = releases.build(own, tmp_path / name, unchecked).folder
        assert folder is not None
        return releases.open_release(folder, Operator())

    before = build("before")
    publish_without_evidence(data)
    after = build("after")
    yield before, after
    before.close()
    after.close()


def test_a_new_version_adds_knownand_changes_none(grown: tuple[Release, Release]) -> None:
    before, after = grown
    known = [address for address in before.addresses().values()
              if address.kind == "feed" and address.resource.startswith("/musterstadt/feed/")]
    assert len(known) == 3 * len(FEED)
    for address in known:
        assert represent(after, address).body == represent(before, address).body
    assert "/musterstadt/feed/4.ttl" not in before.addresses()
    added = fetched(after, "/musterstadt/feed/4")
    [gone] = added.subjects(RDF.type, AS.Delete)
    assert "beleg/stadtblatt" in str(added.value(gone, DCTERMS.isVersionOf))
    current = represent(after, after.addresses()["/musterstadt/dumps/musterstadt.nt"]).body
    assert set(ox.parse(followed(after, "musterstadt").serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)) == set(
        ox.parse(current, format=ox.RdfFormat.N_TRIPLES))
