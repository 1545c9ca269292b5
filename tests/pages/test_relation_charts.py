"""The pictures of relations: nothing covers anything else, all that flows arrives, every thing is a link."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, pairwise
from math import hypot
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wir2graph.pages.charts.letters import LINE, TARGET, lines
from wir2graph.pages.charts.neighbourhood import MOST, Near, chosen, nearby, neighbourhood, of_kind
from wir2graph.pages.charts.network import Member, Node, network, placed
from wir2graph.pages.charts.sankey import Flow, planned, sankey
from wir2graph.pages.charts.seats import APART, ROUND, half_circle, seating
from wir2graph.pages.model import Row, Value

NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=120)
KINDS = {"field": "Field", "contact": "Contact", "law": "Law"}


def thing(name: str, place: int = 0, lang: str | None = None) -> Value:
    return Value(name, href=f"thing/{place}?a=1&b=2", lang=lang, iri=f"https://example.org/{place}")


def drawn(picture: str) -> ElementTree.Element:
    root = ElementTree.fromstring(picture)
    assert not [element for element in root.iter() if "style" in element.attrib]
    return root


@st.composite
def flows(draw: st.DrawFn) -> list[Flow]:
    left = [thing(name, place) for place, name in enumerate(draw(st.lists(NAMES, min_size=1, max_size=12)))]
    right = [thing(name, 100 + place) for place, name in enumerate(draw(st.lists(NAMES, min_size=1, max_size=20)))]
    pairs = st.tuples(st.sampled_from(left), st.sampled_from(right))
    found = draw(st.dictionaries(pairs, st.integers(1, 300), min_size=1, max_size=60))
    return [Flow(source, target, float(amount), 7.0) for (source, target), amount in found.items()]


@given(flows())
def test_all_that_flows_out_of_a_bar_and_into_one_is_as_thick_as_the_bar(given: list[Flow]) -> None:
    plan = planned(given)
    assert sum(bar.amount for bar in plan.sources) == sum(bar.amount for bar in plan.targets)
    out, into = defaultdict(list), defaultdict(list)
    for band in plan.bands:
        out[band.source].append((band.begin, band.thick))
        into[band.target].append((band.end, band.thick))
    for bars, ends in ((plan.sources, out), (plan.targets, into)):
        for place, bar in enumerate(bars):
            assert sum(thick for _, thick in ends[place]) == pytest.approx(bar.high)
            stacked = sorted((middle - thick / 2, middle + thick / 2) for middle, thick in ends[place])
            assert stacked[0][0] == pytest.approx(bar.top)
            assert stacked[-1][1] == pytest.approx(bar.top + bar.high)
            assert all(above[1] == pytest.approx(below[0]) for above, below in pairwise(stacked))


@given(flows())
def test_no_bar_and_no_name_of_a_flow_covers_another(given: list[Flow]) -> None:
    plan = planned(given)
    for bars in (plan.sources, plan.targets):
        assert bars[0].room[0] >= 0
        assert bars[-1].room[0] + bars[-1].room[1] <= plan.height + 1e-6
        for bar in bars:
            top, high = bar.room
            assert high >= max(TARGET, bar.high, len(bar.name) * LINE)
            assert top - 1e-6 <= bar.top
            assert bar.top + bar.high <= top + high + 1e-6
        assert all(sum(above.room) < below.room[0] for above, below in pairwise(bars))


@given(flows())
def test_every_thing_of_a_flow_is_a_link_and_every_flow_is_said(given: list[Flow]) -> None:
    rows: list[Row] = [
        {"from": (flow.source,), "all": (Value("", number=7),), "to": (flow.target,),
         "n": (Value("", number=flow.amount),)}
        for flow in given
    ]
    picture = drawn(sankey(rows, ("from", "all", "to", "n"), "Title <&>", "{source} to {target}: {amount}"))
    things = {flow.source for flow in given} | {flow.target for flow in given}
    assert sorted(a.attrib["href"] for a in picture.iter("a")) == sorted(value.href or "" for value in things)
    assert len(picture.findall("g/path/title")) == len(given)
    assert picture.attrib["role"] == "group"
    assert picture.findtext("title") == "Title <&>"


def test_a_source_says_what_it_has_and_a_target_what_arrives() -> None:
    one, two, there = thing("one", 1), thing("two", 2), thing("there", 3)
    plan = planned([Flow(one, there, 3, 2), Flow(two, there, 4, 4)])
    assert [bar.name for bar in (*plan.sources, *plan.targets)] == [("one (2)",), ("two (4)",), ("there (7)",)]


def test_where_nothing_flows_there_is_no_picture() -> None:
    assert sankey([], ("from", "all", "to", "n"), "Title", "") == ""


@st.composite
def joined(draw: st.DrawFn) -> tuple[list[Node], list[Member]]:
    members = [Member(thing(name, place), head=not place % 3, deep=bool(place % 3))
               for place, name in enumerate(draw(st.lists(NAMES, min_size=1, max_size=40)))]
    places = st.lists(st.integers(0, len(members) - 1), unique=True, max_size=6)
    nodes = [Node(thing(name, 100 + place), tuple(draw(places)))
             for place, name in enumerate(draw(st.lists(NAMES, min_size=1, max_size=40)))]
    return nodes, members


@given(joined())
def test_no_name_of_a_network_covers_another_and_every_line_is_there(
    given: tuple[list[Node], list[Member]],
) -> None:
    nodes, members = given
    left, right, height = placed(nodes, members)
    for slots in (left, right):
        assert slots[0].top >= 0
        assert slots[-1].top + slots[-1].high <= height + 1e-6
        assert all(slot.high >= max(TARGET, len(slot.name) * LINE) for slot in slots)
        assert all(above.top + above.high < below.top for above, below in pairwise(slots))
    picture = network(nodes, members, "Title")
    if not any(node.joined for node in nodes):
        assert picture == ""
        return
    root = drawn(picture)
    assert [len(group.findall("path")) for group in root.findall("g")] == [len(node.joined) for node in nodes]
    assert len(list(root.iter("a"))) == len(nodes) + len(members)


@given(st.lists(st.tuples(st.sampled_from(list(KINDS)), NAMES), max_size=30))
def test_boxes_around_a_thing_stay_apart_and_each_kind_has_its_share(given: list[tuple[str, str]]) -> None:
    around = [Near((kind,), thing(name, place)) for place, (kind, name) in enumerate(given)]
    shown = chosen(around)
    assert len(shown) == min(MOST, len(around))
    assert [around.index(entry) for entry in shown] == sorted(around.index(entry) for entry in shown)
    assert {entry.kinds for entry in shown} == {entry.kinds for entry in around}
    text = neighbourhood("15", shown, KINDS, "Around")
    if not around:
        assert text == ""
        return
    root = drawn(text)
    assert [a.attrib["href"] for a in root.iter("a")] == [entry.value.href for entry in shown]
    boxes = [tuple(float(r.attrib[k]) for k in ("x", "y", "width", "height")) for r in root.iter("rect")]
    [circle] = root.findall("circle")
    round_, cx, cy = (float(circle.attrib[name]) for name in ("r", "cx", "cy"))
    boxes.append((cx - round_, cy - round_, 2 * round_, 2 * round_))
    for (x, y, wide, high), (x2, y2, wide2, high2) in combinations(boxes, 2):
        assert x + wide <= x2 or x2 + wide2 <= x or y + high <= y2 or y2 + high2 <= y
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert all(x >= 0 and y >= 0 and x + wide <= width and y + high <= height for x, y, wide, high in boxes)


def test_a_name_that_is_too_long_for_its_box_is_said_in_full() -> None:
    long = "A name of many words that no box of so few letters in three lines can hold"
    root = drawn(neighbourhood("1", [Near(("law",), thing(long, lang="de"))], KINDS, "Around"))
    [link] = root.iter("a")
    assert link.findtext("title") == f"Law: {long} (de)"
    assert link.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "de"
    assert [text.text for text in link.iter("text")][-1] is not None
    assert "".join(text.text or "" for text in link.iter("text")).endswith("…")


def test_only_what_has_a_page_is_near_and_only_once() -> None:
    one, without = thing("one"), Value("without")
    rows: list[Row] = [
        {"kind": (Value("law"),), "thing": (one,)}, {"kind": (Value("law"),), "thing": (one,)},
        {"kind": (Value("law"),), "thing": (without,)}, {"kind": (Value("field"),), "thing": ()},
    ]
    assert nearby(rows, "kind", "thing") == (Near(("law",), one),)
    both: list[Row] = [{"kind": (Value(kind),), "thing": (one,)} for kind in ("contact", "partner", "contact")]
    assert nearby(both, "kind", "thing") == (Near(("contact", "partner"), one),)
    assert of_kind(nearby(both, "kind", "thing"), "partner") == (one,)
    assert of_kind(nearby(both, "kind", "thing"), "law") == ()


def test_a_long_word_is_broken_before_a_syllable() -> None:
    assert lines("Amt für Familienmanagement", 15) == ("Amt für", "Familienmanage-", "ment")
    assert lines("Antidiskriminierungsstelle", 17) == ("Antidiskriminie-", "rungsstelle")
    assert lines("Gesellschaft", 10) == ("Ge-", "sellschaft")
    assert lines("Angststrnd", 6) == ("Angst-", "strnd")


@given(NAMES, st.integers(4, 40), st.integers(1, 4))
def test_lines_are_no_longer_than_asked(text: str, letters: int, most: int) -> None:
    found = lines(text, letters, most)
    assert 1 <= len(found) <= most
    assert all(len(line) <= letters for line in found)


@given(st.integers(1, 300))
def test_no_seat_covers_another_and_all_lie_in_the_picture(number: int) -> None:
    places, width, height = half_circle(number)
    assert len(places) == number
    assert all(hypot(x - x2, y - y2) >= 2 * ROUND + 2 for (x, y), (x2, y2) in combinations(places, 2))
    assert all(ROUND < x < width - ROUND and ROUND < y < height - ROUND for x, y in places)
    assert [x for x, _ in places[:1]] == [min(x for x, _ in places)]


def test_forty_seats_fit_on_a_phone() -> None:
    assert half_circle(38)[1] <= 342
    assert APART > 2 * ROUND


def seat(name: str, whom: str | None, role: str | None, vote: int | None) -> Row:
    return {
        "seat": (Value(name),), "for": (), "whom": (Value(whom),) if whom else (),
        "role": (Value(role),) if role else (), "vote": () if vote is None else (Value(str(vote), number=vote),),
    }


def test_the_legend_of_seats_counts_what_the_picture_shows() -> None:
    rows = [seat("a", "unit", "member", 1), seat("b", "unit", "member", 0), seat("c", "body", "chair", None),
            seat("d", None, None, None), seat("e", None, "member", 1)]
    found = seating(rows, {"body": "B", "unit": "U"}, "Seats")
    assert [(key.text, key.count) for key in found.whom] == [("body", 1), ("unit", 2), (None, 2)]
    assert [(key.text, key.count) for key in found.roles] == [("member", 3), ("chair", 1), (None, 1)]
    assert [(key.text, key.count) for key in found.votes] == [("yes", 2), ("no", 1), (None, 2)]
    picture = drawn(found.picture)
    assert sorted(title.text or "" for title in picture.findall("g/g/title")) == ["a", "b", "c", "d", "e"]
    assert sorted(text.text or "" for text in picture.iter("text")) == ["B", "U", "U", "–", "–"]
    votes = [group.attrib["class"].split()[1] for group in picture.findall("g/g")]
    assert sorted(votes) == ["seat--no", "seat--open", "seat--open", "seat--yes", "seat--yes"]
    assert picture.attrib["role"] == "img"
    assert not list(picture.iter("a"))
    shapes = {str(key.sign) for key in (*found.whom, *found.roles)}
    assert len(shapes) == 6
