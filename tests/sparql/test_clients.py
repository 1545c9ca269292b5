"""The requests of clients that are not run here, as they send them: each gets a format that it reads, never a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox
import pytest

from tests.serving import PATIENCE, Server

SELECT: Final = "SELECT ?m WHERE { ?m a <https://w3id.org/wir2graph/def#Measure> }"
CONSTRUCT: Final = "CONSTRUCT WHERE { ?m a <https://w3id.org/wir2graph/def#Measure> }"
MEASURES: Final = 7
JSON: Final = "application/sparql-results+json"

# What each sends with a query for a table: method, Accept (None: no such field), other parameters of its own.
TABLES: Final[Mapping[str, tuple[str, str | None, dict[str, str]]]] = {
    "YASGUI": ("form", "application/sparql-results+json,*/*;q=0.9", {}),
    "Jena": ("get", "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;"
             "q=0.7, text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1", {}),
    "RDF4J": ("form", "application/x-binary-rdf-results-table;q=0.8, application/sparql-results+json;q=0.8, "
              "application/json;q=0.8, application/sparql-results+xml, application/xml, text/csv;q=0.8", {}),
    "fetch-sparql-endpoint": ("form", "application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.7", {}),
    "SPARQL of R": ("get", "application/sparql-results+xml", {"output": "xml", "format": "xml"}),
    "SPARQLWrapper": ("get", "application/sparql-results+json,application/json,text/javascript,application/javascript",
                      {"format": "json", "output": "json", "results": "json"}),
    "curl, requests, pandas, R": ("get", "*/*", {}),
    "Power Query, Go": ("get", None, {}),
}
GRAPHS: Final[Mapping[str, str]] = {
    "YASGUI": "application/n-triples,*/*;q=0.9",
    "Jena": "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3",
    "rdflib": "application/rdf+xml,text/turtle,application/n-triples",
    "Protégé": "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09",
}


def asked(server: Server, method: str, fields: Mapping[str, str], accept: str | None) -> httpx.Response:
    """Send a query in one of the ways of the protocol, with exactly this Accept."""
    with httpx.Client(timeout=PATIENCE) as client:
        del client.headers["accept"]
        headers = {} if accept is None else {"accept": accept}
        if method == "form":
            return client.post(f"{server.url}/sparql", data=dict(fields), headers=headers)
        return client.get(f"{server.url}/sparql?{urlencode(fields)}", headers=headers)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_comes_in_a_format_that_was_asked_for(server: Server, name: str) -> None:
    method, accept, own = TABLES[name]
    answer = asked(server, method, {"query": SELECT, **own}, accept)
    assert answer.status_code == httpx.codes.OK, answer.text
    kind = answer.headers["content-type"].partition(";")[0]
    assert kind in (accept or JSON) or "*/*" in (accept or "")
    form = ox.QueryResultsFormat.from_media_type(kind)
    assert form in (ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML)
    rows = ox.parse_query_results(answer.content, form)
    assert isinstance(rows, ox.QuerySolutions)
    assert len(list(rows)) == MEASURES


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_comes_in_a_format_that_was_asked_for(server: Server, name: str) -> None:
    answer = asked(server, "form", {"query": CONSTRUCT}, GRAPHS[name])
    assert answer.status_code == httpx.codes.OK, answer.text
    kind = answer.headers["content-type"].partition(";")[0]
    assert kind in GRAPHS[name]
    form = ox.RdfFormat.from_media_type(kind)
    assert form is not None
    assert len({quad.subject for quad in ox.parse(answer.content, form)}) == MEASURES
