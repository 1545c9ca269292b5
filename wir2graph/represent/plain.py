"""A data document for those who do without RDF: plain JSON and CSV, with the labels of all that is named.

JSON: `iri`, `label` (by language tag), `properties`, each with its own `iri`, `label` and `values`. A value is
a text or number with `language` or `datatype`, or an `iri` with its `label`. `related` has claims and evidence,
by IRI, in the same form. CSV (RFC 4180: comma, CRLF, a header row, UTF-8): one row per value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final, Protocol

import pyoxigraph as ox

from wir2graph.pages.labels import Text
from wir2graph.plan import PREFIXES
from wir2graph.represent.rdf import Json, compact, json_text, json_value

_UNTOLD: Final = frozenset({PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString"})
_COLUMNS: Final = ("subject", "property", "property_label", "value", "value_label", "language", "datatype")
_LANGUAGES: Final = ("de", "en")

Value = ox.NamedNode | ox.Literal
Values = dict[str, dict[str, list[Value]]]


class Naming(Protocol):
    """What names a thing in a language: the labels of a release."""

    def of(self, iri: str, language: str) -> Text:
        """Return the label of a thing."""

    def knows(self, iri: str) -> bool:
        """Tell whether the thing has a label at all."""


def as_json(iri: str, triples: Iterable[ox.Triple], labels: Naming, prefixes: Mapping[str, str]) -> bytes:
    """Return the description of a resource as plain JSON; see the module for its form."""
    values = _values(iri, triples)
    related: dict[str, Json] = {
        subject: _thing(subject, properties, labels, prefixes)
        for subject, properties in values.items() if subject != iri
    }
    described = _thing(iri, values.get(iri, {}), labels, prefixes)
    document: dict[str, Json] = {"iri": iri, **described, "related": related}
    return json_text(document)


def as_csv(iri: str, triples: Iterable[ox.Triple], labels: Naming) -> bytes:
    """Return the description of a resource as CSV, a row per value, labels in German; its own rows first."""
    values = _values(iri, triples)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for subject in sorted(values, key=lambda name: (name != iri, name)):
        for name, found in values[subject].items():
            for value in found:
                writer.writerow([subject, name, _german(labels, name), *_cells(value, labels)])
    return text.getvalue().encode()


def _values(iri: str, triples: Iterable[ox.Triple]) -> Values:
    """Group by subject and property: the resource, and the others of which more than a label is told."""
    found: Values = {}
    for triple in sorted(triples, key=str):
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, (ox.NamedNode, ox.Literal)):
            properties = found.setdefault(triple.subject.value, {})
            properties.setdefault(triple.predicate.value, []).append(triple.object)
    kind = PREFIXES["rdf"] + "type"
    return {subject: told for subject, told in found.items() if subject == iri or kind in told}


def _thing(
    iri: str, told: Mapping[str, list[Value]], labels: Naming, prefixes: Mapping[str, str],
) -> dict[str, Json]:
    described: dict[str, Json] = {
        compact(name, prefixes): {
            "iri": name, "label": _label(name, labels),
            "values": [_value(value, labels, prefixes) for value in values],
        }
        for name, values in told.items()
    }
    return {"label": _label(iri, labels), "properties": described}


def _value(value: Value, labels: Naming, prefixes: Mapping[str, str]) -> Json:
    if isinstance(value, ox.NamedNode):
        return {"iri": value.value, "label": _label(value.value, labels)}
    said: dict[str, Json] = {"value": json_value(value)}
    if value.language:
        said["language"] = value.language
    elif value.datatype.value not in _UNTOLD:
        said["datatype"] = compact(value.datatype.value, prefixes)
    return said


def _label(iri: str, labels: Naming) -> dict[str, Json]:
    """The labels by language tag; empty for what has none."""
    if not labels.knows(iri):
        return {}
    texts = [labels.of(iri, language) for language in _LANGUAGES]
    return {text.language or "": text.text for text in texts}


def _cells(value: Value, labels: Naming) -> list[str]:
    if isinstance(value, ox.NamedNode):
        return [value.value, _german(labels, value.value), "", ""]
    told = "" if value.datatype.value in _UNTOLD else value.datatype.value
    return [value.value, "", value.language or "", told]


def _german(labels: Naming, iri: str) -> str:
    return labels.of(iri, "de").text if labels.knows(iri) else ""
