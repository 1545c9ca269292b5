from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from wir2graph.pages.arrange import Node, ordered, sections, tree
from wir2graph.pages.model import Row, Value

NAMES = st.sampled_from("abcdefgh")


def row(name: str, parent: str | None) -> Row:
    return {"unit": (Value(name, iri=name),), "parent": (Value(parent, iri=parent),) if parent else ()}


def names(nodes: Iterable[Node]) -> list[str]:
    return [name for node in nodes for name in (node.row["unit"][0].text, *names(node.children))]


@given(st.dictionaries(NAMES, st.none() | NAMES))
def test_every_row_stands_in_exactly_one_place_even_in_a_circle(parents: dict[str, str | None]) -> None:
    found = names(tree([row(name, parent) for name, parent in parents.items()], "unit", "parent"))
    assert sorted(found) == sorted(parents)


def test_rows_stand_below_the_row_that_they_name() -> None:
    roots = tree([row("a", "city"), row("a1", "a"), row("b", None), row("a2", "a")], "unit", "parent")
    assert [node.row["unit"][0].text for node in roots] == ["a", "b"]
    assert names(roots[0].children) == ["a1", "a2"]


def test_sections_keep_the_order_and_take_missing_values_as_one() -> None:
    rows: list[Row] = [
        {"field": (Value("x"),), "n": (Value("1"),)},
        {"field": (), "n": (Value("2"),)},
        {"field": (Value("x"),), "n": ()},
    ]
    found = sections(rows, "field")
    assert [(section.key, len(section.rows)) for section in found] == [((Value("x"),), 2), ((None,), 1)]


def test_rows_stand_in_the_order_in_which_a_reader_counts() -> None:
    names = ["Teil 10", "Teil 2", "Zoo", "Äcker", "Bach"]
    rows: list[Row] = [{"name": (Value(name),)} for name in names]
    assert [row["name"][0].text for row in ordered(rows, "name")] == ["Äcker", "Bach", "Teil 2", "Teil 10", "Zoo"]


def test_what_has_no_value_comes_first_and_identifiers_decide_between_equal_texts() -> None:
    rows: list[Row] = [
        {"page": (Value("10", number=10.0),), "thing": (Value("x", iri="a/1"),)},
        {"page": (Value("9", number=9.0),), "thing": (Value("x", iri="a/12"),)},
        {"page": (Value("9", number=9.0),), "thing": (Value("x", iri="a/3"),)},
        {"page": (), "thing": (Value("x", iri="a/4"),)},
    ]
    assert [row["thing"][0].iri for row in ordered(rows, "page", "thing")] == ["a/4", "a/3", "a/12", "a/1"]


def test_codes_decide_before_texts_and_what_has_none_comes_after() -> None:
    codes = {"Zentrale": "15.2", "Dienst": "15.04", "Archiv": "15.10", "Beirat": None, "Amt": "15", "Bibliothek": None,
             "Büro": "15.B"}
    rows: list[Row] = [{"office": (Value(name, code=code),)} for name, code in codes.items()]
    assert [row["office"][0].text for row in ordered(rows, "office")] == [
        "Amt", "Dienst", "Zentrale", "Archiv", "Büro", "Beirat", "Bibliothek",
    ]


@given(st.lists(st.text(max_size=8)))
def test_any_texts_can_be_ordered_and_none_is_lost(texts: list[str]) -> None:
    rows: list[Row] = [{"name": (Value(text),)} for text in texts]
    assert sorted(row["name"][0].text for row in ordered(rows, "name")) == sorted(texts)
