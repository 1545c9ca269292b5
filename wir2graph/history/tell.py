"""A difference in words, for the command line: what is new, what is gone, what has changed and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from wir2graph.dataset import Dataset
from wir2graph.history.diff import ADDED, CHANGED, REMOVED, Difference, PartChange, PropertyChange, ThingChange, term_of
from wir2graph.pages.labels import Labels, Tagged, choose
from wir2graph.pages.shapes import Shapes
from wir2graph.plan import PREFIXES, WIR, Plan
from wir2graph.store.base import Term

_WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "de": {
        ADDED: "Neu", REMOVED: "Entfernt", CHANGED: "Geändert", "none": "Kein Unterschied.", "quote": "„{}“",
        "by": "ersetzt durch {}", "sayers": "geändert ist nur, wer es sagt", "derived": "(abgeleitet)",
        f"{WIR}Evidence": "Beleg", f"{WIR}Claim": "Angabe",
        "counts": "{added} neu, {removed} entfernt, {changed} geändert",
        "part_added": "neu", "part_removed": "entfernt", "part_changed": "geändert",
    },
    "en": {
        ADDED: "New", REMOVED: "Removed", CHANGED: "Changed", "none": "No difference.", "quote": "“{}”",
        "by": "replaced by {}", "sayers": "only who says so has changed", "derived": "(derived)",
        f"{WIR}Evidence": "evidence", f"{WIR}Claim": "claim",
        "counts": "{added} new, {removed} removed, {changed} changed",
        "part_added": "new", "part_removed": "removed", "part_changed": "changed",
    },
})


class Teller:
    """Tells differences of one plan in one language (de or en), with names of classes and properties of a dataset."""

    def __init__(self, dataset: Dataset, plan: Plan, language: str) -> None:
        asked = _Select(dataset.store)
        self._labels = Labels.read(asked)
        self._shapes = Shapes.read(asked)
        self._plan = plan
        self._language = language
        self._words = _WORDS[language]

    def lines(self, difference: Difference) -> Iterator[str]:
        """Yield what changed, line by line, without their ends."""
        if not difference.things:
            yield self._words["none"]
            return
        for state in (ADDED, REMOVED, CHANGED):
            things = difference.of(state)
            if things:
                yield f"{self._words[state]}:"
                for thing in things:
                    yield from self._thing(thing, difference.names)
        yield self._words["counts"].format(**{s: len(difference.of(s)) for s in (ADDED, REMOVED, CHANGED)})

    def _thing(self, thing: ThingChange, names: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
        kinds = "/".join(self._labels.of(kind, self._language).text for kind in thing.kinds)
        line = f"  {kinds} {self._quoted(self._name(thing.iri, names))} ({self._short(thing.iri)})".replace("   ", "  ")
        if thing.successors:
            line += f", {self._words['by'].format(', '.join(map(self._short, thing.successors)))}"
        yield line
        for change in thing.changes:
            yield from self._change(change, thing.kinds, names, "    ")
        for part in thing.parts:
            yield from self._part(part, names)

    def _part(self, part: PartChange, names: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
        yield f"    {self._words[part.kind]} {self._words[f'part_{part.state}']} ({self._short(part.iri)})"
        for change in part.changes:
            yield from self._change(change, (part.kind,), names, "      ")

    def _change(
        self, change: PropertyChange, kinds: Iterable[str], names: Mapping[str, Mapping[str, str]], indent: str,
    ) -> Iterator[str]:
        head = self._property(change.property, kinds)
        if change.derived:
            head += f" {self._words['derived']}"
        removed, added = ([self._value(term, names) for term in terms] for terms in (change.removed, change.added))
        if not set(removed).isdisjoint(added):  # other things of the same name
            removed, added = (
                [f"{self._value(term, names)} ({self._short(term[1:-1])})" for term in terms]
                for terms in (change.removed, change.added)
            )
        if not removed and not added:
            yield f"{indent}{head}: {self._words['sayers']}"
        elif len(removed) == len(added) == 1:
            yield f"{indent}{head}: {removed[0]} → {added[0]}"
        else:
            yield f"{indent}{head}:"
            yield from (f"{indent}  − {value}" for value in removed)
            yield from (f"{indent}  + {value}" for value in added)

    def _property(self, iri: str, kinds: Iterable[str]) -> str:
        form = self._shapes.form(iri, kinds)
        named = choose(form.names, self._language) if form else None
        if named is not None:
            return named.text
        return self._labels.of(iri, self._language).text if self._labels.knows(iri) else self._short(iri)

    def _value(self, term: str, names: Mapping[str, Mapping[str, str]]) -> str:
        value = term_of(term)
        if isinstance(value, ox.NamedNode):
            return self._name(value.value, names)
        if value.language:
            return f"{self._quoted(value.value)} ({value.language})"
        return self._quoted(value.value) if value.datatype.value == f"{PREFIXES['xsd']}string" else value.value

    def _name(self, iri: str, names: Mapping[str, Mapping[str, str]]) -> str:
        known: list[Tagged] = [(text, tag or None) for tag, text in names.get(iri, {}).items()]
        chosen = choose(known, self._language)
        if chosen is not None:
            return chosen.text
        return self._labels.of(iri, self._language).text if self._labels.knows(iri) else self._short(iri)

    def _quoted(self, text: str) -> str:
        return self._words["quote"].format(text)

    def _short(self, iri: str) -> str:
        own = f"{self._plan.namespace}id/"
        if iri.startswith(own):
            return iri.removeprefix(own)
        prefix = next((name for name, space in PREFIXES.items() if iri.startswith(space)), None)
        return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}" if prefix else iri


class _Select:
    """The store of a dataset, asked as that of a release is."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def select(self, query: str) -> list[dict[str, Term]]:
        """Return the solutions of a SELECT query; unbound variables are left out."""
        found = self._store.query(query)
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        return [{n: term for n in names if (term := row[n]) is not None} for row in found]
