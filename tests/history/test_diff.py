"""Differences by thing; evidence, claims and what is derived are told under what they are about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from tests.history.strategies import quads
from wir2graph.dataset import Dataset, load
from wir2graph.history.diff import ADDED, CHANGED, REMOVED, Difference, PropertyChange, ThingChange, difference
from wir2graph.history.tell import Teller
from wir2graph.plan import PREFIXES, WIR, Plan, Workspace

SPACE = "https://daten.example/"
PLAN = Plan("plan", Path("plan"), SPACE, ("de", "en"), "https://licence.example", date(2027, 1, 1), {}, {}, {})
NAMES = {"a": "rdf:type", "label": "skos:prefLabel", "replaced": "dcterms:isReplacedBy", "about": "rdf:subject",
         "predicate": "rdf:predicate", "object": "rdf:object"}


def expanded(name: str) -> str:
    prefix, colon, local = NAMES.get(name, name).partition(":")
    return PREFIXES[prefix] + local if colon else SPACE + "id/" + name


def said(*statements: str, graph: str = "quelle") -> set[ox.Quad]:
    """Return quads of statements such as `a wir:contactOffice b`; a word in quotes is a text."""
    found = set()
    for statement in statements:
        subject, predicate, value = statement.split(" ", 2)
        term = ox.Literal(value[1:-1], language="de") if value.startswith("'") else ox.NamedNode(expanded(value))
        found.add(ox.Quad(ox.NamedNode(expanded(subject)), ox.NamedNode(expanded(predicate)), term,
                          ox.NamedNode(PLAN.graph(graph))))
    return found


MEASURE = said("m a wir:Measure", "m label 'Bäume'", "m wir:contactOffice o", "m wir:evidence e", "e a wir:Evidence",
               "e wir:quote 'Bäume pflanzen'", "o a wir:AdministrativeUnit", "o label 'Amt'")


def only(found: Difference) -> ThingChange:
    [thing] = found.things
    return thing


def test_nothing_has_changed() -> None:
    assert difference(PLAN, MEASURE, MEASURE).things == ()


def test_what_is_new_or_gone_is_told_as_a_whole() -> None:
    found = difference(PLAN, set(), MEASURE)
    assert [(t.iri, t.state, t.kinds, t.changes, t.parts) for t in found.things] == [
        (f"{SPACE}id/m", ADDED, (f"{WIR}Measure",), (), ()),
        (f"{SPACE}id/o", ADDED, (f"{WIR}AdministrativeUnit",), (), ()),
    ]
    assert [t.state for t in difference(PLAN, MEASURE, set()).things] == [REMOVED, REMOVED]
    assert found.names[f"{SPACE}id/m"] == {"de": "Bäume"}


def test_a_property_that_has_changed() -> None:
    thing = only(difference(PLAN, MEASURE, MEASURE - said("m label 'Bäume'") | said("m label 'Viele Bäume'")))
    assert thing.state == CHANGED
    assert thing.changes == (PropertyChange(expanded("label"), ('"Bäume"@de',), ('"Viele Bäume"@de',)),)


def test_evidence_is_told_under_the_thing() -> None:
    before = MEASURE - said("m wir:evidence e", "e a wir:Evidence", "e wir:quote 'Bäume pflanzen'")
    thing = only(difference(PLAN, before, MEASURE))
    assert (thing.iri, thing.state) == (f"{SPACE}id/m", CHANGED)
    [part] = thing.parts
    assert (part.iri, part.state, part.kind) == (f"{SPACE}id/e", ADDED, f"{WIR}Evidence")
    assert part.changes == (PropertyChange(f"{WIR}quote", (), ('"Bäume pflanzen"@de',)),)


def test_a_quote_that_changed_is_told_under_the_thing_that_did_not() -> None:
    changed = MEASURE - said("e wir:quote 'Bäume pflanzen'") | said("e wir:quote 'Bäume'")
    thing = only(difference(PLAN, MEASURE, changed))
    assert (thing.iri, thing.state, thing.changes) == (f"{SPACE}id/m", CHANGED, ())
    assert [part.state for part in thing.parts] == [CHANGED]


def test_a_claim_and_its_evidence_are_told_under_what_it_is_about() -> None:
    claim = said("c a wir:Claim", "c about m", "c predicate wir:contactOffice", "c object o", "c wir:evidence e2",
                 "e2 a wir:Evidence", "e2 wir:quote 'x'")
    thing = only(difference(PLAN, MEASURE, MEASURE | claim))
    assert thing.iri == f"{SPACE}id/m"
    assert [(part.iri, part.kind) for part in thing.parts] == [
        (f"{SPACE}id/c", f"{WIR}Claim"), (f"{SPACE}id/e2", f"{WIR}Evidence"),
    ]


def test_what_is_derived_is_marked() -> None:
    thing = only(difference(PLAN, MEASURE, MEASURE | said("m a prov:Plan", graph="abgeleitet")))
    assert thing.changes == (PropertyChange(expanded("a"), (), (f"<{expanded('prov:Plan')}>",), derived=True),)
    assert thing.kinds == (f"{WIR}Measure",)


def test_another_source_that_says_the_same_is_a_change_without_values() -> None:
    thing = only(difference(PLAN, MEASURE, MEASURE | said("m wir:contactOffice o", graph="andere")))
    assert thing.changes == (PropertyChange(f"{WIR}contactOffice"),)


def test_a_withdrawn_identifier_is_gone_and_names_its_successor() -> None:
    after = MEASURE - said("o a wir:AdministrativeUnit", "o label 'Amt'") | said(
        "o a wir:Tombstone", "o label 'Amt (früher)'", "o replaced p", "p a wir:AdministrativeUnit")
    states = {thing.iri: thing for thing in difference(PLAN, MEASURE, after).things}
    gone = states[f"{SPACE}id/o"]
    assert (gone.state, gone.kinds, gone.successors) == (
        REMOVED, (f"{WIR}AdministrativeUnit",), (f"{SPACE}id/p",))
    assert difference(PLAN, MEASURE, after).names[gone.iri] == {"de": "Amt"}
    assert states[f"{SPACE}id/p"].state == ADDED
    assert difference(PLAN, set(), said("o a wir:Tombstone")).things == ()


@settings(deadline=None, max_examples=60)
@given(quads, quads)
def test_a_difference_is_told_exactly_where_there_is_one(
    before: frozenset[ox.Quad], after: frozenset[ox.Quad],
) -> None:
    found, back = difference(PLAN, before, after), difference(PLAN, after, before)
    assert {thing.iri for thing in found.things} == {str(quad.subject)[1:-1] for quad in before ^ after}
    turned = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}
    assert [(t.iri, turned[t.state]) for t in found.things] == [(t.iri, t.state) for t in back.things]


@pytest.fixture(scope="module")
def dataset(workspace: Workspace) -> Dataset:
    return load(workspace)


@pytest.mark.parametrize(("language", "line"), [
    ("de", "    Kontakt in der Verwaltung:"), ("de", "      + Amt für Stadtgrün"),
    ("de", "1 neu, 1 entfernt, 4 geändert"), ("en", "    contact in the administration:"),
    ("en", "      + Office for Urban Green"), ("en", "1 new, 1 removed, 4 changed"),
])
def test_a_difference_in_words(dataset: Dataset, language: str, line: str) -> None:
    from wir2graph.history.versions import replay

    plan = next(plan for plan in dataset.plans if plan.slug == "musterstadt")
    found = difference(plan, replay(plan, "2027-04-30"), replay(plan, "2027-06-30"))
    assert line in list(Teller(dataset, plan, language).lines(found))
