"""What pages tell of the versions of their plan: which there are, what changed with one, what happened to a thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from wir2graph.formats import ATOM, by_media_type
from wir2graph.history.diff import (
    ADDED,
    CHANGED,
    REMOVED,
    Difference,
    Names,
    PartChange,
    PropertyChange,
    ThingChange,
    term_of,
)
from wir2graph.history.kept import History
from wir2graph.history.members import member_iri
from wir2graph.history.versions import Version
from wir2graph.pages.labels import choose
from wir2graph.pages.model import Reference, Value
from wir2graph.plan import TOMBSTONE, Plan
from wir2graph.represent import feed
from wir2graph.urls import localised, relative

if TYPE_CHECKING:
    from wir2graph.pages.index import PageIndex
    from wir2graph.pages.values import Values

ROUTE: Final = "ausgaben"
"""The route of the list of versions; each of them stands below it."""

MOST_LISTED: Final = 100
"""So many new things of one kind are listed; of more there is only the number."""


@dataclass(frozen=True)
class VersionView:
    """One version. `day` is in the way the language writes it, `counts` how many things were added, removed, changed.

    `files` are the whole plan as it was.
    """

    name: str
    day: str
    href: str
    counts: Mapping[str, str]
    current: bool
    first: bool
    files: tuple[Reference, ...]


@dataclass(frozen=True)
class ChangeView:
    """What one property no longer says and newly says; with neither, only those who say so have changed."""

    name: Value
    removed: tuple[Value, ...]
    added: tuple[Value, ...]
    derived: bool


@dataclass(frozen=True)
class PartChangeView:
    """A piece of evidence or a claim that is new, gone or changed."""

    kind: Value
    thing: Value
    state: str
    changes: tuple[ChangeView, ...]


@dataclass(frozen=True)
class ThingChangeView:
    """What happened to one thing; `anchor` is its place in the list."""

    thing: Value
    state: str
    kinds: tuple[Value, ...]
    anchor: str
    successors: tuple[Value, ...]
    changes: tuple[ChangeView, ...]
    parts: tuple[PartChangeView, ...]


@dataclass(frozen=True)
class KindView:
    """Things of one kind that are new or gone; of too many only their number is told."""

    kinds: tuple[Value, ...]
    count: str
    things: tuple[ThingChangeView, ...]


@dataclass(frozen=True)
class HistoryView:
    """What a page tells of the versions of its plan; `versions` are all, the newest first, where it lists them.

    `released` is false where the data are not published as a version (yet). `shown` is the version that the page is
    about, with what changed; `past` is what happened to the thing of the page. `atom` and `feed` tell of new versions.
    """

    versions: tuple[VersionView, ...]
    released: bool
    atom: str
    feed: str
    past: tuple[tuple[VersionView, str], ...]
    shown: VersionView | None
    added: tuple[KindView, ...]
    removed: tuple[KindView, ...]
    changed: tuple[ThingChangeView, ...]


def history_view(
    index: PageIndex, plan: Plan, path: str, values: Values, subject: str | None, version: str | None,
    *, listing: bool = False,
) -> HistoryView | None:
    """Return what the page at `path` tells; None for a plan without versions.

    `subject` is the IRI of the page's thing, `version` the name of the version whose changes it shows; a page may list
    all versions.
    """
    history = index.release.history(plan)
    if not history.versions:
        return None
    teller = _Teller(index, plan, path, values)
    past = history.things.get(subject or "", ())
    named = {version, *(name for name, _ in past)}
    views = {one.name: teller.version(history, one) for one in history.versions if listing or one.name in named}
    found = history.difference(version) if version else Difference((), {})
    shown = next((one for one in history.versions if one.name == version), history.versions[0])
    return HistoryView(
        versions=tuple(views.values())[::-1] if listing else (), released=history.current is not None,
        atom=relative(path, f"{feed.path(plan)}.{ATOM.name}"), feed=relative(path, feed.path(plan)),
        past=tuple((views[name], state) for name, state in past),
        shown=views[version] if version else None,
        added=teller.by_kind(found.of(ADDED), found.names, shown),
        removed=teller.by_kind(found.of(REMOVED), found.names, shown),
        changed=tuple(teller.thing(thing, found.names, shown) for thing in found.of(CHANGED)),
    )


class _Teller:
    def __init__(self, index: PageIndex, plan: Plan, path: str, values: Values) -> None:
        self._index = index
        self._plan = plan
        self._path = path
        self._values = values

    def version(self, history: History, version: Version) -> VersionView:
        base = f"/{self._plan.slug}/releases/{version.name}/{self._plan.slug}"
        files = tuple(
            Reference(item.label, relative(self._path, address.path), media_type=address.media_type)
            for address in self._index.release.alternates(base) if (item := by_media_type(address.media_type))
        )
        counts = {state: self._number(count) for state, count in history.counts[version.name].items()}
        page = localised(f"/{self._plan.slug}/{ROUTE}/{version.name}", self._values.language)
        return VersionView(
            version.name, self._values.date(version.name), relative(self._path, page), counts,
            version == history.current, version.previous is None, files,
        )

    def by_kind(self, things: Iterable[ThingChange], names: Mapping[str, Names], at: Version) -> tuple[KindView, ...]:
        groups: dict[tuple[str, ...], list[ThingChange]] = {}
        for thing in things:
            groups.setdefault(thing.kinds, []).append(thing)
        views = [
            KindView(
                tuple(map(self._values.thing, kinds)), self._number(len(group)),
                tuple(self.thing(thing, names, at) for thing in group) if len(group) <= MOST_LISTED else (),
            )
            for kinds, group in groups.items()
        ]
        return tuple(sorted(views, key=lambda view: [kind.text.casefold() for kind in view.kinds]))

    def thing(self, thing: ThingChange, names: Mapping[str, Names], at: Version) -> ThingChangeView:
        return ThingChangeView(
            self._called(thing.iri, names, gone=thing.state == REMOVED), thing.state,
            tuple(map(self._values.thing, thing.kinds)), member_iri(self._plan, at, thing.iri).partition("#")[2],
            tuple(self._called(iri, names) for iri in thing.successors),
            self._changes(thing.changes, thing.kinds, names),
            tuple(self._part(part, names) for part in thing.parts),
        )

    def _part(self, part: PartChange, names: Mapping[str, Names]) -> PartChangeView:
        return PartChangeView(
            self._values.thing(part.kind), self._called(part.iri, names), part.state,
            self._changes(part.changes, (part.kind,), names),
        )

    def _changes(
        self, changes: Iterable[PropertyChange], kinds: tuple[str, ...], names: Mapping[str, Names],
    ) -> tuple[ChangeView, ...]:
        return tuple(
            ChangeView(
                self._property(change.property, kinds), tuple(self._value(term, names) for term in change.removed),
                tuple(self._value(term, names) for term in change.added), change.derived,
            )
            for change in changes
        )

    def _property(self, iri: str, kinds: tuple[str, ...]) -> Value:
        form = self._index.shapes.form(iri, kinds)
        said = choose(form.names, self._values.language) if form else None
        own = self._values.thing(iri)
        return Value(said.text, said.language, None if said.asked else said.language, own.href, own.external, iri=iri
                     ) if said else own

    def _value(self, written: str, names: Mapping[str, Names]) -> Value:
        term = term_of(written)
        return self._called(term.value, names) if isinstance(term, ox.NamedNode) else self._values.literal(term)

    def _called(self, iri: str, names: Mapping[str, Names], gone: bool = False) -> Value:
        """Return a thing; what has disappeared by the name that it had."""
        gone = gone or TOMBSTONE in self._index.types(iri)
        if iri not in names or (self._index.release.labels.knows(iri) and not gone):
            return self._values.thing(iri)
        chosen = choose(((text, tag or None) for tag, text in names[iri].items()), self._values.language)
        assert chosen is not None, "a name has a text"
        return Value(chosen.text, chosen.language, None if chosen.asked else chosen.language, iri=iri)

    def _number(self, number: int) -> str:
        return self._values.literal(ox.Literal(number)).text
