"""The page of the query form through HTTP: a query in, its result or failure out, and what to take along."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Mapping
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

from tests.pages.document import Element, parse
from tests.serving import PATIENCE, Server
from wir2graph.formats import CSV_DE, GRAPH_RESULTS, TABLE_RESULTS, by_name
from wir2graph.pages.results import MAX_ROWS, ROWS_PER_PAGE
from wir2graph.release import Release

Documents = Mapping[str, Element]

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PATHS = ["/sparql", "/en/sparql"]
PREFIXES = """PREFIX wir: <https://w3id.org/wir2graph/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
MEASURES = PREFIXES + "SELECT ?measure ?number WHERE { ?measure a wir:Measure ; wir:number ?number } ORDER BY ?measure"
MANY = "SELECT ?a ?b WHERE { ?a ?p ?o . ?b ?q ?r }"  # more rows than a page shows, in any plan
NUMBERS = f"SELECT ?n WHERE {{ VALUES ?n {{ {' '.join(str(n * 37 % 257) for n in range(257))} }} }}"
LONG = f"{MEASURES} # {'ä' * 2000}"


def ask(server: Server, query: str, path: str = "/sparql", **parameters: str) -> httpx.Response:
    return httpx.get(server.url + path, params={"query": query, **parameters}, headers=BROWSER, timeout=PATIENCE)


def post(server: Server, query: str, path: str = "/sparql", **parameters: str) -> httpx.Response:
    fields = {"query": query, **parameters}
    return httpx.post(server.url + path, data=fields, headers=BROWSER, timeout=PATIENCE)


def result(answer: httpx.Response) -> Element:
    [found] = parse(answer.text).find("div", id="ergebnis")
    return found


def rows(element: Element) -> list[list[str]]:
    found = [row for body in element.find("tbody") for row in body.find("tr")]
    return [[cell.text() for cell in row.find("td")] for row in found]


def column(element: Element) -> list[int]:
    return [int(row[0]) for row in rows(element)]


def link(element: Element, text: str) -> str:
    [found] = [a.attributes["href"] for a in element.find("a") if a.text() == text]
    return found


def follow(answer: httpx.Response, reference: str) -> httpx.Response:
    return httpx.get(urljoin(str(answer.url), reference), headers=BROWSER, timeout=PATIENCE)


@pytest.mark.parametrize("path", PATHS)
def test_the_form_sends_its_query_to_its_own_page(documents: Documents, server: Server, path: str) -> None:
    [form] = documents[path].find("form", class_="sparql")
    assert form.attributes["method"] == "post"
    assert urljoin(path, form.attributes["action"]) == f"{path}#ergebnis"
    query = "".join(str(part) for part in form.find("textarea", name="query")[0].content)
    sent = post(server, query.replace("\n", "\r\n"), path)
    assert sent.status_code == httpx.codes.SEE_OTHER
    assert parse_qs(urlsplit(sent.headers["location"]).query) == {"query": [query]}
    answer = follow(sent, sent.headers["location"])
    assert answer.status_code == httpx.codes.OK
    assert urlsplit(str(answer.url)).path == path
    assert answer.headers["content-language"] == ("en" if path.startswith("/en") else "de")
    assert [cell.text().split()[0] for cell in result(answer).find("th", scope="col")] == [
        "#", "office", "name", "measures"]


def test_a_result_is_a_table_of_labels_that_lead_to_their_pages(server: Server, release: Release) -> None:
    table = result(ask(server, MEASURES))
    assert rows(table)
    for cells in (row.find("td") for body in table.find("tbody") for row in body.find("tr")):
        target = cells[0].find("a")[0].attributes["href"]
        address = release.addresses()[urljoin("/sparql", target)]
        assert address.subject is not None
        assert cells[0].find("a")[0].text() == release.labels.of(address.subject, "de").text
        assert cells[0].find("span")[0].attributes["title"] == address.subject
        plan, _, place = cells[0].find("code", class_="short")[0].text().partition(":")
        assert (plan, f"{release.plan(plan).namespace}id/{place}") == (address.plan, address.subject)
    english = result(ask(server, MEASURES, "/en/sparql"))
    assert "../en/" not in english.find("td")[0].find("a")[0].attributes["href"]
    assert "/en/musterstadt/" in urljoin("/en/sparql", english.find("td")[0].find("a")[0].attributes["href"])


def test_terms_show_their_language_their_datatype_and_what_they_are(server: Server) -> None:
    query = """SELECT * WHERE { VALUES (?text ?date ?wrong ?number ?truth ?tag) {
      ("a" "2026-11-25"^^<http://www.w3.org/2001/XMLSchema#date> "x"^^<http://www.w3.org/2001/XMLSchema#integer> 12345.5
       true "colour"@en) } BIND(BNODE() AS ?blank) BIND(STRDT("javascript:1", xsd:anyURI) AS ?uri)
      BIND(<<(<urn:a> <urn:b> "c")>> AS ?triple) OPTIONAL { ?nothing <urn:nothing> ?none } }"""
    query = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> " + query
    table = result(ask(server, query))
    names = [cell.text() for cell in table.find("th", scope="col")][1:]
    [cells] = [row.find("td") for body in table.find("tbody") for row in body.find("tr")]
    shown = {name: cell.text() for name, cell in zip(names, cells, strict=True)}
    assert shown["blank"].startswith("_:")
    assert {name: text for name, text in shown.items() if name != "blank"} == {
        "text": "a", "date": "25. November 2026 xsd:date", "wrong": "x", "number": "12.345,5 xsd:decimal",
        "truth": "ja xsd:boolean", "tag": "colour en", "uri": "javascript:1 xsd:anyURI",
        "triple": '<<( <urn:a> <urn:b> "c" )>>', "nothing": "", "none": "",
    }
    by_name = dict(zip(names, cells, strict=True))
    assert by_name["date"].find("span")[0].attributes["title"] == "2026-11-25"
    assert by_name["tag"].find("span", lang="en")
    assert not by_name["uri"].find("a")


def test_an_ask_is_answered_in_words(server: Server) -> None:
    for query, german, english in (("ASK {}", "Ja (true).", "Yes (true)."),
                                   ("ASK { <urn:a> <urn:b> <urn:c> }", "Nein (false).", "No (false).")):
        assert german in result(ask(server, query)).text()
        assert english in result(ask(server, query, "/en/sparql")).text()
        assert not result(ask(server, query)).find("table")


@pytest.mark.parametrize("query", [
    "CONSTRUCT { ?m <urn:has> ?n } WHERE { ?m <https://w3id.org/wir2graph/def#number> ?n }",
    "DESCRIBE <https://daten.musterstadt.example/plan/id/massnahme/gruenplan-raeume-1>",
])
def test_a_graph_is_a_table_of_its_triples(server: Server, query: str) -> None:
    table = result(ask(server, query))
    assert [cell.text() for cell in table.find("th", scope="col")] == ["#", "Subjekt", "Prädikat", "Objekt"]
    lines = httpx.get(f"{server.url}/sparql", params={"query": query, "as": "nt"}, timeout=PATIENCE).text.splitlines()
    assert len(rows(table)) == min(len(set(lines)), ROWS_PER_PAGE)
    back = result(ask(server, query, sort="-object"))
    assert [cell.text() for cell in back.find("th", scope="col") if "aria-sort" in cell.attributes] == ["Objekt ▼"]


def test_every_row_is_on_one_page_and_the_order_stays(server: Server) -> None:
    answer = ask(server, NUMBERS, sort="-n")
    found: list[int] = []
    for number in (1, 2, 3):
        table = result(answer)
        [current] = [a.text() for a in table.find("a") if a.attributes.get("aria-current") == "page"]
        assert current == str(number)
        assert f"Zeilen {ROWS_PER_PAGE * (number - 1) + 1} bis" in table.text()
        found += column(table)
        if number < 3:
            answer = follow(answer, link(table.find("nav")[0], str(number + 1)))
    assert found == sorted(range(257), reverse=True)


def test_a_heading_sorts_up_down_and_not_at_all(server: Server) -> None:
    answer = ask(server, NUMBERS)
    plain = column(result(answer))
    seen = []
    for _ in range(3):
        answer = follow(answer, link(result(answer).find("thead")[0], "n"))
        [heading] = result(answer).find("th", scope="col")[1:]
        seen.append((heading.attributes.get("aria-sort"), column(result(answer))))
    assert seen == [("ascending", list(range(100))), ("descending", list(range(256, 156, -1))), (None, plain)]


@pytest.mark.parametrize(("path", "told"), [
    ("/sparql", "Mehr als 10.000 Zeilen: hier die ersten 10.000, der Download hat alle."),
    ("/en/sparql", "More than 10,000 rows: here are the first 10,000, the download has all of them."),
])
def test_what_a_page_leaves_out_it_says(server: Server, path: str, told: str) -> None:
    answer = ask(server, MANY, path, sort="a")
    table = result(answer)
    assert told in table.text()
    assert not table.find("thead")[0].find("a")  # a part cannot be sorted
    last = follow(answer, link(table.find("nav")[0], str(MAX_ROWS // ROWS_PER_PAGE)))
    assert len(rows(result(last))) == ROWS_PER_PAGE
    assert result(last).find("tbody")[0].find("th", scope="row")[-1].text() == str(MAX_ROWS)


def test_a_result_of_exactly_as_many_rows_is_whole(server: Server) -> None:
    table = result(ask(server, f"{MANY} LIMIT {MAX_ROWS}"))
    assert "10.000 Zeilen. Zeilen 1 bis 100." in table.text()
    assert "Download hat alle" not in table.text()
    assert "Mehr als" in result(ask(server, f"{MANY} LIMIT {MAX_ROWS + 1}")).text()


def test_a_result_of_too_many_bytes_is_cut_between_rows_and_says_so(server: Server) -> None:
    doubled = " ".join(f'BIND(CONCAT(?t{n}, ?t{n}) AS ?t{n + 1})' for n in range(12))
    table = result(ask(server, f'SELECT ?n ?t12 WHERE {{ ?n ?p ?o BIND("{"x" * 256}" AS ?t0) {doubled} }}'))
    assert "Das Ergebnis ist zu groß für diese Seite: hier die ersten 7 Zeilen" in table.text()
    assert [len(row[1]) for row in rows(table)] == [2**20] * 7


@pytest.mark.parametrize(("path", "title", "place", "detail", "expected"), [
    ("/sparql", "Die Abfrage ist fehlerhaft", "Zeile 2, Spalte 4:", "Das Präfix ab: ist nicht erklärt.",
     "PREFIX ab: <…> vor der Abfrage"),
    ("/en/sparql", "The query is malformed", "Line 2, column 4:", "The prefix ab: is not declared.",
     "PREFIX ab: <…> before the query"),
])
def test_a_malformed_query_is_kept_beside_what_is_wrong_with_it(
    server: Server, path: str, title: str, place: str, detail: str, expected: str,
) -> None:
    query = 'SELECT ?x WHERE {\n?x ab:c "<&" }'
    answer = ask(server, query, path)
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert "etag" not in answer.headers
    [alert] = result(answer).find("div", role="alert")
    for told in (title, place, detail, expected):
        assert told in alert.text()
    [area] = parse(answer.text).find("textarea", name="query")
    assert "".join(map(str, area.content)).removeprefix("\n") == query
    assert area.attributes["aria-describedby"] == alert.attributes["id"]
    told_to_the_editor = [area.attributes[f"data-error-{name}"] for name in ("line", "column", "message")]
    assert told_to_the_editor == ["2", "4", detail]


@pytest.mark.parametrize(("query", "status", "told"), [
    (f"ASK {'{' * 300}{'}' * 300}", 400, "Klammern sind tiefer als 200 geschachtelt."),
    ("SELECT * WHERE { SERVICE <http://example.org/> { ?s ?p ?o } }", 400, "SERVICE gibt es hier nicht"),
    ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", 400, "Unerwartet: INSERT"),
    ("SELECT ?x WHERE {", 400, "Die Abfrage endet, bevor { aus Zeile 1, Spalte 17 geschlossen ist."),
])
def test_a_refused_query_has_its_status_and_its_reason(server: Server, query: str, status: int, told: str) -> None:
    answer = ask(server, query)
    assert answer.status_code == status
    assert told in result(answer).find("div", role="alert")[0].text()


@pytest.mark.parametrize(("query", "names"), [
    (MEASURES, [*(item.name for item in TABLE_RESULTS), CSV_DE.name]),
    ("ASK {}", [item.name for item in TABLE_RESULTS]),
    ("CONSTRUCT WHERE { ?s <https://w3id.org/wir2graph/def#number> ?n }", [item.name for item in GRAPH_RESULTS]),
])
@pytest.mark.parametrize("path", PATHS)
def test_a_result_is_offered_in_every_format_that_it_comes_in(
    server: Server, path: str, query: str, names: list[str],
) -> None:
    answer = ask(server, query, path)
    hrefs = [a.attributes["href"] for a in result(answer).find("a") if "as=" in a.attributes["href"]]
    assert [parse_qs(urlsplit(href).query)["as"][0] for href in hrefs] == names
    for href, name in zip(hrefs, names, strict=True):
        file = follow(answer, href)
        item = by_name(name)
        assert item is not None
        assert file.status_code == httpx.codes.OK
        assert file.headers["content-type"] == item.content_type
        assert file.headers["content-disposition"].startswith("attachment")
    if CSV_DE.name in names:
        assert follow(answer, hrefs[-1]).content.startswith(b"\xef\xbb\xbfmeasure;number\r\n")


def test_an_unknown_format_is_refused_by_name(server: Server) -> None:
    answer = ask(server, "ASK { ?s ?p ?o }", **{"as": "docx"})
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert "`as`" in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_a_permalink_gives_the_same_page_for_ever_and_is_not_indexed(server: Server, path: str) -> None:
    answer = ask(server, MEASURES, path)
    document = parse(answer.text)
    again = follow(answer, link(result(answer), "Permanent link to this query" if path.startswith("/en") else
                                "Dauerhafter Link zu dieser Abfrage"))
    assert again.text == answer.text
    assert again.headers["etag"] == answer.headers["etag"]
    known = {**BROWSER, "if-none-match": answer.headers["etag"]}
    assert httpx.get(str(again.url), headers=known, timeout=PATIENCE).status_code == httpx.codes.NOT_MODIFIED
    assert document.find("input", id="permalink")[0].attributes["value"] == str(again.url)
    assert document.find("meta", name="robots", content="noindex")
    assert not parse(httpx.get(server.url + path, headers=BROWSER, timeout=PATIENCE).text).find("meta", name="robots")


def test_the_other_language_shows_the_same_query(server: Server) -> None:
    answer = ask(server, NUMBERS)
    [other] = [a.attributes["href"] for a in parse(answer.text).find("a") if "hreflang" in a.attributes]
    english = follow(answer, other)
    assert urlsplit(str(english.url)).path == "/en/sparql"
    assert column(result(english)) == column(result(answer))


@pytest.mark.parametrize("path", PATHS)
def test_a_query_too_long_for_a_link_is_answered_at_once(server: Server, path: str) -> None:
    answer = post(server, LONG, path)
    assert answer.status_code == httpx.codes.OK
    found = result(answer)
    assert rows(found)
    assert not found.find("input", id="permalink")
    [form] = found.find("form", id="anfrage")
    buttons = {button.text(): button.attributes for button in found.find("button")}
    assert {attributes["form"] for attributes in buttons.values()} == {"anfrage"}
    sent = {"query": "".join(map(str, form.find("textarea")[0].content)).removeprefix("\n")}

    def press(name: str) -> httpx.Response:
        target = urljoin(f"{server.url}{path}", buttons[name]["formaction"].partition("#")[0])
        return httpx.post(target, data=sent, headers=BROWSER, timeout=PATIENCE)

    assert [heading.attributes.get("aria-sort") for heading in result(press("number")).find("th", scope="col")] == [
        None, None, "ascending"]
    assert next(csv.reader(io.StringIO(press("CSV").text))) == ["measure", "number"]


def test_a_link_is_never_longer_than_it_may_be_whatever_it_is_to_be_sorted_by(server: Server) -> None:
    assert post(server, MEASURES, sort="number").status_code == httpx.codes.SEE_OTHER
    assert post(server, MEASURES, sort="x" * 4000).status_code == httpx.codes.OK


def test_a_worked_questions_query_has_a_short_permalink(server: Server, release: Release) -> None:
    for question in release.pages.index.questions["musterstadt"].values():
        sent = post(server, question.query.replace("\n", "\r\n"))
        assert sent.status_code == httpx.codes.SEE_OTHER
        [name] = parse_qs(urlsplit(sent.headers["location"]).query, strict_parsing=True)["worked"]
        assert len(name) == 12
        answer = follow(sent, sent.headers["location"])
        [area] = parse(answer.text).find("textarea", name="query")
        assert "".join(map(str, area.content)).removeprefix("\n") == question.query


def test_the_graphs_of_a_request_are_kept_and_told(server: Server) -> None:
    graph = "https://w3id.org/wir2graph/codelists"
    answer = ask(server, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", **{"default-graph-uri": graph})
    everything = ask(server, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    assert rows(result(answer)) != rows(result(everything))
    assert "Befragt werden nur diese Graphen" in result(answer).text()
    [form] = parse(answer.text).find("form", class_="sparql")
    assert form.find("input", name="default-graph-uri")[0].attributes["value"] == graph
    again = follow(answer, link(result(answer), "Dauerhafter Link zu dieser Abfrage"))
    assert rows(result(again)) == rows(result(answer))


@pytest.mark.parametrize("query", [
    MEASURES,
    "ASK { ?s <urn:b> '$HOME `id` \\\" ü' }",
    "CONSTRUCT WHERE { ?s <https://w3id.org/wir2graph/def#number> ?n }",
])
def test_the_lines_for_curl_and_python_run_as_they_stand(server: Server, query: str) -> None:
    answer = ask(server, query)
    assert answer.status_code == httpx.codes.OK, result(answer).text()
    curl, python, _ = ("".join(map(str, pre.find("code")[0].content))
                       for pre in result(answer).find("pre", class_="sample"))
    fetched = subprocess.run(["sh", "-c", curl], capture_output=True, timeout=PATIENCE, check=True).stdout
    form = "ttl" if query.startswith("CONSTRUCT") else "csv"
    assert fetched == httpx.get(f"{server.url}/sparql", params={"query": query, "as": form}, timeout=PATIENCE).content
    printed = subprocess.run(
        [sys.executable, "-c", python], capture_output=True, text=True, timeout=PATIENCE, check=True,
    )
    expected = {"SELECT": "{'measure': 'https://", "ASK": "False", "CONSTRUCT": "@prefix"}
    assert printed.stdout.startswith(expected[query.removeprefix(PREFIXES).split()[0]])


def test_the_query_behind_every_table_runs(documents: Documents, server: Server) -> None:
    links = {
        urljoin(f"{server.url}{path}", a.attributes["href"])
        for path in ("/musterstadt/massnahme/gruenplan-raeume-1", "/musterstadt/stellen", "/en/def", "/sparql")
        for details in documents[path].find("details", class_="query") for a in details.find("a")
    }
    assert len(links) > 10
    for address in links:
        answer = httpx.get(address, headers=BROWSER, timeout=PATIENCE)
        assert answer.status_code == httpx.codes.OK, address
        if "as=csv" in address:
            assert len(answer.text.splitlines()) > 1, address
        else:
            assert rows(result(answer)), address


@pytest.mark.parametrize("path", PATHS)
def test_the_schema_card_counts_what_the_endpoint_counts(documents: Documents, server: Server, path: str) -> None:
    for name, query in (
        ("classes", "SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?s a ?c }"),
        ("properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?s ?p ?o }"),
        ("graphs", "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"),
    ):
        [caption] = documents[path].find("caption", id=f"tabelle-{name}")
        assert caption.parent is not None
        answer = httpx.get(f"{server.url}/sparql", params={"query": query, "as": "csv"}, timeout=PATIENCE)
        assert len(caption.parent.find("tbody")[0].find("tr")) == int(answer.text.split()[1])
    examples = documents[path].find("caption", id="tabelle-classes")[0].parent
    assert examples is not None
    assert len([row for row in examples.find("tbody")[0].find("tr") if row.find("td")[-1].find("a")]) > 10
