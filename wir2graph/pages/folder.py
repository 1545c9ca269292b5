"""A page as a folder: `page.toml` says where it stands and what its tables look like, `*.rq` asks, `page.html` shows.

    route = "massnahmen"          the page of a list, under each plan; with scope = "release" under the root, with
                                  scope = "plans" there, too, but only where there is a choice of plans, with
                                  scope = "questions" under each plan that has worked questions, with
                                  scope = "versions" under each plan that has versions
    route = "fragen/<question>"   or: the page of every worked question; it has the table `answer`, which the plan asks
    route = "ausgaben/<version>"  or: the page of every version of a plan
    class = ["wir:Measure"]       or: the page of every resource of these classes
    part = "zitate"               or: the page of every section of a source whose quotes are too many for its own page
    like = "law"                  asks, arranges and shows what another folder does, apart from what it says itself
    lists = ["wir:LegalAct"]      the classes that `<classes>` stands for in its queries
    section = "massnahmen"        the route of the list that the page belongs to
    hub = "themen"                the route of the page that leads to this list
    nav = 1                       its place in the main navigation, where it has one
    footer = 1                    its place among the links at the end of every page, where it has one
    asks = ["q"]                  the parameters with which a visitor may ask the page, beside those of its list
    found = 1.5                   what its pages count in the search beside others, which count 1
    ahead = ["graphs"]            queries that read whole graphs: they are asked before a release comes into service
    records = ["facts"]           queries whose solutions are one record: a value or several for each variable
    [title] de, en
    [needs]                       query = "pattern": what ?this must be for the query to have a solution; of anything
                                  else it is not asked
    [tables.<query>] de, en       a table with its caption; row = the variables that solutions of one row share;
                                  or like = "body": the query and the table of this name are those of another folder
    [[tables.<query>.columns]]    variable, de, en; numeric; header: the cell names the row; translated: its texts say
                                  the same in several languages, and one of them is shown; open: where there is no
                                  value, the cell says so; said: the property (or the ?variable that has it) whose
                                  value at the resource of the page the cell shows: it then tells who says so;
                                  assumed: the property, by the last part of its IRI, of which the table `assumed` tells
                                  what the editors assume of the thing that names the row: files have that, too

    [list]                        a list that can be narrowed, sorted and paged: the table, and how many rows a page has
    [[list.facets]]               parameter, variable, de, en; without = de, en: what stands for rows without a value;
                                  assumed = variable, de, en: the variable that has what the editors assume, and what
                                  such a value is called, with {name} in it

Queries name no instance: `<this>` stands for the resource of the page, `<plan>` for the plan, `<section>` for a section
of a source. They know no clock: `<released>` stands for the day of which the plan's data are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from wir2graph.plan import PREFIXES

GENERIC: Final = "resource"
QUESTION: Final = "<question>"
VERSION: Final = "<version>"

_PREFIXED = re.compile(r"(?<![\w<:/])([A-Za-z][\w-]*):[\w-]*")
_LITERALS_AND_IRIS = re.compile(r'<[^<>"{}|^`\\\s]*>|"[^"]*"|#[^\n]*')


@dataclass(frozen=True)
class Column:
    """One column of a table: the variable it shows and its heading in each language."""

    variable: str
    heading: Mapping[str, str]
    numeric: bool
    header: bool
    translated: bool
    open: bool
    said: str | None = None
    assumed: str | None = None


@dataclass(frozen=True)
class AssumedForm:
    """What the editors assume in a facet: its variable, and what one of its values is called, in each language."""

    variable: str
    called: Mapping[str, str]


@dataclass(frozen=True)
class FacetForm:
    """A facet of a list: its parameter, the variable whose values can be chosen, its heading in each language.

    `without` is what stands for rows without a value, where they can be chosen, too; `assumed` is set where values that
    only the editors assume can be chosen, apart from the others.
    """

    parameter: str
    variable: str
    heading: Mapping[str, str]
    without: Mapping[str, str] | None
    assumed: AssumedForm | None

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables whose values can be chosen."""
        return (self.variable, self.assumed.variable) if self.assumed else (self.variable,)


@dataclass(frozen=True)
class ListForm:
    """The list of a page: which table it is, how many of its rows a page has, and its facets."""

    table: str
    size: int
    facets: tuple[FacetForm, ...]


@dataclass(frozen=True)
class TableForm:
    """How the solutions of a query become a table. Solutions of one row share `row`; without it each is a row."""

    caption: Mapping[str, str]
    row: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Query:
    """One query of a page with the variables that it selects."""

    name: str
    text: str
    variables: tuple[str, ...]

    def filled(
        self, prefixes: Mapping[str, str], this: str | None, plan: str | None, classes: Sequence[str] = (),
        released: date | None = None, section: str | None = None,
    ) -> str:
        """Return the complete query that stands on its own: prefixes that it uses, placeholders replaced."""
        used = _used_prefixes(self.text)
        text = self.text.replace("<classes>", " ".join(f"<{iri}>" for iri in classes))
        for placeholder, iri in (("<this>", this), ("<plan>", plan)):
            if iri is not None:
                text = text.replace(placeholder, f"<{iri}>")
        if section is not None:
            text = text.replace("<section>", str(ox.Literal(section)))
        if released is not None:
            text = text.replace("<released>", f'"{released.isoformat()}"^^xsd:date')
        head = [f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(prefixes.items()) if name in used]
        return "".join(head) + text


@dataclass(frozen=True)
class Folder:
    """One page folder as read. One of `route`, `classes` (IRIs) and `part` is set. `template` is that of its HTML.

    `needs` are patterns of SPARQL by query: only what they have for `?this` has solutions. `own_tables` are those that
    it describes itself, apart from what it shares with others.
    """

    name: str
    template: str
    route: str | None
    part: str | None
    classes: tuple[str, ...]
    lists: tuple[str, ...]
    scope: str
    section: str | None
    hub: str | None
    nav: int | None
    footer: int | None
    found: float
    title: Mapping[str, str]
    asks: tuple[str, ...]
    ahead: tuple[str, ...]
    list: ListForm | None
    own_tables: tuple[str, ...]
    records: frozenset[str]
    needs: Mapping[str, str]
    queries: Mapping[str, Query]
    tables: Mapping[str, TableForm]


def read_folders(pages: Path) -> tuple[Folder, ...]:
    """Read all page folders, ordered by name. Raises ValueError naming the folder and what is wrong with it."""
    read = {path.parent.name: _read(path.parent) for path in sorted(pages.glob("*/page.toml"))}
    for name, folder in read.items():
        if folder.template != name and folder.template not in read:
            raise ValueError(f"page folder {name}: there is no folder {folder.template} that it could be like")
    return tuple(
        folder if folder.template == name else replace(
            inheriting(folder, read[folder.template]),
            own_tables=tuple(dict.fromkeys((*read[folder.template].own_tables, *folder.own_tables))),
        )
        for name, folder in read.items()
    )


def inheriting(folder: Folder, other: Folder) -> Folder:
    """Return a folder that asks and arranges what the other one does, apart from what it says itself."""
    needs = {name: pattern for name, pattern in other.needs.items() if name not in folder.queries}
    return replace(
        folder, queries={**other.queries, **folder.queries}, needs={**needs, **folder.needs},
        tables={**other.tables, **folder.tables}, records=folder.records | other.records,
    )


def selected(query: str) -> tuple[str, ...]:
    """Return the variables that a SELECT query projects, in order. Raises ValueError for `SELECT *`."""
    clause = re.search(r"\bSELECT\b(?:\s+(?:DISTINCT|REDUCED))?(.*?)(?:\bWHERE\b|\{)", _without_comments(query), re.S)
    text = clause[1] if clause else ""
    named = re.sub(r"\bAS\s+\?(\w+)\s*\)", r") @\1", text)
    while (flat := re.sub(r"\([^()]*\)", "", named)) != named:
        named = flat
    found = tuple(re.findall(r"[?@](\w+)", named))
    if not found:
        raise ValueError("the query must name the variables that it selects")
    return found


@lru_cache(1024)
def _used_prefixes(text: str) -> frozenset[str]:
    """Return the prefixes that a query uses, those of what takes the place of placeholders included."""
    dated = text.replace("<released>", '""^^xsd:date')
    return frozenset(_PREFIXED.findall(_LITERALS_AND_IRIS.sub(" ", dated)))


def _without_comments(query: str) -> str:
    return re.sub(r"^\s*#.*$", "", query, flags=re.M)


def _read(folder: Path) -> Folder:
    try:
        settings = _settings(folder)
        queries = {path.stem: _query(path) for path in sorted(folder.glob("*.rq"))}
        tables = {}
        for name, form in settings.get("tables", {}).items():
            if "like" in form:
                other = folder.parent / form["like"]
                queries[name] = _query(other / f"{name}.rq")
                form = _settings(other)["tables"][name]
            tables[name] = _table(form)
        if sum(name in settings for name in ("route", "class", "part")) != 1:
            raise ValueError("exactly one of `route`, `class` and `part` is needed")
        return Folder(
            name=folder.name, template=settings.get("like", folder.name), route=settings.get("route"),
            part=settings.get("part"),
            classes=_classes(settings.get("class", [])), lists=_classes(settings.get("lists", [])),
            scope=settings.get("scope", "plan"), section=settings.get("section", settings.get("route")),
            hub=settings.get("hub"), nav=settings.get("nav"), footer=settings.get("footer"),
            found=float(settings.get("found", 1)), title=settings.get("title", {}),
            asks=tuple(settings.get("asks", ())), ahead=tuple(settings.get("ahead", ())),
            list=_list(settings.get("list"), tables), own_tables=tuple(tables),
            records=frozenset(settings.get("records", [])),
            needs=settings.get("needs", {}), queries=queries, tables=tables,
        )
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"page folder {folder.name}: {error}") from error


def _settings(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "page.toml").read_text(encoding="utf-8"))


def _query(path: Path) -> Query:
    text = path.read_text(encoding="utf-8")
    return Query(path.stem, text, selected(text))


def _classes(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(_expanded(name) for name in names)


def _list(form: Mapping[str, Any] | None, tables: Collection[str]) -> ListForm | None:
    if form is None:
        return None
    if form["table"] not in tables:
        raise ValueError(f"the list is no table of the page: {form['table']}")
    return ListForm(form["table"], form["size"], tuple(
        FacetForm(facet["parameter"], facet["variable"], {"de": facet["de"], "en": facet["en"]}, facet.get("without"),
                  _assumed(facet.get("assumed")))
        for facet in form["facets"]
    ))


def _assumed(form: Mapping[str, str] | None) -> AssumedForm | None:
    return AssumedForm(form["variable"], {"de": form["de"], "en": form["en"]}) if form else None


def _said(name: str | None) -> str | None:
    return name if name is None or name.startswith("?") else _expanded(name)


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _table(form: Mapping[str, Any]) -> TableForm:
    columns = tuple(
        Column(column["variable"], {"de": column["de"], "en": column["en"]}, column.get("numeric", False),
               column.get("header", False), column.get("translated", False), column.get("open", False),
               _said(column.get("said")), column.get("assumed"))
        for column in form.get("columns", [])
    )
    row = form.get("row", [])
    return TableForm({"de": form["de"], "en": form["en"]}, (row,) if isinstance(row, str) else tuple(row), columns)
