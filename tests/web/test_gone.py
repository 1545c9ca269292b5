"""Withdrawn identifiers through the front door: 410 in the asked form, with what has taken their place."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin

import httpx
import pytest

from tests.serving import PATIENCE, Server
from wir2graph.formats import DATA
from wir2graph.release import Release

OLD, NEW = "massnahme/gruenplan-schule-1", "massnahme/gruenplan-raeume-schule-1"
ADDRESSES = {
    f"/musterstadt/{OLD}": f"/musterstadt/{NEW}",
    f"/en/musterstadt/{OLD}": f"/en/musterstadt/{NEW}",
    f"/musterstadt/id/{OLD}": f"/musterstadt/id/{NEW}",
    f"/musterstadt/data/{OLD}": f"/musterstadt/data/{NEW}",
    **{f"/musterstadt/data/{OLD}.{item.name}": f"/musterstadt/data/{NEW}.{item.name}" for item in DATA},
}
SPLIT = "foerderlinie/musterstadt-blueht-grün"

every_address = pytest.mark.parametrize(("path", "successor"), ADDRESSES.items())


def ask(server: Server, path: str, accept: str, method: str = "GET") -> httpx.Response:
    return httpx.request(method, server.url + quote(path), headers={"accept": accept}, timeout=PATIENCE)


def successors(answer: httpx.Response) -> list[str]:
    found = re.findall(r'<([^>]*)>; rel="successor-version"', answer.headers["link"])
    return [urljoin(str(answer.url), target) for target in found]


@every_address
@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "application/json", "image/png"])
def test_a_program_gets_a_problem_document(server: Server, path: str, successor: str, accept: str) -> None:
    answer = ask(server, path, accept)
    assert (answer.status_code, answer.headers["content-type"]) == (410, "application/problem+json")
    document = answer.json()
    assert document["status"] == 410
    [told] = document["successors"]
    assert urljoin(str(answer.url), told["href"]) == server.url + successor
    assert successors(answer) == [server.url + successor]
    assert server.get(successor).status_code in (200, 303)


@every_address
def test_a_reader_gets_a_page_that_names_the_successor(server: Server, path: str, successor: str) -> None:
    answer = ask(server, path, "text/html,application/xhtml+xml,*/*;q=0.8")
    assert (answer.status_code, answer.headers["content-type"]) == (410, "text/html; charset=utf-8")
    german = not path.startswith("/en/")
    assert answer.headers["content-language"] == ("de" if german else "en")
    assert ("31. Mai 2027" if german else "31 May 2027") in answer.text
    href, title = re.findall(r'<li><a class="link" href="([^"]*)">([^<]*)</a></li>', answer.text)[0]
    assert urljoin(str(answer.url), href) == server.url + successor
    assert title == ("Ein Beet für jede Klasse" if german else "A garden bed for every class")
    assert successors(answer) == [server.url + successor]


@every_address
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_head_says_the_same_without_a_body(server: Server, path: str, successor: str, accept: str) -> None:
    got, head = ask(server, path, accept), ask(server, path, accept, "HEAD")
    assert head.status_code == 410
    assert head.content == b""
    told = [{name: value for name, value in answer.headers.items() if name != "date"} for answer in (got, head)]
    assert told[0] == told[1]


def test_what_was_split_has_several_successors(server: Server) -> None:
    line = f"{server.url}/musterstadt/foerderlinie/musterstadt-blueht"
    lines = [f"{line}-grosses-gruen", f"{line}-kleines-gruen"]
    answer = ask(server, f"/musterstadt/{SPLIT}", "application/json")
    assert answer.status_code == 410
    assert successors(answer) == lines
    told = answer.json()["successors"]
    assert [(urljoin(str(answer.url), item["href"]), item["title"]) for item in told] == [
        (lines[0], "Großes Grün"), (lines[1], "Kleines Grün"),
    ]


def test_what_never_was_is_not_gone(server: Server) -> None:
    for path in (f"/musterstadt/{OLD}0", f"/musterstadt/data/{OLD}.pdf", f"/en/musterstadt/id/{OLD}"):
        assert ask(server, path, "*/*").status_code == 404


def test_a_withdrawn_identifier_is_published_nowhere_but_in_the_data(server: Server, release: Release) -> None:
    for path, address in release.addresses().items():
        assert OLD not in path
        assert not (address.subject or "").endswith((OLD, SPLIT))
        if address.kind == "page" and address.plan == "musterstadt":
            assert "frühere Kennung" not in release.pages.html(address), path
    assert OLD in server.get("/musterstadt/dumps/musterstadt.nt").text
