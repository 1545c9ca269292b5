"""How properties are named, grouped and ordered: as the shapes say, else as the vocabulary calls them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from wir2graph.pages.labels import Tagged
from wir2graph.plan import PREFIXES, SHAPES_GRAPH

if TYPE_CHECKING:
    from wir2graph.store.base import Selecting

_QUERY: Final = f"""PREFIX sh: <{PREFIXES["sh"]}>
SELECT ?rule ?path ?inverse ?class ?name ?order ?group ?groupOrder WHERE {{ GRAPH <{SHAPES_GRAPH}> {{
  ?rule sh:path ?path ; sh:name ?name .
  OPTIONAL {{ ?path sh:inversePath ?inverse }}
  OPTIONAL {{ ?shape sh:property ?rule ; sh:targetClass ?class }}
  OPTIONAL {{ ?rule sh:order ?order }}
  OPTIONAL {{ ?rule sh:group ?group OPTIONAL {{ ?group sh:order ?groupOrder }} }}
}} }}"""
_LAST: Final = 1_000_000.0


@dataclass
class PropertyForm:
    """What the shapes say about showing one property."""

    classes: set[str] = field(default_factory=set)
    names: set[Tagged] = field(default_factory=set)
    group: str | None = None
    order: tuple[float, float] = (_LAST, _LAST)


class Shapes:
    """The forms of all properties that the shapes name. A property may have several, for different classes."""

    def __init__(self, forms: Mapping[tuple[str, bool], tuple[PropertyForm, ...]]) -> None:
        self._forms = forms

    @classmethod
    def read(cls, store: Selecting) -> Shapes:
        """Read names, groups and order from the graph of shapes, once per release."""
        rules: dict[tuple[str, str, bool], PropertyForm] = defaultdict(PropertyForm)
        for row in store.select(_QUERY):
            path = row.get("inverse", row["path"])
            name = row["name"]
            if not isinstance(path, ox.NamedNode) or not isinstance(name, ox.Literal):
                continue
            form = rules[str(row["rule"]), path.value, "inverse" in row]
            form.names.add((name.value, name.language))
            if isinstance(target := row.get("class"), ox.NamedNode):
                form.classes.add(target.value)
            if isinstance(group := row.get("group"), ox.NamedNode):
                form.group = group.value
            form.order = (_number(row.get("groupOrder")), _number(row.get("order")))
        forms: dict[tuple[str, bool], list[PropertyForm]] = defaultdict(list)
        for (_, path_iri, inverse), form in sorted(rules.items()):
            forms[path_iri, inverse].append(form)
        return cls({key: tuple(found) for key, found in forms.items()})

    def form(self, iri: str, classes: Iterable[str], inverse: bool = False) -> PropertyForm | None:
        """Return the form of a property of a thing of these classes; any class's form before none."""
        found = self._forms.get((iri, inverse), ())
        wanted = set(classes)
        return next((form for form in found if form.classes & wanted), found[0] if found else None)


def _number(term: object) -> float:
    return float(term.value) if isinstance(term, ox.Literal) else _LAST
