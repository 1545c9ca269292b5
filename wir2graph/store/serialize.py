"""Write results in the formats offered, and refuse what a format cannot carry instead of writing it wrongly."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from .base import NotExpressible

_RDF_FORMATS: Final[Mapping[str, ox.RdfFormat]] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
_RESULT_FORMATS: Final[Mapping[str, ox.QueryResultsFormat]] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GERMAN_CSV: Final = "text/csv;dialect=german-excel"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_FRACTIONS: Final = frozenset(_XSD + name for name in ("decimal", "double", "float"))
# An element's name in RDF/XML is the end of the predicate's IRI (Namespaces in XML 1.0, NCName).
_NAME_AT_END: Final = re.compile(r"[^\W\d][\w.·-]*\Z")
_NOT_IN_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class _Writable(io.RawIOBase):
    """What the standard library takes for a file to write to."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self._output.write(bytes(data))


class _XmlOutput:
    """A binary file that takes no character that XML 1.0 forbids: the serialiser would pass it on."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output

    def write(self, data: bytes) -> int:
        if _NOT_IN_XML.search(data):
            raise NotExpressible("The result holds a control character, which XML cannot carry.")
        return self._output.write(data)

    def flush(self) -> None:
        self._output.flush()


def write_table(result: ox.QuerySolutions | ox.QueryBoolean, media_type: str, output: IO[bytes]) -> None:
    """Write a table or a truth value. Raises NotExpressible."""
    if media_type == GERMAN_CSV:
        _write_german_csv(result, output)
        return
    if media_type not in _RESULT_FORMATS:
        raise NotExpressible(f"A table does not come as {media_type}.")
    result.serialize(_guarded(output, media_type), _RESULT_FORMATS[media_type])


def write_graph(
    triples: Iterable[ox.Triple | ox.Quad], media_type: str, prefixes: Mapping[str, str], output: IO[bytes],
) -> None:
    """Write triples, or quads in a format that has graphs. Raises NotExpressible."""
    if media_type not in _RDF_FORMATS:
        raise NotExpressible(f"A graph does not come as {media_type}.")
    # Oxigraph takes a mixture; its stubs know either triples or quads.
    checked = cast(Iterable[ox.Quad], _expressible(triples, media_type))
    ox.serialize(checked, _guarded(output, media_type), _RDF_FORMATS[media_type], prefixes=dict(prefixes))


def _guarded(output: IO[bytes], media_type: str) -> IO[bytes]:
    return cast(IO[bytes], _XmlOutput(output)) if media_type.endswith("+xml") else output


def _write_german_csv(result: ox.QuerySolutions | ox.QueryBoolean, output: IO[bytes]) -> None:
    """Write what a German Excel opens as a table: a byte order mark, semicolons, decimal commas."""
    # Not "utf-8-sig": Python would load it from a file, and a worker can open none.
    output.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(cast(IO[bytes], _Writable(output)), encoding="utf-8", newline="", write_through=True)
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    if isinstance(result, ox.QueryBoolean):
        table.writerow(["wahr" if result else "falsch"])
    else:
        table.writerow([variable.value for variable in result.variables])
        table.writerows([_german(term) for term in solution] for solution in result)
    text.detach()


def _german(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.Literal) and term.datatype.value in _FRACTIONS:
        return term.value.replace(".", ",")
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _expressible(triples: Iterable[ox.Triple | ox.Quad], media_type: str) -> Iterator[ox.Triple | ox.Quad]:
    in_xml = media_type == "application/rdf+xml"
    in_json = media_type == "application/ld+json"
    for triple in triples:
        if in_xml and not _NAME_AT_END.search(triple.predicate.value):
            raise NotExpressible(f"RDF/XML has no name for the predicate {triple.predicate}; ask for Turtle.")
        if in_json and isinstance(triple.object, ox.Triple):
            raise NotExpressible("JSON-LD cannot carry triple terms; ask for Turtle.")
        yield triple
