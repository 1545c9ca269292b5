"""The pages of the plan's process: timeline, decisions, events, changes, reports; how offices and bodies changed."""

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


def unsigned(element: Element) -> str:
    """The text without the signs of those who say so."""
    parts = (part if isinstance(part, str) else unsigned(part) for part in element.content)
    return "" if element.attributes.get("class") == "by" else " ".join(" ".join(parts).split())


def facts(document: Element) -> dict[str, str]:
    section = next(s for s in document.find("section") if s.find("h2", id="eckdaten"))
    return {e.find("dt")[0].text(): unsigned(e.find("dd")[0]) for e in section.find("div") if e.find("dt")}


def table(document: Element, caption: str) -> list[list[str]]:
    found = next(t for t in document.find("table") if t.find("caption")[0].text() == caption)
    rows = found.find("tbody")[0].find("tr")
    return [[cell.text() for cell in tr.content if isinstance(cell, Element)] for tr in rows]


def moments(document: Element) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The years of the timeline, each with when, what and further facts of its moments."""
    return [
        (section.find("h2")[0].text(), [
            (li.find("div", class_="moment__when")[0].text(), li.find("p", class_="moment__what")[0].text(),
             " | ".join(e.text() for ul in li.find("ul", class_="moment__more") for e in ul.find("li")))
            for li in section.find("ol", class_="moments")[0].content if isinstance(li, Element)
        ])
        for section in document.find("section") if section.find("ol", class_="moments")
    ]


def test_the_timeline_has_every_moment_in_order_with_its_date_as_stated(documents: Documents) -> None:
    bound = "eingegrenzt von der Redaktion, der Text nennt kein Datum"
    assert moments(documents[f"{PLAN}/verlauf"]) == [
        ("2025", [
            ("2025", "Änderung einer Organisation Neuer Name „Amt für Stadtgrün“",
             "Vorher: Gartenamt | Nachher: A 1 Amt für Stadtgrün"),
        ]),
        ("2026", [
            ("2026", "Änderung einer Organisation Gründung des Grünbeirats", "Nachher: Grünbeirat"),
            ("März 2026", "Plandokument Grünplan 2030 (Text)", "Herausgeber: Stadt Musterstadt"),
            (f"zwischen dem 1. März 2026 und dem 14. April 2026 {bound}", "Beschluss Zustimmung des Umweltausschusses",
             "Beschlossen von: Umweltausschuss | Beschließt über: Grünplan 2030 | Abstimmung: mit großer Mehrheit"),
            ("April 2026", "Plandokument Anhang zum Grünplan 2030 (Text)", "Herausgeber: Stadt Musterstadt"),
            ("14. April 2026", "Beschluss Beschluss des Rates über den Grünplan",
             "Beschlossen von: Rat | Beschließt über: Grünplan 2030 | Abstimmung: einstimmig"),
            ("Mai 2026", "Auftakt Auftakt zum Grünplan", ""),
            ("4. Mai 2026", "Ausschreibung Aufruf für offene Bäche",
             "Förderprogramm: Musterstadt blüht | Antragsschluss: 30. Juni 2026"),
            (f"zwischen dem 4. Mai 2026 und dem 31. Mai 2027 {bound}", "Ausschreibung Ausschreibung für Hochbeete",
             "Förderprogramm: Musterstadt blüht | Antragsschluss: nicht angegeben"),
            ("30. Juni 2026", "Antragsschluss Aufruf für offene Bäche", "Förderprogramm: Musterstadt blüht"),
            ("Von Herbst 2026 bis Frühjahr 2027", "Phase Vermessung der Bäche", "Beteiligt: AG Gewässer"),
        ]),
        ("2027", [
            ("2027", "Zeitungsbericht Stadtblatt Musterstadt", "Herausgeber: Stadt Musterstadt"),
            ("1. März 2027", "Ausschreibung Ausschreibung „Kleines Grün“ zu den Wasserdetektiven",
             "Förderprogramm: Musterstadt blüht | Antragsschluss: 31. August 2027"),
            ("Mai 2027", "Zwischenbericht Bericht an den Rat: ein Jahr Grünplan", "Herausgeber: Stadt Musterstadt"),
            ("31. August 2027", "Antragsschluss Ausschreibung „Kleines Grün“ zu den Wasserdetektiven",
             "Förderprogramm: Musterstadt blüht"),
            ("November 2027", "Bericht Zwischenbericht", "Berichtet über: Grünplan 2030"),
        ]),
        ("Ohne Datum", [
            ("nicht angegeben", "Beschluss Verabschiedung des Baumteils",
             "Beschließt über: Baumteil | Beschlossen von: nicht angegeben"),
            ("nicht angegeben", "Veröffentlichung Film über die Stadtbäume", ""),
        ]),
    ]


def test_the_picture_has_every_moment_with_a_date_and_no_other(release: Release, documents: Documents) -> None:
    for path in (f"{PLAN}/verlauf", f"/en{PLAN}/verlauf"):
        document = documents[path]
        listed = [li for _, group in moments(document) for li in group]
        picture = document.find("svg", class_="years")[0]
        pictured = {title.text() for group in picture.find("g") for title in group.find("title")}
        assert pictured
        assert all(any(name in what for _, what, _ in listed) for name in pictured)
        dated = [row for row in rows(release, "verlauf", "moments") if row["earliest"]]
        assert len(document.find("svg", class_="years__sign")) == len(dated)
        assert len(listed) == len(rows(release, "verlauf", "moments"))


def test_another_plan_has_a_timeline_of_its_own(documents: Documents) -> None:
    assert [year for year, _ in moments(documents["/kleinstadt/verlauf"])] == ["2025"]


@pytest.mark.parametrize(("path", "kicker", "expected"), [
    ("beschluss/gruenplan-rat", "Beschluss", {
        "Wann": "14. April 2026", "Beschlossen von": "Rat", "Beschließt über": "Grünplan 2030",
        "Abstimmung": "einstimmig", "Plan": "Grünplan 2030",
    }),
    ("beschluss/gruenplan-umweltausschuss", "Beschluss", {
        "Wann": "zwischen dem 1. März 2026 und dem 14. April 2026 "
                "eingegrenzt von der Redaktion, der Text nennt kein Datum",
        "Beschlossen von": "Umweltausschuss", "Beschließt über": "Grünplan 2030", "Abstimmung": "mit großer Mehrheit",
        "Plan": "Grünplan 2030",
    }),
    ("ereignis/gruenplan-auftakt", "Auftakt", {"Wann": "Mai 2026", "Plan": "Grünplan 2030"}),
    ("ereignis/baeche-vermessen", "Phase", {
        "Wann": "Von Herbst 2026 bis Frühjahr 2027 zwischen dem 1. September 2026 und dem 31. Mai 2027 "
                "eingeordnet von der Redaktion",
        "Beteiligt": "AG Gewässer",
    }),
    ("ereignis/film-stadtbaeume", "Veröffentlichung", {"Wann": "nicht angegeben"}),
    ("aenderung/umbenennung-gartenamt", "Änderung einer Organisation", {
        "Wann": "2025", "Vorher": "Gartenamt", "Nachher": "A 1 Amt für Stadtgrün",
    }),
    ("bericht/zwischenbericht", "Bericht", {"Wann": "November 2027", "Berichtet über": "Grünplan 2030"}),
    ("planteil/gruenplan-wasserteil", "Teil eines Plans", {"Beschlossen": "nein", "Plan": "Grünplan 2030"}),
])
def test_what_happened_is_shown_as_stated(
    documents: Documents, path: str, kicker: str, expected: dict[str, str],
) -> None:
    document = documents[f"{PLAN}/{path}"]
    assert document.find("p", class_="kern-preline")[0].text() == kicker
    assert facts(document) == expected


def test_who_decided_is_open_and_what_the_editors_assume_is_marked(documents: Documents) -> None:
    document = documents[f"{PLAN}/beschluss/gruenplan-baumteil"]
    assert facts(document)["Beschlossen von"] == (
        "nicht angegeben Rat Annahme der Redaktion: wahrscheinlich "
        "Der Rat hat den Plan beschlossen; zum Baumteil steht nicht, wer es war."
    )
    [assumed] = document.find("p", class_="assumed")
    assert [a.attributes["href"] for a in assumed.find("a")] == [
        "../gremium/rat", "../angabe/redaktion-baumteil-rat",
    ]
    assert "Editors’ assumption: likely The council decided" in facts(
        documents[f"/en{PLAN}/beschluss/gruenplan-baumteil"])["Decided by"]


def test_each_fact_tells_which_source_says_so(documents: Documents) -> None:
    section = next(s for s in documents[f"{PLAN}/beschluss/gruenplan-rat"].find("section") if s.find("dl"))
    said = [{a.attributes["title"] for a in e.find("a", class_="by")} for e in section.find("dd")]
    assert said == [{"laut Bericht an den Rat: ein Jahr Grünplan"}] * 5


def test_a_part_of_the_plan_leads_to_the_decision_on_it(documents: Documents) -> None:
    document = documents[f"{PLAN}/planteil/gruenplan-baumteil"]
    assert "Beschlüsse dazu (1)" in [h.text() for h in document.find("h3")]
    assert "../beschluss/gruenplan-baumteil" in [a.attributes.get("href") for a in document.find("a")]


def test_an_office_shows_its_names_over_time_and_what_changed(documents: Documents) -> None:
    for name in ("a-1", "gartenamt"):
        document = documents[f"{PLAN}/oe/{name}"]
        assert table(document, "Namen im Lauf der Zeit") == [
            ["Gartenamt", "", "2025"], ["A 1 Amt für Stadtgrün", "2025", ""],
        ]
        assert table(document, "Änderungen") == [
            ["2025", "Neuer Name „Amt für Stadtgrün“", "Gartenamt", "A 1 Amt für Stadtgrün"],
        ]
    badges = [e.text() for e in documents[f"{PLAN}/oe/gartenamt"].find("ul", class_="badges")]
    assert badges == ["frühere Stelle, bis 2025"]
    assert documents[f"{PLAN}/oe/a-1"].find("ul", class_="badges") == []
    assert documents[f"{PLAN}/oe/b-2"].find("h2", id="geschichte") == []


def test_the_structure_says_which_unit_is_a_former_one(documents: Documents) -> None:
    tree = documents[f"{PLAN}/stellen"].find("ul", class_="tree")[0]
    former = [li.find("a")[0].text() for li in tree.find("li") if "frühere Stelle, bis 2025" in li.text()]
    assert former[-1] == "Gartenamt"
    below = [li.text() for li in documents[f"{PLAN}/stadt/musterstadt"].find("li") if "Gartenamt" in li.text()]
    assert any("frühere Stelle, bis 2025" in text for text in below)


def test_a_body_shows_when_it_was_founded_and_that_stated_and_listed_seats_differ(documents: Documents) -> None:
    document = documents[f"{PLAN}/gremium/gruenbeirat"]
    told = facts(document)
    assert told["Gegründet"] == "2026 – Gründung des Grünbeirats"
    assert told["Geschäftsstelle"] == "Büro für Ökologie"
    assert told["Angegebene Mitglieder"].startswith("4 gilt Widerspruch: Wie viele Mitglieder hat der Grünbeirat? 3 ")
    assert "Annahme der Redaktion: wahrscheinlich Gezählt in der Liste" in told["Angegebene Mitglieder"]
    assert told["Aufgeführte Sitze"] == "3 (davon beratend: 1)"
    [link] = [a for a in document.find("a") if a.text() == "Wie viele Mitglieder hat der Grünbeirat?"][:1]
    assert link.attributes["href"] == "../widerspruch/gruenbeirat-sitze"
    assert "Geschäftsstelle von (1)" in [h.text() for h in documents[f"{PLAN}/oe/büro-für-ökologie"].find("h3")]


def test_the_pages_of_the_process_lead_back_to_the_timeline(release: Release) -> None:
    for path in ("beschluss/gruenplan-rat", "ereignis/gruenplan-auftakt", "bericht/zwischenbericht"):
        page = view(release.pages.index, release.addresses()[f"{PLAN}/{path}"])
        assert [crumb.text for crumb in page.crumbs] == ["Start", "Verlauf"]
        assert [entry.text for entry in page.nav if entry.current] == ["Verlauf"]
