"""One RDF graph as bytes: the same graph in every syntax, and always the same bytes for it.

Turtle, RDF/XML, N-Triples, N-Quads and TriG are Oxigraph's; JSON-LD is compacted here, with the prefixes as
context.
"""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from wir2graph.formats import JSON_LD, Format
from wir2graph.plan import PREFIXES

_TYPE: Final = PREFIXES["rdf"] + "type"
_XSD: Final = PREFIXES["xsd"]
# Datatypes that no syntax writes out with a prefix.
_UNWRITTEN: Final = frozenset(
    [PREFIXES["rdf"] + "langString", *(_XSD + name for name in ("string", "integer", "boolean", "decimal"))]
)
_SAFE_INTEGER: Final = 2**53
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]*")
_LOCAL_NAME: Final = re.compile(r"[^/#?]*")

Json = str | int | bool | dict[str, "Json"] | list["Json"]


def serialise(
    triples: Iterable[ox.Triple], format: Format, prefixes: Mapping[str, str], first: str | None = None,
) -> bytes:
    """Return a graph in a format, ordered by subject (the one called `first` at the top).

    Prefixes that nothing uses are left out; blank nodes keep their labels. Raises ValueError for a format
    that does not write RDF graphs.
    """
    top = ox.NamedNode(first) if first is not None else None
    ordered = sorted(set(triples), key=lambda triple: (triple.subject != top, str(triple)))
    return _serialised(ordered, format, used_prefixes(ordered, prefixes))


def serialise_in(
    triples: Iterable[ox.Triple], formats: Iterable[Format], prefixes: Mapping[str, str],
) -> Iterator[tuple[Format, bytes]]:
    """Yield a graph in each of the formats as `serialise` does; what is the same for all is worked out once."""
    ordered = sorted(set(triples), key=str)
    used = used_prefixes(ordered, prefixes)
    yield from ((format, _serialised(ordered, format, used)) for format in formats)


def serialise_quads(quads: Iterable[ox.Quad], format: Format, prefixes: Mapping[str, str]) -> bytes:
    """Return named graphs in TriG or N-Quads, graph by graph. Raises ValueError for any other format."""
    if format.rdf is None or not format.graphs:
        raise ValueError(f"{format.name} cannot hold named graphs")
    ordered = sorted(set(quads), key=lambda quad: (str(quad.graph_name), str(quad.triple)))
    graphs = {str(quad.graph_name)[1:-1] for quad in ordered}
    used = used_prefixes((quad.triple for quad in ordered), prefixes, graphs)
    return _written(ordered, format.rdf, used)


def canonical_blank_nodes(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return a graph with its blank nodes named after their place in it (RDFC-1.0): no run differs."""
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in dataset]


def named(term: object) -> ox.NamedNode:
    """Return a term of a solution that can only be an IRI. Raises TypeError when it is something else."""
    if not isinstance(term, ox.NamedNode):
        raise TypeError(f"not an IRI: {term}")
    return term


def used_prefixes(
    triples: Iterable[ox.Triple], prefixes: Mapping[str, str], further: Iterable[str] = (),
) -> dict[str, str]:
    """Return the prefixes that shorten at least one IRI of the triples, ordered by name."""
    # One text of all namespaces, each on a line, is looked through faster than one namespace after the other.
    spaces = "\n".join(["", *{_namespace(iri) for iri in {*_iris(triples), *further}}])
    return {name: space for name, space in sorted(prefixes.items()) if f"\n{space}" in spaces}


def compact(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return an IRI as `prefix:name` where a prefix leaves a plain name, else unchanged."""
    for name, space in prefixes.items():
        if iri.startswith(space) and len(iri) > len(space) and _LOCAL_NAME.fullmatch(iri, len(space)):
            return f"{name}:{iri[len(space):]}"
    return iri


def _serialised(ordered: Sequence[ox.Triple], format: Format, prefixes: dict[str, str]) -> bytes:
    if format == JSON_LD:
        return _json_ld(ordered, prefixes)
    if format.rdf is None:
        raise ValueError(f"{format.name} is not an RDF format")
    return _written(ordered, format.rdf, prefixes)


def _written(
    statements: Sequence[ox.Triple] | Sequence[ox.Quad], format: ox.RdfFormat, prefixes: dict[str, str],
) -> bytes:
    output = io.BytesIO()
    ox.serialize(statements, output, format, prefixes=prefixes)
    return output.getvalue()


def _iris(triples: Iterable[ox.Triple]) -> Iterable[str]:
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode):
                yield term.value
            elif isinstance(term, ox.Literal) and term.datatype.value not in _UNWRITTEN:
                yield term.datatype.value


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _json_ld(triples: Sequence[ox.Triple], prefixes: Mapping[str, str]) -> bytes:
    # A prefix that is also the scheme of an IRI in the graph would change that IRI.
    schemes = {iri.partition(":")[0] for iri in _iris(triples)}
    context = {name: space for name, space in prefixes.items() if name not in schemes}
    nodes: dict[str, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if triple.predicate.value == _TYPE and isinstance(triple.object, ox.NamedNode):
            nodes[_identifier(triple.subject)]["@type"].append(compact(triple.object.value, context))
        else:
            key = compact(triple.predicate.value, context)
            nodes[_identifier(triple.subject)][key].append(_json_ld_value(triple.object, context))
    graph: list[Json] = [
        {"@id": name, **{key: found if len(found) > 1 else found[0] for key, found in sorted(node.items())}}
        for name, node in nodes.items()
    ]
    document: dict[str, Json] = {"@context": dict(context), "@graph": graph}
    return json_text(document)


def json_text(document: Mapping[str, Json]) -> bytes:
    """Return a JSON object as text with a line for each of its members, and for each member or item of those."""
    return f"{{\n{_lines(document, _members)}\n}}\n".encode()


def _members(value: Json) -> str:
    if value and isinstance(value, dict):
        return f"{{\n{_lines(value, _plain)}\n}}"
    if value and isinstance(value, list):
        return "[\n" + ",\n".join(map(_plain, value)) + "\n]"
    return _plain(value)


def _lines(members: Mapping[str, Json], written: Callable[[Json], str]) -> str:
    return ",\n".join(f"{_plain(name)}: {written(value)}" for name, value in members.items())


def _plain(value: Json) -> str:
    # json.dumps indents in Python, which takes ten times as long as to write in one line.
    return json.dumps(value, ensure_ascii=False)


def _identifier(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _json_ld_value(term: object, context: Mapping[str, str]) -> Json:
    if not isinstance(term, ox.Literal):
        return {"@id": _identifier(term)}
    if term.language:
        return {"@language": term.language, "@value": term.value}
    plain = json_value(term)
    if not isinstance(plain, str) or term.datatype.value == f"{_XSD}string":
        return plain
    return {"@type": compact(term.datatype.value, context), "@value": plain}


def json_value(literal: ox.Literal) -> str | int | bool:
    """Return a literal as JSON has it: integers and booleans where nothing is lost, all others as text."""
    kind = literal.datatype.value
    if kind == f"{_XSD}boolean" and literal.value in ("true", "false"):
        return literal.value == "true"
    if kind == f"{_XSD}integer" and _INTEGER.fullmatch(literal.value):
        number = int(literal.value)
        return number if abs(number) < _SAFE_INTEGER else literal.value
    return literal.value
