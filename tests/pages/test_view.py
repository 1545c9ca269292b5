from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from tests.pages.document import Element
from wir2graph.pages.values import Values
from wir2graph.pages.view import queries_ahead, view
from wir2graph.release import Release

Documents = Mapping[str, Element]
PLAN = "/musterstadt"


def facts(document: Element) -> dict[str, str]:
    terms = [(e.find("dt")[0].text(), e.find("dd")[0].text()) for e in document.find("div") if e.find("dt")]
    return dict(reversed(terms))


def test_a_measure_shows_its_contacts_where_they_belong_and_what_else_they_do(release: Release) -> None:
    page = view(release.pages.index, release.addresses()[f"{PLAN}/massnahme/gruenplan-raeume-1"])
    rows = page.tables["contacts"].rows
    assert [
        (row["office"][0].code, row["office"][0].text, [unit.text for unit in row["above"]], row["others"][0].text)
        for row in rows
    ] == [
        ("A 1", "Amt für Stadtgrün", ["Stadt Musterstadt", "Dezernat für Umwelt"], "1"),
        ("A 1.2", "Stadtbäume", ["Stadt Musterstadt", "Dezernat für Umwelt", "Amt für Stadtgrün"], "0"),
    ]


def test_the_list_has_every_measure_of_its_plan_once_and_no_other(release: Release) -> None:
    page = view(release.pages.index, release.addresses()[f"{PLAN}/massnahmen"])
    shown = [row["measure"][0].iri for row in page.tables["measures"].rows]
    measures = [place for place in release.places.values() if place.kind == "massnahme"]
    expected = [place.iri for place in measures if place.plan.slug == "musterstadt"]
    assert len(expected) < len(measures)
    assert sorted(expected) == sorted(str(iri) for iri in shown)


def test_an_office_shows_the_measures_of_everything_below(release: Release, documents: Documents) -> None:
    page = view(release.pages.index, release.addresses()[f"{PLAN}/oe/a"])
    shown = {str(row["measure"][0].iri).rsplit("/", 1)[1] for row in page.tables["measures"].rows}
    assert shown == {"gruenplan-raeume-1", "gruenplan-raeume-2"}
    assert [crumb.text for crumb in page.crumbs][-1] == "Stadt Musterstadt"
    below = documents[f"{PLAN}/oe/a"].find("ul", class_="tree")[0].text()
    assert "A 1 Amt für Stadtgrün" in below
    assert "A 1.2 Stadtbäume" in below


def test_the_city_stands_above_all_units(documents: Documents) -> None:
    tree = documents[f"{PLAN}/stellen"].find("ul", class_="tree")[0]
    roots = [e for e in tree.content if isinstance(e, Element)]
    assert len(roots) == 1
    assert roots[0].find("a")[0].text() == "Stadt Musterstadt"
    assert len(tree.find("li")) == 8


def test_a_disputed_contact_is_shown_as_a_claim_and_not_as_a_contact(documents: Documents) -> None:
    document = documents[f"{PLAN}/massnahme/gruenplan-raeume-2"]
    contacts = next(t for t in document.find("table") if t.find("caption")[0].text() == "Kontakt in der Verwaltung")
    assert "Büro für Ökologie" not in contacts.text()
    claims = [e.text() for e in document.find("div", class_="claim")]
    assert len(claims) == 2
    disputed = next(text for text in claims if "Büro für Ökologie" in text)
    assert "strittig" in disputed
    assert "Bericht an den Rat" in disputed


def test_what_is_ours_is_marked_as_ours_with_certainty_and_reason(release: Release, documents: Documents) -> None:
    ours = [
        (path, e) for path, document in documents.items() if release.addresses()[path].language == "de"
        for e in document.find("div", class_="claim claim--ours")
    ]
    assert sorted(path.removeprefix(f"{PLAN}/") for path, _ in ours) == [
        "ausschreibung/hochbeete", "ausschreibung/offene-baeche-2026", "ausschreibung/offene-baeche-2026",
        "beschluss/gruenplan-baumteil", "gremium/gruenbeirat", "massnahme/gruenplan-raeume-1", "projekt/bachpaten",
        "projekt/regentonnen",
    ]
    for path, claim in ours:
        assert "Angabe der Redaktion" in claim.text(), path
        assert "Gewissheit" in claim.text(), path
        assert "Begründung" in claim.text(), path


def test_everything_that_is_said_of_a_thing_is_shown_with_its_graph(release: Release, documents: Documents) -> None:
    for address in list(release.addresses().values()):
        if address.kind == "page" and address.subject and address.language == "de":
            said = release.store.select(
                f"SELECT DISTINCT ?p ?o WHERE {{ GRAPH ?graph {{ <{address.subject}> ?p ?o }} }}")
            table = documents[address.path].find("details", class_="everything")[0].find("table")[0]
            rows = table.find("tbody")[0].find("tr")
            assert len(rows) == len(said), address.path
            assert all(row.find("td")[-1].text() for row in rows), address.path


def test_what_refers_to_a_thing_is_shown_there(documents: Documents) -> None:
    programme = documents[f"{PLAN}/foerderprogramm/musterstadt-blueht"]
    assert "„Bäume an jeder Straße“ ist wohl förderfähig" in programme.text()
    assert "Zisternen" in programme.text()


def test_the_generic_page_takes_names_and_groups_from_the_shapes(documents: Documents) -> None:
    german, english = (documents[f"{prefix}{PLAN}/reihe/gruenplan-schule"] for prefix in ("", "/en"))
    assert "Bezeichnung" in [e.text() for e in german.find("h2")]
    assert "Names" in [e.text() for e in english.find("h2")]
    assert facts(english)["Name"].startswith("School series")


def test_numbers_and_dates_are_written_as_the_language_does(release: Release) -> None:
    literals = [
        ox.Literal(text, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}"))
        for text, kind in (("12345", "integer"), ("2026", "integer"), ("1.5", "decimal"), ("true", "boolean"),
                           ("2026-03-05", "date"), ("2026-03", "gYearMonth"), ("2026", "gYear"))
    ]
    written = {
        language: [Values(release.pages.index, f"{PLAN}/", language).of(literal).text for literal in literals]
        for language in ("de", "en")
    }
    assert written == {
        "de": ["12.345", "2026", "1,5", "ja", "5. März 2026", "März 2026", "2026"],
        "en": ["12,345", "2026", "1.5", "yes", "5 March 2026", "March 2026", "2026"],
    }


def test_the_page_never_speaks_for_the_city(documents: Documents) -> None:
    for path, document in documents.items():
        footer = document.find("footer")[0].text()
        assert "Betreiber" in footer or "operator" in footer, path


def test_what_a_query_is_not_asked_of_has_no_solution_for_it(release: Release) -> None:
    index = release.pages.index
    spared: dict[tuple[str, str], int] = {}
    asked = set()
    for address in release.addresses().values():
        if address.kind != "page" or address.subject is None or address.language != "de":
            continue
        folder = index.folders[address.page or ""]
        for name in folder.needs:
            if index.answers(folder, name, address.subject):
                asked.add((folder.name, name))
                continue
            plan = release.plan(address.plan or "")
            query = folder.queries[name].filled(
                plan.prefixes(), address.subject, index.plan_iris[plan.slug], folder.lists, plan.released,
            )
            assert release.store.select(query) == [], (address.path, name)
            spared[folder.name, name] = spared.get((folder.name, name), 0) + 1
    assert {name for _, name in spared} >= {"claims", "claimed", "assumed", "values", "naming", "relations", "funded"}
    assert len(spared) > 20
    assert len(asked) > 5


def test_what_is_asked_before_a_release_comes_into_service_changes_no_page(release: Release) -> None:
    pages = [address for address in release.addresses().values() if address.kind == "page"]
    asked = [page for page in pages if list(queries_ahead(release.pages.index, page))]
    assert {page.page for page in asked} == {"shapes", "source", "sparql"}
    before = [release.pages.html(page) for page in asked]
    release.pages.prepare()
    assert [release.pages.html(page) for page in asked] == before
