from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from wir2graph.store.base import Capacity, Limits
from wir2graph.store.embedded import EmbeddedStore

BASE = "http://example.org/"
PREFIXES = {"ex": BASE, "skos": "http://www.w3.org/2004/02/skos/core#"}


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + name)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 300 triples that stand in two graphs and the default graph, and one that stands in a third graph."""
    path = tmp_path_factory.mktemp("oxigraph")
    store = ox.Store(str(path))
    graphs = (ox.DefaultGraph(), iri("one"), iri("two"))
    store.bulk_extend(
        ox.Quad(iri(f"s{n}"), iri("p"), ox.Literal(f"value {n}"), graph) for n in range(300) for graph in graphs
    )
    label = ox.NamedNode(PREFIXES["skos"] + "prefLabel")
    store.add(ox.Quad(iri("s1"), iri("near"), iri("s2"), ox.DefaultGraph()))
    store.add(ox.Quad(iri("s2"), label, ox.Literal("Zwei", language="de"), ox.DefaultGraph()))
    store.add(ox.Quad(iri("x"), iri("p"), iri("y"), iri("three")))
    store.flush()
    store.optimize()
    return path


@pytest.fixture
def store(folder: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(folder, PREFIXES, Limits(seconds=20, memory_bytes=200 * 2**20), Capacity(workers=2))
    yield opened
    opened.close()
