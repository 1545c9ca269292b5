"""The pages of funding: calls and projects, what editors assume of them, and the programmes that they belong to."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import serving
from tests.pages.document import Element, parse
from tests.pages.test_process import facts, rows, table
from tests.serving import FIXTURES
from wir2graph.operator import Operator
from wir2graph.pages.view import view
from wir2graph.release import Release, current, open_release

Documents = Mapping[str, Element]
PLAN = "/musterstadt"
LIKELY, OPEN = "Annahme der Redaktion: wahrscheinlich", "Annahme der Redaktion: offen"


def test_calls_stand_in_the_order_of_their_day_with_what_is_open(documents: Documents) -> None:
    document = documents[f"{PLAN}/ausschreibungen"]
    assert table(document, "Ausschreibungen, die zuletzt bekannt gemachte zuerst") == [
        ["Ausschreibung „Kleines Grün“ zu den Wasserdetektiven", "1. März 2027", "31. August 2027", "5000",
         "Wasserdetektive", "Musterstadt blüht"],
        ["Ausschreibung für Hochbeete", "zwischen dem 4. Mai 2026 und dem 31. Mai 2027 "
         "eingegrenzt von der Redaktion, der Text nennt kein Datum", f"nicht angegeben 15. Mai 2027 {LIKELY}",
         "nicht angegeben", "nicht angegeben", "Musterstadt blüht"],
        ["Aufruf für offene Bäche", "4. Mai 2026", "30. Juni 2026 abgelaufen", "nicht angegeben",
         f"nicht angegeben Bäche ans Licht {LIKELY}", "Musterstadt blüht"],
    ]


def test_open_is_what_had_not_ended_on_the_day_of_the_data(documents: Documents) -> None:
    document = documents[f"{PLAN}/ausschreibungen"]
    assert document.find("h2", id="offen")[0].text() == "Offen am 30. Juni 2027"
    assert table(document, "Offene Ausschreibungen, die bald endende zuerst") == [
        ["Ausschreibung „Kleines Grün“ zu den Wasserdetektiven", "31. August 2027", "5000", "Vereine"],
    ]
    badges = {name: [e.text() for e in documents[f"{PLAN}/ausschreibung/{name}"].find("ul", class_="badges")]
              for name in ("kleines-gruen-2027", "offene-baeche-2026", "hochbeete")}
    assert badges == {
        "kleines-gruen-2027": ["Offen, Stand 30. Juni 2027"], "offene-baeche-2026": ["Abgelaufen, Stand 30. Juni 2027"],
        "hochbeete": [],
    }


@pytest.mark.parametrize(("released", "open_calls"), [("2026-06-30", 2), ("2026-07-01", 1), ("2027-08-31", 1),
                                                      ("2027-09-01", 0)])
def test_a_call_is_open_to_the_end_of_its_last_day_whatever_the_clock_says(
    tmp_path: Path, released: str, open_calls: int,
) -> None:
    data = tmp_path / "data"
    shutil.copytree(FIXTURES, data)
    settings = data / "musterstadt" / "plan.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("2027-06-30", released), encoding="utf-8")
    serving.build(data, tmp_path / "state")
    folder = current(tmp_path / "state")
    assert folder is not None
    release = open_release(folder, Operator())
    try:
        assert len(rows(release, "ausschreibungen", "open")) == open_calls
        hub = parse(release.pages.html(release.addresses()[f"{PLAN}/foerderung"])).find("ul", class_="numbers")[0]
        assert [e.text() for e in hub.find("strong")] == ["2", "3", str(open_calls), "3"]
    finally:
        release.close()


@pytest.mark.parametrize(("name", "expected"), [
    ("kleines-gruen-2027", {
        "Förderprogramm": "Musterstadt blüht", "Förderlinie": "Kleines Grün", "Zur Maßnahme": "Wasserdetektive",
        "Höchstens (Euro)": "5000", "Bekannt gemacht": "1. März 2027", "Antragsschluss": "31. August 2027",
        "Anträge von": "Vereine", "Entscheidung durch": "nicht angegeben",
    }),
    ("offene-baeche-2026", {
        "Förderprogramm": "Musterstadt blüht",
        "Förderlinie": f"nicht angegeben Großes Grün {LIKELY} Wer Bäche öffnet, kommt mit 5000 Euro kaum aus.",
        "Zur Maßnahme": f"nicht angegeben Bäche ans Licht {LIKELY} "
                        "Die Maßnahme will Bäche öffnen; der Bericht nennt sie dort nicht.",
        "Höchstens (Euro)": "nicht angegeben", "Bekannt gemacht": "4. Mai 2026", "Antragsschluss": "30. Juni 2026",
        "Anträge von": "nicht angegeben", "Entscheidung durch": "nicht angegeben",
    }),
    ("hochbeete", {
        "Förderprogramm": "Musterstadt blüht", "Förderlinie": "nicht angegeben", "Zur Maßnahme": "nicht angegeben",
        "Höchstens (Euro)": "nicht angegeben",
        "Bekannt gemacht": "zwischen dem 4. Mai 2026 und dem 31. Mai 2027 "
                           "eingegrenzt von der Redaktion, der Text nennt kein Datum",
        "Antragsschluss": f"nicht angegeben 15. Mai 2027 {LIKELY} "
                          "Der Bericht vom Mai 2027 spricht von der Auswahl wie von etwas Gewesenem.",
        "Anträge von": "nicht angegeben", "Ausgewählt von": "Grünbeirat",
    }),
])
def test_a_call_shows_what_is_stated_and_what_is_only_assumed(
    documents: Documents, name: str, expected: dict[str, str],
) -> None:
    assert facts(documents[f"{PLAN}/ausschreibung/{name}"]) == expected


def test_projects_stand_with_the_measure_that_they_implement_or_probably_do(documents: Documents) -> None:
    listed = table(documents[f"{PLAN}/projekte"], "Geförderte Projekte")
    assert listed == [
        ["Musterstadt blüht"],
        ["Bachpaten", f"nicht angegeben Bäche ans Licht {LIKELY}", "", "nicht angegeben", "nicht angegeben", ""],
        ["Baumscheiben", "Bäume an jeder Straße", "", "Kleines Grün", "3000", "in Umsetzung"],
        ["Regentonnen", f"nicht angegeben Regen in Zisternen sammeln {OPEN}", "Kinder", "nicht angegeben",
         "nicht angegeben", ""],
    ]


@pytest.mark.parametrize(("name", "expected"), [
    ("baumscheiben", {
        "Setzt um": "Bäume an jeder Straße", "Förderprogramm": "Musterstadt blüht", "Förderlinie": "Kleines Grün",
        "Betrag (Euro)": "3000", "Stand der Umsetzung": "in Umsetzung",
    }),
    ("regentonnen", {
        "Setzt um": f"nicht angegeben Regen in Zisternen sammeln {OPEN} "
                    "Eine Tonne ist keine Zisterne; beide sammeln Regen.",
        "Förderprogramm": "Musterstadt blüht", "Förderlinie": "nicht angegeben", "Betrag (Euro)": "nicht angegeben",
        "Zielgruppe": "Kinder",
    }),
])
def test_a_project_shows_what_is_stated_and_what_is_only_assumed(
    documents: Documents, name: str, expected: dict[str, str],
) -> None:
    assert facts(documents[f"{PLAN}/projekt/{name}"]) == expected


@pytest.mark.parametrize(("measure", "expected"), [
    ("raeume-1", [["Baumscheiben", "Gefördertes Projekt", "", "Bericht an den Rat: ein Jahr Grünplan"]]),
    ("wasser-schule-1", [["Ausschreibung „Kleines Grün“ zu den Wasserdetektiven", "Ausschreibung", "1. März 2027",
                          "Bericht an den Rat: ein Jahr Grünplan"]]),
    ("wasser-2", [
        ["Aufruf für offene Bäche", "Ausschreibung", "4. Mai 2026",
         f"{LIKELY} Die Maßnahme will Bäche öffnen; der Bericht nennt sie dort nicht."],
        ["Bachpaten", "Gefördertes Projekt", "",
         f"{LIKELY} Nur diese Maßnahme gilt den Bächen; der Bericht nennt sie dort nicht."],
    ]),
])
def test_a_measure_shows_its_projects_and_calls_and_who_says_so(
    documents: Documents, measure: str, expected: list[list[str]],
) -> None:
    assert table(documents[f"{PLAN}/massnahme/gruenplan-{measure}"], "Projekte und Ausschreibungen") == expected


def test_a_measure_without_funding_has_no_such_section(documents: Documents) -> None:
    assert not documents[f"{PLAN}/massnahme/gruenplan-raeume-2"].find("h2", id="foerderung")


def test_a_line_shows_what_comes_from_it(documents: Documents) -> None:
    small, [assumed] = (
        table(documents[f"{PLAN}/foerderlinie/musterstadt-blueht-{name}-gruen"], "Projekte und Ausschreibungen")
        for name in ("kleines", "grosses")
    )
    assert [row[0] for row in small] == ["Ausschreibung „Kleines Grün“ zu den Wasserdetektiven", "Baumscheiben"]
    assert assumed[0] == "Aufruf für offene Bäche"
    assert assumed[3].startswith(LIKELY)


def test_a_programme_shows_its_fund_before_who_administers_it_and_what_belongs_to_it(documents: Documents) -> None:
    document = documents[f"{PLAN}/foerderprogramm/musterstadt-blueht"]
    assert facts(document) == {
        "Angesiedelt bei": "A 1 Amt für Stadtgrün", "Anträge von": "Vereine", "Löst ab": "Blumenfonds",
    }
    assert [row[0] for row in table(document, "Zahlen im Text")] == ["Vergebene Mittel"]
    projects = table(document, "Projekte aus diesem Programm")
    assert [row[0] for row in projects] == ["Bachpaten", "Baumscheiben", "Regentonnen"]
    assert len(table(document, "Ausschreibungen dieses Programms, die zuletzt bekannt gemachte zuerst")) == 3
    before = documents[f"{PLAN}/foerderprogramm/blumenfonds"]
    assert facts(before) == {
        "Angesiedelt bei": "nicht angegeben", "Anträge von": "nicht angegeben", "Abgelöst von": "Musterstadt blüht",
    }


def test_the_hub_of_funding_counts_and_leads_on(release: Release, documents: Documents) -> None:
    document = documents[f"{PLAN}/foerderung"]
    numbers = document.find("ul", class_="numbers")[0]
    assert [e.text() for e in numbers.find("strong")] == ["2", "3", "1", "3"]
    assert [a.attributes["href"] for a in numbers.find("a")] == [
        "#programme", "ausschreibungen", "ausschreibungen#offen", "projekte"]
    assert table(document, "Förderprogramme")[0] == [
        "Musterstadt blüht", "Blumenfonds", "A 1 Amt für Stadtgrün", "Vereine", "1", "2", "3", "3"]
    for path, crumbs in (("ausschreibungen", ["Start", "Förderung"]),
                         ("projekt/bachpaten", ["Start", "Förderung", "Geförderte Projekte"]),
                         ("ausschreibung/hochbeete", ["Start", "Förderung", "Ausschreibungen"])):
        page = view(release.pages.index, release.addresses()[f"{PLAN}/{path}"])
        assert [crumb.text for crumb in page.crumbs] == crumbs
        assert [entry.text for entry in page.nav if entry.current] == ["Förderung"]
