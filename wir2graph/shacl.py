"""SHACL validation of one graph by another, as plain results.

Follows the W3C Recommendation "Shapes Constraint Language (SHACL)", Core and SHACL-SPARQL, by way of pyshacl.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
import pyshacl
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from wir2graph.findings import Severity

SEVERITIES: Final[Mapping[str, Severity]] = {
    str(SH.Violation): "violation", str(SH.Warning): "warning", str(SH.Info): "info",
}


class ShapesError(Exception):
    """The shapes (or a query in them) are ill-formed, so that nothing can be said about the data."""


@dataclass(frozen=True)
class Result:
    """One validation result. `shape` and `constraint` are the IRIs of what fired, None where they have none.

    `messages` are by language. pyshacl drops the language of those that it fills values into.
    """

    focus: Node
    path: Node | None
    value: Node | None
    component: str
    shape: str | None
    constraint: str | None
    severity: Severity
    messages: Mapping[str, str]


@dataclass(frozen=True)
class Report:
    """A validation report: whether the data conform, and the results of any severity, unordered."""

    conforms: bool
    results: tuple[Result, ...]


def validate(data: Graph, shapes: Graph) -> Report:
    """Validate a graph against a shapes graph. Class membership follows rdfs:subClassOf in the data.

    Raises ShapesError when the shapes graph is ill-formed (a *failure* in the words of the Recommendation).
    """
    try:
        with _quiet():
            conforms, report, text = pyshacl.validate(
                data, shacl_graph=shapes, inference="none", advanced=False, inplace=True,
            )
    except Exception as error:  # pyshacl lets errors of its own, of rdflib and of Python through
        raise ShapesError(f"{type(error).__name__}: {error}") from error
    if not isinstance(report, Graph):
        raise ShapesError(text)
    return Report(conforms, tuple(_results(report)))


def messages(graph: Graph, node: Node, predicate: Node = SH.message) -> dict[str, str]:
    """Return the messages of a shape, a constraint or a result by language, "" for none."""
    return {m.language or "": str(m) for m in graph.objects(node, predicate) if isinstance(m, Literal)}


def to_rdflib(triples: Iterable[ox.Triple | ox.Quad]) -> Graph:
    """Return the triples as an rdflib graph; literals keep their lexical form."""
    graph = Graph()
    with _quiet():
        for triple in triples:
            graph.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))
    return graph


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from printing a traceback for each ill-typed literal: the check reports them."""
    logger = logging.getLogger("rdflib.term")
    before = logger.disabled
    logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before


def _term(term: object) -> Node:
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal(language=str(language)):
            return Literal(term.value, lang=language)
        case ox.Literal():
            datatype = URIRef(term.datatype.value)
            return Literal(term.value, datatype=None if datatype == XSD.string else datatype, normalize=False)
    raise TypeError(f"{type(term).__name__} is no term of RDF 1.1")


def _results(report: Graph) -> Iterator[Result]:
    for root in report.subjects(RDF.type, SH.ValidationReport):
        for node in report.objects(root, SH.result):
            focus = report.value(node, SH.focusNode)
            assert focus is not None, "a validation result has a focus node"
            yield Result(
                focus, report.value(node, SH.resultPath), report.value(node, SH.value),
                str(report.value(node, SH.sourceConstraintComponent)),
                _iri(report.value(node, SH.sourceShape)), _iri(report.value(node, SH.sourceConstraint)),
                SEVERITIES.get(str(report.value(node, SH.resultSeverity)), "violation"),
                messages(report, node, SH.resultMessage),
            )


def _iri(node: Node | None) -> str | None:
    return str(node) if isinstance(node, URIRef) else None
