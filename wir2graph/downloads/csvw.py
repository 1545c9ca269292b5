"""Metadata of a dataset's tables (CSV on the Web, W3C Recommendation of 2015): what each column means.

One document describes both files, German and English. It lies where the specification looks for that of the German
one: `<dataset>.csv-metadata.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from wir2graph.downloads.parts import LANGUAGES, Part
from wir2graph.downloads.tables import BETWEEN, Field, fields
from wir2graph.plan import Plan

_DESCRIPTION: Final = "dc:description"


def as_metadata(part: Part, plan: Plan, licence: str) -> bytes:
    """Return the metadata of the dataset's two tables; their addresses are relative to the document's own."""
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}],
        "dc:title": _texts({language: f"{part.title[language]} – {plan.title[language]}" for language in LANGUAGES}),
        _DESCRIPTION: _texts(part.about),
        "dc:license": {"@id": licence},
        "dc:modified": {"@value": plan.released.isoformat(), "@type": "xsd:date"},
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True, "quoteChar": '"', "doubleQuote": True,
                    "lineTerminators": ["\r\n"]},
        "tables": [_table(part, language) for language in LANGUAGES],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _table(part: Part, language: str) -> dict[str, object]:
    columns = fields(part)
    schema: dict[str, object] = {"columns": [_column(field, language) for field in columns]}
    if part.columns:
        first = columns[0].names[language]
        schema |= {"primaryKey": first, "aboutUrl": f"{{+{first}}}"}
    suffix = "csv" if language == "de" else f"{language}.csv"
    return {"url": f"{part.name}.{suffix}", "dc:language": language, "tableSchema": schema}


def _column(field: Field, language: str) -> dict[str, object]:
    name = field.names[language]
    column: dict[str, object] = {"name": name, "titles": name, _DESCRIPTION: _texts(field.about),
                                 "datatype": field.datatype, "required": field.required}
    if field.several:
        column["separator"] = BETWEEN
    if field.property:
        column["propertyUrl"] = field.property
    return column


def _texts(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": texts[language], "@language": language} for language in LANGUAGES]
