from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from wir2graph.pages.results import (
    MAX_BYTES,
    MAX_ROWS,
    ROWS_PER_PAGE,
    Solution,
    first_rows,
    number_of,
    ordered,
    paged,
    read,
    seconds_of,
    sorted_by,
)
from wir2graph.store.base import Term

XSD = "http://www.w3.org/2001/XMLSchema#"


def literal(text: object, kind: str) -> ox.Literal:
    return ox.Literal(str(text), datatype=ox.NamedNode(XSD + kind))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
TERMS: st.SearchStrategy[Term] = st.one_of(
    st.integers(-10**20, 10**20).map(lambda n: literal(n, "integer")),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda n: literal(n, "decimal")),
    st.floats().map(lambda n: literal(n, "double")),
    st.dates().map(lambda day: literal(day.isoformat(), "date")),
    TEXTS.map(ox.Literal),
    TEXTS.map(lambda text: ox.Literal(text, language="de")),
    TEXTS.map(lambda text: literal(text, "integer")),
    st.integers(0, 99).map(lambda n: ox.NamedNode(f"urn:thing:{n}")),
    st.builds(lambda n: ox.BlankNode(f"b{n}"), st.integers(0, 99)),
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
COUNTS = st.integers(0, 10**6).map(lambda n: literal(n, "integer"))
ROWS = st.lists(st.tuples(TERMS | st.none(), COUNTS), max_size=40)


def texts(rows: tuple[Solution, ...]) -> list[str]:
    return [str(row[0].value) for row in rows if isinstance(row[0], ox.Literal)]


def sort(terms: list[Term | None], descending: bool = False) -> tuple[Solution, ...]:
    return ordered([(term,) for term in terms], 0, descending, str)


@given(ROWS, st.booleans())
def test_sorting_loses_and_invents_no_row_and_leaves_the_unbound_last(rows: list[Solution], descending: bool) -> None:
    found = ordered(rows, 0, descending, str)
    assert sorted(map(repr, found)) == sorted(map(repr, rows))
    bound = [row[0] is not None for row in found]
    assert bound == sorted(bound, reverse=True)


@given(ROWS, st.booleans())
def test_sorting_again_changes_nothing_and_equal_rows_keep_their_order(rows: list[Solution], descending: bool) -> None:
    found = ordered(rows, 0, descending, str)
    assert ordered(found, 0, descending, str) == found
    same = [(ox.Literal("same"), row[1]) for row in rows]
    assert list(ordered(same, 0, descending, str)) == same


@given(st.lists(st.integers() | st.decimals(allow_nan=False, allow_infinity=False)), st.booleans())
def test_numbers_are_sorted_by_what_they_are_worth(numbers: list[int | Decimal], descending: bool) -> None:
    terms: list[Term | None] = [literal(n, "integer" if isinstance(n, int) else "decimal") for n in numbers]
    found = [number_of(row[0]) for row in sort(terms, descending)]
    assert found == sorted(map(Decimal, numbers), reverse=descending)


@given(st.lists(st.datetimes(timezones=ZONES)))
def test_times_are_sorted_by_time_whatever_their_zone(times: list[datetime]) -> None:
    found = texts(sort([literal(moment.isoformat(), "dateTime") for moment in times]))
    assert [datetime.fromisoformat(text) for text in found] == sorted(times)


@given(st.dates())
def test_a_date_begins_when_the_calendar_says(day: date) -> None:
    seconds = seconds_of(literal(day.isoformat(), "date"))
    assert seconds == (day - date(1970, 1, 1)).days * 86400


def test_dates_months_and_years_stand_in_one_order() -> None:
    terms: list[Term | None] = [
        literal("2026-02-01", "date"), literal("2026", "gYear"), literal("2025-12-31T23:00:00-02:00", "dateTime"),
        literal("2026-01", "gYearMonth"), literal("-0044-03-15", "date"), literal("2026-13-XX", "date"),
    ]
    assert texts(sort(terms)) == [
        "-0044-03-15", "2026", "2026-01", "2025-12-31T23:00:00-02:00", "2026-02-01", "2026-13-XX"]


def test_kinds_do_not_mix_and_what_is_no_number_is_a_text() -> None:
    terms: list[Term | None] = [
        ox.Literal("10"), literal("NaN", "double"), None, literal(10, "integer"), literal("2026-01-01", "date"),
        literal("9.5", "decimal"), literal("INF", "double"), literal("zehn", "integer"), literal("-1e3", "double"),
    ]
    assert texts(sort(terms)) == ["-1e3", "9.5", "10", "INF", "NaN", "2026-01-01", "10", "zehn"]


def test_texts_are_sorted_as_a_german_dictionary_does() -> None:
    words = ("Zoo", "straße", "Äpfel", "apfel", "Strasse", "öde", "Ofen", "Élan")
    found = texts(sort([ox.Literal(word) for word in words]))
    assert found == ["Äpfel", "apfel", "Élan", "öde", "Ofen", "straße", "Strasse", "Zoo"]


def test_things_are_sorted_by_the_name_that_is_shown() -> None:
    names = {"urn:1": "Zoo", "urn:2": "Amt"}
    rows = [(ox.NamedNode("urn:1"),), (ox.NamedNode("urn:2"),)]
    found = ordered(rows, 0, False, lambda term: names[term.value] if isinstance(term, ox.NamedNode) else "")
    assert found == (rows[1], rows[0])


@given(st.integers(0, 1000), st.integers(-3, 20))
def test_each_row_is_on_exactly_one_page(size: int, wanted: int) -> None:
    rows = list(range(size))
    _, _, pages = paged(rows, 1)
    assert [row for page in range(1, pages + 1) for row in paged(rows, page)[0]] == rows
    shown, number, _ = paged(rows, wanted)
    assert number == min(max(wanted, 1), pages)
    assert len(shown) <= ROWS_PER_PAGE


def test_only_a_variable_of_the_result_sorts_it() -> None:
    assert sorted_by(("a", "b"), "b") == (1, False)
    assert sorted_by(("a", "b"), "-a") == (0, True)
    for unknown in (None, "", "-", "c", "--a", "?a"):
        assert sorted_by(("a", "b"), unknown) is None


@given(st.lists(st.tuples(TERMS | st.none(), TERMS), max_size=20))
def test_what_the_store_writes_is_read_as_it_was(rows: list[Solution]) -> None:
    store = ox.Store()
    for index, row in enumerate(rows):
        for name, term in zip("ab", row, strict=True):
            if term is not None:
                subject = ox.NamedNode(f"urn:row:{index:03}")
                store.add(ox.Quad(subject, ox.NamedNode(f"urn:{name}"), term))
    solutions = store.query("SELECT ?a ?b WHERE { ?row <urn:b> ?b OPTIONAL { ?row <urn:a> ?a } } ORDER BY ?row")
    assert isinstance(solutions, ox.QuerySolutions)
    body = solutions.serialize(format=ox.QueryResultsFormat.TSV)
    assert body is not None
    assert body.count(b"\n") == len(rows) + 1
    found = read(body, "SELECT", True)
    assert found.variables == ("a", "b")
    stored = [tuple(quad.object for quad in store.quads_for_pattern(ox.NamedNode(f"urn:row:{index:03}"), None, None))
              for index in range(len(rows))]
    assert [{term for term in row if term is not None} for row in found.rows] == [set(row) for row in stored]


def test_a_graph_has_each_triple_once() -> None:
    line = b'<urn:a> <urn:b> "x\\ny"@de .\n'
    found = read(line * 3, "CONSTRUCT", True)
    assert found.rows == ((ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("x\ny", language="de")),)
    assert found.graph


def test_the_answer_to_ask_is_a_truth_without_rows() -> None:
    assert [read(body, "ASK", True).truth for body in (b"true", b"false")] == [True, False]


def test_the_first_rows_are_whole_lines_within_the_bounds() -> None:
    head, row = b"?a\n", b"1\n"
    assert first_rows(head + row * (MAX_ROWS + 5), "SELECT") == head + row * MAX_ROWS
    assert first_rows(row * (MAX_ROWS + 5), "CONSTRUCT") == row * MAX_ROWS
    long = b'"' + b"x" * (MAX_BYTES // 3) + b'"\n'
    assert first_rows(head + long * 4, "SELECT") == head + long * 2
    assert read(first_rows(head + b'"' + b"x" * MAX_BYTES, "SELECT"), "SELECT", False).rows == ()
