"""What single pages tell: start, measures, offices, goals and fields, figures, downloads, rules."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.pages.document import Element, parse
from tests.pages.test_process import table
from tests.sites import Site
from wir2graph.downloads import ABOUT, README, parts

Documents = Mapping[str, Element]
PLAN = "/musterstadt"


def part(document: Element, heading: str) -> Element:
    """The section under a heading, by its anchor."""
    return next(s for s in document.find("section") if [h for h in s.walk() if h.attributes.get("id") == heading])


def counted(document: Element) -> dict[str, int]:
    return {li.find("span")[0].text(): int(li.find("strong")[0].text())
            for li in part(document, "zahlen").find("li")}


def test_the_start_counts_everything_that_the_plan_has(documents: Documents) -> None:
    numbers = counted(documents[f"{PLAN}/"])
    assert numbers == {
        "Maßnahmen": 6, "Handlungsfelder": 2, "Ziele": 3, "Empfehlungen": 2, "Stellen als Kontakt": 6,
        "Förderfähige Maßnahmen": 1, "Geförderte Projekte": 3, "Ausschreibungen": 3, "Quellen": 4,
        "Belege": numbers["Belege"], "Widersprüche": 3,
    }
    assert numbers["Belege"] > 50


def test_a_plan_with_little_has_a_start_page_that_says_so(documents: Documents) -> None:
    numbers = counted(documents["/kleinstadt/"])
    assert numbers["Maßnahmen"] == 1
    assert {numbers[name] for name in ("Ziele", "Geförderte Projekte", "Ausschreibungen", "Widersprüche")} == {0}


def test_the_start_has_ways_in_for_every_kind_of_user(site: Site) -> None:
    for language, names in (("", ["Verwaltung", "Forschung", "Datenportale", "Kommunen"]),
                            ("/en", ["administration", "research", "portals", "municipalities"])):
        ways = part(parse(site.server.get(f"{language}/{site.plan}/").text), "einstiege")
        titles = [h.text() for h in ways.find("h3")]
        assert all(name in title for name, title in zip(names, titles, strict=True))
        assert all(len(card.find("a")) >= 2 for card in ways.find("div", class_="kern-card__container"))


def test_the_contacts_of_a_measure_stand_in_the_hierarchy_up_to_the_city(documents: Documents) -> None:
    rows = table(documents[f"{PLAN}/massnahme/gruenplan-raeume-1"], "Kontakt in der Verwaltung")
    assert [row[2] for row in rows] == [
        "Stadt Musterstadt A Dezernat für Umwelt", "Stadt Musterstadt A Dezernat für Umwelt A 1 Amt für Stadtgrün"]


def test_related_measures_are_told_from_both_ends_with_the_text_that_names_them(documents: Documents) -> None:
    first, second = "Bäume an jeder Straße", "Parks gemeinsam pflegen"
    for own, other, name in ((1, second, first), (2, first, first)):
        rows = table(documents[f"{PLAN}/massnahme/gruenplan-raeume-{own}"], "Verwandte Maßnahmen")
        assert [(row[0], row[2]) for row in rows] == [(other, name)]
    alone = part(documents[f"{PLAN}/massnahme/gruenplan-wasser-1"], "verwandt")
    assert "nennt keine andere Maßnahme" in alone.text()


def test_what_the_sources_leave_open_of_a_measure_is_said(documents: Documents) -> None:
    def gaps(measure: str) -> list[str]:
        return [li.text() for li in part(documents[f"{PLAN}/massnahme/{measure}"], "offen").find("li")]
    assert gaps("gruenplan-raeume-1") == ["Stand der Umsetzung"]
    assert gaps("gruenplan-raeume-2") == [
        "Stand der Umsetzung", "Projekte und Ausschreibungen", "Partner*innen", "Zielgruppen", "Rechtsgrundlagen",
        "Konzepte und andere Pläne", "Worauf sie aufbaut", "Was neu entstehen soll"]


def test_an_office_tells_its_measures_from_those_of_the_units_below(documents: Documents) -> None:
    groups = {
        path: [th.text() for th in part(documents[f"{PLAN}/{path}"], "massnahmen").find("th", scope="rowgroup")]
        for path in ("oe/a-1", "oe/a", "stadt/musterstadt", "oe/gartenamt")
    }
    assert groups == {
        "oe/a-1": ["Kontakt hier: 2"], "oe/a": ["Kontakt in untergeordneten Stellen: 2"],
        "stadt/musterstadt": ["Kontakt in untergeordneten Stellen: 4"], "oe/gartenamt": [],
    }


def test_an_office_names_other_contacts_and_partners_of_its_measures(documents: Documents) -> None:
    document = documents[f"{PLAN}/oe/a-1.2"]
    assert table(document, "Andere Kontakte derselben Maßnahmen") == [
        ["A 1 Amt für Stadtgrün", "Fachbereich", "1", "Bäume an jeder Straße"]]
    assert table(document, "Partner*innen in den Texten dieser Maßnahmen") == [
        ["Baumschulen", "1", "Bäume an jeder Straße"], ["Verein „Grüne Finger“", "1", "Bäume an jeder Straße"]]


def test_the_tree_of_offices_counts_below_and_here(site: Site) -> None:
    document = parse(site.server.get(f"/{site.plan}/stellen").text)
    tree = part(document, "gliederung").find("ul", class_="tree")
    # In the fictional plan two of six measures name bodies or groups, of which the city is not made.
    number = 4 if site.plan == "musterstadt" else site.measures
    assert tree[0].find("li")[0].find("span", class_="number")[0].text() == f"{number} Maßnahmen, alle darunter"
    assert len(tree) > 3
    assert all(ul.parent is not None and ul.parent.tag == "li" for ul in tree[1:])


def test_goals_stand_beside_the_measures_of_their_series_and_gaps_are_said(documents: Documents) -> None:
    field = part(documents[f"{PLAN}/handlungsfeld/gruenplan-raeume"], "ziele-und-massnahmen")
    assert "ordnet Maßnahmen keinen einzelnen Zielen zu" in field.text()
    assert [h.text() for h in field.find("h3")] == ["Hauptreihe", "Schulreihe"]
    assert [h.text() for h in field.find("h4")] == ["Ziele", "Maßnahmen"] * 2
    lists = [[(li.attributes["value"], li.find("a")[0].text()) for li in ol.content if isinstance(li, Element)]
             for ol in field.find("ol", class_="entries")]
    assert lists == [
        [("1", "Die Stadt wird kühler")], [("1", "Bäume an jeder Straße"), ("2", "Parks gemeinsam pflegen")],
        [("1", "Kinder lernen im Freien")], [("1", "Ein Beet für jede Klasse")],
    ]


@pytest.mark.parametrize(("path", "gap"), [
    ("musterstadt/handlungsfeld/gruenplan-raeume", "spricht der Plan keine Empfehlungen aus"),
    ("musterstadt/handlungsfeld/gruenplan-raeume", "Zu diesem Ziel druckt der Plan keine Teilziele"),
    ("musterstadt/handlungsfeld/gruenplan-wasser", "Reihe keine Ziele"),
    ("musterstadt/ziel/gruenplan-wasser-1", "druckt der Plan keine Teilziele"),
])
def test_what_a_field_or_goal_lacks_is_said(documents: Documents, path: str, gap: str) -> None:
    assert gap in documents[f"/{path}"].text()


def test_a_data_set_says_what_its_figures_count_and_what_they_do_not(site: Site) -> None:
    overview = parse(site.server.get(f"/{site.plan}/kennzahlen").text)
    href = part(overview, "reihen").find("tbody")[0].find("a")[0].attributes["href"]
    page = parse(site.server.get(f"/{site.plan}/{href}").text)
    assert ["Zielzahl", "Der Wert, der erreicht werden soll."] in table(page, "Was die Zahlen zählen")
    method = part(page, "methode")
    assert [h.text() for h in method.find("h3")] == ["Was die Zahlen nicht sagen"]
    assert "Sie messen keine Wirkung." in method.text()


def test_downloads_say_how_large_they_are(site: Site) -> None:
    document = parse(site.server.get(f"/{site.plan}/daten").text)
    for row in part(document, "dumps").find("tbody")[0].find("tr"):
        link, size = row.find("a")[0].attributes["href"], row.find("td")[-1].text()
        number, unit = size.split()
        length = len(site.server.get(f"/{site.plan}/{link}").content)
        told = float(number.replace(".", "").replace(",", ".")) * {"KB": 1e3, "MB": 1e6}[unit]
        assert abs(told - length) <= (5e4 if unit == "MB" else 500), link


def test_every_dataset_is_offered_with_all_its_files(site: Site) -> None:
    for language in ("", "/en"):
        document = parse(site.server.get(f"{language}/{site.plan}/daten").text)
        section = part(document, "datensaetze")
        assert [h.attributes["id"] for h in section.find("h3")] == [f"datensatz-{name}" for name in parts()]
        found = {link.attributes["href"].rpartition("downloads/")[2] for link in section.find("a")}
        suffixes = {*ABOUT, README} - {"xlsx"}
        assert found == {f"{site.plan}.xlsx", *(f"{name}.{suffix}" for name in parts() for suffix in suffixes)}
        catalogue = part(document, "katalog")
        assert f"{site.server.url}/{site.plan}/catalog" in catalogue.text()
        assert len(catalogue.find("a")) == 3


def test_the_rules_are_counted_by_severity(documents: Documents) -> None:
    rules = part(documents["/shapes"], "abschnitt-rules")
    counts = {li.find("a")[0].text(): int(li.find("span")[-1].text())
              for li in rules.find("ul", class_="formats")[0].find("li")}
    assert set(counts) == {"Fehler", "Warnung"}
    assert sum(counts.values()) == len(rules.find("tbody")[0].find("tr"))


def test_every_page_carries_its_complete_address_for_print(site: Site) -> None:
    for path in (f"/{site.plan}/", f"/en/{site.plan}/stellen", "/def", f"/{site.plan}/massnahmen?sortierung=-title"):
        page = parse(site.server.get(path).text)
        [line] = page.find("p", class_="in-print")
        assert line.text().endswith(site.server.url + path)
