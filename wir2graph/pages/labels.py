"""What a thing is called: one rule for every page and every language, and nothing is ever hidden.

The rule: the asked language, then German, then English, then text without a language, then any other language; the
last segment of the IRI where there is no text at all. A text in another language than the asked one carries its tag.
A claim without a label is called on pages by what it claims, in each language that has words for all of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH, WIR

if TYPE_CHECKING:
    from wir2graph.store.base import Selecting

Tagged = tuple[str, str | None]

# The first property that a thing has is the one that names it; evidence has no label and is known by its section.
_PROPERTIES: Final = (
    PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "title", WIR + "section",
)
_QUERY: Final = f"""SELECT ?thing ?property ?text WHERE {{
  VALUES ?property {{ {" ".join(f"<{iri}>" for iri in _PROPERTIES)} }}
  {{ ?thing ?property ?text }}
  UNION {{ GRAPH <{ONTOLOGY_GRAPH}> {{ ?thing ?property ?text }} }}
  UNION {{ GRAPH <{SHAPES_GRAPH}> {{ ?thing ?property ?text }} }}
}}"""
_CLAIMS: Final = f"""PREFIX rdf: <{PREFIXES["rdf"]}> SELECT ?claim ?subject ?property ?value WHERE {{
  ?claim a <{WIR}Claim> ; rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?value .
  FILTER NOT EXISTS {{ ?claim <{_PROPERTIES[0]}> ?name }}
}}"""


class Text(NamedTuple):
    """A chosen text. `language` is its tag (None: no language); `asked` says whether that is what was asked for."""

    text: str
    language: str | None
    asked: bool


def choose(texts: Iterable[Tagged], language: str) -> Text | None:
    """Return the text that the rule prefers, or None when there is none; the order of `texts` does not matter."""
    found = min(texts, key=lambda tagged: (_rank(tagged[1], language), tagged[1] or "", tagged[0]), default=None)
    if found is None:
        return None
    return Text(found[0], found[1], _speaks(found[1], language))


def last_segment(iri: str) -> str:
    """Return what stands after the last `/`, `#` or `:` of an IRI; the whole IRI when nothing does."""
    return re.split(r"[/#:]", iri.rstrip("/#:"))[-1] or iri


class Labels:
    """The labels of everything that a release names, by IRI."""

    def __init__(
        self, texts: Mapping[str, tuple[Tagged, ...]], codes: Mapping[str, str],
        claims: Mapping[str, tuple[Tagged, ...]],
    ) -> None:
        self._texts = texts
        self._codes = codes
        self._claims = claims
        self._chosen: dict[tuple[str, str], Text] = {}

    @classmethod
    def read(cls, store: Selecting) -> Labels:
        """Read the labels of the data, the vocabulary and the shapes once; all queries of pages go without them."""
        found: dict[str, dict[str, set[Tagged]]] = defaultdict(lambda: defaultdict(set))
        for row in store.select(_QUERY):
            thing, text = row["thing"], row["text"]
            if isinstance(thing, ox.NamedNode) and isinstance(text, ox.Literal):
                found[thing.value][_iri(row["property"])].add((text.value, text.language))
        texts = {
            thing: tuple(sorted(next(by[p] for p in _PROPERTIES if p in by), key=str)) for thing, by in found.items()
        }
        claims = {
            _iri(row["claim"]): _claimed(*(_called(row[part], texts) for part in ("subject", "property", "value")))
            for row in store.select(_CLAIMS)
        }
        codes = store.select(f"SELECT ?unit ?code WHERE {{ ?unit <{PREFIXES['org']}identifier> ?code }}")
        return cls(texts, {_iri(row["unit"]): _value(row["code"]) for row in codes}, claims)

    def of(self, iri: str, language: str) -> Text:
        """Return the label of a thing by the rule of this module; for an unknown thing its IRI's last segment."""
        chosen = self._chosen.get((iri, language))
        if chosen is None:
            chosen = choose(self._texts.get(iri, ()), language)
            if chosen is None:  # not kept: strangers ask for any number of unknown things
                return Text(last_segment(iri), None, True)
            self._chosen[iri, language] = chosen
        return chosen

    def claimed(self, iri: str, language: str) -> Text | None:
        """Return what a claim without a label claims, by the rule of this module; None for anything else."""
        return choose(self._claims.get(iri, ()), language)

    def knows(self, iri: str) -> bool:
        """Tell whether the release names the thing at all."""
        return iri in self._texts

    def code(self, iri: str) -> str | None:
        """Return the code that an office is known by inside the administration, or None."""
        return self._codes.get(iri)


def _called(term: object, texts: Mapping[str, tuple[Tagged, ...]]) -> tuple[Tagged, ...]:
    """Return what a term is called in each language; what has no language says the same in all of them."""
    if isinstance(term, ox.Literal):
        return ((term.value, term.language),)
    return texts.get(_iri(term)) or ((last_segment(_iri(term)), None),)


def _claimed(subject: tuple[Tagged, ...], name: tuple[Tagged, ...], value: tuple[Tagged, ...]) -> tuple[Tagged, ...]:
    languages: set[str | None] = {tag for part in (subject, name, value) for _, tag in part if tag} or {None}
    said = {
        language: [next((text for text, tag in part if tag in (language, None)), None)
                   for part in (subject, name, value)]
        for language in languages
    }
    whole = ((language, parts) for language, parts in sorted(said.items(), key=str) if None not in parts)
    return tuple((f"{of} – {what}: {is_}", language) for language, (of, what, is_) in whole)


def _rank(tag: str | None, language: str) -> tuple[int, int]:
    """Return the place of a tag in the rule; within a language the plain tag comes before its regional ones."""
    if not tag:
        return 3, 0
    primary = tag.lower().partition("-")[0]
    for place, wanted in enumerate((language, "de", "en")):
        if primary == wanted:
            return place, int(tag.lower() != wanted)
    return 4, 0


def _speaks(tag: str | None, language: str) -> bool:
    return not tag or tag.lower().partition("-")[0] == language


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.Literal) else ""
