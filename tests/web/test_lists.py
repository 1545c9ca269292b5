"""Lists through the front door: narrowed, sorted, and as files."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import openpyxl
import pytest

from tests.pages.document import Element, parse
from tests.serving import PATIENCE, Server
from tests.sites import Site
from wir2graph.release import Release
from wir2graph.represent import represent

LIST = "/musterstadt/massnahmen"


def get(server: Server, path: str, *, follow: bool = False) -> httpx.Response:
    return httpx.get(server.url + path, timeout=PATIENCE, headers={"accept": "text/html"}, follow_redirects=follow)


def page(server: Server, path: str) -> Element:
    answer = get(server, path)
    assert answer.status_code == 200, path
    return parse(answer.text)


def choices(document: Element) -> dict[tuple[str, str], tuple[str, int | None]]:
    """Each choice of a list by facet and name: its reference, and how many rows it leaves (None: it is chosen)."""
    found = {}
    facets = document.find("details", class_="facet")
    for facet in facets:
        for entry in facet.find("li"):
            link, number = entry.find("a")[0], entry.find("span", class_="number")[0]
            name = facet.find("summary")[0].text(), link.text()
            found[name] = (link.attributes["href"], None if "aria-current" in link.attributes else int(number.text()))
    assert len({facet for facet, _ in found}) == len(facets)
    return found


def measures(document: Element) -> list[str]:
    """The measures in the table of a list."""
    rows = [row for body in document.find("tbody") for row in body.find("tr")]
    return [row.find("th", scope="row")[0].text() for row in rows if row.find("th", scope="row")]


def table(server: Server, path: str, delimiter: str = ";") -> list[dict[str, str]]:
    answer = get(server, path)
    assert answer.status_code == 200, path
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=delimiter))


def test_each_choice_leaves_as_many_rows_as_it_says(server: Server) -> None:
    everything = page(server, LIST)
    offered = choices(everything)
    assert {facet for facet, _ in offered} >= {"Handlungsfeld", "Reihe", "Kontakt in der Verwaltung"}
    for (facet, name), (href, count) in offered.items():
        narrowed = page(server, urljoin(LIST, href))
        assert len(measures(narrowed)) == count, (facet, name)
        assert set(measures(narrowed)) <= set(measures(everything))
        assert choices(narrowed)[facet, name][1] is None


def test_a_choice_within_a_choice_leaves_as_many_rows_as_it_says(server: Server) -> None:
    checked = 0
    for (facet, _), (href, _) in choices(page(server, LIST)).items():
        first = urljoin(LIST, href)
        for (other, name), (further, count) in choices(page(server, first)).items():
            if other != facet and count is not None:
                both = urljoin(first, further)
                assert "?" in both
                assert len(measures(page(server, both))) == count, (first, other, name)
                checked += 1
    assert checked > 20


def test_the_query_behind_a_narrowed_list_gives_its_measures(server: Server, release: Release) -> None:
    published = [a for a in release.addresses().values() if a.page == "measures" and a.parameters]
    assert len(published) > 30
    for address in published:
        if address.kind == "page" and address.language == "de" and address.plan == "musterstadt":
            document = page(server, address.path)
            run = document.find("details", class_="query")[0].find("a")[0].attributes["href"]
            asked = release.store.select(parse_qs(urlsplit(run).query)["query"][0])
            assert len({str(row["measure"]) for row in asked}) == len(measures(document)) > 0, address.path


def test_each_department_counts_what_the_structure_of_the_administration_counts(site: Site) -> None:
    everything = page(site.server, f"/{site.plan}/massnahmen")
    [facet] = [facet for facet in everything.find("details", class_="facet")
               if "Fachbereich" in facet.find("summary")[0].text()]
    units = {}
    for unit in page(site.server, f"/{site.plan}/stellen").find("ul", class_="tree")[0].find("li"):
        numbers = [child for child in unit.content
                   if isinstance(child, Element) and child.attributes.get("class") == "number"]
        units[unit.find("a")[0].text()] = int(numbers[0].text().split()[0]) if numbers else 0
    counted = {entry.find("a")[0].text(): int(entry.find("span", class_="number")[0].text())
               for entry in facet.find("li")}
    assert counted
    assert counted == {name: units[name] for name in counted}
    assert any("Dezernat" in name for name in counted)


def test_what_only_the_editors_assume_can_be_chosen_and_is_marked(site: Site) -> None:
    """The list of projects tells the same by itself: what is stated of each, and what is assumed."""
    stated: set[str] = set()
    assumed: set[str] = set()
    projects = [row for row in page(site.server, f"/{site.plan}/projekte").find("tr") if row.find("th", scope="row")]
    for cell in (row.find("td")[0] for row in projects):
        ours = {mark.find("a")[0].text() for mark in cell.find("p", class_="assumed")}
        assumed |= ours
        stated |= {link.text() for link in cell.find("a", class_="link")} - ours
    assert assumed
    path = f"/{site.plan}/massnahmen"
    offered = {name: href for (facet, name), (href, _) in choices(page(site.server, path)).items()
               if facet == "Gefördertes Projekt aus"}
    found: dict[str, set[str]] = {"stated": set(), "assumed": set(), "neither": set()}
    for name, href in offered.items():
        kind = ("assumed" if name.endswith(" (Annahme der Redaktion)") else
                "neither" if name == "kein gefördertes Projekt genannt oder angenommen" else "stated")
        found[kind] |= {row["Maßnahme"] for row in table(site.server, f"{urljoin(path, href)}/measures.csv")}
    assert found["assumed"] == assumed
    assert found["stated"] == stated
    rows = table(site.server, f"{path}/measures.csv")
    assert found["neither"] == {row["Maßnahme"] for row in rows} - stated - assumed
    column = "Gefördertes Projekt aus (Annahme der Redaktion)"
    assert {row["Maßnahme"] for row in rows if row[column]} == assumed
    assert all(bool(row["Gefördertes Projekt: Gewissheit der Annahme"]) == bool(row[column]) for row in rows)
    english = {name for _, name in choices(page(site.server, f"/en{path}"))}
    assert any(name.endswith(" (assumed by the editors)") for name in english)


def test_a_facet_with_nothing_but_the_rows_without_a_value_is_not_offered(server: Server) -> None:
    facets = {facet for facet, _ in choices(page(server, "/kleinstadt/massnahmen"))}
    assert facets
    assert "Gefördertes Projekt aus" not in facets
    assert get(server, "/kleinstadt/massnahmen/gefoerdert/ohne").status_code == 404


def test_what_is_chosen_can_be_taken_back(server: Server) -> None:
    (href, _), *_ = choices(page(server, LIST)).values()
    narrowed = urljoin(LIST, href)
    chosen = [entry.find("a")[0] for entry in page(server, narrowed).find("div", class_="chosen")[0].find("li")]
    assert [urljoin(narrowed, link.attributes["href"]) for link in chosen] == [LIST]


def test_what_is_chosen_stays_and_can_be_taken_back_where_it_leaves_nothing(server: Server) -> None:
    offered = choices(page(server, LIST))
    empty = 0
    for (facet, name), (href, _) in offered.items():
        left = choices(page(server, urljoin(LIST, href)))
        for (other, further), (away, _) in offered.items():
            if other != facet and (other, further) not in left:
                both = dict(reference.split("/")[-2:] for reference in (href, away))
                narrowed = page(server, f"{LIST}?{'&'.join('='.join(entry) for entry in both.items())}")
                assert measures(narrowed) == []
                for taken in ((facet, name), (other, further)):
                    assert choices(narrowed)[taken][1] is None, (both, taken)
                facets = narrowed.find("nav", class_="facets")[0]
                marked = [entry.text() for entry in facets.find("li") if entry.find("a", **{"aria-current": "true"})]
                assert sorted(marked) == sorted(f"{text} ausgewählt 0" for text in (name, further))
                back = [link.text() for link in narrowed.find("div", class_="chosen")[0].find("a")]
                assert sorted(back) == sorted([f"{name} abwählen", f"{further} abwählen", "Alles abwählen"])
                empty += 1
        if empty > 20:
            break
    assert empty


@pytest.mark.parametrize(("sort", "reverse"), [("measure", False), ("-measure", True)])
def test_a_list_is_sorted_by_a_column_both_ways(server: Server, sort: str, reverse: bool) -> None:
    plain, document = measures(page(server, LIST)), page(server, f"{LIST}?sortierung={sort}")
    found = measures(document)
    assert sorted(found) == sorted(plain)
    assert found == sorted(plain, key=str.casefold, reverse=reverse)
    marked = [cell for cell in document.find("th") if "aria-sort" in cell.attributes]
    assert [cell.attributes["aria-sort"] for cell in marked] == ["descending" if reverse else "ascending"]


def test_offices_are_sorted_by_the_codes_that_they_are_shown_with(site: Site) -> None:
    document = page(site.server, f"/{site.plan}/massnahmen?sortierung=office")
    [body] = document.find("table")[0].find("tbody")
    column = [heading.text().rstrip(" ▲") for heading in document.find("th", scope="col")].index(
        "Kontakt in der Verwaltung")
    codes = []
    for row in body.find("tr"):
        cell = row.find("td")[column - 1]  # one column is the heading of the row
        shown = cell.find("a")[0].find("span", class_="code") if cell.find("a") else []
        # A number with a zero before it comes first, as in the structure of the administration.
        codes.append([int(part) if part.isdecimal() else part
                      for part in re.split(r"(\d+)", re.sub(r"\b0(\d)", r"0.\1", shown[0].text()))] if shown else None)
    coded = [code for code in codes if code]
    assert len(coded) > 2
    assert coded == sorted(coded)
    first = codes.index(coded[0])
    assert codes[first:first + len(coded)] == coded


def test_one_value_has_an_address_of_its_own(server: Server, release: Release) -> None:
    address = next(a for a in release.addresses().values() if a.page == "measures" and a.parameters
                   and a.kind == "page" and a.language == "de" and a.plan == "musterstadt")
    (name, value), = address.parameters
    for path, target in ((LIST, address.path), (f"/en{LIST}", f"/en{address.path}"),
                         (f"{LIST}/measures.csv", f"{address.path}/measures.csv")):
        answer = get(server, f"{path}?{name}={value}")
        assert answer.status_code == 308
        assert urljoin(path, answer.headers["location"]) == target
        assert get(server, target).status_code == 200


def test_the_other_language_keeps_the_choice(server: Server) -> None:
    german = page(server, f"{LIST}?sortierung=-number")
    other = german.find("ul", class_="languages")[0].find("a")[0].attributes["href"]
    english = urljoin(LIST, other)
    assert english == f"/en{LIST}?sortierung=-number"
    assert len(measures(page(server, english))) == len(measures(german))


@pytest.mark.parametrize("query", ["feld=nirgends", "seite=2", "seite=x", "seite=0", "seite=99999999999", "seite=²"])
def test_what_a_list_does_not_have_is_not_found(server: Server, query: str) -> None:
    answer = get(server, f"{LIST}?{query}")
    assert answer.status_code == 404
    assert "text/html" in answer.headers["content-type"]


@pytest.mark.parametrize("query", ["utm_source=brief", "feld=", "seite=1", "=&&", "%ff=%ff", "sortierung=gibtesnicht",
                                   "&".join(f"x{number}=1" for number in range(200))])
def test_what_others_put_on_a_link_changes_nothing(server: Server, query: str) -> None:
    assert measures(page(server, f"{LIST}?{query}")) == measures(page(server, LIST))


def test_a_list_is_to_be_had_as_a_file_with_what_is_chosen(server: Server) -> None:
    rows = table(server, f"{LIST}/measures.csv")
    assert [row["Maßnahme"] for row in rows] == measures(page(server, LIST))
    assert all(row["Maßnahme (IRI)"].startswith("https://") for row in rows)
    backwards = table(server, f"{LIST}/measures.csv?sortierung=-measure")
    assert [row["Maßnahme"] for row in backwards] == measures(page(server, f"{LIST}?sortierung=-measure"))
    english = get(server, f"/en{LIST}/measures.csv")
    assert not english.content.startswith(b"\xef\xbb\xbf")
    assert len(list(csv.DictReader(io.StringIO(english.text)))) == len(rows)


def test_a_workbook_has_the_same_cells(server: Server) -> None:
    rows = table(server, f"{LIST}/measures.csv")
    answer = get(server, f"{LIST}/measures.xlsx")
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    heading, *cells = sheet.iter_rows(values_only=True)
    assert list(heading) == list(rows[0])
    assert [["" if cell is None else str(cell) for cell in line] for line in cells] == [
        list(row.values()) for row in rows
    ]
    assert isinstance(cells[0][list(heading).index("Nr.")], int)


def test_files_say_which_table_they_are_of(server: Server, release: Release) -> None:
    """WCAG 2.4.4: no two links of a page have the same text and lead to different files, in either language."""
    shown = {(address.page, address.language): address for address in release.addresses().values()
             if address.kind == "page" and address.plan == "musterstadt"}
    several = 0
    for address in shown.values():
        document = page(server, address.path)
        led: dict[str, str] = {}
        for row in document.find("ul", class_="formats files"):
            [name] = [entry.text() for entry in row.find("li") if not entry.find("a")] or [""]
            for link in row.find("a"):
                assert link.text().endswith(name.removesuffix(":")), (address.path, link.text())
                assert led.setdefault(link.text(), link.attributes["href"]) == link.attributes["href"], address.path
        several += len(led) > 2
    assert several > 20


def test_the_matrix_has_its_own_file_first(server: Server) -> None:
    for path in ("/musterstadt/beziehungen", "/musterstadt/beziehungen/feld/gruenplan-wasser"):
        [matrix] = [section for section in page(server, path).find("section") if section.find("h2", id="matrix")]
        files = [row.find("a")[0].attributes["href"] for row in matrix.find("ul", class_="formats files")]
        assert [reference.rsplit("/", 1)[1] for reference in files] == ["measures.csv", "contacts.csv"]


def test_a_file_has_the_same_columns_whatever_is_chosen(server: Server) -> None:
    def lines(asked: str = "") -> list[list[str]]:
        text = get(server, f"{LIST}/measures.csv{asked}").content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), delimiter=";"))

    whole = lines()[0]
    assert {"Förderfähig aus (IRI)", "Handlungsfeld (IRI)"} < set(whole)
    found: dict[int, str] = {}
    parts = [(href.split("/")[-2:], facet) for (facet, _), (href, _) in choices(page(server, LIST)).items()]
    for one, facet in parts:
        for other, second in parts:
            if facet < second:
                asked = "?" + "&".join("=".join(part) for part in (one, other))
                heading, *rows = lines(asked)
                assert heading == whole, asked
                found[len(rows)] = asked
    assert {0, 1} <= set(found)
    answer = get(server, f"{LIST}/measures.xlsx{found[0]}")
    cells = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert [list(row) for row in cells] == [whole]


@pytest.mark.parametrize(("route", "name"), [("projekte", "projects"), ("ausschreibungen", "calls")])
def test_a_file_has_what_the_editors_assume_as_its_page_has_it(site: Site, route: str, name: str) -> None:
    [shown] = [box for box in page(site.server, f"/{site.plan}/{route}").find("table")
               if box.find("caption", id=f"tabelle-{name}")]
    titles = [heading.text() for heading in shown.find("thead")[0].find("th")]
    rows = [row for row in shown.find("tr") if row.find("th", scope="row")]
    file = table(site.server, f"/{site.plan}/{route}/{name}.csv")
    assert len(rows) == len(file)
    assumed = 0
    for line, row in zip(file, rows, strict=True):
        for title, cell in zip(titles[1:], row.find("td"), strict=True):
            ours = cell.find("p", class_="assumed")
            assert all(mark.find("a", class_="link assumed__mark") for mark in ours)
            certainties = [mark.find("a", class_="link assumed__mark")[0].find("span")[0].text() for mark in ours]
            if f"{title}: davon Annahme der Redaktion" in line:
                there = [text for text in line[f"{title}: davon Annahme der Redaktion"].split(" | ") if text]
                assert [mark.text().split(" Annahme der Redaktion: ")[0] for mark in ours] == there
                assert " | ".join(certainties) == line[f"{title}: Gewissheit der Annahme"]
                assert set(there) <= set(line[title].split(" | "))
                assert bool(line[title]) == (cell.text() != "nicht angegeben")
                assumed += len(there)
            else:
                assert not ours
    assert assumed


@pytest.mark.parametrize("asked", ["", "/feld/gruenplan-wasser", "?sortierung=measure", "?sortierung=-number&seite=1"])
@pytest.mark.parametrize(("language", "lead", "name"), [
    ("", "Der Plan umfasst 6 Maßnahmen.", "Maßnahmen des Plans"),
    ("/en", "The plan has 6 measures.", "Measures of the plan"),
])
def test_what_is_said_of_a_list_is_true_whatever_is_chosen(
    server: Server, language: str, lead: str, name: str, asked: str,
) -> None:
    document = page(server, f"{language}{LIST}{asked}")
    [said] = [text for text in document.find("p") if "lead" in text.attributes.get("class", "")]
    assert said.text().startswith(lead)
    assert not {"geordnet", "ordered", "Alle", "All"} & set(said.text().replace(".", "").split())
    [files] = document.find("ul", class_="formats files")
    answer = get(server, urljoin(f"{language}{LIST}{asked}", files.find("a")[1].attributes["href"]), follow=True)
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames == [name]


def test_no_name_of_a_sheet_is_cut_within_a_word(server: Server) -> None:
    document = page(server, "/musterstadt/beziehungen")
    for row in document.find("ul", class_="formats files"):
        caption = row.find("li")[0].text().removesuffix(":")
        answer = get(server, urljoin("/musterstadt/beziehungen", row.find("a")[1].attributes["href"]))
        [name] = openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames
        assert len(name) <= 31
        assert name.endswith(" …")
        assert caption.startswith(f"{name.removesuffix('…')}")


def test_every_file_that_a_page_offers_has_the_rows_of_its_table(server: Server, release: Release) -> None:
    shown = {address.page: address for address in release.addresses().values()
             if address.kind == "page" and address.language == "de" and address.plan == "musterstadt"}
    checked = 0
    for address in shown.values():
        for entry in page(server, address.path).find("ul", class_="formats files"):
            for link in entry.find("a"):
                answer = get(server, urljoin(address.path, link.attributes["href"]))
                assert answer.status_code == 200, (address.path, link.attributes["href"])
                assert answer.headers["content-type"].partition(";")[0] == link.attributes["type"]
                checked += 1
    assert checked > 60
    assert get(server, f"{LIST}/nichts.csv").status_code == 404


def test_every_published_file_has_columns_and_no_empty_row(release: Release) -> None:
    files = [a for a in release.addresses().values() if a.kind == "table" and a.media_type == "text/csv"]
    assert len(files) > 100
    rows = 0
    for address in files:
        body = represent(release, address).body.decode("utf-8-sig")
        heading, *lines = csv.reader(io.StringIO(body), delimiter=";" if address.language == "de" else ",")
        assert heading, address.path
        assert lines, address.path
        assert len(heading) == len(set(heading)), (address.path, heading)
        assert all(any(line) and len(line) == len(heading) for line in lines), address.path
        rows += len(lines)
    assert rows > 1000


def test_a_file_has_what_the_page_shows_as_headings(server: Server) -> None:
    assert {row["Handlungsfeld"] for row in table(server, f"{LIST}/measures.csv")} >= {"Grüne Räume"}
    assert all(row["Zitat"] for row in table(server, "/musterstadt/quelle/gruenplan-2026/quotes.csv"))
