"""Who says what of a resource: the statements of all named graphs, who speaks in each, and what claims add to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from wir2graph.dataset import DERIVED, EDITORS
from wir2graph.pages.model import Row, Speaker, Statement, Value
from wir2graph.plan import PREFIXES, WIR, Plan
from wir2graph.store.base import Term

if TYPE_CHECKING:
    from wir2graph.pages.values import Values
    from wir2graph.store.base import Store

UNKNOWN: Final = 1_000_000
PRINTED: Final = frozenset({"contactText", "period", "qualifier", "section", "statedPeriod", "workingTitle"})
"""The names of properties, and of variables, whose texts are the words of a source: without a tag, in its language."""

_AFTER_SOURCES: Final = 10_000
_ACCEPTED: Final = ox.NamedNode(WIR + "accepted")
_STATED: Final = ox.NamedNode(WIR + "stated")
_TRUE: Final = ox.Literal(True)

_DOCUMENTS: Final = f"""SELECT ?document ?graph WHERE {{
  ?document a <{WIR}SourceDocument> .
  OPTIONAL {{ ?document <{WIR}earliest> ?earliest }}
  OPTIONAL {{ ?graph <{PREFIXES["prov"]}wasDerivedFrom> ?document ; a <{PREFIXES["sd"]}NamedGraph> }}
}} ORDER BY DESC(BOUND(?earliest)) ?earliest STR(?document)"""


@dataclass(frozen=True)
class Voice:
    """Who speaks in a named graph: `thing` names it, `text` is what the site calls it, where it is not a source.

    Sources are numbered by their age, from 1, those of all plans together.
    """

    thing: str
    order: int
    text: str | None = None


def read_voices(store: Store, plans: Iterable[Plan]) -> Mapping[str, Voice]:
    """Return who speaks, by the IRI of the graph and, for sources, by that of the document, too."""
    voices: dict[str, Voice] = {}
    sources: set[str] = set()
    for plan in plans:
        for order, (name, text) in enumerate(((EDITORS, "editors"), (DERIVED, "derived")), _AFTER_SOURCES):
            voices[plan.graph(name)] = Voice(plan.graph(name), order, text)
    for row in store.select(_DOCUMENTS):
        document, graph = row["document"], row.get("graph")
        if isinstance(document, ox.NamedNode):
            voice = voices.setdefault(document.value, Voice(document.value, len(sources) + 1))
            sources.add(document.value)
            if isinstance(graph, ox.NamedNode):
                voices[graph.value] = voice
    return voices


def statements(
    said: Sequence[Mapping[str, Term]], claims: Sequence[Mapping[str, Term]], values: Values,
) -> dict[str, tuple[Statement, ...]]:
    """Return what is said of a resource by the IRI of the property; what does not hold comes last.

    `said` has property, value, graph and holds (whether the default graph says it, too); `claims` has the claims about
    the resource with property and value of what they reify.
    """
    reified: dict[tuple[Term, Term], list[Mapping[str, Term]]] = {}
    for claim in claims:
        reified.setdefault((claim["property"], claim["value"]), []).append(claim)
    graphs: dict[tuple[Term, Term], list[str]] = {}
    holding: set[tuple[Term, Term]] = set()
    for row in said:
        key = (row["property"], row["value"])
        graphs.setdefault(key, []).append(_iri(row["graph"]))
        if row["holds"] == _TRUE:
            holding.add(key)
    found: dict[str, list[Statement]] = {}
    for key, spoken in graphs.items():
        statement = _statement(key, spoken, key in holding, reified.get(key, ()), values)
        found.setdefault(_iri(key[0]), []).append(statement)
    return {
        iri: tuple(sorted(group, key=lambda entry: (not entry.holds, entry.value.lang is not None)))
        for iri, group in found.items()
    }


def heard(said: Mapping[str, tuple[Statement, ...]], rows: Iterable[Row]) -> tuple[Speaker, ...]:
    """Return everybody who speaks in statements or whose evidence is shown in rows, each sign once, in their order."""
    found = {speaker.sign: speaker for group in said.values() for entry in group for speaker in entry.speakers}
    found |= {value.speaker.sign: value.speaker
              for row in rows for group in row.values() for value in group if value.speaker}
    return tuple(sorted(found.values(), key=lambda speaker: (speaker.order, speaker.sign)))


def attach(
    rows: Iterable[Row], variable: str, said: str, known: Mapping[str, tuple[Statement, ...]],
) -> tuple[Row, ...]:
    """Return the rows with the statement behind each value of a variable, where the resource of the page makes it.

    `said` is the IRI of the property, or `?` and the name of the variable that has it.
    """
    def told(row: Row, value: Value) -> Value:
        own = row[said[1:]] if said.startswith("?") else ()
        iris = [name.iri or "" for name in own] if own else [said]
        found = (entry for iri in iris for entry in known.get(iri, ()) if entry.value == value)
        return value._replace(said=next(found, None))

    return tuple({**row, variable: tuple(told(row, value) for value in row[variable])} for row in rows)


def _statement(
    key: tuple[Term, Term], graphs: Iterable[str], holds: bool, claims: Sequence[Mapping[str, Term]], values: Values,
) -> Statement:
    named, term = _iri(key[0]), key[1]
    printed = named.startswith(WIR) and named[len(WIR):] in PRINTED
    speakers = tuple(sorted({values.speaker(graph) for graph in graphs}, key=lambda speaker: speaker.order))
    if not claims:
        return Statement(values.of(term), speakers, holds, printed)
    doubts = [claim.get("certainty") for claim in claims]
    periods = dict.fromkeys((claim.get("from"), claim.get("until")) for claim in claims)
    return Statement(
        value=values.of(term), speakers=speakers, holds=holds, printed=printed,
        statuses=_shown((claim["status"] for claim in claims
                         if "status" in claim and (claim["status"] == _ACCEPTED) == holds), values),
        certainties=() if _STATED in doubts else _shown(doubts, values),
        periods=tuple(
            (values.of(start) if start else None, values.of(end) if end else None)
            for start, end in periods if start or end
        ),
        contradictions=_shown((claim.get("contradiction") for claim in claims), values),
    )


def _iri(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _shown(terms: Iterable[Term | None], values: Values) -> tuple[Value, ...]:
    return tuple(values.of(term) for term in dict.fromkeys(terms) if term is not None)
