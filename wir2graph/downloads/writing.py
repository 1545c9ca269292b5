"""Writing the files of a plan's datasets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from wir2graph.downloads.csvw import as_metadata
from wir2graph.downloads.files import ABOUT, METADATA, README, File, write_list
from wir2graph.downloads.graph import Graph
from wir2graph.downloads.jsondoc import as_json
from wir2graph.downloads.parts import LANGUAGES, VOCABULARY, WHOLE, Part, parts
from wir2graph.downloads.readme import as_readme
from wir2graph.downloads.tables import as_csv, rows
from wir2graph.downloads.workbook import as_workbook
from wir2graph.formats import CSV, JSON, JSON_LD, MARKDOWN, N_TRIPLES, RDF_XML, TURTLE, XLSX
from wir2graph.plan import PREFIXES, WIR, Plan
from wir2graph.represent.rdf import canonical_blank_nodes, serialise_in

_LICENCE: Final = PREFIXES["dcterms"] + "license"


def write(
    triples: Iterable[ox.Triple], plan: Plan, folder: Path, ontology: Iterable[ox.Triple],
    shapes: Iterable[ox.Triple] = (),
) -> None:
    """Write all files of a plan's datasets into a folder, which is made; the same data give the same bytes.

    `triples` are the default graph of the plan, `ontology` names the properties and classes. With `shapes` the dataset
    of the vocabulary is written, too: ontology, shapes, and the code lists as they stand in the triples.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ontology, shapes = list(ontology), list(shapes)
    data = Graph(triples, ontology)
    terms = _vocabulary(data, ontology, shapes) if shapes else None
    found: list[File] = []
    tables: list[tuple[Part, list[list[str]]]] = []
    for part in parts().values():
        of_vocabulary = part.name == VOCABULARY
        graph = terms if of_vocabulary else data
        if graph is None:
            continue
        licence = (vocabulary_licence(ontology) if of_vocabulary else None) or plan.licence
        table = list(rows(graph, part, LANGUAGES[0]))
        for suffix, media_type, body in _bodies(graph, part, plan, table, licence):
            found.append(_keep(folder, part.name, f"{part.name}.{suffix}", media_type, body, licence))
        tables.append((part, table))
    book = as_workbook(plan, tables)
    found.append(_keep(folder, WHOLE, f"{plan.slug}.{XLSX.name}", XLSX.media_type, book, plan.licence))
    write_list(found, folder)


def _bodies(
    graph: Graph, part: Part, plan: Plan, table: Sequence[Sequence[str]], licence: str,
) -> Iterator[tuple[str, str, bytes]]:
    """Yield suffix, media type and content of each file of a dataset; `table` is its German table."""
    content = graph.triples if part.name == VOCABULARY else graph.part(part)
    for item, body in serialise_in(content, (TURTLE, JSON_LD, RDF_XML, N_TRIPLES), plan.prefixes()):
        yield item.name, item.media_type, body
    yield JSON.name, JSON.media_type, as_json(content)
    yield CSV.name, CSV.media_type, as_csv(part, table, "de")
    yield f"en.{CSV.name}", CSV.media_type, as_csv(part, rows(graph, part, "en"), "en")
    yield METADATA, JSON.media_type, as_metadata(part, plan, licence)
    files = [(f"{part.name}.{suffix}", about) for suffix, about in ABOUT.items() if suffix != XLSX.name]
    if part.name == WHOLE:
        files.append((f"{plan.slug}.{XLSX.name}", ABOUT[XLSX.name]))
    yield README, MARKDOWN.media_type, as_readme(part, plan, files, len(table), len(content), licence)


def _keep(folder: Path, dataset: str, name: str, media_type: str, body: bytes, licence: str) -> File:
    (folder / name).write_bytes(body)
    return File(dataset, name.partition(".")[2], name, media_type, len(body), hashlib.sha256(body).hexdigest(), licence)


def vocabulary_licence(ontology: Iterable[ox.Triple]) -> str | None:
    """Return the IRI of the licence under which the ontology stands, or None where it names none."""
    found = (t.object.value for t in ontology
             if t.predicate.value == _LICENCE and isinstance(t.object, ox.NamedNode))
    return min(found, default=None)


def _vocabulary(data: Graph, ontology: Iterable[ox.Triple], shapes: Iterable[ox.Triple]) -> Graph:
    """Return ontology, shapes and the code lists, whose terms are named like those of the ontology."""
    codes = [t for t in data.triples if isinstance(t.subject, ox.NamedNode) and t.subject.value.startswith(WIR)]
    return Graph(canonical_blank_nodes([*ontology, *shapes, *codes]))
