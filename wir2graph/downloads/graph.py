"""A graph arranged by subject: what belongs to a dataset, and what its things are called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from wir2graph.downloads.parts import Part
from wir2graph.pages.labels import Tagged, choose, last_segment
from wir2graph.plan import PREFIXES, WIR

Value = ox.NamedNode | ox.Literal

_TYPE: Final = PREFIXES["rdf"] + "type"
_CLAIM_SUBJECT: Final = PREFIXES["rdf"] + "subject"
_EVIDENCE: Final = WIR + "evidence"
_LABELS: Final = (PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "title")
_NUMBERS: Final = re.compile(r"(\d+)")


class Graph:
    """The triples of a plan (or of the vocabulary); `names` are further triples that only name things."""

    def __init__(self, triples: Iterable[ox.Triple], names: Iterable[ox.Triple] = ()) -> None:
        self._about: dict[str, list[ox.Triple]] = defaultdict(list)
        self._claims: dict[str, list[str]] = defaultdict(list)
        self.triples = frozenset(triples)
        for triple in self.triples:
            if isinstance(triple.subject, ox.NamedNode):
                self._about[triple.subject.value].append(triple)
                if triple.predicate.value == _CLAIM_SUBJECT and isinstance(triple.object, ox.NamedNode):
                    self._claims[triple.object.value].append(triple.subject.value)
        self._texts = _texts([*names, *self.triples])

    def members(self, classes: Sequence[str]) -> dict[str, str]:
        """Return the things of these classes with the first of them that each is of, in the order of the classes.

        Within a class numbers in IRIs are compared as numbers: the second comes before the fifteenth.
        """
        found: dict[str, int] = {}
        for thing, triples in self._about.items():
            kinds = {t.object.value for t in triples
                     if t.predicate.value == _TYPE and isinstance(t.object, ox.NamedNode)}
            place = next((number for number, name in enumerate(classes) if name in kinds), None)
            if place is not None:
                found[thing] = place
        ordered = sorted(found, key=lambda thing: (found[thing], _natural(thing), thing))
        return {thing: classes[found[thing]] for thing in ordered}

    def part(self, part: Part) -> frozenset[ox.Triple]:
        """Return the graph of a dataset: what DESCRIBE tells of each of its things (see `store.describe`).

        That is its outgoing triples, the claims about it, the evidence of both, and the labels of what is pointed to.
        """
        if not part.classes:
            return self.triples
        members = self.members((*part.classes, *part.beside))
        claims = {claim for thing in members for claim in self._claims.get(thing, ())}
        found = self._outgoing([*members, *claims])
        found |= self._outgoing(t.object.value for t in found
                                if t.predicate.value == _EVIDENCE and isinstance(t.object, ox.NamedNode))
        named = {t.object.value for t in found if isinstance(t.object, ox.NamedNode)}
        found |= {t for thing in named for t in self._about.get(thing, ()) if t.predicate.value in _LABELS}
        return frozenset(found)

    def values(self, thing: str) -> Mapping[str, list[Value]]:
        """Return what is said of a thing, by property; values in order, blank nodes left out."""
        found: dict[str, list[Value]] = defaultdict(list)
        for triple in self._about.get(thing, ()):
            if isinstance(triple.object, (ox.NamedNode, ox.Literal)):
                found[triple.predicate.value].append(triple.object)
        return {name: sorted(values, key=_order) for name, values in found.items()}

    def label(self, iri: str, language: str) -> str:
        """Return what a thing is called, by the rule of the pages; a piece of evidence by its section."""
        text = choose(self._texts.get(iri, ()), language)
        return text.text if text else last_segment(iri)

    def _outgoing(self, things: Iterable[str]) -> set[ox.Triple]:
        return {triple for thing in things for triple in self._about.get(thing, ())}


def _texts(triples: Iterable[ox.Triple]) -> dict[str, list[Tagged]]:
    """Return the texts by which things are called, those of the first property that a thing has."""
    order = {name: place for place, name in enumerate((*_LABELS, f"{WIR}section", PREFIXES["sh"] + "name"))}
    found: dict[str, dict[int, list[Tagged]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        place = order.get(triple.predicate.value)
        if place is not None and isinstance(triple.object, ox.Literal) and isinstance(triple.subject, ox.NamedNode):
            found[triple.subject.value][place].append((triple.object.value, triple.object.language))
    return {thing: texts[min(texts)] for thing, texts in found.items()}


def _natural(iri: str) -> list[tuple[int, str]]:
    """Return what to compare IRIs by, so that numbers in them count as numbers."""
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in _NUMBERS.split(iri)]


def _order(value: Value) -> tuple[list[tuple[int, str]], str]:
    return _natural(value.value), str(value)
