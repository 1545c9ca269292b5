"""Which source says what: contradictions, claims beside facts, and what each source contributes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

import pytest

from tests.pages.document import Element, parse
from wir2graph.pages.view import view
from wir2graph.plan import PREFIXES
from wir2graph.release import Release

Documents = Mapping[str, Element]
PLAN = "/musterstadt"
FIELDS = f"{PLAN}/widerspruch/gruenplan-felder"


def document(release: Release, path: str) -> Element:
    return parse(release.pages.html(release.addresses()[path]))


def asked(release: Release, pattern: str) -> int:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    [row] = release.store.select(f"{prefixes}SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    return int(str(getattr(row["n"], "value", "")))


def facts(element: Element) -> dict[str, Element]:
    """The values of description lists by their terms; of equal terms the first."""
    found: dict[str, Element] = {}
    for pair in element.find("div", class_="kern-description-list-item"):
        found.setdefault(pair.find("dt")[0].text(), pair.find("dd")[0])
    return found


def cards(element: Element) -> list[Element]:
    [versus] = element.find("ul", class_="versus")
    return [child for child in versus.content if isinstance(child, Element)]


def speakers(element: Element) -> list[str]:
    return [link.attributes["aria-label"] for link in element.find("a", class_="by")]


def test_contradictions_stand_under_their_kind_with_their_numbers(contested: Release) -> None:
    page = document(contested, f"{PLAN}/widersprueche")
    assert [h.text() for h in page.find("h2")][:3] == [
        "Veränderung mit der Zeit (3)", "Verschiedene Namen (1)", "Echter Widerspruch (1)"]
    card = next(c for c in page.find("li", class_="kern-card kern-card--hug") if "viele Handlungsfelder" in c.text())
    assert card.find("a")[0].attributes["href"] == "widerspruch/gruenplan-felder"
    assert "Gegenstand: Grünplan 2030" in card.text()
    assert "3 Angaben, davon 1 der Redaktion · 2 Quellen" in card.text()
    assert "Ein Feld ist weggefallen." in card.text()


def test_the_list_has_every_contradiction_of_its_plan_and_of_no_other(contested: Release) -> None:
    shown = view(contested.pages.index, contested.addresses()[f"{PLAN}/widersprueche"]).tables["contradictions"].rows
    known = [place.iri for place in contested.places.values() if place.kind == "widerspruch"]
    assert len(known) == 5
    assert sorted(str(row["contradiction"][0].iri) for row in shown) == sorted(known)
    assert "Keine Einträge." in document(contested, "/kleinstadt/widersprueche").text()


@pytest.mark.parametrize("path", [f"{PLAN}/", f"{PLAN}/quellen"])
def test_the_list_of_contradictions_is_linked(contested: Release, path: str) -> None:
    links = {a.attributes["href"]: a.text() for a in document(contested, path).find("a")}
    assert "5" in links["widersprueche"]


def test_the_claims_of_a_contradiction_stand_side_by_side_the_oldest_source_first(contested: Release) -> None:
    page = document(contested, FIELDS)
    assert [card.find("h3")[0].text() for card in cards(page)] == [
        "Der Grünplan hat drei Handlungsfelder", "Der Grünplan hat zwei Handlungsfelder",
        "Es sind wohl zwei Handlungsfelder"]
    assert [card.find("span", class_="kern-label")[0].text() for card in cards(page)] == ["überholt", "gilt", "gilt"]
    assert ["Angabe der Redaktion" in card.text() for card in cards(page)] == [False, False, True]
    assert [facts(card)["Angegebene Zahl der Handlungsfelder"].text() for card in cards(page)] == ["3", "2", "2"]
    assert "Ein Feld ist weggefallen." in page.text()
    assert "Die Angaben galten zu verschiedenen Zeiten." in page.text()


def test_a_claim_shows_its_quotes_with_source_section_and_day(contested: Release) -> None:
    oldest, _, ours = cards(document(contested, FIELDS))
    places = [place.text() for place in facts(oldest)["Belege"].find("li")]
    assert places == [
        "Unser Plan hat drei Felder. Beiträge über den Grünplan , Abschnitt 2. Beitrag , vom 3. Mai 2024",
        "Es bleibt bei drei Feldern. Beiträge über den Grünplan , Abschnitt 10. Beitrag , vom 20. Januar 2025",
    ]
    assert len(oldest.find("q")) == 2
    assert "../quelle/beitraege#beleg-beitraege-felder" in [a.attributes["href"] for a in oldest.find("a")]
    assert "Belege" not in facts(ours)
    assert facts(ours)["Gewissheit"].text() == "wahrscheinlich"
    assert facts(ours)["Begründung"].text() == "Gezählt sind zwei."


@pytest.mark.parametrize(("prefix", "term", "periods"), [
    ("", "Geltung", ["gilt bis 2025", "gilt ab März 2026"]),
    ("/en", "Validity", ["valid until 2025", "valid from March 2026"]),
])
def test_a_period_of_validity_is_as_precise_as_stated(
    contested: Release, prefix: str, term: str, periods: list[str],
) -> None:
    shown = [facts(card) for card in cards(document(contested, prefix + FIELDS))]
    assert [found[term].text() for found in shown if term in found] == periods


def test_a_superseded_value_stands_beside_the_accepted_one_with_its_source(contested: Release) -> None:
    fields = facts(document(contested, f"{PLAN}/plan/gruenplan"))["Angegebene Zahl der Handlungsfelder"]
    accepted, superseded = fields.find("li")
    assert accepted.text().startswith("2")
    assert accepted.find("span", class_="kern-label")[0].text() == "gilt"
    assert "gilt ab März 2026" in accepted.text()
    assert "wahrscheinlich" not in accepted.text()
    assert superseded.text().startswith("überholt 3")
    assert "gilt bis 2025" in superseded.text()
    assert speakers(accepted) == ["Q3, laut Grünplan 2030 (Text)"]
    assert speakers(superseded) == ["Q1, laut Beiträge über den Grünplan"]
    for entry in (accepted, superseded):
        assert "../widerspruch/gruenplan-felder" in [a.attributes["href"] for a in entry.find("a")]


def test_a_value_that_several_sources_have_names_them_all_and_ours_is_ours(contested: Release) -> None:
    names = facts(document(contested, f"{PLAN}/oe/a-1"))["Bezeichnung"].find("li")
    assert names[0].text().startswith("Amt für Stadtgrün")
    assert speakers(names[0]) == [
        "Q3, laut Grünplan 2030 (Text)", "Q5, laut Stadtblatt Musterstadt",
        "Q6, laut Bericht an den Rat: ein Jahr Grünplan"]
    assert speakers(names[1]) == ["R, laut Redaktion"]
    assert names[2].text().startswith("überholt Gartenamt")
    assert "gilt von April 2019 bis 2025" in names[2].text()


def test_a_name_that_nobody_contests_is_not_repeated_among_the_facts(documents: Documents) -> None:
    assert "Bezeichnung" not in facts(documents[f"{PLAN}/oe/a-1"])


def test_a_table_tells_who_says_so_and_what_holds_only_for_a_time(contested: Release) -> None:
    page = document(contested, f"{PLAN}/massnahme/gruenplan-raeume-1")
    table = next(t for t in page.find("table") if t.find("caption")[0].text() == "Kontakt in der Verwaltung")
    cells = [row.find("th")[0] for row in table.find("tbody")[0].find("tr")]
    assert [speakers(cell) for cell in cells] == [
        ["Q1, laut Beiträge über den Grünplan", "Q3, laut Grünplan 2030 (Text)"], ["Q3, laut Grünplan 2030 (Text)"]]
    assert ["gilt ab 2026" in cell.text() for cell in cells] == [True, False]


def test_a_rejected_contact_stands_below_the_contacts_with_its_status(documents: Documents) -> None:
    for measure, office, status in (("raeume-2", "Büro für Ökologie", "strittig"), ("wasser-2", "B 2", "überholt")):
        page = documents[f"{PLAN}/massnahme/gruenplan-{measure}"]
        [entry] = page.find("span", class_="rejected")
        assert entry.text().startswith(f"{status} {office}")
        assert "Widerspruch: Kontakt für" in entry.text()


def test_evidence_behind_a_relation_says_which_source_it_is_from(documents: Documents) -> None:
    page = documents[f"{PLAN}/massnahme/gruenplan-raeume-1"]
    places = [place for part in page.find("section", class_="named") for place in part.find("p")]
    assert places
    assert all(set(speakers(place)) == {"Q3, laut Anhang zum Grünplan 2030 (Text)"} for place in places)


def test_every_sign_is_explained_on_its_page_and_no_other_is(contested: Release) -> None:
    signed = 0
    for address in contested.addresses().values():
        if address.kind == "page":
            page = document(contested, address.path)
            signs = {link.attributes["href"]: link.text() for link in page.find("a", class_="by")}
            explained = {f"#{li.attributes['id']}": li.find("span", class_="by")[0].text()
                         for li in page.find("li") if li.attributes.get("id", "").startswith("wer-")}
            assert signs == explained, address.path
            signed += len(signs)
    assert signed > 100


def test_everything_said_is_listed_with_who_says_it_and_what_does_not_hold_is_marked(contested: Release) -> None:
    table = document(contested, f"{PLAN}/plan/gruenplan").find("details", class_="everything")[0]
    rows = [row for row in table.find("tr") if row.find("td")]
    assert len(rows) == asked(contested, "SELECT DISTINCT ?p ?o WHERE { GRAPH ?g { "
                                         "<https://daten.musterstadt.example/plan/id/plan/gruenplan> ?p ?o } }")
    fields = [[td.text() for td in row.find("td")] for row in rows if "Zahl der Handlungsfelder" in row.text()]
    assert [cells[1] for cells in fields] == ["Grünplan 2030 (Text)", "Beiträge über den Grünplan"]
    assert fields[1][0].startswith("überholt 3")
    assert {row.find("td")[1].text() for row in rows} >= {"Redaktion", "abgeleitet aus den übrigen Angaben"}


def test_claims_that_name_a_thing_stand_on_its_page_with_their_status(documents: Documents) -> None:
    office = documents[f"{PLAN}/oe/büro-für-ökologie"]
    [heading] = [h for h in office.find("h2") if h.text() == "Angaben, die diesen Eintrag nennen"]
    assert heading.parent is not None
    [entry] = heading.parent.find("ul", class_="plain")[0].find("li")
    assert entry.text() == (
        "Parks gemeinsam pflegen – Kontakt in der Verwaltung: Büro für Ökologie strittig "
        "Bericht an den Rat: ein Jahr Grünplan · Widerspruch: Kontakt für „Parks gemeinsam pflegen“")


def test_a_claim_without_a_label_is_called_by_what_it_claims_in_a_language_that_has_words_for_it(
    release: Release,
) -> None:
    claim = "https://daten.musterstadt.example/plan/id/angabe/ratsbericht-2027-wasser-2-kontakt"
    said = {language: release.labels.claimed(claim, language) for language in ("de", "en")}
    assert {language: text and text.text for language, text in said.items()} == {
        "de": "Bäche ans Licht – Kontakt in der Verwaltung: AG Gewässer",
        "en": "Bringing brooks to light – contact in the administration: Working Group on Waters"}
    assert release.labels.claimed("https://daten.musterstadt.example/plan/id/oe/a", "de") is None


def test_the_sources_stand_by_age_with_kind_currency_and_what_they_contribute(contested: Release) -> None:
    [table] = document(contested, f"{PLAN}/quellen").find("table")
    assert [th.text() for th in table.find("th", scope="col")] == [
        "Quelle", "Art des Textes", "Aktualität", "Datum", "Zeitraum", "Herausgeber", "Aussagen", "Belege", "Angaben",
        "Widersprüche"]
    rows = [[cell.text() for cell in row.content if isinstance(cell, Element)] for row in table.find("tr")][1:]
    assert [row[0] for row in rows] == [
        "Beiträge über den Grünplan", "Grünplan 2030 (Text)", "Anhang zum Grünplan 2030 (Text)",
        "Stadtblatt Musterstadt", "Bericht an den Rat: ein Jahr Grünplan"]
    graph = "GRAPH <https://daten.musterstadt.example/plan/id/graph/beitraege>"
    assert rows[0][1:] == [
        "Beiträge", "teils veraltet", "", "2024 bis Anfang 2025", "nicht angegeben",
        str(asked(contested, f"{graph} {{ ?s ?p ?o }}")), "3", "3", "2"]
    assert rows[1][3:6] == ["März 2026", "", "Stadt Musterstadt"]


def test_what_no_source_has_needs_no_column(release: Release) -> None:
    table = view(release.pages.index, release.addresses()[f"{PLAN}/quellen"]).tables["sources"]
    assert "period" not in [column.variable for column in table.columns]


def test_a_source_tells_its_kind_its_currency_and_what_is_open(contested: Release) -> None:
    found = {name: value.text() for name, value in facts(document(contested, f"{PLAN}/quelle/beitraege")).items()}
    assert found["Art des Textes"] == "Beiträge Einzelne Beiträge, gesammelt."
    assert found["Aktualität"] == "teils veraltet Manches sagen spätere Quellen anders."
    assert found["Zeitraum im Wortlaut"] == (
        "2024 bis Anfang 2025 zwischen dem 1. Januar 2024 und dem 31. März 2025 eingeordnet von der Redaktion"
    )
    assert found["Herausgeber"] == "offen – die Quelle nennt keinen"
    assert found["Prüfsumme des Textes (SHA-256)"].endswith("ab")
    assert "Datum" not in found


def test_a_source_tells_what_it_contributes(contested: Release) -> None:
    page = document(contested, f"{PLAN}/quelle/beitraege")
    assert [li.text() for li in page.find("ul", class_="numbers")[0].find("li")] == [
        "43 Aussagen", "3 Belege", "3 Einzelne Angaben", "2 Widersprüche"]
    kinds = {d.find("summary")[0].text(): [a.attributes["href"] for a in d.find("ul")[0].find("a")]
             for d in page.find("div", class_="kinds")[0].find("details")}
    assert kinds == {
        "Maßnahme 1": ["../massnahme/gruenplan-raeume-1"], "Organisationseinheit 1": ["../oe/a-1"],
        "Plan 1": ["../plan/gruenplan"]}
    table = next(t for t in page.find("table") if t.find("caption")[0].text().startswith("Widersprüche"))
    assert [[cell.text() for cell in row.content if isinstance(cell, Element)] for row in table.find("tr")][1:] == [
        ["Wie viele Handlungsfelder hat der Grünplan?", "Veränderung mit der Zeit", "Grünplan 2030 (Text)"],
        ["Wie heißt das Amt?", "Verschiedene Namen", "Grünplan 2030 (Text)"]]
    [claims] = [h.parent for h in page.find("h2") if h.text() == "Einzelne Angaben dieser Quelle"]
    assert claims is not None
    lines = claims.find("ul", class_="plain")[0].find("li")
    assert len(lines) == 3
    assert "überholt" in lines[0].text()


def test_every_quote_of_a_source_stands_once_under_its_section(release: Release, documents: Documents) -> None:
    checked = 0
    for place in release.places.values():
        if place.kind == "quelle":
            shown: Counter[tuple[str, str]] = Counter()
            [heading] = [h for h in documents[place.page("de")].find("h2") if h.attributes.get("id") == "zitate"]
            assert heading.parent is not None
            parts = [e for e in heading.parent.content if isinstance(e, Element) and e.tag in ("h3", "ul")]
            for above, below in pairwise(parts):
                if (above.tag, below.tag) == ("h3", "ul"):
                    lines = [li for li in below.content if isinstance(li, Element)]
                    shown.update((above.text(), line.find("q")[0].text()) for line in lines)
            said = release.store.select(
                f"SELECT ?section ?quote WHERE {{ ?evidence <{PREFIXES['wir']}source> <{place.iri}> ; "
                f"<{PREFIXES['wir']}section> ?section ; <{PREFIXES['wir']}quote> ?quote }}")
            assert shown == Counter((str(getattr(row["section"], "value", "")), str(getattr(row["quote"], "value", "")))
                                    for row in said), place.iri
            checked += len(said)
    assert checked > 50


def test_sections_stand_in_the_order_in_which_a_reader_counts(contested: Release) -> None:
    page = document(contested, f"{PLAN}/quelle/beitraege")
    assert [h.text() for h in page.find("h3") if h.attributes.get("id", "").startswith("abschnitt")] == [
        "2. Beitrag", "10. Beitrag"]
    line = next(li for li in page.find("li") if li.attributes.get("id") == "beleg-beitraege-felder")
    assert line.text() == "Unser Plan hat drei Felder. vom 3. Mai 2024 Der Grünplan hat drei Handlungsfelder"


def test_a_line_of_evidence_weighs_little_more_than_what_it_says(release: Release) -> None:
    html = release.pages.html(release.addresses()[f"{PLAN}/quelle/gruenplan-anhang-2026"])
    lines = re.findall(r'^<li id="beleg-.*$', html, re.M)
    assert len(lines) == 31
    for line in lines:
        said = [*re.findall(r'(?:id|href)="([^"]*)"', line), *re.split(r"<[^>]*>", line)]
        links = line.count("<a ")
        assert len(line) - sum(map(len, said)) < 70 + 20 * links, line
