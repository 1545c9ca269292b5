"""Source texts with their lines, and the files of a plan that speak about lines of them.

Source texts are not part of the repository; whoever has them names their folder (`check --sources`). What is
committed about them are line ranges, each table with the SHA-256 of the text that it was made for.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from wir2graph.dataset import DERIVED, Dataset
from wir2graph.findings import Finding, InputError
from wir2graph.plan import PREFIXES, WIR, Plan, read_toml
from wir2graph.quotes import Normalised, normalise

_RANGE: Final = re.compile(r"(?P<first>[1-9][0-9]*)(?:-(?P<last>[1-9][0-9]*))?")


@dataclass(frozen=True)
class LineRange:
    """Lines of a text, counted from 1, both ends included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True)
class SourceText:
    """The text of one source document, called by the slug of the source."""

    source: str
    text: str
    digest: str

    @cached_property
    def normalised(self) -> Normalised:
        """The text in one line, with the way back to the original."""
        return normalise(self.text)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines, without their ends."""
        return tuple(self.text.split("\n"))

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offset at which each line starts."""
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)
        return tuple(starts[:-1])

    def line_of(self, offset: int) -> int:
        """Return the line (from 1) that a character of the text stands in."""
        return bisect_right(self.starts, offset)

    def within(self, lines: LineRange) -> tuple[str, ...]:
        """Return the lines of a range."""
        return self.lines[lines.first - 1:lines.last]


def read_texts(dataset: Dataset, plan: Plan, folder: Path) -> dict[str, SourceText]:
    """Return the texts of a plan's sources, `<slug>.txt` in the folder, by slug.

    A text that is missing or not UTF-8 is left out; where it is quoted, `verify_sources` says so.
    """
    texts = {}
    for slug in _sources(dataset, plan):
        try:
            data = (folder / f"{slug}.txt").read_bytes()
            texts[slug] = SourceText(slug, data.decode(), hashlib.sha256(data).hexdigest())
        except (FileNotFoundError, UnicodeDecodeError):
            continue
    return texts


def _sources(dataset: Dataset, plan: Plan) -> list[str]:
    document = ox.NamedNode(f"{WIR}SourceDocument")
    found = dataset.store.quads_for_pattern(None, ox.NamedNode(f"{PREFIXES['rdf']}type"), document, ox.DefaultGraph())
    subjects = (quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode))
    return sorted(iri.rsplit("/", 1)[-1] for iri in subjects if iri.startswith(plan.namespace))


@dataclass(frozen=True)
class Statement:
    """One literal of a plan: who is described, by which property, in which graph, and where it is written."""

    subject: str
    predicate: str
    literal: ox.Literal
    graph: str
    file: str | None
    line: int | None


def statements(dataset: Dataset, plan: Plan) -> Iterator[Statement]:
    """Yield every literal in the graphs of a plan that are written by hand, unordered."""
    for graph in dataset.data_graphs(plan):
        if not graph.startswith(plan.graph("")) or graph == plan.graph(DERIVED):
            continue
        for quad in dataset.store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
            if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
                file, line = dataset.locate(quad.subject.value, graph) or (None, None)
                yield Statement(quad.subject.value, quad.predicate.value, quad.object, graph, file, line)


def line_tables(
    plan: Plan, file: str, texts: Mapping[str, SourceText],
) -> tuple[dict[str, dict[str, Any]], list[Finding]]:
    """Read a file of a plan that holds a table per source; each names the SHA-256 of its `text`.

    Returns the tables that fit the texts, by source, and a finding for each that does not. A missing file holds none.
    Raises InputError when the file is not TOML.
    """
    path, name = plan.folder / file, f"{plan.folder.name}/{file}"
    tables = read_toml(path, name) if path.exists() else {}
    fitting, findings = {}, []
    for source, table in tables.items():
        text = texts.get(source)
        if text is None:
            findings.append(Finding(
                "SourceTextMissing", None, name, None, None,
                f"Der Text der Quelle „{source}“ fehlt oder die Quelle ist unbekannt. Bitte {source}.txt ablegen oder"
                " den Namen berichtigen.",
                f"the text of source “{source}” is missing, or there is no such source; put {source}.txt there or"
                " correct the name",
            ))
        elif not isinstance(table, dict) or table.get("text") != text.digest:
            findings.append(Finding(
                "LineRangesStale", None, name, None, None,
                f"Die Zeilen zu „{source}“ gelten für einen anderen Text. Bitte an diesem Text prüfen, dann eintragen:"
                f' text = "{text.digest}"',
                f"the lines of “{source}” belong to another text; compare them with this one, then enter"
                f' text = "{text.digest}"',
            ))
        else:
            fitting[source] = table
    return fitting, findings


def line_ranges(values: object, text: SourceText, name: str) -> list[LineRange]:
    """Return line ranges written as `["12", "20-31"]`.

    Raises InputError, naming the file `name`, for anything else and for lines that the text does not have.
    """
    ranges: list[LineRange] = []
    for value in values if isinstance(values, list) else [values]:
        match = _RANGE.fullmatch(value) if isinstance(value, str) else None
        first, last = (int(match["first"]), int(match["last"] or match["first"])) if match else (0, 0)
        if not 1 <= first <= last <= len(text.lines):
            raise InputError([Finding(
                "LineRange", None, name, None, None,
                f"„{value}“ ist kein Zeilenbereich des Textes „{text.source}“ ({len(text.lines)} Zeilen). Erwartet wird"
                ' zum Beispiel ["12", "20-31"].',
                f"“{value}” is no range of lines of the text “{text.source}” ({len(text.lines)} lines); expected is for"
                ' example ["12", "20-31"]',
            )])
        ranges.append(LineRange(first, last))
    return ranges
