"""The vocabulary and the code lists are complete in form, and shapes and vocabulary speak of the same terms."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import DCTERMS, OWL, QB, RDF, RDFS, SH, SKOS, VANN, Graph, Literal, URIRef

from wir2graph.plan import WIR
from wir2graph.shacl import to_rdflib

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = URIRef("https://w3id.org/wir2graph/def")
SPARQL_TERM = re.compile(r"\bwir:([A-Za-z]\w*)")
OWN_KIND = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
KINDS = {*OWN_KIND, OWL.SymmetricProperty, QB.DimensionProperty, QB.MeasureProperty, QB.AttributeProperty}


@cache
def read(folder: str) -> Graph:
    files = sorted((ROOT / folder).glob("*.ttl"))
    assert files, folder
    return to_rdflib(triple for file in files for triple in ox.parse(path=str(file)))


def defined() -> list[URIRef]:
    terms = {term for term in read("ontology").subjects(RDF.type) if isinstance(term, URIRef)}
    return sorted(term for term in terms if term.startswith(WIR))


def listed() -> list[URIRef]:
    terms = {term for term in read("ontology/codelists").subjects(RDF.type) if isinstance(term, URIRef)}
    return sorted(terms)


def used_in_shapes() -> set[URIRef]:
    used: set[URIRef] = set()
    for triple in read("shapes"):
        used |= {term for term in triple if isinstance(term, URIRef) and term.startswith(WIR)}
        if triple[1] == SH.select:
            used |= {URIRef(WIR + name) for name in SPARQL_TERM.findall(str(triple[2]))}
    return used


def languages(graph: Graph, subject: URIRef, predicate: URIRef) -> list[str]:
    return sorted(text.language or "" for text in graph.objects(subject, predicate) if isinstance(text, Literal))


def test_the_ontology_says_what_it_is() -> None:
    graph = read("ontology")
    assert (ONTOLOGY, RDF.type, OWL.Ontology) in graph
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert languages(graph, ONTOLOGY, predicate) == ["de", "en"]
    version = str(graph.value(ONTOLOGY, OWL.versionInfo))
    assert str(graph.value(ONTOLOGY, OWL.versionIRI)) == f"{ONTOLOGY}/{version}"
    assert str(graph.value(ONTOLOGY, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    assert str(graph.value(ONTOLOGY, VANN.preferredNamespacePrefix)) == "wir"
    assert str(graph.value(ONTOLOGY, VANN.preferredNamespaceUri)) == WIR


@pytest.mark.parametrize("term", defined(), ids=lambda term: term.removeprefix(WIR))
def test_a_term_has_label_and_definition_in_both_languages(term: URIRef) -> None:
    graph = read("ontology")
    assert languages(graph, term, RDFS.label) == ["de", "en"]
    assert languages(graph, term, SKOS.definition) == ["de", "en"]
    assert graph.value(term, RDFS.isDefinedBy) == ONTOLOGY
    assert set(graph.objects(term, RDF.type)) <= KINDS
    assert len(set(graph.objects(term, RDF.type)) & OWN_KIND) == 1


@pytest.mark.parametrize("term", listed(), ids=lambda term: term.removeprefix(WIR))
def test_a_concept_has_label_and_definition_in_both_languages(term: URIRef) -> None:
    graph = read("ontology/codelists")
    assert term.startswith(WIR)
    assert languages(graph, term, SKOS.prefLabel) == ["de", "en"]
    assert languages(graph, term, SKOS.definition) == ["de", "en"]
    if (term, RDF.type, SKOS.Concept) in graph:
        scheme = graph.value(term, SKOS.inScheme)
        assert (scheme, RDF.type, SKOS.ConceptScheme) in graph
        assert graph.value(term, SKOS.topConceptOf) == scheme


def test_no_name_means_two_things() -> None:
    assert not set(defined()) & set(listed())


def test_shapes_use_defined_terms_only_and_no_term_is_unused() -> None:
    used = used_in_shapes()
    assert used - set(defined()) - set(listed()) == set()
    reserved = set(read("ontology").subjects(URIRef(WIR + "reserved"), Literal(True)))
    assert reserved <= set(defined())
    assert set(defined()) - used == reserved, "a term is used by the shapes or marked as reserved, never both"


def test_terms_that_terms_refer_to_are_defined() -> None:
    known = {*defined(), ONTOLOGY}
    for subject, predicate, object_ in read("ontology"):
        for term in (predicate, object_):
            if isinstance(term, URIRef) and term.startswith(WIR):
                assert term in known, (subject, predicate, object_)


def test_external_classes_have_labels_in_both_languages() -> None:
    graph = read("ontology")
    others = {term for term in graph.subjects(RDFS.label) if isinstance(term, URIRef) and not term.startswith(WIR)}
    parents = {term for term in graph.objects(None, RDFS.subClassOf) if isinstance(term, URIRef)}
    assert {term for term in parents if not term.startswith(WIR)} <= others
    for term in others:
        assert languages(graph, term, RDFS.label) == ["de", "en"], term


def test_the_shapes_are_well_formed_shacl() -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=read("shapes"), meta_shacl=True)
    assert conforms, text
