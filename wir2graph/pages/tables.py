"""The tables of a page: the answers of its queries as rows with labels, and what is behind each of them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from wir2graph.formats import CSV, TABLES
from wir2graph.pages import assumed
from wir2graph.pages.folder import ListForm, Query, TableForm
from wir2graph.pages.index import PageIndex, Solutions
from wir2graph.pages.listing import PAGE, listed, narrowed_query, select
from wir2graph.pages.model import Behind, Heading, ListView, Reference, Row, Statement, Table
from wir2graph.pages.queries import ANSWER, Queries
from wir2graph.pages.said import attach
from wir2graph.pages.values import Values
from wir2graph.pages.ways import Ways
from wir2graph.pages.worked import answer_form, tagged
from wir2graph.plan import Plan
from wir2graph.represent.base import Address
from wir2graph.store.base import Term
from wir2graph.urls import localised, relative, table_path


class Tables:
    """The tables of the page at an address; `plan` is the one that the page belongs to."""

    def __init__(
        self, index: PageIndex, address: Address, plan: Plan | None, queries: Queries, ways: Ways, values: Values,
    ) -> None:
        self._index = index
        self._address = address
        self._plan = plan
        self._queries = queries
        self._folder = queries.folder
        self._ways = ways
        self._values = values
        self._language = values.language
        self._parameters = dict(address.parameters)

    def table(
        self, name: str, solutions: Solutions, said: Mapping[str, tuple[Statement, ...]], *, whole: bool = False,
    ) -> Table:
        """Return a table; a `whole` one has every column, also without any value or shown otherwise on the page.

        `said` has the statements about the resource by property, for columns that tell who says what.
        """
        form = self._folder.tables.get(name, TableForm({}, (), ()))
        if self._queries.question is not None and name == ANSWER:
            form = answer_form(self._queries.question, solutions)
            solutions = tuple(tagged(solutions, self._queries.question, self._language))
        rows = self._rows(name, form, solutions, said) if solutions else ()
        columns = tuple(
            Heading(c.variable, c.heading[self._language], c.numeric, c.header, c.translated, c.open)
            for c in form.columns if whole or c.open or any(row[c.variable] for row in rows)
        )
        if whole:
            rows, columns = self._with_assumed(form, rows, columns)
            columns += self._further(self._queries.by_name[name], {column.variable for column in columns})
            columns = tuple(replace(column, things=_has_things(rows, column.variable)) for column in columns)
        return Table(
            name=name, caption=form.caption.get(self._language, ""), columns=columns, rows=rows,
            behind=Behind(lambda: self._queries.filled(name), self._run, self._ways.form),
            files=self._files(name) if rows else (),
        )

    def chosen(self, form: ListForm, whole: Table) -> Table:
        """Return a list with the rows that are chosen, in the order asked for."""
        choices = self._index.choices(self._folder, self._plan)
        query = narrowed_query(whole.behind.query, form, choices, self._parameters)
        rows = select(whole.rows, form, choices, self._parameters)
        return replace(whole, rows=rows, behind=Behind(lambda: query, self._run, self._ways.form))

    def listed(self, form: ListForm, whole: Table) -> tuple[Table, ListView]:
        """Return the part of a list that the page shows, and what can be chosen in it."""
        base = relative(self._address.path, localised(self._ways.root(self._folder), self._language))
        choices = self._index.choices(self._folder, self._plan)
        return listed(
            self.chosen(form, whole), whole.rows, form, choices, self._parameters, base, self._language,
        )

    def _rows(
        self, name: str, form: TableForm, solutions: Solutions, said: Mapping[str, tuple[Statement, ...]],
    ) -> tuple[Row, ...]:
        """Return the rows of a table; its files have those that its page has."""
        def made() -> tuple[Row, ...]:
            rows = _rows(solutions, self._queries.by_name[name], form.row, self._values)
            for column in form.columns:
                if column.said:
                    rows = attach(rows, column.variable, column.said, said)
            return rows

        return self._index.rows((self._address.path, self._language, name), made)

    def _with_assumed(
        self, form: TableForm, rows: tuple[Row, ...], columns: tuple[Heading, ...],
    ) -> tuple[tuple[Row, ...], tuple[Heading, ...]]:
        """Return the rows and columns of a table with what the editors assume, where its columns ask for that."""
        properties = {column.variable: column.assumed for column in form.columns if column.assumed}
        if not properties:
            return rows, columns
        [header] = (column.variable for column in form.columns if column.header)
        claims = self._rows(assumed.TABLE, self._folder.tables[assumed.TABLE], self._queries.ask(assumed.TABLE), {})
        texts = self._index.texts[self._language]["assumed"]
        further = assumed.headings(columns, properties, texts)
        return assumed.beside(rows, header, properties, claims), tuple(further)

    def _further(self, query: Query, known: Container[str]) -> tuple[Heading, ...]:
        """Return the columns that a table has besides those that its page shows as such: headings, groups, notes."""
        names = self._index.texts[self._language]["columns"]
        return tuple(
            Heading(variable, names[variable], numeric=False, header=False, translated=False, open=False)
            for variable in query.variables if variable not in known and variable in names
        )

    def _files(self, name: str) -> tuple[Reference, ...]:
        """Return the references to a table as files."""
        if name != ANSWER and name not in self._folder.tables:
            return ()
        asking = self._ways.asking({key: value for key, value in self._parameters.items() if key != PAGE})
        return tuple(
            Reference(item.label, relative(self._address.path, table_path(self._address.path, name, item)) + asking,
                      media_type=item.media_type)
            for item in TABLES
        )

    def _run(self, query: str) -> str:
        return self._ways.run(query, CSV)


def merged(solutions: Sequence[Mapping[str, Term]], query: Query, values: Values) -> Row:
    """Return one row for some solutions: the distinct terms of each variable of the query."""
    if len(solutions) == 1:
        only = solutions[0]
        return {variable: (values.of(only[variable]),) if variable in only else () for variable in query.variables}
    found: dict[str, dict[Term, None]] = {variable: {} for variable in query.variables}
    for row in solutions:
        for variable, term in row.items():
            found[variable][term] = None
    return {variable: tuple(map(values.of, terms)) for variable, terms in found.items()}


def _has_things(rows: Sequence[Row], variable: str) -> bool:
    return any(value.iri for row in rows for value in row[variable])


def _rows(solutions: Solutions, query: Query, key: Sequence[str], values: Values) -> tuple[Row, ...]:
    """Return one row per solution, or one for all solutions that share the terms of `key`, in order of appearance."""
    if not key:
        return tuple(merged([row], query, values) for row in solutions)
    groups: dict[tuple[Term | None, ...], list[Mapping[str, Term]]] = {}
    for row in solutions:
        groups.setdefault(tuple(row.get(variable) for variable in key), []).append(row)
    return tuple(merged(group, query, values) for group in groups.values())
