"""The W3C SHACL test suite (data-shapes-test-suite) through the way that the check validates."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, SH, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from wir2graph.shacl import ShapesError, to_rdflib, validate

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("W3C_SHACL_TESTS", ROOT.parent / "shared" / "w3c" / "shacl-tests"))
LEAST = 120

# What fails, and why. A case that begins to pass fails the test, so that the list stays true.
KNOWN_FAILURES = {
    "core/property/uniqueLang-002":
        'an artefact of the suite: sh:uniqueLang "1"^^xsd:boolean has the value true, and pyshacl takes it so',
    "sparql/node/prefixes-001":
        "pyshacl does not follow owl:imports from sh:prefixes; our shapes declare all prefixes in one place",
    "sparql/pre-binding/shapesGraph-001":
        "pyshacl does not support $shapesGraph, which is optional in the Recommendation",
}

Outcome = Counter[tuple[str, ...]] | None


@dataclass(frozen=True)
class Case:
    """One sht:Validate entry: its name, the two files, the expected report (None: a failure is expected)."""

    name: str
    data: Path
    shapes: Path
    manifest: Graph
    expected: Node | None


@cache
def read(path: Path) -> Graph:
    return to_rdflib(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=path.as_uri()))


def local(node: Node | None) -> Path:
    return Path(str(node).removeprefix("file://"))


def cases(manifest: Path) -> Iterator[Case]:
    graph = read(manifest)
    for included in sorted(graph.objects(None, MF.include), key=str):
        yield from cases(local(included))
    for entries in graph.objects(None, MF.entries):
        for entry in Collection(graph, entries):
            if (entry, RDF.type, SHT.Validate) in graph:
                action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
                data, shapes = (graph.value(action, part) for part in (SHT.dataGraph, SHT.shapesGraph))
                yield Case(
                    str(local(entry).relative_to(FOLDER)), local(data), local(shapes), graph,
                    None if result == SHT.Failure else result,
                )


def key(*terms: Node | str | None) -> tuple[str, ...]:
    return tuple("_:" if isinstance(term, BNode) else str(term) for term in terms)


def expected(case: Case) -> Outcome:
    if case.expected is None:
        return None
    graph = case.manifest
    return Counter(
        key(graph.value(node, SH.focusNode), graph.value(node, SH.resultPath), graph.value(node, SH.value),
            graph.value(node, SH.sourceConstraintComponent))
        for node in graph.objects(case.expected, SH.result)
    )


def found(case: Case) -> tuple[bool | None, Outcome]:
    data = Graph()
    for triple in read(case.data):
        data.add(triple)
    try:
        report = validate(data, read(case.shapes))
    except ShapesError:
        return None, None
    return report.conforms, Counter(
        key(result.focus, result.path, result.value, URIRef(result.component)) for result in report.results
    )


def conforms(case: Case) -> bool | None:
    if case.expected is None:
        return None
    return str(case.manifest.value(case.expected, SH.conforms)) == "true"


def all_cases() -> list[Case]:
    manifest = FOLDER / "manifest.ttl"
    return list(cases(manifest)) if manifest.is_file() else []


CASES = all_cases()


def test_the_suite_is_there() -> None:
    assert len(CASES) >= LEAST, (
        f"{len(CASES)} cases found in {FOLDER}: get data-shapes-test-suite/tests of the W3C repository data-shapes "
        "and name its folder in W3C_SHACL_TESTS"
    )
    assert set(KNOWN_FAILURES) <= {case.name for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_validates_as_the_suite_expects(case: Case) -> None:
    flag, results = found(case)
    passed = flag == conforms(case) and results == expected(case)
    if case.name in KNOWN_FAILURES:
        assert not passed, f"{case.name} passes now: take it off the list of known failures"
    else:
        assert (flag, results) == (conforms(case), expected(case))
