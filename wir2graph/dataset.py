"""Turtle in, one dataset out: a named graph per source, what is derived from them, and the default graph over all.

The default graph is materialised: sources, `redaktion`, code lists and what is derived, merged as a set, minus the
triples that only disputed or superseded claims carry. Vocabulary and shapes are named graphs beside it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from wir2graph import turtle
from wir2graph.findings import Finding, InputError
from wir2graph.plan import CODELIST_GRAPH, ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH, WIR, Plan, Workspace, load_plans

DERIVED: Final = "abgeleitet"
EDITORS: Final = "redaktion"
NOT_SOURCES: Final = frozenset({"questions", "texts", "releases", DERIVED})

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_SUBCLASS = ox.NamedNode(PREFIXES["rdfs"] + "subClassOf")
_UNIT_OF = ox.NamedNode(PREFIXES["org"] + "unitOf")
_SUB_ORGANISATION = ox.NamedNode(PREFIXES["org"] + "subOrganizationOf")
_SUB_GOAL = ox.NamedNode(WIR + "hasSubGoal")
_PLACE_OF_GOAL = tuple(ox.NamedNode(WIR + name) for name in ("inPlan", "inField", "series"))
_REIFIED = tuple(ox.NamedNode(PREFIXES["rdf"] + part) for part in ("subject", "predicate", "object"))
_STATUS = ox.NamedNode(WIR + "claimStatus")
_NOT_CARRYING = frozenset({ox.NamedNode(WIR + "disputed"), ox.NamedNode(WIR + "superseded")})

Triples = set[ox.Triple]


@dataclass(frozen=True)
class DataFile:
    """One Turtle file: its path, its name in findings (relative to the data folder) and the graph it belongs to."""

    path: Path
    name: str
    graph: str


@dataclass(frozen=True)
class Dataset:
    """All plans of a data folder as RDF. `notes` are findings about the way things are written.

    `store` holds the named graphs and the default graph over all plans; `defaults` the default graph of each plan.
    """

    plans: tuple[Plan, ...]
    store: ox.Store
    files: tuple[DataFile, ...]
    notes: tuple[Finding, ...]
    defaults: Mapping[str, frozenset[ox.Triple]]

    def data_graphs(self, plan: Plan | None = None) -> list[str]:
        """Return the IRIs of the graphs that hold data (of one plan): sources, redaktion, derived, code lists."""
        plans = self.plans if plan is None else (plan,)
        names = (graph.value for graph in self.store.named_graphs() if isinstance(graph, ox.NamedNode))
        return sorted(
            name for name in names
            if name == CODELIST_GRAPH or any(name.startswith(p.graph("")) for p in plans)
        )

    def quads(self, plan: Plan | None = None) -> Iterator[ox.Quad]:
        """Yield the quads of the data graphs, unordered."""
        for name in self.data_graphs(plan):
            yield from self.store.quads_for_pattern(None, None, None, ox.NamedNode(name))

    def graph(self, name: str) -> set[ox.Triple]:
        """Return the triples of one named graph; empty where there is none of this name."""
        return {quad.triple for quad in self.store.quads_for_pattern(None, None, None, ox.NamedNode(name))}

    def digest(self, plan: Plan | None = None) -> str:
        """Return the SHA-256 (hex) of the sorted N-Quads of the data (of one plan)."""
        return digest_of(self.quads(plan))

    def locate(self, iri: str, graph: str | None = None) -> tuple[str, int] | None:
        """Return file and line where a subject is written (in one graph, or in any), or None."""
        for name, file, line in self._places.get(iri, ()):
            if graph is None or graph == name:
                return file, line
        return None

    @cached_property
    def _places(self) -> dict[str, list[tuple[str, str, int]]]:
        places: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
        for file in self.files:
            for iri, line in turtle.subjects(file.path.read_text(encoding="utf-8")):
                places[iri].append((file.graph, file.name, line))
        return places


def digest_of(quads: Iterable[ox.Quad]) -> str:
    """Return the SHA-256 (hex) of the sorted N-Quads of data."""
    return hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in quads)).encode()).hexdigest()


def default_graph(plan: Plan, quads: Iterable[ox.Quad]) -> frozenset[ox.Triple]:
    """Return the default graph of a plan from the quads of its data graphs, which hold what is derived, too."""
    derived = ox.NamedNode(plan.graph(DERIVED))
    parts: tuple[Triples, Triples] = (set(), set())
    for quad in quads:
        parts[quad.graph_name == derived].add(quad.triple)
    return frozenset((parts[0] - _carried_only_by_rejected_claims(parts[0])) | parts[1])


def load(workspace: Workspace) -> Dataset:
    """Read all plans, the code lists, the ontology and the shapes of a workspace.

    Raises InputError with every file that cannot be read, not only the first.
    """
    plans = load_plans(workspace.data)
    files = [file for plan in plans for file in _plan_files(plan, workspace.data)]
    files += _files_of(workspace.ontology / "codelists", CODELIST_GRAPH, workspace.ontology.parent)
    beside = [
        *_files_of(workspace.ontology, ONTOLOGY_GRAPH, workspace.ontology.parent),
        *_files_of(workspace.shapes, SHAPES_GRAPH, workspace.shapes.parent),
    ]
    graphs, notes = _read([*files, *beside])
    store = ox.Store()
    for plan in plans:
        graphs[plan.graph(DERIVED)] = set()
    defaults = {plan.slug: _default_graph(plan, graphs) for plan in plans}
    for name, triples in graphs.items():
        store.add_graph(ox.NamedNode(name))
        store.extend(ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(name)) for t in triples)
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in frozenset().union(*defaults.values()))
    data = {file.name for file in files}
    return Dataset(plans, store, (*files, *beside), tuple(n for n in notes if n.file in data), defaults)


def _plan_files(plan: Plan, data: Path) -> list[DataFile]:
    folders = [f for f in sorted(plan.folder.iterdir()) if f.is_dir() and f.name not in NOT_SOURCES]
    files = [file for folder in folders for file in _files_of(folder, plan.graph(folder.name), data)]
    if not files:
        raise InputError([Finding(
            "SourceMissing", None, f"{plan.slug}/", None, None,
            "Dieser Plan hat keine Daten: erwartet wird je Quelle ein Ordner mit Turtle-Dateien (*.ttl).",
            "this plan has no data; expected is one folder of Turtle files (*.ttl) per source",
        )])
    return files


def _files_of(folder: Path, graph: str, root: Path) -> list[DataFile]:
    return [DataFile(path, path.relative_to(root).as_posix(), graph) for path in sorted(folder.glob("*.ttl"))]


def _read(files: Iterable[DataFile]) -> tuple[dict[str, Triples], list[Finding]]:
    graphs: dict[str, Triples] = defaultdict(set)
    notes: list[Finding] = []
    broken: list[Finding] = []
    for file in files:
        try:
            written = set(turtle.parse(file.path.read_bytes(), file.name))
        except InputError as error:
            broken += error.findings
            continue
        canonical = _canonical(written)
        notes += _notes(file, written, canonical)
        graphs[file.graph] |= canonical
    if broken:
        raise InputError(broken)
    return graphs, notes


def _canonical(triples: Triples) -> Triples:
    """Return the triples with literals as the store keeps them, so that a dump and a query say the same."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return {quad.triple for quad in store}


def _notes(file: DataFile, written: Triples, canonical: Triples) -> Iterator[Finding]:
    lines = dict(turtle.subjects(file.path.read_text(encoding="utf-8")))
    for triple in sorted(written, key=str):
        subject = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else None
        line = lines.get(subject or "")
        if subject is None or isinstance(triple.object, ox.BlankNode):
            yield Finding("NoBlankNode", subject, file.name, line, None,
                          "Leerer Knoten ([] oder _:x): bitte eine eigene IRI vergeben.",
                          "blank node; give the thing an IRI of its own")
        elif triple not in canonical:
            yield Finding("CanonicalLiteral", subject, file.name, line, None,
                          f"{triple.object} ist nicht in kanonischer Form. Zahlen ohne führende und folgende Nullen "
                          "schreiben; Kennungen als Text in Anführungszeichen.",
                          f"{triple.object} is not in canonical form; write numbers without leading or trailing zeros, "
                          "codes as quoted strings")


def _default_graph(plan: Plan, graphs: dict[str, Triples]) -> frozenset[ox.Triple]:
    """Return the default graph of a plan and put what it derives into the plan's graph `abgeleitet`."""
    merged = set(graphs[CODELIST_GRAPH])
    for name in [name for name in graphs if name.startswith(plan.graph(""))]:
        merged |= graphs[name]
    merged -= _carried_only_by_rejected_claims(merged)
    derived = {*_types(merged, graphs[ONTOLOGY_GRAPH]), *_sub_organisations(merged), *_sub_goals(merged)} - merged
    graphs[plan.graph(DERIVED)] = derived
    return frozenset(merged | derived)


def _carried_only_by_rejected_claims(triples: Triples) -> Triples:
    parts: dict[object, dict[ox.NamedNode, object]] = defaultdict(dict)
    rejected = {t.subject for t in triples if t.predicate == _STATUS and t.object in _NOT_CARRYING}
    for triple in triples:
        if triple.predicate in _REIFIED:
            parts[triple.subject][triple.predicate] = triple.object
    carriers: dict[ox.Triple, set[object]] = defaultdict(set)
    for claim, said in parts.items():
        if len(said) == len(_REIFIED):
            subject, predicate, object_ = (said[part] for part in _REIFIED)
            if isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode):
                carriers[ox.Triple(subject, predicate, object_)].add(claim)  # type: ignore[arg-type]
    return {triple for triple, claims in carriers.items() if claims <= rejected}


def _types(triples: Triples, ontology: Triples) -> Iterator[ox.Triple]:
    parents = _relation(ontology, _SUBCLASS)
    for triple in triples:
        if triple.predicate == _TYPE:
            for ancestor in reachable(triple.object, parents):
                yield ox.Triple(triple.subject, _TYPE, ancestor)


def _sub_organisations(triples: Triples) -> Iterator[ox.Triple]:
    parents = _relation(triples, _UNIT_OF)
    for unit in parents:
        for ancestor in reachable(unit, parents):
            if isinstance(unit, ox.NamedNode) and ancestor != unit:
                yield ox.Triple(unit, _SUB_ORGANISATION, ancestor)


def _sub_goals(triples: Triples) -> Iterator[ox.Triple]:
    """Yield plan, field and series of each sub-goal, which are those of its goal and printed only there."""
    goals = _relation(triples, _SUB_GOAL)
    for place in _PLACE_OF_GOAL:
        places = _relation(triples, place)
        for goal, sub_goals in goals.items():
            for sub_goal in sub_goals:
                for value in places.get(goal, ()):
                    yield ox.Triple(sub_goal, place, value)


def _relation(triples: Triples, predicate: ox.NamedNode) -> dict[object, set[ox.NamedNode]]:
    relation: dict[object, set[ox.NamedNode]] = defaultdict(set)
    for triple in triples:
        if triple.predicate == predicate and isinstance(triple.object, ox.NamedNode):
            relation[triple.subject].add(triple.object)
    return relation


def reachable(start: object, relation: Mapping[object, set[ox.NamedNode]]) -> set[ox.NamedNode]:
    """Return everything that the relation leads to from `start`; ends on cycles, too."""
    found: set[ox.NamedNode] = set()
    queue = list(relation.get(start, ()))
    while queue:
        node = queue.pop()
        if node not in found:
            found.add(node)
            queue.extend(relation.get(node, ()))
    return found
