"""JSON with plain names, and a context by which the same document is JSON-LD and gives exactly the same graph.

`items` is a list of things with `id` and `type`. A property is called by its local name. A text is an object by
language, an IRI or a date a plain text, a whole number a number; where the values of a property are of several kinds,
they are written out as JSON-LD has them. One value stands alone, several are a list.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import pyoxigraph as ox

from wir2graph.pages.labels import last_segment
from wir2graph.plan import PREFIXES
from wir2graph.represent.rdf import json_value

_TYPE: Final = PREFIXES["rdf"] + "type"
_KEYWORDS: Final = {"id": "@id", "type": "@type", "items": "@graph"}
# How the values of a property are written, where they are all of one kind; else the IRI of their datatype.
_IRIS, _TEXTS, _PLAIN, _MIXED = "@id", "@language", "", "mixed"

_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def as_json(triples: Iterable[ox.Triple]) -> bytes:
    """Return a graph as plain JSON with its context; the same graph gives the same bytes."""
    ordered = sorted(triples, key=str)
    kinds = _kinds(ordered)
    classes = {t.object.value for t in ordered if t.predicate.value == _TYPE and isinstance(t.object, ox.NamedNode)}
    names = _names(ordered, {*kinds, *classes})
    things: dict[str, dict[str, Any]] = {}
    for triple in ordered:
        thing = things.setdefault(_identifier(triple.subject), {})
        name, value = triple.predicate.value, triple.object
        if name == _TYPE and isinstance(value, ox.NamedNode):
            thing.setdefault("type", []).append(names[value.value])
        elif kinds[name] == _TEXTS and isinstance(value, ox.Literal):
            thing.setdefault(names[name], {}).setdefault(value.language, []).append(value.value)
        else:
            thing.setdefault(names[name], []).append(_value(value, kinds[name]))
    context = json.dumps({**_KEYWORDS, **_context(kinds, classes, names)}, ensure_ascii=False, indent=1)
    # A thing is a line, so that differences between two files can be read.
    items = ",\n".join(
        json.dumps({"id": name, **{key: _alone(value) for key, value in sorted(thing.items())}}, ensure_ascii=False)
        for name, thing in things.items()
    )
    return f'{{"@context": {context},\n"items": [\n{items}\n]}}\n'.encode()


def _kinds(triples: Sequence[ox.Triple]) -> dict[str, str]:
    """Return of which kind the values of each property are; of the types there need be none."""
    found: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        if triple.predicate.value != _TYPE:
            found[triple.predicate.value].add(_kind(triple.object))
    return {name: kinds.pop() if len(kinds) == 1 else _MIXED for name, kinds in found.items()}


def _kind(value: _Term) -> str:
    if not isinstance(value, ox.Literal):
        return _IRIS
    if value.language:
        return _TEXTS
    if not isinstance(json_value(value), str) or value.datatype.value == PREFIXES["xsd"] + "string":
        return _PLAIN
    return value.datatype.value


def _names(triples: Iterable[ox.Triple], iris: Iterable[str]) -> dict[str, str]:
    """Return a name for each property and class: its local name, with a prefix or else whole where that is taken."""
    # A name that is also the scheme of an IRI would change that IRI.
    schemes = {urlsplit(term.value).scheme for triple in triples for term in (triple.subject, triple.object)
               if isinstance(term, ox.NamedNode)}
    ordered = sorted(iris)
    local = Counter(map(last_segment, ordered))
    named: dict[str, str] = {}
    for iri in ordered:
        name = last_segment(iri)
        if local[name] > 1 or name in schemes or name in _KEYWORDS:
            prefix = next((prefix for prefix, space in PREFIXES.items() if iri == space + name), None)
            name = f"{prefix}_{name}" if prefix else iri
        named[iri] = name
    return named


def _context(kinds: Mapping[str, str], classes: Iterable[str], names: Mapping[str, str]) -> dict[str, Any]:
    ways: dict[str, dict[str, str]] = {_IRIS: {"@type": "@id"}, _TEXTS: {"@container": "@language"}, _PLAIN: {},
                                       _MIXED: {}}
    found: dict[str, Any] = {names[iri]: iri for iri in classes if names[iri] != iri}
    for iri, kind in kinds.items():
        way = ways.get(kind, {"@type": kind})
        found[names[iri]] = {"@id": iri, **way} if way else iri
    return dict(sorted(found.items()))


def _value(value: _Term, kind: str) -> object:
    if not isinstance(value, ox.Literal):
        return _identifier(value) if kind == _IRIS else {"@id": _identifier(value)}
    if kind == _PLAIN:
        return json_value(value)
    if kind != _MIXED:
        return value.value
    if value.language:
        return {"@value": value.value, "@language": value.language}
    return {"@value": value.value, "@type": value.datatype.value}


def _alone(value: Any) -> object:
    if isinstance(value, dict):
        return {key: _alone(texts) for key, texts in value.items()}
    return value[0] if len(value) == 1 else value


def _identifier(term: _Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)
