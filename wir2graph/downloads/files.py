"""The files of datasets as they lie in a folder: which there are, how large, with which hash."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

LIST: Final = "files.json"
METADATA: Final = "csv-metadata.json"
README: Final = "README.md"
ABOUT: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "ttl": {"de": "Graph als Turtle", "en": "graph as Turtle"},
    "jsonld": {"de": "Graph als JSON-LD", "en": "graph as JSON-LD"},
    "rdf": {"de": "Graph als RDF/XML", "en": "graph as RDF/XML"},
    "nt": {"de": "Graph als N-Triples", "en": "graph as N-Triples"},
    "json": {"de": "Graph als einfaches JSON, mit Kontext auch JSON-LD",
             "en": "graph as plain JSON, with its context JSON-LD as well"},
    "csv": {"de": "Tabelle mit deutschen Spalten und Bezeichnungen", "en": "table with German columns and labels"},
    "en.csv": {"de": "Tabelle mit englischen Spalten und Bezeichnungen", "en": "table with English columns and labels"},
    "xlsx": {"de": "Alle Tabellen des Plans als Arbeitsmappe", "en": "all tables of the plan as a workbook"},
    METADATA: {"de": "Beschreibung der Spalten (CSVW)", "en": "description of the columns (CSVW)"},
})
"""What each file of a dataset holds, by suffix, beside the README that tells it."""


@dataclass(frozen=True)
class File:
    """One file of a dataset. `suffix` is what follows the dataset's name and a dot, `size` is in bytes.

    `licence` is the IRI of the licence under which it stands.
    """

    dataset: str
    suffix: str
    name: str
    media_type: str
    size: int
    sha256: str
    licence: str

    @property
    def about(self) -> Mapping[str, str]:
        """What it holds, by language."""
        return ABOUT[self.suffix]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its texts."""
        return {"csv": ("de",), "en.csv": ("en",), "xlsx": ("de",)}.get(self.suffix, ("de", "en"))


def read_files(folder: Path) -> tuple[File, ...]:
    """Return the files that were written into a folder. Raises OSError when none were."""
    return tuple(File(**entry) for entry in json.loads((folder / LIST).read_text(encoding="utf-8")))


def write_list(files: Iterable[File], folder: Path) -> None:
    """Write down which files there are."""
    (folder / LIST).write_text(json.dumps([asdict(file) for file in files], indent=1) + "\n", encoding="utf-8")
