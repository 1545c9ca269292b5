"""What changed from one version to the next, thing by thing.

Evidence and claims are told under the things that they are about, what is derived under its subject: a reader looks for
the measure, not for its proofs. Terms are kept as N-Triples; what things are called is kept, too, as what has
disappeared has no name any more elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from wir2graph.dataset import DERIVED
from wir2graph.plan import PREFIXES, TOMBSTONE, WIR, Plan

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"

_TYPE: Final = PREFIXES["rdf"] + "type"
_LABEL: Final = PREFIXES["skos"] + "prefLabel"
_ABOUT: Final = PREFIXES["rdf"] + "subject"
_REPLACED: Final = PREFIXES["dcterms"] + "isReplacedBy"
_EVIDENCE: Final = f"{WIR}evidence"
_TOLD_ELSEWHERE: Final = frozenset({f"{WIR}Evidence", f"{WIR}Claim"})
# What is told of something that was added or removed as a whole: evidence by its words, claims by what they claim.
_TOLD_OF_PARTS: Final = (
    f"{WIR}quote", f"{WIR}section", PREFIXES["rdf"] + "predicate", PREFIXES["rdf"] + "object", f"{WIR}source",
)

Names = Mapping[str, str]
"""What something is called, by language (an empty tag where it has none)."""


@dataclass(frozen=True)
class PropertyChange:
    """What one property no longer says and newly says (N-Triples); `derived` where no source says so itself.

    With neither, only those who say so have changed.
    """

    property: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    derived: bool = False


@dataclass(frozen=True)
class PartChange:
    """A piece of evidence or a claim of a thing; of one that is new or gone `changes` tell what it is."""

    iri: str
    state: str
    kind: str
    changes: tuple[PropertyChange, ...]


@dataclass(frozen=True)
class ThingChange:
    """What happened to one thing. `kinds` are its classes; of a withdrawn one `successors` have taken its place.

    `changes` and `parts` are told only of what has changed, not of what is new or gone as a whole.
    """

    iri: str
    state: str
    kinds: tuple[str, ...]
    successors: tuple[str, ...] = ()
    changes: tuple[PropertyChange, ...] = ()
    parts: tuple[PartChange, ...] = ()


@dataclass(frozen=True)
class Difference:
    """All that changed, ordered by IRI, with what everything named in it is called."""

    things: tuple[ThingChange, ...]
    names: Mapping[str, Names]

    def of(self, state: str) -> tuple[ThingChange, ...]:
        """Return the things of one state: added, removed or changed."""
        return tuple(thing for thing in self.things if thing.state == state)


class _State:
    """The quads of one version by subject, and what each piece of evidence and claim is about."""

    def __init__(self, quads: Iterable[ox.Quad], subjects: AbstractSet[str], derived: ox.NamedNode) -> None:
        self.quads: dict[str, set[ox.Quad]] = defaultdict(set)
        self.types: dict[str, set[str]] = defaultdict(set)
        self.names: dict[str, dict[str, str]] = defaultdict(dict)
        self.about: dict[str, set[str]] = defaultdict(set)
        for quad in quads:
            subject, predicate = _iri(quad.subject), quad.predicate.value
            if subject in subjects:
                self.quads[subject].add(quad)
            if predicate == _TYPE and quad.graph_name != derived:
                self.types[subject].add(_iri(quad.object))
            elif predicate == _LABEL and isinstance(quad.object, ox.Literal):
                self.names[subject][quad.object.language or ""] = quad.object.value
            elif predicate == _EVIDENCE:
                self.about[_iri(quad.object)].add(subject)
            elif predicate == _ABOUT:
                self.about[subject].add(_iri(quad.object))

    def exists(self, iri: str) -> bool:
        return self.says(iri) and TOMBSTONE not in self.types.get(iri, ())

    def says(self, iri: str) -> bool:
        return bool(self.quads.get(iri))

    def is_part(self, iri: str) -> bool:
        return not _TOLD_ELSEWHERE.isdisjoint(self.types.get(iri, ()))

    def owners(self, iri: str) -> set[str]:
        """Return the things under which something is told: itself, or what it is about as evidence or claim."""
        found: set[str] = set()
        queue, seen = [iri], {iri}
        while queue:
            one = queue.pop()
            above = self.about.get(one, set()) if self.is_part(one) else set()
            if not above:
                found.add(one)
            queue.extend(above - seen)
            seen |= above
        return found


def difference(plan: Plan, before: AbstractSet[ox.Quad], after: AbstractSet[ox.Quad]) -> Difference:
    """Return what changed from one set of a plan's quads to another."""
    gone, new = before - after, after - before
    subjects = {_iri(quad.subject) for quad in (*gone, *new)}
    derived = ox.NamedNode(plan.graph(DERIVED))
    old, now = _State(before, subjects, derived), _State(after, subjects, derived)
    things: dict[str, tuple[PropertyChange, ...]] = {}
    parts: dict[str, dict[str, PartChange]] = defaultdict(dict)
    for subject in subjects:
        said = _changes(old.quads[subject], now.quads[subject], derived)
        owners = old.owners(subject) | now.owners(subject)
        if owners == {subject}:
            things[subject] = said
        for owner in owners - {subject}:
            parts[owner][subject] = _part(subject, old, now, said)
    told = tuple(
        thing for iri in sorted({*things, *parts})
        if (thing := _thing(iri, things.get(iri, ()), tuple(parts[iri][key] for key in sorted(parts[iri])), old, now))
    )
    return Difference(told, _names(told, old, now))


def term_of(written: str) -> ox.NamedNode | ox.Literal:
    """Return a term of a change. Raises SyntaxError when it is none."""
    [quad] = ox.parse(f"<x:> <x:> {written} .", format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.NamedNode | ox.Literal), "data have no blank nodes"
    return quad.object


def _thing(
    iri: str, changes: tuple[PropertyChange, ...], parts: tuple[PartChange, ...], old: _State, now: _State,
) -> ThingChange | None:
    state = _state(iri, old, now)
    kinds = tuple(sorted((old if state == REMOVED else now).types.get(iri, ())))
    if state is None:
        return None
    if state == CHANGED:
        return ThingChange(iri, state, kinds, (), changes, parts)
    successors = sorted(_iri(quad.object) for quad in now.quads[iri] if quad.predicate.value == _REPLACED)
    return ThingChange(iri, state, kinds, tuple(successors) if state == REMOVED else ())


def _state(iri: str, old: _State, now: _State) -> str | None:
    """Return what happened to a thing; None for a withdrawn identifier that names nothing before and after."""
    if not old.says(iri) and not now.says(iri):
        return CHANGED  # only its evidence or claims did
    existed, exists = old.exists(iri), now.exists(iri)
    if exists:
        return CHANGED if existed else ADDED
    return REMOVED if existed else None


def _part(iri: str, old: _State, now: _State, said: tuple[PropertyChange, ...]) -> PartChange:
    state = (CHANGED if old.says(iri) else ADDED) if now.says(iri) else REMOVED
    types = now.types.get(iri) or old.types.get(iri, set())
    kind = next(iter(sorted(types & _TOLD_ELSEWHERE)))
    if state != CHANGED:
        by_property = {change.property: change for change in said if not change.derived}
        said = tuple(by_property[name] for name in _TOLD_OF_PARTS if name in by_property)
    return PartChange(iri, state, kind, said)


def _changes(
    before: AbstractSet[ox.Quad], after: AbstractSet[ox.Quad], derived: ox.NamedNode,
) -> tuple[PropertyChange, ...]:
    """Return what changed of one subject, by property; what sources say first, then what is derived."""
    found = []
    for is_derived in (False, True):
        old, new = ({quad for quad in quads if (quad.graph_name == derived) == is_derived} for quads in (before, after))
        for name in sorted({quad.predicate.value for quad in old ^ new}):
            was, is_ = ({str(q.object) for q in quads if q.predicate.value == name} for quads in (old, new))
            found.append(PropertyChange(name, tuple(sorted(was - is_)), tuple(sorted(is_ - was)), is_derived))
    return tuple(found)


def _names(things: Sequence[ThingChange], old: _State, now: _State) -> dict[str, Names]:
    """Return what everything that is named in the changes is called: as it is now, else as it was."""
    iris: set[str] = set()
    for thing in things:
        iris |= {thing.iri, *thing.kinds, *thing.successors}
        for change in (*thing.changes, *(change for part in thing.parts for change in part.changes)):
            iris |= {term[1:-1] for term in (*change.removed, *change.added) if term.startswith("<")}
    # A withdrawn identifier keeps the name that it had.
    return {
        iri: dict(sorted(names.items())) for iri in sorted(iris)
        if (names := (old.names if now.says(iri) and not now.exists(iri) else now.names).get(iri)
            or old.names.get(iri) or now.names.get(iri))
    }


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
