"""Who is a contact for what: every number of the matrix and of the flow is counted again from the data alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx
import pytest

from tests.pages.document import Element, parse
from tests.sites import Site

ORG = "http://www.w3.org/ns/org#"
WIR = "https://w3id.org/wir2graph/def#"


@dataclass(frozen=True)
class Facts:
    """What the endpoint says: the contacts of each measure, its field, and the structure of the administration."""

    contacts: Mapping[str, frozenset[str]]
    field: Mapping[str, str]
    above: Mapping[str, frozenset[str]]
    units: frozenset[str]
    directorates: frozenset[str]

    def offices(self, contact: str) -> frozenset[str]:
        """The highest units that a contact belongs to, walking up one step after the other; or the contact itself."""
        if contact not in self.units:
            return frozenset({contact})
        higher: set[str] = set()
        for above in self.above.get(contact, frozenset()):
            if above in self.units:
                higher |= {office for office in self.offices(above) if office not in self.directorates}
        return frozenset(higher or {contact})

    def of_office(self, office: str) -> set[str]:
        """The measures that have a contact which belongs to an office."""
        return {m for m, contacts in self.contacts.items() if any(office in self.offices(c) for c in contacts)}


def ask(site: Site, query: str) -> list[dict[str, str]]:
    answer = httpx.get(site.endpoint, params={"query": query}, timeout=60,
                       headers={"Accept": "application/sparql-results+json"})
    return [{name: value["value"] for name, value in row.items()} for row in answer.json()["results"]["bindings"]]


@pytest.fixture(scope="module")
def facts(site: Site) -> Facts:
    plan = f'FILTER(CONTAINS(STR(?m), "{ask_plan(site)}"))'
    contacts: dict[str, set[str]] = defaultdict(set)
    field: dict[str, str] = {}
    for row in ask(site, f"SELECT ?m ?f ?c {{ ?m a <{WIR}Measure> ; <{WIR}inField> ?f . {plan} "
                         f"OPTIONAL {{ ?m <{WIR}contactOffice> ?c }} }}"):
        field[row["m"]] = row["f"]
        contacts[row["m"]] |= {row["c"]} if "c" in row else set()
    above: dict[str, set[str]] = defaultdict(set)
    for row in ask(site, f"SELECT ?u ?a {{ ?u <{ORG}unitOf> ?a }}"):
        above[row["u"]].add(row["a"])
    units = {row["u"] for row in ask(site, f"SELECT ?u {{ ?u a <{WIR}AdministrativeUnit> }}")}
    top = {row["u"] for row in ask(site, f"SELECT ?u {{ ?u <{ORG}classification> <{WIR}directorate> }}")}
    assert len(contacts) == site.measures - (1 if site.plan == "musterstadt" else 0)
    return Facts({m: frozenset(c) for m, c in contacts.items()}, field,
                 {u: frozenset(a) for u, a in above.items()}, frozenset(units), frozenset(top))


def ask_plan(site: Site) -> str:
    """What the IRIs of the plan's measures have in common with no other plan's."""
    return {"musterstadt": "daten.musterstadt.example", "hannover": "/hannover/id/"}[site.plan]


def page(site: Site, path: str, language: str = "de") -> Element:
    prefix = "" if language == "de" else f"/{language}"
    answer = site.server.get(f"{prefix}/{site.plan}/{path}")
    assert answer.status_code == 200, path
    return parse(answer.text)


def table(document: Element) -> Element:
    return document.find("table", class_="matrix")[0]


def leads_to(link: Element, path: str, site: Site) -> str:
    """The end of the IRI (kind and name) of what a link on a page under the plan leads to."""
    place = urljoin(f"http://site/{site.plan}/{path}", link.attributes["href"])
    return "/".join(httpx.URL(place).path.split("/")[-2:])


def short(iri: str) -> str:
    return "/".join(iri.split("/")[-2:])


def heads(matrix: Element, path: str, site: Site) -> list[tuple[str, int]]:
    """The office of each column, and the number in its head."""
    found = []
    for name in (n for n in matrix.find("thead")[0].walk() if n.attributes.get("class") == "matrix__name"):
        found.append((leads_to(name.find("a")[0], path, site), int(name.text().rpartition("(")[2].split(")")[0])))
    return found


def marks(matrix: Element, path: str, site: Site) -> dict[str, dict[int, bool]]:
    """For each measure the columns that are marked, and whether the office itself is the contact."""
    found = {}
    for line in (tr for body in matrix.find("tbody") for tr in body.find("tr") if tr.find("td")):
        measure = leads_to(line.find("th")[0].find("a")[0], path, site)
        spans = [(i, s) for i, cell in enumerate(line.find("td")) for s in cell.find("span") if "title" in s.attributes]
        found[measure] = {index: "mark--own" in span.attributes["class"] for index, span in spans}
    return found


def test_the_matrix_says_what_the_data_say(site: Site, facts: Facts) -> None:
    path = "beziehungen"
    matrix = table(page(site, path))
    columns = heads(matrix, path, site)
    offices = {short(office): office for contacts in facts.contacts.values() for c in contacts
               for office in facts.offices(c)}
    assert sorted(name for name, _ in columns) == sorted(offices)
    assert columns == [(name, len(facts.of_office(offices[name]))) for name, _ in columns]
    found = marks(matrix, path, site)
    assert set(found) == {short(measure) for measure in facts.contacts}
    for measure, contacts in facts.contacts.items():
        expected = {}
        for index, (name, _) in enumerate(columns):
            if any(offices[name] in facts.offices(contact) for contact in contacts):
                expected[index] = offices[name] in contacts
        assert found[short(measure)] == expected, measure


def test_a_field_has_its_measures_only_as_matrix_picture_and_table(site: Site, facts: Facts) -> None:
    document = page(site, "beziehungen")
    nav = next(n for n in document.find("nav") if n.attributes.get("class") == "filters")
    links = nav.find("details")[0].find("a")
    assert len(links) == len(set(facts.field.values()))
    for link in links:
        path = f"beziehungen/{'/'.join(httpx.URL(link.attributes['href']).path.split('/')[-2:])}"
        chosen = page(site, path)
        found = marks(table(chosen), path, site)
        [field] = {iri for iri in facts.field.values() if short(iri).split("/")[1] == path.split("/")[-1]}
        measures = {measure for measure, of in facts.field.items() if of == field}
        assert set(found) == {short(measure) for measure in measures}
        [picture] = [svg for svg in chosen.find("svg") if svg.attributes.get("class") == "picture network"]
        assert len(picture.find("path")) == sum(len(facts.contacts[measure]) for measure in measures)
        things = {leads_to(a, path, site) for a in picture.find("a")}
        named = {contact for measure in measures for contact in facts.contacts[measure]}
        assert things == {short(iri) for iri in measures | named} | {short(o) for c in named for o in facts.offices(c)}
        twin = next(t for t in chosen.find("table") if t.attributes.get("class") != "matrix")
        assert len(twin.find("tbody")[0].find("tr")) == len(measures)


def test_a_department_opens_into_its_units_and_closes_again(site: Site, facts: Facts) -> None:
    document = page(site, "beziehungen")
    signs = document.find("a", class_="matrix__open")
    below = {office for contacts in facts.contacts.values() for c in contacts
             for office in facts.offices(c) if office != c}
    assert len(signs) == len(below) > 0
    for sign in signs:
        path = f"beziehungen/{'/'.join(httpx.URL(sign.attributes['href']).path.split('/')[-2:])}"
        opened = page(site, path)
        [office] = {iri for iri in below if short(iri).split("/")[1] == path.split("/")[-1]}
        measures = facts.of_office(office)
        columns = dict(heads(table(opened), path, site))
        units = {c for m in measures for c in facts.contacts[m] if office in facts.offices(c)}
        for unit in units:
            assert columns[short(unit)] == sum(unit in facts.contacts[measure] for measure in measures)
        others = {o for m in measures for c in facts.contacts[m] for o in facts.offices(c)} - {office}
        assert set(columns) == {short(iri) for iri in units | others}
        assert set(marks(table(opened), path, site)) == {short(measure) for measure in measures}
        [closing] = [a for a in opened.find("a", class_="matrix__open") if a.text().startswith("−")]
        assert urljoin(f"/{site.plan}/{path}", closing.attributes["href"]) == f"/{site.plan}/beziehungen#matrix"


def test_a_field_and_a_department_are_asked_for_together(site: Site, facts: Facts) -> None:
    field = next(iter(sorted(facts.field.values())))
    measures = {m for m, of in facts.field.items() if of == field}
    office = min(o for m in measures for c in facts.contacts[m] for o in facts.offices(c))
    keys = (short(field).split("/")[1], short(office).split("/")[1])
    document = parse(site.server.get(
        f"/{site.plan}/beziehungen?feld={keys[0]}&fachbereich={keys[1]}").text)
    assert set(marks(table(document), "beziehungen", site)) == {
        short(m) for m in measures & facts.of_office(office)}


def test_the_flow_says_what_the_data_say(site: Site, facts: Facts) -> None:
    path = "beziehungen/fluss"
    document = page(site, path)
    expected = {}
    for office in {o for contacts in facts.contacts.values() for c in contacts for o in facts.offices(c)}:
        for field in set(facts.field.values()):
            count = sum(facts.field[measure] == field for measure in facts.of_office(office))
            if count:
                whole = sum(of == field and bool(facts.contacts[m]) for m, of in facts.field.items())
                expected[short(field), short(office)] = (whole, count)
    rows = document.find("tbody")[0].find("tr")
    found = {}
    for row in rows:
        field, office = (leads_to(a, path, site) for a in row.find("a"))
        whole, count = (int(cell.text()) for cell in row.find("td") if cell.text().isdecimal())
        found[field, office] = (whole, count)
    assert found == expected
    [picture] = document.find("svg", class_="picture sankey")
    assert len(picture.find("path")) == len(expected)
    assert {leads_to(a, path, site) for a in picture.find("a")} == {name for pair in expected for name in pair}


@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_says_that_a_contact_is_responsible(site: Site, language: str) -> None:
    words = {
        "de": ("Kontakt in der Verwaltung", "zuständig "), "en": ("contact in the administration", "responsible for"),
    }
    for path in ("beziehungen", "beziehungen/fluss"):
        text = page(site, path, language).text().replace("Wer zuständig ist, sagt der Plan nicht", "")
        assert words[language][0].lower() in text.lower()
        assert words[language][1] not in text


def test_what_stands_around_a_measure_is_there_as_a_picture_and_as_a_list(site: Site, facts: Facts) -> None:
    measure = max(facts.contacts, key=lambda iri: (len(facts.contacts[iri]), iri))
    path = short(measure)
    document = page(site, path)
    [picture] = document.find("svg", class_="picture near")
    card = picture
    while card.tag != "section":
        assert card.parent is not None
        card = card.parent
    listed = {leads_to(a, path, site) for a in card.find("dl")[0].find("a")}
    drawn = {leads_to(a, path, site) for a in picture.find("a")}
    expected = {short(row["thing"]) for row in ask(site, f"""PREFIX wir: <{WIR}> SELECT ?thing {{
        {{ <{measure}> wir:inField|wir:contactOffice|wir:refersToLaw|wir:partner ?thing }}
        UNION {{ <{measure}> wir:relatedMeasure|^wir:relatedMeasure ?thing . ?thing a wir:Measure }}
        UNION {{ ?thing wir:forMeasure|wir:implements <{measure}> }} }}""")}
    assert listed == expected
    assert drawn <= listed
    assert len(picture.find("a")) == min(8, len(expected))
    assert short(facts.field[measure]) in drawn


def test_the_seats_of_a_body_are_drawn_and_counted(site: Site) -> None:
    seats: dict[str, set[str]] = defaultdict(set)
    for row in ask(site, f"SELECT ?b ?s {{ ?s <{ORG}postIn> ?b ; a <{WIR}Seat> "
                         f'FILTER(CONTAINS(STR(?s), "{ask_plan(site)}")) }}'):
        seats[row["b"]].add(row["s"])
    assert seats
    for body, own in seats.items():
        document = page(site, short(body))
        [picture] = document.find("svg", class_="seats")
        assert len([g for g in picture.find("g") if "seat " in g.attributes.get("class", "")]) == len(own)
        [figure] = [f for f in document.find("figure") if "seating" in f.attributes["class"]]
        counts = [[int(number.text()) for number in legend.find("span", class_="number")]
                  for legend in figure.find("ul", class_="legend")]
        assert [sum(count) for count in counts] == [len(own)] * 3
