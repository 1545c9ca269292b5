"""The test suites of the W3C for SPARQL 1.0 and 1.1 Query: their cases, their data, and when an answer is right."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
# Folder of a suite, and the address that its files are at home.
BASES: Final = {
    "sparql11": "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/",
    "dawg-data-r2": "http://www.w3.org/2001/sw/DataAccess/tests/data-r2/",
}
GOOD: Final = (MF.PositiveSyntaxTest, MF.PositiveSyntaxTest11)
BAD: Final = (MF.NegativeSyntaxTest, MF.NegativeSyntaxTest11)
EVALUATION: Final = (MF.QueryEvaluationTest, MF.CSVResultFormatTest)
RDF_FORMATS: Final = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}
RESULT_FORMATS: Final = {
    ".srx": ox.QueryResultsFormat.XML, ".srj": ox.QueryResultsFormat.JSON, ".tsv": ox.QueryResultsFormat.TSV,
}

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row: TypeAlias = frozenset[tuple[str, Term]]

@dataclass(frozen=True)
class Table:
    """The rows of a table; `ordered` where their order is part of the answer, `lax` where their number is not."""

    rows: tuple[Row, ...]
    ordered: bool = False
    lax: bool = False


Answer: TypeAlias = bool | Table | set[ox.Triple]


@dataclass(frozen=True)
class Suite:
    """The unpacked suites: the folder that holds a folder for each."""

    folder: Path

    def iri(self, file: Path) -> str:
        """Return the address at which the W3C publishes a file of the suite."""
        suite, *rest = file.relative_to(self.folder).parts
        return BASES[suite] + "/".join(rest)

    def file(self, iri: str) -> Path:
        """Return the file that the W3C publishes at an address."""
        suite, base = next(item for item in BASES.items() if iri.startswith(item[1]))
        return self.folder / suite / iri.removeprefix(base)

    def quads(self, groups: Iterable[str]) -> Iterator[ox.Quad]:
        """Yield the data of groups of cases, each file in a graph that its address names."""
        for group in groups:
            for file in sorted((self.folder / group).rglob("*")):
                if file.suffix in RDF_FORMATS and not file.name.startswith("manifest"):
                    graph = ox.NamedNode(self.iri(file))
                    yield from (ox.Quad(t.subject, t.predicate, t.object, graph) for t in self.triples(file))

    def triples(self, file: Path) -> list[ox.Triple]:
        """Return what a file of RDF says; nothing where it is not well-formed, as some of the suite are on purpose."""
        try:
            return [quad.triple for quad in ox.parse(
                path=str(file), format=RDF_FORMATS[file.suffix], base_iri=self.iri(file), rename_blank_nodes=True,
            )]
        except SyntaxError:
            return []

    def cases(self, group: str) -> Iterator[Case]:
        """Yield the cases of a group that are about queries; updates, protocol and entailment are not."""
        file = self.folder / group / "manifest.ttl"
        manifest = Graph().parse(file, format="turtle", publicID=self.iri(file))
        for entries in manifest.objects(None, MF.entries):
            for entry in Collection(manifest, entries):
                kind = manifest.value(entry, RDF.type)
                if kind in (*GOOD, *BAD, *EVALUATION):
                    yield self._case(manifest, entry, kind)

    def _filled(self, graphs: Iterable[Node]) -> tuple[str, ...]:
        """Return the graphs that hold anything: N-Quads cannot tell of others."""
        return tuple(str(iri) for iri in graphs if isinstance(iri, URIRef) and self.triples(self.file(str(iri))))

    def _case(self, manifest: Graph, entry: Node, kind: Node | None) -> Case:
        action = manifest.value(entry, MF.action)
        result = manifest.value(entry, MF.result)
        query = manifest.value(action, QT.query) if kind in EVALUATION else action
        assert query is not None
        return Case(
            str(entry).rpartition("#")[2], self.file(str(query)), str(query),
            self._filled(manifest.objects(action, QT.data)) if action is not None else (),
            self._filled(manifest.objects(action, QT.graphData)),
            self.file(str(result)) if result is not None else None, bad=kind in BAD,
            lax=manifest.value(entry, MF.resultCardinality) == MF.LaxCardinality,
        )


@dataclass(frozen=True)
class Case:
    """One case: a query, the graphs it asks, and the file with its answer; none where only the syntax counts.

    `bad` queries are to be refused; `lax` ones may leave out some of several rows that are the same.
    """

    name: str
    file: Path
    base: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    result: Path | None
    bad: bool
    lax: bool

    @property
    def query(self) -> str:
        """The text of the query, with the address of its file as its base."""
        return f"BASE <{self.base}>\n{self.file.read_text(encoding='utf-8')}"


def expected(case: Case, suite: Suite) -> Answer:
    """Return the answer that the suite gives to a case."""
    assert case.result is not None
    if case.result.suffix == ".csv":
        return read_csv(case.result.read_text(encoding="utf-8"))
    if case.result.suffix in RESULT_FORMATS:
        found = read_result(case.result.read_bytes(), RESULT_FORMATS[case.result.suffix])
    else:
        triples = suite.triples(case.result)
        described = result_set(triples)
        if described is None:
            return set(triples)
        found = described
    return replace(found, lax=case.lax) if isinstance(found, Table) else found


def read_result(content: bytes, form: ox.QueryResultsFormat) -> bool | Table:
    """Return a truth value or a table."""
    result = ox.parse_query_results(content, form)
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    assert isinstance(result, ox.QuerySolutions)
    names = [variable.value for variable in result.variables]
    return Table(tuple(frozenset(
        (name, by_value(term)) for name, term in zip(names, solution, strict=True) if term is not None
    ) for solution in result))


def result_set(triples: Iterable[ox.Triple]) -> bool | Table | None:
    """Return what triples in the W3C's vocabulary for results say; None where they are a graph of another kind."""
    about: dict[Term, dict[str, list[Term]]] = {}
    for subject, predicate, value in triples:
        about.setdefault(subject, {}).setdefault(predicate.value, []).append(value)
    kind = ox.NamedNode(RS + "ResultSet")
    found = next((said for said in about.values() if kind in said.get(str(RDF.type), [])), None)
    if found is None:
        return None
    if RS + "boolean" in found:
        return found[RS + "boolean"][0] == ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))

    def place(solution: Mapping[str, list[Term]]) -> int:
        return int(text(solution[RS + "index"][0])) if RS + "index" in solution else 0

    solutions = sorted((about[solution] for solution in found.get(RS + "solution", [])), key=place)
    rows = (frozenset(
        (text(about[binding][RS + "variable"][0]), by_value(about[binding][RS + "value"][0]))
        for binding in solution.get(RS + "binding", [])
    ) for solution in solutions)
    return Table(tuple(rows), ordered=any(RS + "index" in solution for solution in solutions))


def text(term: Term) -> str:
    """Return the text of a literal."""
    assert isinstance(term, ox.Literal)
    return term.value


def by_value(term: Term) -> Term:
    """Return a number in one way of writing it: the suites compare values, and stores may keep no other way."""
    if isinstance(term, ox.Literal):
        kind = term.datatype.value.removeprefix(XSD)
        try:
            if kind == "decimal":
                return ox.Literal(str(Decimal(term.value).normalize()), datatype=term.datatype)
            if kind in ("double", "float"):
                return ox.Literal(repr(float(term.value)), datatype=term.datatype)
            if kind == "integer":
                return ox.Literal(str(int(term.value)), datatype=term.datatype)
        except (ValueError, ArithmeticError):
            return term
    return term


def read_csv(document: str) -> Table:
    """Return a table of which only the texts are known; a blank node there is one without a name."""
    def cell(content: str) -> ox.Literal:
        return ox.Literal("_:" if content.startswith("_:") else content)

    rows = csv.DictReader(io.StringIO(document))
    return Table(tuple(frozenset((name, cell(content)) for name, content in row.items()) for row in rows))


def same(one: Answer, other: Answer) -> bool:
    """Tell whether two answers are the same but for the names of blank nodes."""
    if isinstance(one, Table) and isinstance(other, Table):
        if one.lax or other.lax:
            return set(one.rows) == set(other.rows)
        ordered = one.ordered or other.ordered
        return _canonical(_described(one, ordered)) == _canonical(_described(other, ordered))
    if isinstance(one, set) and isinstance(other, set):
        return _canonical(ox.Quad(*triple) for triple in one) == _canonical(ox.Quad(*triple) for triple in other)
    return type(one) is type(other) and one == other


def _described(table: Table, ordered: bool) -> Iterator[ox.Quad]:
    """Yield a description of each different row: a node with its values, and at which places or how often it stands."""
    places: dict[Row, list[int]] = {}
    for place, row in enumerate(table.rows):
        places.setdefault(row, []).append(place)
    for row, found in places.items():
        node = ox.BlankNode()
        yield ox.Quad(node, ox.NamedNode("urn:places"), ox.Literal(str(found if ordered else len(found))))
        for name, term in row:
            yield ox.Quad(node, ox.NamedNode(f"urn:variable:{name}"), term)


def _canonical(quads: Iterable[ox.Quad]) -> ox.Dataset:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset
