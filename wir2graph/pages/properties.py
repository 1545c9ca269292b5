"""What is said of the resource of a page, and what refers to it: properties under the groups of the shapes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from wir2graph.pages.index import PageIndex, Solutions
from wir2graph.pages.labels import choose
from wir2graph.pages.model import Group, Property, Statement, Value
from wir2graph.pages.values import Values
from wir2graph.plan import PREFIXES, TOMBSTONE

_END: Final = float("inf")


class Properties:
    """The properties of one resource, named in the language of the page."""

    def __init__(self, index: PageIndex, subject: str, values: Values) -> None:
        self._index = index
        self._types = index.types(subject)
        self._values = values
        self._texts = index.texts[values.language]

    def groups(self, said: Mapping[str, tuple[Statement, ...]]) -> tuple[Group, ...]:
        """Return everything that is said of the resource, under the groups of the shapes and in their order."""
        groups: dict[str | None, list[tuple[tuple[float, float], Property]]] = {}
        for iri, found in said.items():
            form = self._index.shapes.form(iri, self._types)
            order = form.order if form else (_END, _END)
            groups.setdefault(form.group if form else None, []).append((order, Property(self._named(iri), found)))
        ordered = sorted(groups.items(), key=lambda item: (item[0] is None, min(order for order, _ in item[1])))
        return tuple(
            Group(self._values.thing(group).text if group else self._texts["more_properties"],
                  tuple(item for _, item in sorted(items, key=lambda entry: (entry[0], entry[1].name.text))))
            for group, items in ordered
        )

    def incoming(self, solutions: Solutions) -> tuple[Property, ...]:
        """Return what refers to the resource, by the property that does."""
        found: dict[str, list[Statement]] = {}
        for row in solutions:
            if TOMBSTONE not in self._index.types(_iri(row["thing"])):
                found.setdefault(_iri(row["property"]), []).append(Statement(self._values.of(row["thing"])))
        named = (Property(self._named(iri, incoming=True), tuple(things)) for iri, things in found.items())
        return tuple(sorted(named, key=lambda item: item.name.text))

    def _named(self, iri: str, incoming: bool = False) -> Value:
        """Return the name of a property, linked to its definition where the vocabulary gives one."""
        form = self._index.shapes.form(iri, self._types, incoming)
        own = self._values.thing(iri)
        said = choose(form.names, self._values.language) if form else None
        if said is not None:
            own = Value(said.text, said.language, None if said.asked else said.language, own.href, own.external, iri)
        if not incoming or form is not None:
            return own
        text = self._texts["incoming"].get(short(iri)) or str(self._texts["refers_here"]).format(name=own.text)
        return Value(text, href=own.href, external=own.external, iri=iri)


@lru_cache(1024)  # as many properties as a vocabulary may have
def short(iri: str) -> str:
    """Return the short form of a property's IRI, by the longest prefix that fits."""
    prefix, space = max(PREFIXES.items(), key=lambda item: len(item[1]) if iri.startswith(item[1]) else 0)
    return f"{prefix}:{iri[len(space):]}"


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
