"""What a data document says about a resource; DESCRIBE at the SPARQL endpoint says the same.

Its outgoing triples, the claims about it, the evidence of both, and the labels of whatever is pointed to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from wir2graph.plan import PREFIXES, WIR

_LABELS: Final = tuple(
    ox.NamedNode(PREFIXES[prefix] + name)
    for prefix, name in (("skos", "prefLabel"), ("rdfs", "label"), ("dcterms", "title"))
)
_CLAIM_SUBJECT: Final = ox.NamedNode(PREFIXES["rdf"] + "subject")
_EVIDENCE: Final = ox.NamedNode(WIR + "evidence")


def describe(store: ox.Store, iri: str) -> list[ox.Triple]:
    """Return the description of a resource from the default graph, unordered; empty when nothing is known of it."""
    subject = ox.NamedNode(iri)
    own = list(_outgoing(store, subject))
    claims = [quad.subject for quad in _match(store, None, _CLAIM_SUBJECT, subject)]
    triples = {*own, *(t for claim in claims for t in _outgoing(store, claim))}
    evidence = {t.object for t in triples if t.predicate == _EVIDENCE}
    triples |= {t for node in evidence if isinstance(node, ox.NamedNode) for t in _outgoing(store, node)}
    for node in {t.object for t in triples if isinstance(t.object, ox.NamedNode)}:
        for label in _LABELS:
            triples |= {quad.triple for quad in _match(store, node, label, None)}
    return list(triples)


def _outgoing(store: ox.Store, subject: ox.NamedNode | ox.BlankNode | ox.Triple) -> Iterator[ox.Triple]:
    return (quad.triple for quad in store.quads_for_pattern(subject, None, None, ox.DefaultGraph()))


def _match(
    store: ox.Store, subject: ox.NamedNode | None, predicate: ox.NamedNode, object_: ox.NamedNode | None,
) -> Iterator[ox.Quad]:
    return store.quads_for_pattern(subject, predicate, object_, ox.DefaultGraph())
