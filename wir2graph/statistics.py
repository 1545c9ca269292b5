"""What a release holds, in numbers: counted once when it is built, told by VoID and by the pages about the data.

A number is what a SPARQL query over the same graph counts. An entity is a thing whose IRI the plan has coined; a link
leads from an entity to an address outside of the plan and of the vocabularies.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from wir2graph.dataset import Dataset
from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES, WIR

FILE: Final = "statistics.json"

_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_DATES: Final = frozenset({ox.NamedNode(f"{WIR}earliest"), ox.NamedNode(f"{WIR}latest")})
_VOCABULARIES: Final = (ONTOLOGY_GRAPH.rpartition("/")[0] + "/", *PREFIXES.values())
# What says of which kind a thing is, or reifies, links nothing.
_NO_LINKS: Final = frozenset(PREFIXES["rdf"] + name for name in ("type", "subject", "predicate", "object"))


@dataclass(frozen=True)
class Link:
    """How often things are linked with those of another site by one property; `site` begins their IRIs."""

    property: str
    site: str
    count: int


@dataclass(frozen=True)
class Counts:
    """The numbers of one graph. `classes` are things by class, `properties` statements by property, both by IRI."""

    triples: int
    entities: int
    subjects: int
    objects: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    links: tuple[Link, ...]
    period: tuple[str, str] | None
    """The first and the last day that the graph dates something with."""


@dataclass(frozen=True)
class Statistics:
    """The numbers of the default graph, of each plan's part of it (by slug), and of the named graphs of data by IRI."""

    whole: Counts
    plans: Mapping[str, Counts]
    graphs: Mapping[str, Counts]


def count(triples: Collection[ox.Triple], spaces: tuple[str, ...]) -> Counts:
    """Return the numbers of a graph; what `spaces` begin the IRIs of are its entities."""
    subjects = {triple.subject for triple in triples}
    classes = Counter(t.object.value for t in triples if t.predicate == _TYPE and isinstance(t.object, ox.NamedNode))
    links = Counter(_links(triples, spaces))
    days = [t.object.value for t in triples if t.predicate in _DATES and isinstance(t.object, ox.Literal)]
    return Counts(
        triples=len(triples), subjects=len(subjects), objects=len({triple.object for triple in triples}),
        entities=sum(isinstance(subject, ox.NamedNode) and subject.value.startswith(spaces) for subject in subjects),
        classes=dict(sorted(classes.items())),
        properties=dict(sorted(Counter(triple.predicate.value for triple in triples).items())),
        links=tuple(Link(*which, number) for which, number in sorted(links.items())),
        period=(min(days), max(days)) if days else None,
    )


def write(dataset: Dataset, folder: Path) -> None:
    """Write the numbers of a dataset into the folder of its release; the same data give the same file."""
    spaces = {plan.slug: f"{plan.namespace}id/" for plan in dataset.plans}
    default = [quad.triple for quad in dataset.store.quads_for_pattern(None, None, None, ox.DefaultGraph())]
    statistics = Statistics(
        count(default, tuple(spaces.values())),
        {plan.slug: count(dataset.defaults[plan.slug], (spaces[plan.slug],)) for plan in dataset.plans},
        {name: count(list(_graph(dataset, name)), tuple(spaces.values())) for name in dataset.data_graphs()},
    )
    (folder / FILE).write_text(json.dumps(asdict(statistics), indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> Statistics:
    """Return the numbers of the release in a folder. Raises OSError when they are not there."""
    told: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Statistics(
        _counts(told["whole"]), {slug: _counts(found) for slug, found in told["plans"].items()},
        {name: _counts(found) for name, found in told["graphs"].items()},
    )


def _counts(told: Mapping[str, Any]) -> Counts:
    links = tuple(Link(**link) for link in told["links"])
    return Counts(**{**told, "links": links, "period": tuple(told["period"]) if told["period"] else None})


def _graph(dataset: Dataset, name: str) -> Iterator[ox.Triple]:
    for quad in dataset.store.quads_for_pattern(None, None, None, ox.NamedNode(name)):
        yield quad.triple


def _links(triples: Iterable[ox.Triple], spaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield property and site of each statement that links an entity with another site."""
    inside = tuple(space.removesuffix("id/") for space in spaces)
    for triple in triples:
        subject, target = triple.subject, triple.object
        if (isinstance(subject, ox.NamedNode) and isinstance(target, ox.NamedNode) and subject.value.startswith(spaces)
                and triple.predicate.value not in _NO_LINKS and not target.value.startswith((*inside, *_VOCABULARIES))):
            yield triple.predicate.value, _site(target.value)


def _site(iri: str) -> str:
    """Return what an IRI shares with others of its site, up to the slash; an IRI without a path as it is."""
    scheme, colon, rest = iri.partition("://")
    authority, slash, _ = rest.partition("/")
    return f"{scheme}{colon}{authority}{slash}" if slash else iri
