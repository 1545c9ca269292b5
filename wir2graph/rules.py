"""The rules of `shapes/`, applied to a dataset: SHACL over the default graph, SPARQL over all graphs.

No rule is written here. A finding is called after the rule's IRI: the SPARQL constraint where it has one, else the
shape, and where a shape refers to another, the shape that refers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from wir2graph import turtle
from wir2graph.dataset import Dataset
from wir2graph.findings import Finding, InputError, Severity
from wir2graph.plan import PREFIXES, SHAPES_GRAPH
from wir2graph.shacl import SEVERITIES, Result, ShapesError, messages, to_rdflib, validate

WSH: Final = f"{SHAPES_GRAPH}#"
LONGEST_VALUE: Final = 120
UNKNOWN: Final = "…"

_DESCRIBING: Final = frozenset({SH.message, SH.name, SH.description, SH.order, SH.group, RDFS.label, SKOS.definition})
_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")


Terms = Mapping[str, object]


@dataclass(frozen=True)
class Query:
    """A rule as a query: each solution of `select` is a finding about `?this`, or about `?value` of a set."""

    name: str
    select: str
    messages: Mapping[str, str]
    severity: Severity


@dataclass(frozen=True)
class Rules:
    """The rules of a workspace, read once.

    `shapes` is all that is written; `bare` the same without what only describes a rule, messages included: these are
    filled in here, and pyshacl would compare each such statement with every constraint there is, for each thing that
    it looks at. `constraints` are the SPARQL constraints by IRI, `dataset` the dataset rules; `classes` is the class
    hierarchy.
    """

    shapes: Graph
    bare: Graph
    constraints: Mapping[str, Query]
    dataset: tuple[Query, ...]
    classes: Graph

    @staticmethod
    def read(shapes: Path, ontology: Path) -> Rules:
        """Read the folders of shapes and of the ontology. Raises InputError when a file is not Turtle."""
        written = to_rdflib(_triples(shapes))
        constraints = dict(_queries(written, SH.SPARQLConstraint))
        bare = Graph()
        for triple in written:
            if triple[1] not in _DESCRIBING:
                bare.add(triple)
        classes = Graph()
        for triple in to_rdflib(_triples(ontology)).triples((None, RDFS.subClassOf, None)):
            classes.add(triple)
        dataset = dict(_queries(written, URIRef(f"{WSH}DatasetRule")))
        return Rules(written, bare, constraints, tuple(dataset.values()), classes)

    def apply(self, dataset: Dataset) -> list[Finding]:
        """Return what the rules find in a dataset. Raises InputError when a rule itself is ill-formed."""
        found = [_from_solution(rule, row, dataset) for rule in self.dataset for row in _solutions(rule, dataset)]
        return [*self._shacl(dataset), *found]

    def _shacl(self, dataset: Dataset) -> Iterator[Finding]:
        data = to_rdflib(dataset.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        data += self.classes  # pyshacl overlooks members of subclasses that it does not know of
        try:
            report = validate(data, self.bare)
        except ShapesError as error:
            raise InputError([_unusable(str(error))]) from error
        broken: dict[str, set[Node]] = defaultdict(set)
        for result in report.results:
            if result.constraint is None:
                told = messages(self.shapes, URIRef(result.shape)) if result.shape else {}
                yield _from_result(result, told or result.messages, dataset)
            else:
                broken[result.constraint].add(result.focus)
        for constraint, foci in broken.items():
            yield from _explain(self.constraints[constraint], foci, dataset)


def _triples(folder: Path) -> Iterator[ox.Triple]:
    for path in sorted(folder.glob("*.ttl")):
        yield from turtle.parse(path.read_bytes(), f"{folder.name}/{path.name}")


def _queries(shapes: Graph, kind: URIRef) -> Iterator[tuple[str, Query]]:
    for node in sorted(shapes.subjects(RDF.type, kind), key=str):
        select = f"{_prefixes(shapes, node)}{shapes.value(node, SH.select)}"
        severity = SEVERITIES[str(shapes.value(node, SH.severity))]
        yield str(node), Query(_local(str(node)), select, messages(shapes, node), severity)


def _prefixes(shapes: Graph, node: Node) -> str:
    declarations = {
        declaration for declared in shapes.objects(node, SH.prefixes)
        for declaration in shapes.objects(declared, SH.declare)
    }
    return "".join(sorted(
        f"PREFIX {shapes.value(declaration, SH.prefix)}: <{shapes.value(declaration, SH.namespace)}>\n"
        for declaration in declarations
    ))


def _solutions(rule: Query, dataset: Dataset) -> Iterator[Terms]:
    try:
        solutions = dataset.store.query(rule.select)
    except SyntaxError as error:
        raise InputError([_unusable(f"wsh:{rule.name}: {error}")]) from error
    assert isinstance(solutions, ox.QuerySolutions), "rules are SELECT queries"
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: term for name in names if (term := solution[name]) is not None}


def _explain(rule: Query, foci: set[Node], dataset: Dataset) -> Iterator[Finding]:
    """Yield the findings of a broken constraint with the values for its message, which a report does not hold."""
    rows = list(_solutions(rule, dataset))
    for focus in foci:
        explained = [row for row in rows if _text(row.get("this")) == str(focus)]
        # The two engines may differ about an ill-typed value; the finding stands, only without the values.
        for row in explained or [{"this": ox.NamedNode(str(focus))}]:
            yield _from_solution(rule, row, dataset)


def _from_solution(rule: Query, values: Terms, dataset: Dataset) -> Finding:
    texts = {name: _text(term) for name, term in values.items()}
    subject, value, graph = (values.get(name) for name in ("this", "value", "graph"))
    if graph is None and isinstance(value, ox.NamedNode):
        subject = value  # a rule about a set has the plan as focus; the value is what is at fault
    filled = {
        language: _PLACEHOLDER.sub(lambda match: texts.get(match[1], UNKNOWN), message)
        for language, message in rule.messages.items()
    }
    iri = subject.value if isinstance(subject, ox.NamedNode) else None
    name = graph.value if isinstance(graph, ox.NamedNode) else None
    return _finding(dataset, rule.name, iri, name, filled, rule.severity, str(SH.SPARQLConstraintComponent))


def _from_result(result: Result, told: Mapping[str, str], dataset: Dataset) -> Finding:
    detail = _detail(result)
    filled = dict(told)
    if detail:
        for language, word in (("de", "Gefunden"), ("en", "Found")):
            filled[language] = f"{filled.get(language, '')} {word}: {detail}".strip()
    iri = str(result.focus) if isinstance(result.focus, URIRef) else None
    rule = _local(result.shape or result.component)
    return _finding(dataset, rule, iri, _graph_of(result, dataset), filled, result.severity, result.component)


def _finding(
    dataset: Dataset, rule: str, iri: str | None, graph: str | None, filled: Mapping[str, str], severity: Severity,
    component: str,
) -> Finding:
    place = None
    if iri is not None:
        place = (dataset.locate(iri, graph) if graph else None) or dataset.locate(iri)
    file, line = place or (None, None)
    german, english = (_shortened(filled.get(language) or filled.get("") or rule, dataset) for language in ("de", "en"))
    return Finding(rule, iri, file, line, None, german, english, severity, component)


def _detail(result: Result) -> str:
    if result.value is None or result.value == result.focus:
        return ""
    value = str(result.value)
    if len(value) > LONGEST_VALUE:
        value = f"{value[:LONGEST_VALUE]}…"
    return f"{result.path} {value}" if isinstance(result.path, URIRef) else value


def _graph_of(result: Result, dataset: Dataset) -> str | None:
    """Return a named graph that holds the statement at fault, None where the fault is that there is none."""
    if not isinstance(result.focus, URIRef) or not isinstance(result.path, URIRef):
        return None
    subject, predicate = ox.NamedNode(str(result.focus)), ox.NamedNode(str(result.path))
    graphs = sorted(
        quad.graph_name.value
        for quad in dataset.store.quads_for_pattern(subject, predicate, _object(result.value), None)
        if isinstance(quad.graph_name, ox.NamedNode)
    )
    return graphs[0] if graphs else None


def _object(value: Node | None) -> ox.NamedNode | ox.Literal | None:
    match value:
        case URIRef():
            return ox.NamedNode(str(value))
        case Literal(language=str(language)):
            return ox.Literal(str(value), language=language)
        case Literal(datatype=URIRef() as datatype):
            return ox.Literal(str(value), datatype=ox.NamedNode(str(datatype)))
        case Literal():
            return ox.Literal(str(value))
    return None


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _shortened(message: str, dataset: Dataset) -> str:
    """Return the message with IRIs as authors write them: relative to `id/`, or with the common prefixes."""
    for plan in dataset.plans:
        message = message.replace(f"{plan.namespace}id/", "")
    for prefix, namespace in PREFIXES.items():
        message = message.replace(namespace, f"{prefix}:")
    return message


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _unusable(reason: str) -> Finding:
    return Finding(
        "ShapesUnusable", None, "shapes/", None, None,
        f"Die Regeln sind nicht anwendbar: {reason}. Bitte die zuletzt geänderte Regel berichtigen.",
        f"the rules cannot be applied: {reason}; correct the rule that was changed last",
    )
