"""What came of a visitor's query, as the page of the query form shows it: a part of the result, or why it failed."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from wir2graph.formats import CSV_DE, GRAPH_RESULTS, TABLE_RESULTS
from wir2graph.pages import samples
from wir2graph.pages.asked import AskedView, Cell, ChartView, ColumnView, ResultView, SampleCode
from wir2graph.pages.charts.suiting import chart_of
from wir2graph.pages.failures import failure_view
from wir2graph.pages.model import Reference, Value
from wir2graph.pages.permalink import is_lasting, parameters, part
from wir2graph.pages.results import (
    MAX_ROWS,
    ROWS_PER_PAGE,
    Asked,
    Failure,
    Result,
    Solution,
    numeric,
    ordered,
    paged,
    sorted_by,
)
from wir2graph.pages.values import Values
from wir2graph.plan import PREFIXES
from wir2graph.store.base import Term
from wir2graph.store.querytext import GRAPH_FORMS, query_form
from wir2graph.urls import ENDPOINT, localised, relative

if TYPE_CHECKING:
    from wir2graph.release import Release

# The place on the page where the result stands.
_PLACE: Final = "#ergebnis"
# Datatypes that a reader takes for granted.
_OBVIOUS: Final = frozenset(PREFIXES["xsd"] + name for name in ("string", "integer"))
_AROUND: Final = 2  # pages on either side of the one that is shown to which there are links


def asked_view(
    asked: Asked, release: Release, path: str, values: Values, worked: Container[str], prefixes: Mapping[str, str],
) -> AskedView:
    """Return the view of a query and its outcome on the page at `path`.

    `worked` are the names of the worked questions' queries; `prefixes` shorten IRIs.
    """
    return _Maker(asked, release, path, values, worked, prefixes).view()


class _Maker:
    def __init__(
        self, asked: Asked, release: Release, path: str, values: Values, worked: Container[str],
        prefixes: Mapping[str, str],
    ) -> None:
        self.asked = asked
        self.release = release
        self.path = path
        self.values = values
        self.prefixes = sorted(prefixes.items(), key=lambda item: len(item[1]), reverse=True)
        asking = parameters(asked.query, asked.dataset, worked)
        self.asking = asking if is_lasting(asking) else ""
        self.page = localised(ENDPOINT, values.language)

    def view(self) -> AskedView:
        outcome, dataset = self.asked.outcome, self.asked.dataset
        settings = self.release.operator.sparql
        named = [("default-graph-uri", iri) for iri in dataset.default]
        named += [("named-graph-uri", iri) for iri in dataset.named]
        return AskedView(
            query=self.asked.query, graphs=tuple((name, self.values.thing(iri)) for name, iri in named),
            result=self._result(outcome) if isinstance(outcome, Result) else None,
            failure=(failure_view(outcome, self.values.language, self.values.texts, settings)
                     if isinstance(outcome, Failure) else None),
            permalink=self._href(self.page, self.asking) if self.asking else None,
            address=f"{self.release.base_url}{self.page}?{self.asking}" if self.asking else None,
            downloads=self._downloads(), code=self._code(),
        )

    def _href(self, page: str, *asked: str) -> str:
        query_string = "&".join(part for part in asked if part)
        return relative(self.path, page) + (f"?{query_string}" if query_string else "")

    def _part(self, sort: str | None, page: int) -> str:
        """Return the reference to a part of the result; where there is no permalink, it needs the query by POST."""
        return self._href(self.page, self.asking, part(sort, page)) + _PLACE

    def _result(self, result: Result) -> ResultView:
        sorting = sorted_by(result.variables, self.asked.sort) if result.complete else None
        rows = ordered(result.rows, *sorting, self._text) if sorting else result.rows
        shown, number, pages = paged(rows, self.asked.page)
        before = (number - 1) * ROWS_PER_PAGE
        return ResultView(
            kind="truth" if result.truth is not None else "graph" if result.graph else "table", truth=result.truth,
            columns=tuple(self._column(result, index, sorting) for index in range(len(result.variables))),
            rows=tuple(tuple(self._cell(term) if term is not None else None for term in row) for row in shown),
            count=self._count(len(rows)), first=before + 1, last=before + len(shown), complete=result.complete,
            by_size=len(rows) < MAX_ROWS, pages=self._pages(number, pages, self.asked.sort if sorting else None),
            chart=self._chart(result, rows),
        )

    def _column(self, result: Result, index: int, sorting: tuple[int, bool] | None) -> ColumnView:
        """Return the heading of a column; its link leads from ascending over descending back to no order."""
        name = result.variables[index]
        descending = sorting[1] if sorting is not None and sorting[0] == index else None
        order = {None: None, False: "ascending", True: "descending"}[descending]
        following = {None: name, False: f"-{name}", True: None}[descending]
        return ColumnView(
            self.values.texts["triple"][name] if result.graph else name,
            numeric(row[index] for row in result.rows), order,
            self._part(following, 1) if result.complete and len(result.rows) > 1 else None,
        )

    def _pages(self, number: int, pages: int, sort: str | None) -> tuple[Reference | None, ...]:
        if pages == 1:
            return ()
        near = {1, pages, *range(max(1, number - _AROUND), min(pages, number + _AROUND) + 1)}
        found: list[Reference | None] = []
        for page in sorted(near):
            if page - 1 not in near and page > 1:
                found.append(None)
            found.append(Reference(str(page), self._part(sort, page), current=page == number))
        return tuple(found)

    def _cell(self, term: Term) -> Cell:
        if isinstance(term, ox.NamedNode):
            value, short = self.values.thing(term.value), self._shortened(term.value)
            named = value.text not in (short, term.value)
            return Cell(value, short=short if named else None, exact=term.value if value.text != term.value else None)
        value = self._value(term)
        if not isinstance(term, ox.Literal):
            return Cell(value)
        kind = term.datatype.value
        tag = term.language or (None if kind in _OBVIOUS else self._shortened(kind) or kind)
        return Cell(value, tag, exact=term.value if value.text != term.value else None)

    def _value(self, term: Term) -> Value:
        return Value(f"<<( {term} )>>") if isinstance(term, ox.Triple) else self.values.of(term)

    def _text(self, term: Term) -> str:
        return self._value(term).text

    def _shortened(self, iri: str) -> str | None:
        found = ((name, space) for name, space in self.prefixes if iri.startswith(space))
        return next((f"{name}:{iri[len(space):]}" for name, space in found), None)

    def _chart(self, result: Result, rows: Sequence[Solution]) -> ChartView | None:
        if result.graph or not result.complete:
            return None
        return chart_of(result.variables, rows, self._value, self.values.texts["chart"])

    def _count(self, number: int) -> str:
        return self.values.literal(ox.Literal(number)).text

    def _downloads(self) -> tuple[Reference, ...]:
        form = query_form(self.asked.query)
        offered = GRAPH_RESULTS if form in GRAPH_FORMS else (*TABLE_RESULTS, *(CSV_DE,) * (form == "SELECT"))
        return tuple(
            Reference(item.label, self._href(ENDPOINT, self.asking, f"as={item.name}"), item.media_type)
            for item in offered
        )

    def _code(self) -> tuple[SampleCode, ...]:
        asked = (self.release.base_url + ENDPOINT, self.asked.query.strip(), self.asked.dataset)
        found = [SampleCode("curl", samples.curl(*asked)), SampleCode("Python", samples.python(*asked))]
        return (*found, SampleCode("R", samples.r(*asked))) if self.asking else tuple(found)
