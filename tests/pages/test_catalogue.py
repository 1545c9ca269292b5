"""The pages of goals, recommendations, relations, bodies, funding and figures."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.pages.document import Element
from wir2graph.pages.model import Row
from wir2graph.pages.view import view
from wir2graph.release import Release

Documents = Mapping[str, Element]
PLAN = "/musterstadt"


def rows(release: Release, path: str, table: str) -> tuple[Row, ...]:
    return view(release.pages.index, release.addresses()[f"{PLAN}/{path}"]).tables[table].rows


def texts(row: Row, *variables: str) -> tuple[list[str], ...]:
    return tuple([value.text for value in row[variable]] for variable in variables)


def test_goals_stand_with_their_sub_goals_in_printed_order(release: Release) -> None:
    found = [texts(row, "field", "series", "goal", "part") for row in rows(release, "ziele", "goals")]
    assert found == [
        (["Grüne Räume"], ["Hauptreihe"], ["Die Stadt wird kühler"],
         ["Schatten in allen Straßen", "Grüne Dächer und Höfe"]),
        (["Grüne Räume"], ["Schulreihe"], ["Kinder lernen im Freien"], []),
        (["Sauberes Wasser"], ["Hauptreihe"], ["Kinder lernen im Freien"], []),
    ]


def test_a_goal_of_the_same_wording_is_named_from_both_ends(documents: Documents) -> None:
    for goal, other in (("raeume-schule-1", "wasser-1"), ("wasser-1", "raeume-schule-1")):
        facts = documents[f"{PLAN}/ziel/gruenplan-{goal}"].find("dl")[0]
        same = [a.attributes["href"] for a in facts.find("a") if a.text() == "Kinder lernen im Freien"]
        assert same == [f"gruenplan-{other}"]


def test_measures_are_not_mixed_with_goals_and_recommendations(release: Release) -> None:
    near = view(release.pages.index, release.addresses()[f"{PLAN}/massnahme/gruenplan-raeume-1"]).records["neighbours"]
    assert texts(near, "previous", "next") == ([], ["Parks gemeinsam pflegen"])
    assert len(rows(release, "massnahmen", "measures")) == 6


def test_a_measure_shows_what_its_text_refers_to_with_the_place_that_says_so(documents: Documents) -> None:
    document = documents[f"{PLAN}/massnahme/gruenplan-raeume-1"]
    told = {e.find("h3")[0].text(): e.find("li") for e in document.find("section", class_="named")}
    assert list(told) == ["Partner*innen", "Zielgruppen", "Orte", "Rechtsgrundlagen", "Konzepte und andere Pläne",
                          "Worauf sie aufbaut", "Was neu entstehen soll", "Querschnittsthemen"]
    [law] = told["Rechtsgrundlagen"]
    assert law.find("a")[0].text() == "Baumschutzsatzung"
    assert [q.text() for q in law.find("q")] == ["erfüllt die Baumschutzsatzung"]
    assert law.find("a", class_="link")[-1].attributes["href"].endswith("#beleg-gruenplan-anhang-2026-satzung")
    [planned] = told["Was neu entstehen soll"]
    assert "Runder Tisch" in planned.text()
    assert "angestrebt" in planned.text()


@pytest.mark.parametrize(("path", "relation"), [
    ("recht/baumschutzsatzung", "Bezieht sich auf Recht"), ("konzept/klimakonzept", "Bezieht sich auf Plan"),
    ("angebot/giesspaten", "Baut auf"), ("organisation/gruene-finger", "Partner*in"),
    ("akteursgruppe/baumschulen", "Partner*in"), ("zielgruppe/anwohnende", "Zielgruppe"), ("ort/altstadt", "Ort"),
    ("querschnittsthema/gruenplan-klimaschutz", "Querschnittsthema"), ("gremium/runder-tisch-stadtbaeume", "Schafft"),
])
def test_what_a_measure_names_leads_back_to_it(release: Release, path: str, relation: str) -> None:
    found = [texts(row, "relation", "subject") for row in rows(release, path, "naming")]
    assert ([relation], ["Bäume an jeder Straße"]) in found


@pytest.mark.parametrize(("path", "name", "counts"), [
    ("recht", "Baumschutzsatzung", ("1", "0")), ("organisationen", "Verein „Grüne Finger“", ("1", "1")),
    ("orte", "Altstadt", ("6", "1")), ("zielgruppen", "Anwohner*innen", ("1", "0")),
    ("konzepte", "Klimakonzept", ("1", "0")), ("angebote", "Gießpaten", ("1", "0")),
])
def test_lists_count_who_names_something(release: Release, path: str, name: str, counts: tuple[str, str]) -> None:
    row = next(row for row in rows(release, path, "things") if row["thing"][0].text == name)
    assert (row["measures"][0].text, row["recommendations"][0].text) == counts


def test_what_no_source_states_is_said_to_be_open(documents: Documents) -> None:
    table = next(t for t in documents[f"{PLAN}/gremium/gruenbeirat"].find("table")
                 if t.find("caption")[0].text() == "Sitze")
    seats = table.find("tbody")[0].find("tr")
    cells = [[cell.text() for cell in seat.content if isinstance(cell, Element)][:4] for seat in seats]
    assert cells == [
        ["Vorsitz des Grünbeirats", "Vorsitz", "A 1 Amt für Stadtgrün", "ja"],
        ["Sitz für Kinder", "Mitglied", "nicht angegeben", "nicht angegeben"],
        ["Beratender Sitz des Vereins", "beratend", "Verein „Grüne Finger“", "nein"],
    ]
    wells = documents["/en/musterstadt/empfehlung/gruenplan-wasser-2"].find("dl")[0].text()
    assert wells.startswith("Addressed to not stated")


def test_a_programme_shows_the_limits_of_its_lines_and_who_decides(release: Release) -> None:
    found = [texts(row, "line", "minimum", "maximum", "proposer", "decider")
             for row in rows(release, "foerderprogramm/musterstadt-blueht", "lines")]
    assert found == [
        (["Kleines Grün"], ["500"], ["5000"], [], ["Amt für Stadtgrün"]),
        (["Großes Grün"], [], ["20.000"], ["Amt für Stadtgrün"], ["Grünbeirat"]),
    ]


def test_figures_are_a_picture_and_a_table_of_the_same_numbers(documents: Documents) -> None:
    document = documents[f"{PLAN}/kennzahl/gruenplan-zielzahlen"]
    shown = [e.text() for e in document.find("text", class_="bars__number")]
    assert shown == ["50 %", "12,5 %", "40 %"]
    caption = "Zahlen je Personengruppe in Prozent"
    table = next(t for t in document.find("table") if t.find("caption")[0].text() == caption)
    assert [[td.text() for td in tr.find("td")][:3] for tr in table.find("tbody")[0].find("tr")] == [
        ["nicht angegeben", "50", ""], ["12,5", "40", "50"],
    ]
    assert "Sie messen keine Wirkung." in document.text()


def test_a_stated_number_stands_with_its_qualifier_and_its_quote(release: Release) -> None:
    [row] = rows(release, "massnahme/gruenplan-raeume-1", "values")
    assert texts(row, "value", "qualifier", "number", "unit") == (
        ["Bäume, die gepflanzt werden"], ["circa"], ["400"], ["Anzahl"])
    assert row["quote"][0].text == "Gepflanzt werden circa 400 Bäume."


def test_the_hub_counts_what_its_lists_hold(release: Release) -> None:
    counts = view(release.pages.index, release.addresses()[f"{PLAN}/themen"]).records["counts"]
    assert counts["goals"][0].text == str(len(rows(release, "ziele", "goals")))
    for name, path in (("laws", "recht"), ("offers", "angebote"), ("organisations", "organisationen"),
                       ("targets", "zielgruppen"), ("places", "orte"), ("plans", "konzepte")):
        assert counts[name][0].text == str(len(rows(release, path, "things"))), name
    assert counts["bodies"][0].text == str(len(rows(release, "gremien", "bodies")))


def test_a_description_says_that_it_is_ours(documents: Documents) -> None:
    assert "Beschreibung der Redaktion" in documents[f"{PLAN}/ziel/gruenplan-raeume-1"].text()
    assert "Beschreibung der Redaktion" not in documents[f"{PLAN}/massnahme/gruenplan-raeume-1"].text()


def test_a_list_below_the_hub_leads_back_to_it(release: Release) -> None:
    page = view(release.pages.index, release.addresses()[f"{PLAN}/recht/baumschutzsatzung"])
    assert [crumb.text for crumb in page.crumbs] == ["Start", "Themen", "Rechtsgrundlagen"]
    assert [entry.text for entry in page.nav if entry.current] == ["Themen"]
