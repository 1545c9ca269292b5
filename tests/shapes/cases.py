"""Every rule of `shapes/` has a valid and an invalid case beside this file, and the invalid one fires exactly it.

A case is `_base.trig` with a little more or less. Its first lines may say:
    # remove: <subject> predicate    takes these statements out of the base
    # also: OtherRule …              names what else the fault necessarily breaks
What a `.ttl` case adds goes into the default graph; a `.trig` case says which graph it goes into. The cases of
reading rules are files as they would lie in a plan's folder.
"""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, SH, URIRef

from wir2graph.dataset import Dataset, load
from wir2graph.findings import Finding
from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH, Plan, Workspace
from wir2graph.rules import WSH, Rules

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAMESPACE = "https://daten.dorf.example/"
KINDS = ("DatasetRule", "ReadingRule")


@cache
def rules() -> Rules:
    return Rules.read(ROOT / "shapes", ROOT / "ontology")


def named_rules() -> dict[str, URIRef]:
    """Return whatever has a message: that is what makes a rule of a shape or a constraint."""
    return {
        str(node).removeprefix(WSH): node
        for node in rules().shapes.subjects(SH.message, unique=True) if isinstance(node, URIRef)
    }


def kinds(rule: str) -> set[str]:
    return {str(kind).removeprefix(WSH) for kind in rules().shapes.objects(URIRef(WSH + rule), RDF.type)}


def case_file(rule: str, kind: str) -> Path:
    return HERE / f"{rule}-{kind}.{'trig' if 'DatasetRule' in kinds(rule) else 'ttl'}"


def directives(text: str, word: str) -> list[str]:
    start = f"# {word}: "
    return [line.removeprefix(start) for line in text.splitlines() if line.startswith(start)]


def term(written: str) -> ox.NamedNode:
    if written.startswith("<"):
        return ox.NamedNode(f"{NAMESPACE}id/{written[1:-1]}")
    prefix, _, name = written.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + name)


def dataset(text: str) -> Dataset:
    """Return the base with the text of a case, its default graph materialised as the loader does it."""
    store = ox.Store()
    store.load(path=str(HERE / "_base.trig"), format=ox.RdfFormat.TRIG)
    for line in directives(text, "remove"):
        subject, predicate = map(term, line.split())
        present = list(store.quads_for_pattern(subject, predicate, None))
        assert present, f"nothing to remove: {line}"
        for quad in present:
            store.remove(quad)
    store.load(text.encode(), format=ox.RdfFormat.TRIG)
    vocabulary = {ox.NamedNode(ONTOLOGY_GRAPH), ox.NamedNode(SHAPES_GRAPH)}
    store.extend([ox.Quad(q.subject, q.predicate, q.object) for q in store if q.graph_name not in vocabulary])
    for folder, graph in (("codelists", None), ("", ONTOLOGY_GRAPH), ("../shapes", SHAPES_GRAPH)):
        for file in (ROOT / "ontology" / folder).glob("*.ttl"):
            to_graph = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
            store.load(path=str(file), format=ox.RdfFormat.TURTLE, to_graph=to_graph)
    words = {"de": "Dorfplan", "en": "Village Plan"}
    licence, released = "https://www.example.org/", date(2026, 3, 1)
    plan = Plan("dorf", HERE, NAMESPACE, ("de", "en"), licence, released, words, words, words)
    return Dataset((plan,), store, (), (), {})


def read_as_file(case: Path, folder: Path) -> tuple[Finding, ...]:
    (folder / "data" / "dorf" / "q").mkdir(parents=True)
    shutil.copy(case, folder / "data" / "dorf" / "q" / case.name)
    (folder / "data" / "dorf" / "plan.toml").write_text(
        f'slug = "dorf"\nnamespace = "{NAMESPACE}"\nlanguages = ["de", "en"]\nlicence = "https://www.example.org/"\n'
        "released = 2026-03-01\n"
        + "".join(f'[{part}]\nde = "Dorf"\nen = "Village"\n' for part in ("title", "subtitle", "rights"))
    )
    return load(Workspace(ROOT / "ontology", ROOT / "shapes", folder / "data", ROOT / "site")).notes


@cache  # one valid case in seven says what another says, too
def applied(text: str) -> tuple[Finding, ...]:
    return tuple(rules().apply(dataset(text)))


def findings(rule: str, kind: str, folder: Path) -> list[Finding]:
    case = case_file(rule, kind)
    found = read_as_file(case, folder) if "ReadingRule" in kinds(rule) else applied(case.read_text(encoding="utf-8"))
    return list(found)


NAMES = sorted(named_rules())
