"""The pages of worked questions: the live answer, the way to it, and what to take along."""

from __future__ import annotations

import csv
import io
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from tests.pages.document import Element, parse
from tests.serving import PATIENCE, Server
from wir2graph import release as releases
from wir2graph.operator import Operator
from wir2graph.plan import Workspace
from wir2graph.questions import read_questions
from wir2graph.release import Release
from wir2graph.represent import represent

Documents = Mapping[str, Element]

LIST = "/musterstadt/fragen"
CONTACTS = f"{LIST}/kontakte-eines-dezernats"
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def cells(table: Element) -> list[list[str]]:
    rows = [row for body in table.find("tbody") for row in body.find("tr")]
    return [[cell.text() for cell in row.content if isinstance(cell, Element)] for row in rows]


def links(element: Element) -> dict[str, str]:
    return {link.text(): link.attributes["href"] for link in element.find("a")}


def ask(address: str) -> httpx.Response:
    answer = httpx.get(address, headers=BROWSER, timeout=PATIENCE)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer


def held(html: str) -> str:
    [area] = parse(html).find("textarea", name="query")
    return "".join(str(part) for part in area.content).removeprefix("\n")  # as a browser reads it


@pytest.fixture(scope="module")
def changed(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """A release in which one worked answer is wrong, and of whose plans one has no questions."""
    folder = tmp_path_factory.mktemp("changed")
    data = Path(shutil.copytree(workspace.data, folder / "data"))
    shutil.rmtree(data / "kleinstadt" / "questions")
    path = data / "musterstadt" / "questions" / "kontakte-eines-dezernats.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"A 1.2"]', '"A 1.9"]'), encoding="utf-8")
    built = releases.build(replace(workspace, data=data), folder / "state", lambda _: [])
    assert built.folder is not None
    opened = releases.open_release(built.folder, Operator(public_url="https://offen.example/daten"))
    yield opened
    opened.close()


def test_every_question_has_its_page_in_each_language(release: Release) -> None:
    pages = {path for path, address in release.addresses().items() if address.question and address.kind == "page"}
    assert pages == {
        f"{language}/{plan.slug}/fragen/{question.slug}"
        for language in ("", "/en") for plan in release.plans for question in read_questions(plan)
    }
    assert len(pages) == 8


@pytest.mark.parametrize(("path", "group", "title", "text"), [
    (LIST, "Für die Verwaltung", "Kontakte eines Dezernats", "Bei welchen Maßnahmen ist das Dezernat für Umwelt oder"),
    (f"/en{LIST}", "For research and analysis", "Who names which contact?", "Which source names which contact"),
])
def test_the_list_has_every_question_under_those_whom_it_is_for(
    documents: Documents, release: Release, path: str, group: str, title: str, text: str,
) -> None:
    found = {}
    for section in documents[path].find("section"):
        for entry in section.find("ul", class_="questions")[0].find("li"):
            found[entry.find("a")[0].text()] = (section.find("h2")[0].text(), entry.text(), links(entry))
    assert found[title][0] == group
    assert text in found[title][1]
    reached = {urljoin(path, href) for _, _, entry in found.values() for href in entry.values()}
    published = [a for a in release.addresses().values() if a.question and a.kind == "page"]
    assert reached == {a.path for a in published if a.path.startswith(f"{path}/")}


def test_the_answer_is_asked_of_the_data_and_leads_to_them(documents: Documents) -> None:
    [table] = documents[CONTACTS].find("table")
    assert cells(table) == [
        ["Bäume an jeder Straße", "A 1"], ["Bäume an jeder Straße", "A 1.2"], ["Parks gemeinsam pflegen", "A 1"],
    ]
    assert urljoin(CONTACTS, links(table)["Parks gemeinsam pflegen"]) == "/musterstadt/massnahme/gruenplan-raeume-2"
    [english] = documents[f"/en{CONTACTS}"].find("table")
    assert cells(english)[0] == ["Trees in every street", "A 1"]
    [counted] = documents[f"{LIST}/massnahmen-je-handlungsfeld"].find("table")
    assert cells(counted) == [["Grüne Räume", "3"], ["Sauberes Wasser", "3"]]
    [translated] = documents[f"/en{LIST}/massnahmen-je-handlungsfeld"].find("table")
    assert cells(translated) == [["Green Spaces", "3"], ["Clean Water", "3"]]
    [said] = documents[f"{LIST}/wer-sagt-was"].find("table")
    assert [row[2] for row in cells(said)] == ["nein", "ja"]


def test_a_page_tells_question_way_and_query(documents: Documents, release: Release) -> None:
    for plan in release.plans:
        for question in read_questions(plan):
            for prefix, language in (("", "de"), ("/en", "en")):
                document = documents[f"{prefix}/{plan.slug}/fragen/{question.slug}"]
                assert document.find("h1")[0].text() == question.title[language]
                assert question.text[language] in document.text()
                assert question.reason[language] in document.text()
                [code] = document.find("details", class_="query")[0].find("code")
                assert "".join(str(part) for part in code.content) == question.query_in(language)
                assert not document.find("div", class_="kern-alert kern-alert--warning")


@pytest.mark.parametrize("path", [CONTACTS, f"/en{CONTACTS}"])
def test_the_answer_comes_as_csv_and_json_and_its_query_opens_in_the_form(
    documents: Documents, server: Server, path: str,
) -> None:
    base = "https://daten.musterstadt.example/plan/id/massnahme/"
    rows = [[f"{base}gruenplan-raeume-1", "A 1"], [f"{base}gruenplan-raeume-1", "A 1.2"],
            [f"{base}gruenplan-raeume-2", "A 1"]]
    offered = links(documents[path].find("aside")[0])
    [form] = [href for href in offered.values() if re.search(r"/sparql\?worked=[0-9a-f]{12}\Z", href)]
    found = csv.reader(io.StringIO(ask(urljoin(f"{server.url}{path}", offered["CSV"])).text))
    assert list(found) == [["measure", "code"], *rows]
    bindings = ask(urljoin(f"{server.url}{path}", offered["JSON"])).json()["results"]["bindings"]
    assert [[row["measure"]["value"], row["code"]["value"]] for row in bindings] == rows
    opened = ask(urljoin(f"{server.url}{path}", form))
    assert opened.url.path == ("/en/sparql" if path.startswith("/en") else "/sparql")
    assert opened.headers["content-language"] == ("en" if path.startswith("/en") else "de")
    [code] = documents[path].find("details", class_="query")[0].find("code")
    assert held(opened.text) == "".join(str(part) for part in code.content)


@pytest.mark.parametrize("path", ["/sparql", "/en/sparql"])
@pytest.mark.parametrize(("query", "status"), [
    ("ASK {}", httpx.codes.OK), ("\n</textarea><script>1</script> 'ü' %41", httpx.codes.BAD_REQUEST),
    ("SELEKT", httpx.codes.BAD_REQUEST), ("", httpx.codes.BAD_REQUEST),
])
def test_the_form_holds_whatever_query_is_brought_along(server: Server, path: str, query: str, status: int) -> None:
    answer = httpx.get(f"{server.url}{path}", params={"query": query, "as": "html"}, timeout=PATIENCE)
    assert answer.status_code == status
    assert held(answer.text) == query
    assert held(ask(f"{server.url}{path}").text) != query  # and is forgotten


def test_the_line_for_the_command_line_asks_the_endpoint(documents: Documents, server: Server) -> None:
    [line] = documents[CONTACTS].find("pre", class_="sample")
    program, address, option, header, data, query = shlex.split("".join(map(str, line.find("code")[0].content)))
    assert (program, address, option, data) == ("curl", "http://localhost/sparql", "-H", "--data-urlencode")
    name, _, value = header.partition(": ")
    answer = httpx.post(address.replace("http://localhost", server.url), headers={name: value}, timeout=PATIENCE,
                        data=dict([query.split("=", 1)]))
    assert answer.text.splitlines()[0] == "measure,code"
    assert len(answer.text.splitlines()) == 4


def test_the_address_of_the_line_is_the_operators(changed: Release) -> None:
    document = parse(changed.pages.html(changed.addresses()[CONTACTS]))
    assert document.find("pre", class_="sample")[0].text().startswith("curl https://offen.example/daten/sparql -H ")


@pytest.mark.parametrize(("path", "told"), [
    (CONTACTS, "Die Daten antworten anders als erwartet"),
    (f"/en{CONTACTS}", "The data answer otherwise than expected"),
])
def test_an_answer_other_than_the_worked_one_is_told_with_both(changed: Release, path: str, told: str) -> None:
    document = parse(changed.pages.html(changed.addresses()[path]))
    [alert] = document.find("div", class_="kern-alert kern-alert--warning")
    assert told in alert.text()
    answer, expected = document.find("table")
    assert [row[1] for row in cells(answer)] == ["A 1", "A 1.2", "A 1"]
    assert [row[1] for row in cells(expected)] == ["A 1", "A 1.9", "A 1"]
    assert links(answer) == links(expected)


def test_a_plan_without_questions_has_no_page_of_them_and_no_link(changed: Release) -> None:
    found = {}
    for path, address in changed.addresses().items():
        if address.kind == "page" and address.plan in (None, "kleinstadt"):
            found[path] = {urljoin(path, e.attributes["href"]) for e in parse(changed.pages.html(address)).find("a")
                           if "href" in e.attributes}
    assert not [path for path in found if "/fragen" in path]
    assert not [(path, link) for path, links in found.items() for link in links if "kleinstadt/fragen" in link]
    assert "/kleinstadt/daten" in found["/kleinstadt/"]
    assert LIST in changed.addresses()


def test_navigation_and_start_lead_to_the_questions(documents: Documents) -> None:
    document = documents["/musterstadt/"]
    [entry] = [link for link in document.find("nav")[0].find("a") if link.text() == "Fragen"]
    assert urljoin("/musterstadt/", entry.attributes["href"]) == LIST
    assert urljoin("/musterstadt/", links(document.find("main")[0])["Fragen mit Antworten"]) == LIST
    [current] = [link for link in documents[CONTACTS].find("nav")[0].find("a") if "aria-current" in link.attributes]
    assert (current.text(), current.attributes["aria-current"]) == ("Fragen", "true")


@pytest.mark.parametrize("path", ["/sparql", "/en/sparql"])
def test_the_form_offers_every_question_as_a_sample_and_all_prefixes(
    documents: Documents, release: Release, server: Server, path: str,
) -> None:
    document, language = documents[path], "en" if path.startswith("/en") else "de"
    groups = document.find("div", id="samples")[0].find("details", class_="more")
    offered = {name: href for group in groups for name, href in links(group).items()}
    questions = [question for plan in release.plans for question in read_questions(plan)]
    assert offered.keys() == {question.title[language] for question in questions}
    for question in questions:
        opened = ask(urljoin(f"{server.url}{path}", offered[question.title[language]]))
        assert parse(opened.text).find("table", class_="kern-table kern-table--striped")
        assert held(opened.text) == question.query_in(language)
    [prefixes] = document.find("pre", class_="sample")
    for plan in release.plans:
        for name, iri in plan.prefixes().items():
            assert f"PREFIX {name}: <{iri}>" in prefixes.text()


def test_a_page_of_a_question_is_a_representation_like_any_other(release: Release, server: Server) -> None:
    made = represent(release, release.addresses()[CONTACTS])
    first = server.get(CONTACTS)
    assert (first.headers["content-language"], made.language) == ("de", "de")
    assert server.get(CONTACTS, if_none_match=first.headers["etag"]).status_code == httpx.codes.NOT_MODIFIED
    assert {link.rel for link in made.links} == {"alternate", "canonical", "license"}


def test_rows_are_compared_in_their_order_and_with_their_kinds(release: Release) -> None:
    questions = {question.slug: question for plan in release.plans for question in read_questions(plan)}
    said, counted = questions["wer-sagt-was"], questions["massnahmen-je-handlungsfeld"]
    solutions = release.store.select(said.query)
    assert said.agrees(solutions)
    assert not said.agrees(list(reversed(solutions)))
    assert not said.agrees(solutions[:1])
    assert not replace(said, rows=tuple((*row[:2], int(row[2])) for row in said.rows)).agrees(solutions)
    assert not counted.agrees([{"field": row["field"]} for row in release.store.select(counted.query)])
