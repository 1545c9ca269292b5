"""A page folder becomes a plain view: its queries are asked, the rows become tables with labels in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from wir2graph.formats import RESULTS_JSON
from wir2graph.pages import quality, samples
from wir2graph.pages.answering import asked_view
from wir2graph.pages.folder import Folder
from wir2graph.pages.history import HistoryView, history_view
from wir2graph.pages.index import PageIndex, Solutions
from wir2graph.pages.interfaces import INTERFACES, interfaces_view
from wir2graph.pages.limits import limits_view
from wir2graph.pages.listing import called, named
from wir2graph.pages.model import PartView, PlanView, Statement, Table, Value, View
from wir2graph.pages.offers import FOLDER as OFFERS
from wir2graph.pages.offers import offers_view
from wir2graph.pages.properties import Properties, short
from wir2graph.pages.queries import ANSWER, Queries
from wir2graph.pages.results import Asked
from wir2graph.pages.said import heard, statements
from wir2graph.pages.searching import ASKED, SearchView, search_view
from wir2graph.pages.tables import Tables, merged
from wir2graph.pages.values import Values
from wir2graph.pages.ways import Ways
from wir2graph.pages.worked import Sample, Worked, expected_rows
from wir2graph.plan import Plan
from wir2graph.questions import Question
from wir2graph.represent.base import Address
from wir2graph.store.base import DatasetClause
from wir2graph.urls import ENDPOINT, localised, relative

if TYPE_CHECKING:
    from wir2graph.release import Release

START: Final = ""
"""The route of the first page of a plan."""

_OUTGOING: Final = "outgoing"
_INCOMING: Final = "incoming"
_CLAIMS: Final = "claims"
_CRUMBS: Final = "crumbs"
_QUOTES: Final = "quotes"


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
        yield maker.queries.filled(name)


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
        self.queries = Queries(index, address, self.folder, self.plan, self.question)
        self.tables = Tables(index, address, self.plan, self.queries, self.ways, self.values)

    def view(self) -> View:
        parts = self._parts()
        queries = self.queries
        solutions = {name: [] if parts and name == _QUOTES else queries.ask(name) for name in queries.by_name}
        iri = self.address.subject if self.address.section is None else None
        said = statements(solutions.get(_OUTGOING, []), solutions.get(_CLAIMS, []), self.values)
        tables = {name: self.tables.table(name, found, said) for name, found in solutions.items()
                  if name not in self.folder.records}
        listing = None
        if (form := self.folder.list) is not None:
            tables[form.table], listing = self.tables.listed(form, tables[form.table])
        properties = Properties(self.index, self.address.subject or "", self.values)
        classes = self.index.specific_types(iri) if iri else []
        return View(
            name=self.folder.name, template=self.folder.template, path=self.address.path,
            address=self._address(), language=self.language, title=self._title(),
            classes=tuple(self.values.thing(klass) for klass in classes), iri=iri,
            plan=self._plan_view(self.plan) if self.plan else None,
            plans=tuple((self._plan_view(plan), self.ways.start(plan)) for plan in self.release.plans),
            parameters=self.parameters, list=listing, tables=tables,
            records={name: merged(solutions[name], self.folder.queries[name], self.values)
                     for name in self.folder.records},
            said={short(iri): found for iri, found in said.items()},
            speakers=heard(said, (row for table in tables.values() for row in table.rows)),
            groups=properties.groups(said), incoming=properties.incoming(solutions.get(_INCOMING, [])),
            crumbs=self.ways.crumbs(self._above(solutions.get(_CRUMBS, []))),
            nav=self.ways.menu(self.index.nav), footer=self.ways.menu(self.index.footer),
            languages=self.ways.languages(self.ways.asking(self.parameters)), formats=self.ways.formats(),
            dumps=self.ways.dumps() if self.address.subject is None else (),
            digest=self.release.digest, samples=self._samples(),
            worked=self._worked(self.question) if self.question else None,
            prefixes=self._prefixes(), asked=None, parts=parts,
            limits=limits_view(self.release.operator.sparql, self.values)
            if self.address.resource in (ENDPOINT, INTERFACES) else None,
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
        if name not in self.queries.by_name or not (name in self.folder.tables or name == ANSWER):
            raise KeyError(self.address.path)
        form = self.folder.tables.get(name)
        said: Mapping[str, tuple[Statement, ...]] = {}
        if form is not None and any(column.said for column in form.columns):
            said = statements(self.queries.ask(_OUTGOING), self.queries.ask(_CLAIMS), self.values)
        found = self.tables.table(name, self.queries.ask(name), said, whole=True)
        if self.folder.list is None or self.folder.list.table != name:
            return found
        return self.tables.chosen(self.folder.list, found)

    def has_rows(self, name: str) -> bool:
        """Tell whether a table has any row."""
        return bool(self.queries.ask(name))

    def _address(self) -> str:
        """Return the complete URL of the page, with what a visitor asks there."""
        path = self.address.path
        asked = "" if self.release.addresses().get(path) == self.address else f"?{urlencode(self.parameters)}"
        return self.release.base_url + quote(path) + asked

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
                wanted = choices[facet.parameter][self.parameters[facet.parameter]]
                name = called(facet, wanted, named(self.values.thing(wanted.iri)) if wanted else "", self.language)
                yield f"{facet.heading[self.language]} – {name}"

    def _samples(self) -> tuple[Sample, ...]:
        """Return the worked questions that the page offers: a list of them and the query form do."""
        if self.folder.scope != "questions" and self.address.resource != ENDPOINT:
            return ()
        paths = self.index.question_paths
        return tuple(
            Sample(
                plan.title[self.language], question.group, question.title[self.language], question.text[self.language],
                relative(self.address.path, localised(paths[plan.slug, slug], self.language)),
                self.ways.form(question.query_in(self.language)),
            )
            for plan in ((self.plan,) if self.plan else self.release.plans)
            for slug, question in self.index.questions[plan.slug].items()
        )

    def _worked(self, question: Question) -> Worked:
        agrees = question.agrees(self.index.ask(question.query))
        query = question.query_in(self.language)
        return Worked(
            question.group, question.text[self.language], question.reason[self.language],
            () if agrees else expected_rows(question, self.values, self.release.places),
            query != question.query, self.ways.run(query, RESULTS_JSON),
            samples.curl(self.release.base_url + ENDPOINT, query.strip(), DatasetClause()),
        )

    def _above(self, solutions: Solutions) -> list[Value]:
        """Return what the thing of the page is a part of, and for a part of its page the thing itself."""
        above = [self.values.of(row["item"]) for row in solutions]
        if self.address.section is not None and self.address.subject is not None:
            above.append(self.values.thing(self.address.subject))
        return above
