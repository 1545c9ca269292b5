"""The downloads of the fictional plans, as a build writes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from wir2graph import downloads
from wir2graph.dataset import Dataset, load
from wir2graph.plan import ONTOLOGY_GRAPH, SHAPES_GRAPH, Plan, Workspace


@dataclass(frozen=True)
class Written:
    """A plan, its default graph and the folder of its files."""

    plan: Plan
    triples: frozenset[ox.Triple]
    folder: Path


@pytest.fixture(scope="session")
def dataset(workspace: Workspace) -> Dataset:
    return load(workspace)


@pytest.fixture(scope="session", params=["musterstadt", "kleinstadt"])
def written(request: pytest.FixtureRequest, dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Written:
    plan = next(plan for plan in dataset.plans if plan.slug == request.param)
    folder = tmp_path_factory.mktemp("downloads") / plan.slug
    downloads.write(dataset.defaults[plan.slug], plan, folder, dataset.graph(ONTOLOGY_GRAPH),
                    dataset.graph(SHAPES_GRAPH))
    return Written(plan, dataset.defaults[plan.slug], folder)
