"""What readers see when something is wrong."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.serving import Server, serving
from wir2graph.web.http import problem
from wir2graph.web.problems import Problem, SitePage


@pytest.mark.parametrize(("path", "start", "name"), [
    ("/nope", "/", "Kommunale Pläne"), ("/musterstadt/a/b/nope", "/musterstadt/", "Grünplan"),
    ("/en/musterstadt//nope", "/en/musterstadt/", "Green Plan"), ("/a%2Fb/c/", "/", "Kommunale Pläne"),
])
def test_a_problem_page_looks_like_the_site_and_leads_back_to_it(
    server: Server, path: str, start: str, name: str,
) -> None:
    page = server.get(path, accept="text/html")
    assert page.status_code == 404
    styles = re.findall(r'rel="stylesheet" href="([^"]*)"', page.text)
    assert styles
    for reference in styles:
        assert server.get(urljoin(server.url + path, reference).removeprefix(server.url)).status_code == 200
    home = re.findall(r'<a class="link" href="([^"]*)"', page.text.partition("</main>")[0])
    assert [urljoin(server.url + path, reference) for reference in home] == [server.url + start]
    assert re.search(rf"<title>404 [^<]+ – [^<]*{name}[^<]*</title>", page.text)
    [search] = re.findall(r'<form class="search" role="search" action="([^"]*)"', page.text)
    assert urljoin(server.url + path, search).startswith(f"{server.url}{start}su")
    found = server.get(f"{urljoin(server.url + path, search).removeprefix(server.url)}?q=Baum", accept="text/html")
    assert found.status_code == 200


def test_a_page_that_fails_is_a_problem_of_its_own(state: Path, tmp_path: Path) -> None:
    copy = tmp_path / "state"
    shutil.copytree(state, copy, symlinks=True)
    (copy / "current" / "site" / "pages" / "measure" / "page.html").write_text("{{ nothing_of_that_name }}")
    with serving(copy) as server:
        failed = server.get("/musterstadt/massnahme/gruenplan-raeume-1", accept="*/*")
        assert failed.status_code == 500
        assert failed.headers["content-type"] == "application/problem+json"
        assert failed.headers["cache-control"] == "no-store"
        assert failed.headers["access-control-allow-origin"] == "*"
        assert "nothing_of_that_name" not in failed.text
        assert server.get("/musterstadt/data/massnahme/gruenplan-raeume-1.ttl").status_code == 200
        assert server.get("/musterstadt/").status_code == 200


def test_members_are_facts_or_links_and_always_escaped() -> None:
    page = SitePage(("a.css",), "./")(Problem(400, "<b>", "d", "de", {
        "line": 3, "expected": ["{", "<x>"], "alternates": [{"href": 'a"b.ttl', "type": "text/turtle"}],
        "successor": {"href": "neu"},
    })).decode()
    assert "<h1 class=\"kern-heading-x-large\">&lt;b&gt;</h1>" in page
    assert "<dt>line</dt><dd>3</dd><dt>expected</dt><dd>{</dd><dd>&lt;x&gt;</dd>" in page
    assert '<a class="link" href="a&quot;b.ttl">text/turtle</a>' in page
    assert '<a class="link" href="neu">neu</a>' in page
    assert '<a class="link" href="./">Zur Startseite</a>' in page


@pytest.mark.parametrize("path", ["/nichts", "/musterstadt/nichts/hier", "/en/musterstadt/nothing"])
def test_a_problem_page_leads_to_what_must_be_reached_from_everywhere(server: Server, path: str) -> None:
    page = server.get(path, accept="text/html")
    assert page.status_code == 404
    footer = page.text[page.text.index("<footer"):]
    targets = [urljoin(str(page.url), href) for href in re.findall('href="([^"]*)"', footer)]
    english = path.startswith("/en/")
    for duty in ("impressum", "datenschutz", "barrierefreiheit"):
        assert f"{server.url}{'/en' if english else ''}/{duty}" in targets
    for target in targets:
        assert server.get(target.removeprefix(server.url), accept="text/html").status_code == 200


@pytest.mark.parametrize(("accept", "kind"), [
    (None, "application/problem+json"), ("*/*", "application/problem+json"),
    ("text/turtle", "application/problem+json"),
    ("application/json", "application/problem+json"), ("text/html,*/*;q=0.8", "text/html; charset=utf-8"),
    ("application/problem+json, text/html", "application/problem+json"),
])
def test_who_gets_a_page_and_who_a_document(accept: str | None, kind: str) -> None:
    assert problem(404, "t", "d", lang="de", accept=accept).headers["content-type"] == kind


def test_the_server_does_without_the_libraries_of_the_check() -> None:
    code = "import sys, wir2graph.web.app; print(sorted({'rdflib', 'pyshacl'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
