"""A page folder becomes a plain view: its queries are asked, the rows become tables with labels in one language."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from wir2graph.formats import CSV, RESULTS_JSON, TABLES, Format
from wir2graph.pages import quality, samples
from wir2graph.pages.answering import asked_view
from wir2graph.pages.folder import Folder, ListForm, Query, TableForm
from wir2graph.pages.history import HistoryView, history_view
from wir2graph.pages.index import PageIndex, Solutions
from wir2graph.pages.interfaces import INTERFACES, interfaces_view
from wir2graph.pages.labels import choose
from wir2graph.pages.listing import PAGE, listed, narrowed_query, select
from wir2graph.pages.model import (
    Behind,
    Group,
    Heading,
    LimitsView,
    ListView,
    PartView,
    PlanView,
    Property,
    Reference,
    Row,
    Sample,
    Statement,
    Table,
    Value,
    View,
    Worked,
)
from wir2graph.pages.offers import FOLDER as OFFERS
from wir2graph.pages.offers import offers_view
from wir2graph.pages.permalink import parameters, quoted
from wir2graph.pages.results import MAX_ROWS, Asked
from wir2graph.pages.said import attach, heard, statements
from wir2graph.pages.searching import ASKED, SearchView, search_view
from wir2graph.pages.values import Values
from wir2graph.pages.ways import Ways
from wir2graph.pages.worked import ANSWER, answer_form, answer_query, expected_rows
from wir2graph.plan import PREFIXES, TOMBSTONE, Plan
from wir2graph.questions import Question
from wir2graph.represent.base import Address
from wir2graph.store.base import DatasetClause, Term
from wir2graph.urls import ENDPOINT, localised, relative, table_path

if TYPE_CHECKING:
    from wir2graph.release import Release

START: Final = ""
"""The route of the first page of a plan."""

_OUTGOING: Final = "outgoing"
_INCOMING: Final = "incoming"
_CLAIMS: Final = "claims"
_CRUMBS: Final = "crumbs"
_QUOTES: Final = "quotes"
_END: Final = float("inf")


def view(index: PageIndex, address: Address) -> View:
    """Return the view of the page at an address. Raises KeyError when the address is not a page of the release."""
    return _Maker(index, address).view()


def table(index: PageIndex, address: Address) -> Table:
    """Return one table of a page, that of the address, with all its rows. Raises KeyError when there is none."""
    return _Maker(index, address).whole_table()


def queries_ahead(index: PageIndex, address: Address) -> Iterator[str]:
    """Yield the complete queries of a page that are asked before its release comes into service.

    Raises KeyError when the address is not a page of the release.
    """
    maker = _Maker(index, address)
    for name in maker.folder.ahead:
        yield maker.filled(name)


def has_rows(index: PageIndex, address: Address, table: str) -> bool:
    """Tell whether a table of the page at an address has any row. Raises KeyError when the page has no such table."""
    return _Maker(index, address).has_rows(table)


def answered(plain: View, index: PageIndex, asked: Asked) -> View:
    """Return the view of the query form with a query and what came of it; `plain` is that of the form alone."""
    values = Values(index, plain.path, plain.language)
    found = asked_view(asked, index.release, plain.path, values, index.worked_names, plain.prefixes)
    languages = plain.languages
    if found.permalink is not None:
        asking = found.permalink.partition("?")[2]
        languages = tuple(replace(other, href=f"{other.href}?{asking}") for other in languages)
    return replace(plain, asked=found, languages=languages, address=found.address or plain.address)


class _Maker:
    def __init__(self, index: PageIndex, address: Address) -> None:
        if address.page is None or address.language is None:
            raise KeyError(address.path)
        self.index = index
        self.release: Release = index.release
        self.address = address
        self.language = address.language
        self.folder: Folder = index.folders[address.page]
        self.values = index.values(address.path, address.language)
        self.texts = index.texts[address.language]
        self.plan = self._plan()
        self.ways = Ways(index, address, self.folder, self.plan, self.values)
        self.question = index.questions[address.plan][address.question] if address.plan and address.question else None
        self.parameters = dict(address.parameters)
        self.queries = dict(self.folder.queries)
        if self.question is not None:
            self.queries[ANSWER] = answer_query(self.question)
        self._complete: dict[str, str] = {}

    def view(self) -> View:
        parts = self._parts()
        solutions = {name: [] if parts and name == _QUOTES else self._ask(name) for name in self.queries}
        iri = self.address.subject if self.address.section is None else None
        said = statements(solutions.get(_OUTGOING, []), solutions.get(_CLAIMS, []), self.values)
        tables = {name: self._table(name, solutions[name], said) for name in solutions
                  if name not in self.folder.records}
        listing = None
        if self.folder.list is not None:
            tables[self.folder.list.table], listing = self._listed(self.folder.list, tables[self.folder.list.table])
        classes = self.index.specific_types(iri) if iri else []
        return View(
            name=self.folder.name, template=self.folder.template, path=self.address.path,
            address=self._address(), language=self.language, title=self._title(),
            classes=tuple(self.values.thing(klass) for klass in classes), iri=iri,
            plan=self._plan_view(self.plan) if self.plan else None,
            plans=tuple((self._plan_view(plan), self.ways.start(plan)) for plan in self.release.plans),
            parameters=self.parameters, list=listing, tables=tables,
            records={name: _merged(solutions[name], self.folder.queries[name], self.values)
                     for name in self.folder.records},
            said={_short(iri): found for iri, found in said.items()},
            speakers=heard(said, (row for table in tables.values() for row in table.rows)),
            groups=self._groups(said), incoming=self._incoming(solutions.get(_INCOMING, [])),
            crumbs=self.ways.crumbs(self._above(solutions.get(_CRUMBS, []))),
            nav=self.ways.menu(self.index.nav), footer=self.ways.menu(self.index.footer),
            languages=self.ways.languages(self._asking(self.parameters)), formats=self.ways.formats(),
            dumps=self.ways.dumps() if self.address.subject is None else (),
            digest=self.release.digest, samples=self._samples(),
            worked=self._worked(self.question, solutions[ANSWER]) if self.question else None,
            prefixes=self._prefixes(), asked=None, parts=parts,
            limits=self._limits() if self.address.resource in (ENDPOINT, INTERFACES) else None,
            interfaces=interfaces_view(self.index, self.address.path, self.values)
            if self.address.resource == INTERFACES else None,
            offers=offers_view(self.index, self.address.path, self.plan, self.values)
            if self.plan and self.folder.name == OFFERS else None,
            quality=quality.quality_view(self.index, self.plan, self.address.path, self.values)
            if self.folder.name == quality.FOLDER and self.plan else None,
            search=self._search(), history=self._history(),
        )

    def _history(self) -> HistoryView | None:
        """Return what the page tells of the versions of its plan; the first page shows the changes of the last one."""
        if self.plan is None:
            return None
        versions = self.release.versions(self.plan)
        newest = versions[-1].name if versions and self.folder.route == START else None
        return history_view(
            self.index, self.plan, self.address.path, self.values, self.address.subject,
            self.address.version or newest, listing=self.folder.scope == "versions",
        )

    def _search(self) -> SearchView | None:
        """Return what is looked for on a page that searches: in its plan, or in all where it has none."""
        if ASKED not in self.folder.asks:
            return None
        return search_view(self.index, self.address.path, self.language, self.address.plan, self.parameters)

    def whole_table(self) -> Table:
        """Return the table of the address, with the rows that its parameters choose."""
        name = self.address.table or ""
        if name not in self.queries or not (name in self.folder.tables or name == ANSWER):
            raise KeyError(self.address.path)
        form = self.folder.tables.get(name)
        said: Mapping[str, tuple[Statement, ...]] = {}
        if form is not None and any(column.said for column in form.columns):
            said = statements(self._ask(_OUTGOING), self._ask(_CLAIMS), self.values)
        found = self._table(name, self._ask(name), said, whole=True)
        if self.folder.list is None or self.folder.list.table != name:
            return found
        return self._chosen(self.folder.list, found)

    def has_rows(self, name: str) -> bool:
        """Tell whether a table has any row."""
        return bool(self._ask(name))

    def _chosen(self, form: ListForm, whole: Table) -> Table:
        """Return a list with the rows that are chosen, in the order asked for."""
        choices = self.index.choices(self.folder, self.plan)
        query = narrowed_query(whole.behind.query, form, choices, self.parameters)
        rows = select(whole.rows, form, choices, self.parameters)
        return replace(whole, rows=rows, behind=self._behind(lambda: query))

    def _listed(self, form: ListForm, whole: Table) -> tuple[Table, ListView]:
        base = relative(self.address.path, localised(self.ways.root(self.folder), self.language))
        choices = self.index.choices(self.folder, self.plan)
        return listed(
            self._chosen(form, whole), whole.rows, form, choices, self.parameters, base, self.language,
        )

    def _address(self) -> str:
        """Return the complete URL of the page, with what a visitor asks there."""
        path = self.address.path
        asked = "" if self.release.addresses().get(path) == self.address else f"?{urlencode(self.parameters)}"
        return self.release.base_url + quote(path) + asked

    def _ask(self, name: str) -> Solutions:
        if not self.index.answers(self.folder, name, self.address.subject):
            return ()
        return self.index.ask(self.filled(name))

    def filled(self, name: str) -> str:
        """Return a query of the page as it can be asked."""
        if name not in self._complete:
            self._complete[name] = self._fill(self.queries[name])
        return self._complete[name]

    def _fill(self, query: Query) -> str:
        if self.question is not None and query.name == ANSWER:
            return query.text
        plan_iri = self.index.plan_iris.get(self.plan.slug) if self.plan else None
        prefixes = self.plan.prefixes() if self.plan else PREFIXES
        released = self.plan.released if self.plan else None
        return query.filled(
            prefixes, self.address.subject, plan_iri, self.folder.lists, released, self.address.section,
        )

    def _parts(self) -> tuple[PartView, ...]:
        """Return the sections of the source whose page it is, where they have pages of their own."""
        found = self.index.parts.get(self.address.subject or "")
        if found is None or self.address.section is not None:
            return ()
        place = self.release.places[self.address.subject or ""]
        original = place.plan.languages[0]
        lang = original if original != self.language else None
        return tuple(
            PartView(part.section, relative(self.address.path, self.index.part_path(place, part, self.language)),
                     part.count, lang)
            for part in found.values()
        )

    def _prefixes(self) -> dict[str, str]:
        """Return the prefixes of the page's plan, or of all plans."""
        plans = (self.plan,) if self.plan else self.release.plans
        return {name: iri for plan in plans for name, iri in plan.prefixes().items()}

    def _plan(self) -> Plan | None:
        """Return the plan of the page; a page of the whole release belongs to the only plan, if there is one."""
        if self.address.plan is not None:
            return self.release.plan(self.address.plan)
        return self.release.plans[0] if len(self.release.plans) == 1 else None

    def _plan_view(self, plan: Plan) -> PlanView:
        return PlanView(
            slug=plan.slug, title=plan.title[self.language], subtitle=plan.subtitle[self.language],
            rights=plan.rights[self.language], licence=plan.licence, original=plan.languages[0],
            day=plan.released.isoformat(), released=self.values.date(plan.released.isoformat()),
            easy=self.index.easy[plan.slug],
        )

    def _title(self) -> Value:
        if self.address.section is not None and self.plan is not None:
            original = self.plan.languages[0]
            return Value(self.address.section, original, original if original != self.language else None)
        if self.address.subject is not None:
            return self.values.thing(self.address.subject)
        if self.question is not None:
            return Value(self.question.title[self.language])
        if self.address.version is not None:
            day = self.values.date(self.address.version)
            return Value(self.texts["history"]["version"].format(day=day))
        if title := self.folder.title.get(self.language):
            chosen = ", ".join(self._choices())
            return Value(f"{title}: {chosen}" if chosen else title)
        return Value(self.plan.title[self.language] if self.plan else self.texts["site"])

    def _choices(self) -> Iterator[str]:
        """Yield the names of what is chosen in a list."""
        if self.folder.list is None:
            return
        choices = self.index.choices(self.folder, self.plan)
        for facet in self.folder.list.facets:
            if facet.parameter in self.parameters:
                iri = choices[facet.parameter][self.parameters[facet.parameter]]
                without = (facet.without or {}).get(self.language, "")
                yield self.values.thing(iri).text if iri else f"{facet.heading[self.language]} – {without}"

    def _table(
        self, name: str, solutions: Solutions, said: Mapping[str, tuple[Statement, ...]], *, whole: bool = False,
    ) -> Table:
        """Return a table; a `whole` one has every column, also without any value or shown otherwise on the page."""
        form = self.folder.tables.get(name, TableForm({}, (), ()))
        if self.question is not None and name == ANSWER:
            form = answer_form(self.question, solutions)
        rows = self._rows(name, form, solutions, said) if solutions else ()
        columns = tuple(
            Heading(c.variable, c.heading[self.language], c.numeric, c.header, c.translated, c.open)
            for c in form.columns if whole or c.open or any(row[c.variable] for row in rows)
        )
        if whole:
            columns += self._further(self.queries[name], {column.variable for column in columns})
        return Table(
            name=name, caption=form.caption.get(self.language, ""), columns=columns,
            rows=rows, behind=self._behind(lambda: self.filled(name)), files=self._files(name) if rows else (),
        )

    def _rows(
        self, name: str, form: TableForm, solutions: Solutions, said: Mapping[str, tuple[Statement, ...]],
    ) -> tuple[Row, ...]:
        """Return the rows of a table; its files have those that its page has."""
        def made() -> tuple[Row, ...]:
            rows = _rows(solutions, self.queries[name], form.row, self.values)
            for column in form.columns:
                if column.said:
                    rows = attach(rows, column.variable, column.said, said)
            return rows

        return self.index.rows((self.address.path, self.language, name), made)

    def _behind(self, query: Callable[[], str]) -> Behind:
        return Behind(query, lambda text: self._run(text, CSV), self._form)

    def _further(self, query: Query, known: Container[str]) -> tuple[Heading, ...]:
        """Return the columns that a table has besides those that its page shows as such: headings, groups, notes."""
        names = self.texts["columns"]
        return tuple(
            Heading(variable, names[variable], numeric=False, header=False, translated=False, open=False)
            for variable in query.variables if variable not in known and variable in names
        )

    def _files(self, name: str) -> tuple[Reference, ...]:
        """Return the references to a table as files."""
        if name != ANSWER and name not in self.folder.tables:
            return ()
        asking = self._asking(name for name in self.parameters if name != PAGE)
        return tuple(
            Reference(item.label, relative(self.address.path, table_path(self.address.path, name, item)) + asking,
                      media_type=item.media_type)
            for item in TABLES
        )

    def _asking(self, names: Iterable[str]) -> str:
        """Return the query string of some parameters; a page whose address says what is chosen has none."""
        if self.folder.route is None or self.address.path != localised(self.ways.root(self.folder), self.language):
            return ""
        asked = urlencode({name: self.parameters[name] for name in names}, quote_via=quote)
        return f"?{asked}" if asked else ""

    def _run(self, query: str, format: Format) -> str:
        """Return the reference that runs a query."""
        return f"{relative(self.address.path, ENDPOINT)}?query={quoted(query)}&as={format.name}"

    def _form(self, query: str) -> str:
        """Return the reference that opens a query in the form, with its result."""
        path = localised(ENDPOINT, self.language)
        return f"{relative(self.address.path, path)}?{parameters(query, DatasetClause(), self.index.worked_names)}"

    def _limits(self) -> LimitsView:
        limits, capacity = self.release.operator.sparql.limits, self.release.operator.sparql.capacity
        numbers = (limits.seconds, limits.memory_bytes // 2**20, limits.result_bytes // 2**20, limits.depth,
                   limits.length, MAX_ROWS, capacity.per_client)
        return LimitsView(*(self.values.literal(ox.Literal(int(number))).text for number in numbers))

    def _samples(self) -> tuple[Sample, ...]:
        """Return the worked questions that the page offers: a list of them and the query form do."""
        if self.folder.scope != "questions" and self.address.resource != ENDPOINT:
            return ()
        paths = self.index.question_paths
        return tuple(
            Sample(
                plan.title[self.language], question.group, question.title[self.language], question.text[self.language],
                relative(self.address.path, localised(paths[plan.slug, slug], self.language)),
                self._form(question.query),
            )
            for plan in ((self.plan,) if self.plan else self.release.plans)
            for slug, question in self.index.questions[plan.slug].items()
        )

    def _worked(self, question: Question, solutions: Solutions) -> Worked:
        agrees = question.agrees(solutions)
        return Worked(
            question.group, question.text[self.language], question.reason[self.language],
            () if agrees else expected_rows(question, self.values, self.release.places),
            self._run(question.query, RESULTS_JSON),
            samples.curl(self.release.base_url + ENDPOINT, question.query.strip(), DatasetClause()),
        )

    def _groups(self, said: Mapping[str, tuple[Statement, ...]]) -> tuple[Group, ...]:
        """Return everything that is said of the resource, under the groups of the shapes and in their order."""
        types = self.index.types(self.address.subject or "")
        groups: dict[str | None, list[tuple[tuple[float, float], Property]]] = {}
        for iri, found in said.items():
            form = self.index.shapes.form(iri, types)
            order = form.order if form else (_END, _END)
            groups.setdefault(form.group if form else None, []).append((order, Property(self._named(iri), found)))
        ordered = sorted(groups.items(), key=lambda item: (item[0] is None, min(order for order, _ in item[1])))
        return tuple(
            Group(self.values.thing(group).text if group else self.texts["more_properties"],
                  tuple(item for _, item in sorted(items, key=lambda entry: (entry[0], entry[1].name.text))))
            for group, items in ordered
        )

    def _incoming(self, solutions: Solutions) -> tuple[Property, ...]:
        found: dict[str, list[Statement]] = {}
        for row in solutions:
            if TOMBSTONE not in self.index.types(_iri(row["thing"])):
                found.setdefault(_iri(row["property"]), []).append(Statement(self.values.of(row["thing"])))
        named = (Property(self._named(iri, incoming=True), tuple(things)) for iri, things in found.items())
        return tuple(sorted(named, key=lambda item: item.name.text))

    def _named(self, iri: str, incoming: bool = False) -> Value:
        """Return the name of a property, linked to its definition where the vocabulary gives one."""
        types = self.index.types(self.address.subject or "")
        form = self.index.shapes.form(iri, types, incoming)
        own = self.values.thing(iri)
        said = choose(form.names, self.language) if form else None
        if said is not None:
            own = Value(said.text, said.language, None if said.asked else said.language, own.href, own.external, iri)
        if not incoming or form is not None:
            return own
        text = self.texts["incoming"].get(_short(iri)) or str(self.texts["refers_here"]).format(name=own.text)
        return Value(text, href=own.href, external=own.external, iri=iri)

    def _above(self, solutions: Solutions) -> list[Value]:
        """Return what the thing of the page is a part of, and for a part of its page the thing itself."""
        above = [self.values.of(row["item"]) for row in solutions]
        if self.address.section is not None and self.address.subject is not None:
            above.append(self.values.thing(self.address.subject))
        return above


@lru_cache(1024)  # as many properties as a vocabulary may have
def _short(iri: str) -> str:
    """Return the short form of a property's IRI, by the longest prefix that fits."""
    prefix, space = max(PREFIXES.items(), key=lambda item: len(item[1]) if iri.startswith(item[1]) else 0)
    return f"{prefix}:{iri[len(space):]}"


def _rows(solutions: Solutions, query: Query, key: Sequence[str], values: Values) -> tuple[Row, ...]:
    """Return one row per solution, or one for all solutions that share the terms of `key`, in order of appearance."""
    if not key:
        return tuple(_merged([row], query, values) for row in solutions)
    groups: dict[tuple[Term | None, ...], list[Mapping[str, Term]]] = {}
    for row in solutions:
        groups.setdefault(tuple(row.get(variable) for variable in key), []).append(row)
    return tuple(_merged(group, query, values) for group in groups.values())


def _merged(solutions: Sequence[Mapping[str, Term]], query: Query, values: Values) -> Row:
    if len(solutions) == 1:
        only = solutions[0]
        return {variable: (values.of(only[variable]),) if variable in only else () for variable in query.variables}
    return {
        variable: tuple(values.of(term) for term in _distinct(row.get(variable) for row in solutions))
        for variable in query.variables
    }


def _distinct(terms: Iterable[Term | None]) -> list[Term]:
    return list(dict.fromkeys(term for term in terms if term is not None))


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
