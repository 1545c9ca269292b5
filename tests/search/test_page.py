"""The page of the search, over HTTP: without a script, in both languages, in one plan and in all."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin

import pytest

from tests.serving import Server
from wir2graph.pages.searching import OF_EACH

MEASURE = "massnahme/gruenplan-wasser-2"


def body(server: Server, path: str) -> str:
    answer = server.get(path)
    assert answer.status_code == 200, path
    return answer.text


@pytest.mark.parametrize(("path", "shown", "target"), [
    ("/musterstadt/suche?q=baeche+licht", "<mark>Bäche</mark> ans <mark>Licht</mark>", MEASURE),
    ("/en/musterstadt/suche?q=brooks", "<mark>brooks</mark>", MEASURE),
    ("/suche?q=A+1.2", '<span class="code">A 1.2</span>', "musterstadt/oe/a-1.2"),
])
def test_a_hit_is_marked_and_linked(server: Server, path: str, shown: str, target: str) -> None:
    page = body(server, path)
    assert shown in page
    links = [urljoin(path, href) for href in re.findall(r'<h3[^>]*><a class="link" href="([^"]+)"', page)]
    assert any(link.endswith(target) for link in links), links
    for link in links:
        assert server.get(link).status_code == 200, link


def test_the_search_of_all_plans_says_whose_a_hit_is(server: Server) -> None:
    page = body(server, "/suche?q=Handlungsfeld")
    assert 'href="musterstadt/' in page
    assert 'href="kleinstadt/' in page
    assert "Radplan" in page
    assert 'href="kleinstadt/' not in body(server, "/musterstadt/suche?q=Handlungsfeld")


@pytest.mark.parametrize("path", [
    "/musterstadt/", "/en/musterstadt/massnahmen", "/", "/en/def", f"/musterstadt/{MEASURE}",
])
def test_every_page_has_the_box_and_it_leads_to_its_search(server: Server, path: str) -> None:
    page = body(server, path)
    (action,) = re.findall(r'<form class="search" role="search" action="([^"]+)" method="get"', page)
    plan = "/musterstadt" if "musterstadt" in path else ""
    assert urljoin(path, action) == ("/en" if path.startswith("/en") else "") + f"{plan}/suche"
    assert body(server, f"{urljoin(path, action)}?q=a").count('<form class="search"') == 1


def test_all_of_one_kind_in_parts(server: Server) -> None:
    page = body(server, "/musterstadt/suche?q=Angabe")
    (more, *_) = re.findall(r'href="(suche\?q=[^"]+art=[^"]+)">Alle (\d+) Treffer', page)
    assert int(more[1]) > OF_EACH
    found: list[str] = []
    way: str | None = f"/musterstadt/{more[0].replace('&amp;', '&')}"
    part = 1
    while way:
        whole = body(server, way)
        found += re.findall(r'<h3[^>]*><a class="link" href="([^"]+)"', whole)
        part += 1
        following = re.findall(rf'href="(suche\?[^"]+seite={part})"', whole)
        way = f"/musterstadt/{following[0].replace('&amp;', '&')}" if following else None
    assert len(found) == len(set(found)) == int(more[1])


@pytest.mark.parametrize("rest", [
    "&art=nope", "&seite=99999999", "&seite=-1", "&seite=x", "&art=ziele&seite=77", "&utm=x",
])
def test_parameters_that_make_no_sense_are_no_error(server: Server, rest: str) -> None:
    assert " Treffer." in body(server, f"/musterstadt/suche?q=Wasser{rest}")


def test_nothing_found_helps(server: Server) -> None:
    page = body(server, f"/musterstadt/suche?q={quote('Zistrnenbauten')}")
    assert "Kein Treffer für „Zistrnenbauten“" in page
    assert f'href="suche?q={quote("Zisternen")}"' in page
    assert 'href="massnahmen"' in page


def test_what_is_typed_is_shown_escaped_and_the_other_language_asks_the_same(server: Server) -> None:
    asked = quote('<script>"&')
    page = body(server, f"/musterstadt/suche?q={asked}")
    assert "<script>&" not in page
    assert 'value="&lt;script&gt;&#34;&amp;"' in page
    assert f'href="../en/musterstadt/suche?q={asked}"' in page
    assert '<meta name="robots" content="noindex">' in page


def test_the_page_without_a_question_is_published_and_those_with_one_are_not(server: Server) -> None:
    page = body(server, "/musterstadt/suche")
    assert "noindex" not in page
    assert "Ein Teil des Namens genügt" in page
