"""The worked questions of a plan: what is asked, the query that asks it, and the answer found by reading the sources.

A question is two files in the plan's folder `questions/`: `<slug>.rq`, the query, and `<slug>.toml` with `group`
(for whom it is), `title`, `question` and `reason` (how the answer was found), each de and en, `columns` and `rows`.
Where it has a table `translated`, the query can be asked in the other language of the pages, too: the table has in that
language the words that the query puts into its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from wir2graph.findings import Finding, InputError
from wir2graph.plan import PREFIXES, SLUG, Plan, is_bilingual, read_toml
from wir2graph.store.base import BadQuery, Limits, StoreError, Term
from wir2graph.store.querytext import outline
from wir2graph.store.syntaxerror import explain

FOLDER: Final = "questions"
GROUPS: Final = ("staff", "researchers", "portals")

Cell = str | int | float | bool

_XSD: Final = PREFIXES["xsd"]
_WORD: Final = re.compile(r'"([^"\n]*)"')
_GROUPS: Final = ", ".join(GROUPS)


@dataclass(frozen=True)
class Question:
    """One worked question. `rows` are all rows of the answer in their order, found without the query.

    `languages` are those of the plan, the one of the query first; `translated` are words of the query in the other one,
    None where it is asked in the first one only.
    """

    slug: str
    group: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    reason: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    query: str
    languages: tuple[str, ...]
    translated: Mapping[str, str] | None

    def query_in(self, language: str) -> str:
        """Return the query as it asks for names and words in a language, or as written where it cannot."""
        if self.translated is None or language == self.languages[0]:
            return self.query
        words = {self.languages[0]: language, **self.translated}
        return _WORD.sub(lambda found: f'"{words.get(found[1], found[1])}"', self.query)

    def agrees(self, solutions: Sequence[Mapping[str, Term]]) -> bool:
        """Tell whether the solutions of the query are the rows found by reading, in the same order."""
        found = [[_cell(solution.get(name)) for name in self.columns] for solution in solutions]
        return _typed(found) == _typed(self.rows)


def read_questions(plan: Plan) -> tuple[Question, ...]:
    """Return the questions of a plan, ordered by slug; none where it has no folder of them.

    Raises InputError with a finding for everything that is wrong with one of the files.
    """
    folder = plan.folder / FOLDER
    found: list[Question] = []
    wrong: list[Finding] = []
    for slug in sorted({path.stem for suffix in ("toml", "rq") for path in folder.glob(f"*.{suffix}")}):
        try:
            found.append(_read(folder, slug, plan.languages))
        except InputError as error:
            wrong += error.findings
    if wrong:
        raise InputError(wrong)
    return tuple(found)


def _read(folder: Path, slug: str, languages: tuple[str, ...]) -> Question:
    base = f"{folder.parent.name}/{FOLDER}/{slug}"
    if wrong := list(_wrong_files(folder, slug, base)):
        raise InputError(wrong)
    settings = read_toml(folder / f"{slug}.toml", f"{base}.toml")
    if wrong := list(_wrong_settings(settings, f"{base}.toml")):
        raise InputError(wrong)
    columns = tuple(settings["columns"])
    query, translated = _query(folder / f"{slug}.rq", f"{base}.rq", columns), settings.get("translated")
    if wrong := list(_wrong_words(translated or {}, query, f"{base}.toml")):
        raise InputError(wrong)
    return Question(
        slug=slug, group=settings["group"], title=settings["title"], text=settings["question"],
        reason=settings["reason"], columns=columns, rows=tuple(tuple(row) for row in settings["rows"]),
        query=query, languages=languages, translated=translated,
    )


def _wrong_files(folder: Path, slug: str, base: str) -> Iterator[Finding]:
    for missing, other in (("toml", "rq"), ("rq", "toml")):
        if not (folder / f"{slug}.{missing}").is_file():
            yield _finding(
                "QuestionFile", f"{base}.{missing}",
                f"Diese Datei fehlt: Eine Frage sind zwei Dateien. Bitte sie anlegen oder {slug}.{other} entfernen.",
                f"this file is missing: a question is two files; create it, or remove {slug}.{other}",
            )
    if not SLUG.match(slug):
        yield _finding(
            "QuestionFile", f"{base}.toml",
            "Der Dateiname wird zur Adresse der Frage. Bitte nur a–z, 0–9 und Bindestriche verwenden.",
            "the name of the file becomes the address of the question; use only a–z, 0–9 and hyphens",
        )


def _wrong_settings(settings: Mapping[str, Any], name: str) -> Iterator[Finding]:
    group, columns, rows = (settings.get(key) for key in ("group", "columns", "rows"))
    known = {
        "group": (f"eines von {_GROUPS}", f"one of {_GROUPS}", group in GROUPS),
        **{key: (f"[{key}] mit Text in de und en", f"[{key}] with texts de and en", _is_said(settings.get(key)))
           for key in ("title", "question", "reason")},
        "columns": ("die Variablen der Abfrage als Liste", "the variables of the query as a list", _are_texts(columns)),
        "translated": ("Wörter der Abfrage mit ihrer Übersetzung (oder die Tabelle weglassen)",
                       "words of the query with their translation (or leave the table out)",
                       _are_translated(settings.get("translated", {}))),
        "rows": ("Zeilen mit einem Wert (Text, Zahl, true, false) je Spalte",
                 "rows with a value (text, number, true, false) for each column", _are_rows(rows, columns)),
    }
    for key, (want_de, want_en, good) in known.items():
        if not good:
            yield _finding("QuestionSetting", name,
                           f"Einstellung `{key}` fehlt oder ist falsch. Bitte angeben: {want_de}.",
                           f"setting `{key}` is missing or wrong; give {want_en}")
    for key in settings:
        if key not in known:
            yield _finding("QuestionSetting", name,
                           f"Unbekannte Einstellung `{key}`. Bitte entfernen; bekannt sind {', '.join(known)}.",
                           f"unknown setting `{key}`; remove it; known are {', '.join(known)}")


def _wrong_words(translated: Mapping[str, str], query: str, name: str) -> Iterator[Finding]:
    for word in sorted(translated.keys() - set(_WORD.findall(query))):
        yield _finding(
            "QuestionSetting", name,
            f"`translated` übersetzt „{word}“, das die Abfrage nicht enthält. Bitte berichtigen oder entfernen.",
            f"`translated` translates “{word}”, which the query does not have; correct or remove it",
        )


def _query(path: Path, name: str, columns: tuple[str, ...]) -> str:
    """Return the query as written. Raises InputError unless it is one that the endpoint answers with these columns."""
    try:
        text = path.read_text(encoding="utf-8")
        outline(text, Limits())
        answer = ox.Store().query(text)
    except SyntaxError as error:
        raise InputError([_bad_query(name, explain(text, str(error)))]) from error
    except (OSError, ValueError, RuntimeError, StoreError) as error:
        raise InputError([_bad_query(name, error)]) from error
    if not isinstance(answer, ox.QuerySolutions):
        raise InputError([_finding("QuestionQuery", name, "Die Abfrage muss mit SELECT fragen.",
                                   "the query must be a SELECT query")])
    selected = tuple(variable.value for variable in answer.variables)
    if selected != columns:
        asked, said = ", ".join(selected), ", ".join(columns)
        raise InputError([_finding(
            "QuestionQuery", name,
            f"Die Abfrage liefert die Spalten {asked}, `columns` nennt {said}. Bitte eines von beiden berichtigen.",
            f"the query gives the columns {asked}, `columns` names {said}; correct one of them",
        )])
    return text


def _bad_query(name: str, error: Exception) -> Finding:
    line, column = (error.line, error.column) if isinstance(error, BadQuery) else (None, None)
    return Finding(
        "QuestionQuery", None, name, line, column,
        f"Die Abfrage ist nicht zu beantworten; bitte berichtigen. Der Endpunkt sagt: {error}",
        f"the query cannot be answered; correct it. The endpoint says: {error}",
    )


def _is_said(value: object) -> bool:
    return isinstance(value, dict) and is_bilingual(value) and all(value[language].strip() for language in ("de", "en"))


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) for text in value)


def _are_translated(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(word, str) and word.strip() for word in value.values())


def _are_rows(value: object, columns: object) -> bool:
    width = len(columns) if isinstance(columns, list) else 0
    return isinstance(value, list) and bool(value) and all(
        isinstance(row, list) and len(row) == width and all(isinstance(cell, Cell) for cell in row) for row in value
    )


def _cell(term: Term | None) -> Cell | None:
    """Return a term as the rows have it: numbers and truth values as such, the text of all else."""
    if not isinstance(term, ox.Literal):
        return term.value if isinstance(term, ox.NamedNode) else None
    match term.datatype.value.removeprefix(_XSD):
        case "integer":
            return int(term.value)
        case "decimal" | "double":
            return float(term.value)
        case "boolean":
            return term.value == "true"
        case _:
            return term.value


def _typed(rows: Sequence[Sequence[Cell | None]]) -> list[list[tuple[type, Cell | None]]]:
    """Return rows that tell true from 1."""
    return [[(type(cell), cell) for cell in row] for row in rows]


def _finding(rule: str, file: str, message_de: str, message_en: str) -> Finding:
    return Finding(rule, None, file, None, None, message_de, message_en)
