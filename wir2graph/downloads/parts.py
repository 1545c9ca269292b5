"""The datasets into which a plan is divided, as `datasets.toml` describes them: generic for every plan."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from wir2graph.plan import PREFIXES

WHOLE: Final = "gesamt"
VOCABULARY: Final = "vokabular"
LANGUAGES: Final = ("de", "en")
_FILE: Final = Path(__file__).parent / "datasets.toml"


@dataclass(frozen=True)
class Column:
    """One column of a table: its name and meaning by language, and the properties (IRIs) that it reads.

    `kind` is "text" (in the language of the file), "thing" (two columns: IRI and label), "integer", "decimal", "date"
    or "plain" (a literal as written).
    """

    kind: str
    properties: tuple[str, ...]
    names: Mapping[str, str]
    about: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One dataset of a plan. `name` stands in addresses; things of `classes` (IRIs, in order) are rows of its table.

    Things of the classes `beside` are in its graph only. The whole graph has neither: its table has a row per triple.
    """

    name: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]
    classes: tuple[str, ...]
    beside: tuple[str, ...]
    columns: tuple[Column, ...]


@cache
def parts() -> Mapping[str, Part]:
    """Return the datasets by name, in the order in which they are shown."""
    settings = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    columns = {name: _column(name, found) for name, found in settings["column"].items()}
    return MappingProxyType({found["name"]: _part(found, columns) for found in settings["dataset"]})


def _part(found: Mapping[str, Any], columns: Mapping[str, Column]) -> Part:
    return Part(
        found["name"], found["title"], found["about"],
        {language: tuple(words) for language, words in found["keywords"].items()},
        tuple(map(_iri, found.get("classes", ()))), tuple(map(_iri, found.get("beside", ()))),
        tuple(columns[name] for name in found.get("columns", ())),
    )


def _column(name: str, found: Mapping[str, Any]) -> Column:
    return Column(
        found["kind"], tuple(map(_iri, found["properties"])), {"de": name, "en": found["en"]}, found["about"],
    )


def _iri(compact: str) -> str:
    prefix, _, name = compact.partition(":")
    return PREFIXES[prefix] + name
