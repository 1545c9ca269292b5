"""Tables of datasets: CSV (RFC 4180: comma, CRLF, a row of names, UTF-8, decimal point) and the rows for a workbook.

Every table begins with `iri`, and the class of the thing as IRI and label. Several values in a cell stand between
` | `; a bar within a value is written as a slash.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from wir2graph.downloads.graph import Graph, Value
from wir2graph.downloads.parts import Column, Part
from wir2graph.pages.labels import choose
from wir2graph.plan import PREFIXES

BETWEEN: Final = " | "
_RDF: Final = PREFIXES["rdf"]


@dataclass(frozen=True)
class Field:
    """One column of a file: its name and meaning in both languages, its datatype in CSVW's words, its property.

    `several` says that a cell may hold several values.
    """

    names: Mapping[str, str]
    about: Mapping[str, str]
    datatype: str
    property: str | None
    several: bool = False
    required: bool = False


_IRI: Final = Field({"de": "iri", "en": "iri"}, {"de": "IRI des Dings", "en": "IRI of the thing"}, "anyURI", None,
                    required=True)
_FIRST: Final = (
    _IRI,
    Field({"de": "art_iri", "en": "kind_iri"}, {"de": "Klasse (IRI)", "en": "class (IRI)"}, "anyURI", f"{_RDF}type"),
    Field({"de": "art", "en": "kind"}, {"de": "Klasse (Bezeichnung)", "en": "class (label)"}, "string", None),
)
_STATEMENT: Final = (
    Field({"de": "subjekt", "en": "subject"}, {"de": "IRI, von der die Rede ist", "en": "IRI that it is about"},
          "anyURI", None, required=True),
    Field({"de": "praedikat", "en": "predicate"}, {"de": "IRI der Eigenschaft", "en": "IRI of the property"},
          "anyURI", None, required=True),
    Field({"de": "objekt", "en": "object"}, {"de": "IRI (dann ohne Datentyp) oder Wert", "en":
          "IRI (then without a datatype) or value"}, "string", None),
    Field({"de": "sprache", "en": "language"}, {"de": "Sprache des Textes", "en": "language of the text"}, "string",
          None),
    Field({"de": "datentyp", "en": "datatype"}, {"de": "IRI des Datentyps", "en": "IRI of the datatype"}, "anyURI",
          None),
)


def fields(part: Part) -> tuple[Field, ...]:
    """Return the columns of a dataset's table, in order."""
    if not part.columns:
        return _STATEMENT
    return (*_FIRST, *(field for column in part.columns for field in _fields(column)))


def rows(graph: Graph, part: Part, language: str) -> Iterator[list[str]]:
    """Yield the rows of a dataset's table in a language, without the names of the columns."""
    if not part.columns:
        yield from _statements(graph.triples)
        return
    for thing, kind in graph.members(part.classes).items():
        values = graph.values(thing)
        cells = [thing, kind, graph.label(kind, language)]
        for column in part.columns:
            found = next((values[name] for name in column.properties if name in values), [])
            cells += _cells(graph, column, found, language)
        yield cells


def as_csv(part: Part, table: Iterable[Sequence[str]], language: str) -> bytes:
    """Return rows as CSV under the names of the dataset's columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([field.names[language] for field in fields(part)])
    writer.writerows(table)
    return text.getvalue().encode()


def _fields(column: Column) -> Iterator[Field]:
    (first, *_), several = column.properties, column.kind != "text"
    if column.kind == "thing":
        yield Field({language: f"{name}_iri" for language, name in column.names.items()},
                    {language: f"{text} (IRI)" for language, text in column.about.items()}, "anyURI", first, several)
        yield Field(column.names, column.about, "string", None, several)
    else:
        datatype = column.kind if column.kind in ("integer", "decimal", "date") else "string"
        yield Field(column.names, column.about, datatype, first, several)


def _cells(graph: Graph, column: Column, values: Sequence[Value], language: str) -> list[str]:
    if column.kind == "text":
        literals = [value for value in values if isinstance(value, ox.Literal)]
        text = choose(((value.value, value.language) for value in literals), language)
        return [text.text if text else ""]
    if column.kind != "thing":
        return [_joined(value.value for value in values)]
    iris = [value.value for value in values if isinstance(value, ox.NamedNode)]
    called = (graph.label(v.value, language) if isinstance(v, ox.NamedNode) else v.value for v in values)
    return [_joined(iris), _joined(called)]


def _joined(texts: Iterable[str]) -> str:
    return BETWEEN.join(text.replace("|", "/") for text in texts)


def _statements(triples: Iterable[ox.Triple]) -> Iterator[list[str]]:
    for triple in sorted(triples, key=str):
        object_ = triple.object
        if isinstance(triple.subject, ox.NamedNode) and isinstance(object_, (ox.NamedNode, ox.Literal)):
            told = (object_.language or "", object_.datatype.value) if isinstance(object_, ox.Literal) else ("", "")
            yield [triple.subject.value, triple.predicate.value, object_.value, *told]
