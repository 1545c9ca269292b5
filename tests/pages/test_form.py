from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

import httpx
import pytest

from tests.pages.document import Element
from tests.serving import PATIENCE, Server
from wir2graph.formats import GRAPH_RESULTS, TABLE_RESULTS, Format

Documents = Mapping[str, Element]

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def ask(address: str, **parameters: str) -> httpx.Response:
    return httpx.get(address, params=parameters, headers=BROWSER, timeout=PATIENCE)


@pytest.mark.parametrize("path", ["/sparql", "/en/sparql"])
def test_the_form_offers_exactly_what_the_endpoint_answers_with(documents: Documents, path: str) -> None:
    offered = [option.attributes["value"] for option in documents[path].find("form")[0].find("option")]
    assert sorted(offered) == sorted(item.name for item in (*TABLE_RESULTS, *GRAPH_RESULTS))


@pytest.mark.parametrize("path", ["/sparql", "/en/sparql"])
def test_the_form_sends_its_query_to_the_endpoint(documents: Documents, server: Server, path: str) -> None:
    form = documents[path].find("form")[0]
    assert form.attributes["method"] == "get"
    query = "".join(str(part) for part in form.find("textarea", name="query")[0].content)
    answer = ask(urljoin(f"{server.url}{path}", form.attributes["action"]), query=query, **{"as": "csv"})
    assert answer.status_code == httpx.codes.OK
    assert answer.text.splitlines()[0] == "office,name,measures"


@pytest.mark.parametrize("item", [*TABLE_RESULTS, *GRAPH_RESULTS], ids=lambda item: item.name)
def test_the_chosen_format_comes_whatever_the_browser_accepts(server: Server, item: Format) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } LIMIT 1" if item in TABLE_RESULTS else "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"
    answer = ask(f"{server.url}/sparql", query=query, **{"as": item.name})
    assert answer.status_code == httpx.codes.OK
    assert answer.headers["content-type"].partition(";")[0] == item.media_type


def test_an_unknown_format_is_refused_by_name(server: Server) -> None:
    answer = ask(f"{server.url}/sparql", query="ASK { ?s ?p ?o }", **{"as": "docx"})
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert "`as`" in answer.text


def test_the_query_behind_every_table_runs(documents: Documents, server: Server) -> None:
    links = {
        urljoin(f"{server.url}{path}", details.find("a")[0].attributes["href"])
        for path in ("/musterstadt/massnahme/gruenplan-raeume-1", "/musterstadt/stellen", "/en/def")
        for details in documents[path].find("details", class_="query")
    }
    assert len(links) > 5
    for link in links:
        answer = ask(link)
        assert answer.status_code == httpx.codes.OK, link
        assert len(answer.text.splitlines()) > 1, link
