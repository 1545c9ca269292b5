"""README of a dataset (Markdown): what it is, its files, its columns, licence and how to cite; German, then English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from wir2graph.downloads.licences import licence_name
from wir2graph.downloads.parts import LANGUAGES, Part
from wir2graph.downloads.tables import BETWEEN, fields
from wir2graph.plan import Plan

_TEXTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "de": MappingProxyType({
        "day": "Stand der Daten: {day}. Zeilen der Tabelle: {rows}. Aussagen im Graphen: {triples}.",
        "files": "Dateien", "file": "| Datei | Inhalt |",
        "columns": "Spalten der Tabelle", "column": "| Spalte | Art | Bedeutung |",
        "form": "CSV nach RFC 4180: Komma, UTF-8, Dezimalpunkt, erste Zeile mit den Namen der Spalten. Mehrere Werte "
                "in einer Zelle trennt `{between}`. Spalten auf `_iri` nennen die IRI, die Spalte daneben die "
                "Bezeichnung. Die IRI eines Dings bleibt, auch wenn sich sein Name ändert.",
        "licence": "Lizenz", "cite": "Zitieren",
        "citation": "{part}. In: {plan}. Stand {day}. {iri}. Lizenz: {licence}.",
    }),
    "en": MappingProxyType({
        "day": "Data as of {day}. Rows of the table: {rows}. Statements in the graph: {triples}.",
        "files": "Files", "file": "| File | Content |",
        "columns": "Columns of the table", "column": "| Column | Kind | Meaning |",
        "form": "CSV according to RFC 4180: comma, UTF-8, decimal point, first row with the names of the columns. "
                "Several values in a cell are separated by `{between}`. Columns ending in `_iri` give the IRI, the "
                "column beside it the label. The IRI of a thing stays even if its name changes.",
        "licence": "Licence", "cite": "How to cite",
        "citation": "{part}. In: {plan}. As of {day}. {iri}. Licence: {licence}.",
    }),
})


def as_readme(
    part: Part, plan: Plan, files: Sequence[tuple[str, Mapping[str, str]]], rows: int, triples: int, licence: str,
) -> bytes:
    """Return the README; `files` are names with what they hold by language, `licence` is the IRI of the licence."""
    sections = ("\n".join(_lines(part, plan, files, rows, triples, licence, language)) for language in LANGUAGES)
    return "\n---\n\n".join(sections).encode()


def _lines(
    part: Part, plan: Plan, files: Sequence[tuple[str, Mapping[str, str]]], rows: int, triples: int, licence: str,
    language: str,
) -> Iterator[str]:
    texts = _TEXTS[language]
    day = plan.released.isoformat()
    yield f"# {part.title[language]} – {plan.title[language]}"
    yield f"\n{part.about[language]}"
    yield f"\n{texts['day'].format(day=day, rows=rows, triples=triples)}"
    yield f"\n## {texts['files']}\n\n{texts['file']}\n|---|---|"
    yield from (f"| `{name}` | {about[language]} |" for name, about in files)
    yield f"\n## {texts['columns']}\n\n{texts['form'].format(between=BETWEEN)}\n\n{texts['column']}\n|---|---|---|"
    yield from (f"| `{field.names[language]}` | {field.datatype} | {field.about[language]} |" for field in fields(part))
    yield f"\n## {texts['licence']}\n\n{licence_name(licence, language)}: <{licence}>\n\n{plan.rights[language]}"
    citation = texts["citation"].format(
        part=part.title[language], plan=plan.title[language], day=day, iri=f"<{plan.dataset(part.name)}>",
        licence=licence_name(licence, language),
    )
    yield f"\n## {texts['cite']}\n\n{citation}\n"
