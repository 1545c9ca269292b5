"""The rules of `shapes/`, applied to a dataset: SHACL over the default graph, SPARQL over all graphs.

No rule is written here. A finding is called after the rule's IRI: the SPARQL constraint where it has one, else the
shape, and where a shape refers to another, the shape that refers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.term import Node

from wir2graph import turtle
from wir2graph.dataset import Dataset
from wir2graph.findings import Finding, InputError, Severity
from wir2graph.plan import PREFIXES, SHAPES_GRAPH
from wir2graph.shacl import SEVERITIES, Result, ShapesError, to_rdflib, validate

WSH: Final = f"{SHAPES_GRAPH}#"
LONGEST_VALUE: Final = 120

_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")


@dataclass(frozen=True)
class DatasetRule:
    """A rule over all graphs: each solution of `select` is a finding about `?this`."""

    name: str
    select: str
    messages: Mapping[str, str]
    severity: Severity


@dataclass(frozen=True)
class Rules:
    """The rules of a workspace, read once: shapes, dataset rules and the class hierarchy of the ontology."""

    shapes: Graph
    dataset: tuple[DatasetRule, ...]
    classes: Graph

    @staticmethod
    def read(shapes: Path, ontology: Path) -> Rules:
        """Read the folders of shapes and of the ontology. Raises InputError when a file is not Turtle."""
        rules = to_rdflib(_triples(shapes))
        classes = Graph()
        for triple in to_rdflib(_triples(ontology)).triples((None, RDFS.subClassOf, None)):
            classes.add(triple)
        return Rules(rules, tuple(_dataset_rules(rules)), classes)

    def apply(self, dataset: Dataset) -> list[Finding]:
        """Return what the rules find in a dataset. Raises InputError when a rule itself is ill-formed."""
        return [*self._shacl(dataset), *self._queries(dataset)]

    def _shacl(self, dataset: Dataset) -> Iterator[Finding]:
        data = to_rdflib(dataset.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        data += self.classes  # pyshacl overlooks members of subclasses that it does not know of
        try:
            report = validate(data, self.shapes)
        except ShapesError as error:
            raise InputError([_unusable(str(error))]) from error
        for result in report.results:
            yield _from_result(result, dataset)

    def _queries(self, dataset: Dataset) -> Iterator[Finding]:
        for rule in self.dataset:
            try:
                solutions = dataset.store.query(rule.select)
            except SyntaxError as error:
                raise InputError([_unusable(f"wsh:{rule.name}: {error}")]) from error
            assert isinstance(solutions, ox.QuerySolutions), "dataset rules are SELECT queries"
            names = [variable.value for variable in solutions.variables]
            for solution in solutions:
                values = {name: term for name in names if (term := solution[name]) is not None}
                yield _from_solution(rule, values, dataset)


def _triples(folder: Path) -> Iterator[ox.Triple]:
    for path in sorted(folder.glob("*.ttl")):
        yield from turtle.parse(path.read_bytes(), f"{folder.name}/{path.name}")


def _dataset_rules(shapes: Graph) -> Iterator[DatasetRule]:
    for node in sorted(shapes.subjects(RDF.type, URIRef(f"{WSH}DatasetRule")), key=str):
        yield DatasetRule(
            _local(str(node)),
            f"{_prefixes(shapes, node)}{shapes.value(node, SH.select)}",
            {m.language or "": str(m) for m in shapes.objects(node, SH.message) if isinstance(m, Literal)},
            SEVERITIES[str(shapes.value(node, SH.severity))],
        )


def _prefixes(shapes: Graph, node: Node) -> str:
    declarations = {
        declaration for declared in shapes.objects(node, SH.prefixes)
        for declaration in shapes.objects(declared, SH.declare)
    }
    return "".join(sorted(
        f"PREFIX {shapes.value(declaration, SH.prefix)}: <{shapes.value(declaration, SH.namespace)}>\n"
        for declaration in declarations
    ))


def _from_result(result: Result, dataset: Dataset) -> Finding:
    subject = result.focus
    if result.constraint is not None and isinstance(result.value, URIRef):
        subject = result.value  # a rule about a set has the plan as focus; the value is what is at fault
    return _finding(
        dataset,
        rule=_local(result.constraint or result.shape or result.component),
        iri=str(subject) if isinstance(subject, URIRef) else None,
        graph=_graph_of(result, dataset),
        messages=result.messages,
        detail="" if result.constraint is not None else _detail(result),
        severity=result.severity,
    )


def _from_solution(rule: DatasetRule, values: Mapping[str, object], dataset: Dataset) -> Finding:
    texts = {name: _text(term) for name, term in values.items()}
    this, graph = values.get("this"), values.get("graph")
    return _finding(
        dataset,
        rule=rule.name,
        iri=this.value if isinstance(this, ox.NamedNode) else None,
        graph=graph.value if isinstance(graph, ox.NamedNode) else None,
        messages={
            language: _PLACEHOLDER.sub(lambda match: texts.get(match[1], match[0]), message)
            for language, message in rule.messages.items()
        },
        detail="",
        severity=rule.severity,
    )


def _finding(
    dataset: Dataset, *, rule: str, iri: str | None, graph: str | None, messages: Mapping[str, str], detail: str,
    severity: Severity,
) -> Finding:
    place = None
    if iri is not None:
        place = (dataset.locate(iri, graph) if graph else None) or dataset.locate(iri)
    file, line = place or (None, None)
    german, english = (messages.get(language) or messages.get("") or rule for language in ("de", "en"))
    return Finding(
        rule, iri, file, line, None,
        _shortened(f"{german} Gefunden: {detail}" if detail else german, dataset),
        _shortened(f"{english} Found: {detail}" if detail else english, dataset),
        severity,
    )


def _detail(result: Result) -> str:
    if result.value is None or result.value == result.focus:
        return ""
    value = str(result.value)
    if len(value) > LONGEST_VALUE:
        value = f"{value[:LONGEST_VALUE]}…"
    return f"{result.path} {value}" if isinstance(result.path, URIRef) else value


def _graph_of(result: Result, dataset: Dataset) -> str | None:
    """Return a named graph that holds the statement at fault, None where the fault is that there is none."""
    if result.constraint or not isinstance(result.focus, URIRef) or not isinstance(result.path, URIRef):
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
