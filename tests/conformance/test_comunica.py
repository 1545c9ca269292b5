"""Comunica, the query engine of the JavaScript world, against a running site: endpoint, dumps and data of a resource.

Version 3.3.0 is pinned as it runs on the Node 18 of Debian 12; 5 needs Node 20, and 4 loses the languages of literals.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pyoxigraph as ox
import pytest

from tests.conformance.npm import install
from tests.sites import Site

PACKAGES: Final = Path(__file__).with_name("comunica")
WIR: Final = "https://w3id.org/wir2graph/def#"
PREFIXES: Final = f"PREFIX wir: <{WIR}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
JSON: Final = "application/sparql-results+json"
TRIPLES: Final = "application/n-triples"
COUNT: Final = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
# A measure of each site.
MEASURE: Final = {
    "musterstadt": "massnahme/gruenplan-raeume-1", "hannover": "massnahme/wir2-bildung-15",
}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def comunica(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Install Comunica as the lock says; gives a function that asks sources (arguments) by its command line."""
    folder = tmp_path_factory.mktemp("comunica")
    install(PACKAGES, folder)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = folder / "node_modules" / ".bin" / "comunica-sparql"
        return subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=120)

    return run


def answered(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a run has printed, if it went well."""
    assert done.returncode == 0, done.stderr
    assert done.stdout
    return done.stdout


def source(site: Site) -> str:
    """Name the endpoint as Comunica wants it: by its kind."""
    return f"sparql@{site.endpoint}"


def table(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(answered(done))["results"]["bindings"]
    return rows


def graph(done: subprocess.CompletedProcess[str]) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(answered(done), ox.RdfFormat.N_TRIPLES)}


def directly(site: Site, query: str, accept: str) -> httpx.Response:
    """Ask the endpoint without Comunica."""
    response = httpx.post(site.endpoint, data={"query": query}, headers={"accept": accept}, timeout=60)
    assert response.status_code == httpx.codes.OK, response.text
    return response


def known(site: Site, query: str) -> set[ox.Triple]:
    """Return the graph that the endpoint itself answers."""
    return {quad.triple for quad in ox.parse(directly(site, query, TRIPLES).content, ox.RdfFormat.N_TRIPLES)}


def iri(site: Site) -> str:
    """Return the IRI of a measure, as its data name it."""
    query = PREFIXES + "SELECT ?m WHERE { ?m a wir:Measure }"
    found = [row["m"]["value"] for row in directly(site, query, JSON).json()["results"]["bindings"]]
    return next(str(value) for value in found if value.endswith(MEASURE[site.plan]))


def test_select_keeps_languages_and_datatypes(site: Site, comunica: Run) -> None:
    query = PREFIXES + (
        "SELECT ?m ?label ?number WHERE { ?m a wir:Measure ; skos:prefLabel ?label ; wir:number ?number "
        "FILTER(LANG(?label) = 'de') }"
    )
    rows = table(comunica(source(site), query, "-t", JSON))
    assert len({row["m"]["value"] for row in rows}) == len(rows) == site.measures
    assert {row["label"]["xml:lang"] for row in rows} == {"de"}
    assert {row["number"]["datatype"] for row in rows} == {"http://www.w3.org/2001/XMLSchema#integer"}
    direct = directly(site, query, JSON).json()["results"]["bindings"]
    assert {json.dumps(row, sort_keys=True) for row in rows} == {json.dumps(row, sort_keys=True) for row in direct}


def test_the_endpoint_is_known_as_one_without_being_told(site: Site, comunica: Run) -> None:
    rows = table(comunica(site.endpoint, PREFIXES + "SELECT ?m WHERE { ?m a wir:Measure }", "-t", JSON))
    assert len(rows) == site.measures


@pytest.mark.parametrize(("name", "answer"), [("Measure", True), ("NoSuchThing", False)], ids=["yes", "no"])
def test_ask(site: Site, comunica: Run, name: str, answer: bool) -> None:
    done = comunica(source(site), f"ASK {{ ?m a <{WIR}{name}> }}", "-t", JSON)
    assert json.loads(answered(done))["boolean"] is answer


def test_construct(site: Site, comunica: Run) -> None:
    query = PREFIXES + "CONSTRUCT { ?m skos:prefLabel ?l } WHERE { ?m a wir:Measure ; skos:prefLabel ?l }"
    found = graph(comunica(source(site), query, "-t", TRIPLES))
    assert found == known(site, query)
    assert len({triple.subject for triple in found}) == site.measures


def test_describe_says_what_the_data_document_says(site: Site, comunica: Run) -> None:
    described = graph(comunica(source(site), f"DESCRIBE <{iri(site)}>", "-t", TRIPLES))
    document = site.server.get(f"/{site.plan}/data/{MEASURE[site.plan]}.nt").content
    assert described == {quad.triple for quad in ox.parse(document, ox.RdfFormat.N_TRIPLES)}


def test_a_path_a_group_and_an_order(site: Site, comunica: Run) -> None:
    query = PREFIXES + (
        "SELECT ?field (COUNT(?m) AS ?n) WHERE { ?m a wir:Measure ; wir:inField/skos:prefLabel ?field "
        "FILTER(LANG(?field) = 'de') } GROUP BY ?field ORDER BY DESC(?n) ?field"
    )
    rows = list(csv.reader(io.StringIO(answered(comunica(source(site), query, "-t", "text/csv")))))
    assert [[field, n] for field, n in rows[1:]] == [
        [row["field"]["value"], row["n"]["value"]]
        for row in directly(site, query, JSON).json()["results"]["bindings"]
    ]
    assert sum(int(n) for _, n in rows[1:]) == site.measures


def test_the_named_graphs_and_their_sizes(site: Site, comunica: Run) -> None:
    query = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"

    def sizes(rows: list[dict[str, Any]]) -> dict[str, int]:
        return {row["g"]["value"]: int(row["n"]["value"]) for row in rows}

    found = sizes(table(comunica(source(site), query, "-t", JSON)))
    assert found == sizes(directly(site, query, JSON).json()["results"]["bindings"])
    assert any(name.endswith("/id/graph/redaktion") for name in found)
    assert len(found) >= 4


@pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "rdf"])
def test_a_dump_is_a_source(site: Site, comunica: Run, suffix: str) -> None:
    dump = f"{site.server.url}/{site.plan}/dumps/{site.plan}.{suffix}"
    rows = table(comunica(dump, COUNT, "-t", JSON))
    triples = {quad.triple for quad in ox.parse(
        site.server.get(f"/{site.plan}/dumps/{site.plan}.nt").content, ox.RdfFormat.N_TRIPLES,
    )}
    assert [int(row["n"]["value"]) for row in rows] == [len(triples)]


@pytest.mark.parametrize("suffix", ["nq", "trig"])
def test_a_dump_with_named_graphs_keeps_them(site: Site, comunica: Run, suffix: str) -> None:
    dump = f"{site.server.url}/{site.plan}/dumps/{site.plan}.{suffix}"
    rows = table(comunica(dump, "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", "-t", JSON))
    quads = ox.parse(site.server.get(f"/{site.plan}/dumps/{site.plan}.nq").content, ox.RdfFormat.N_QUADS)
    assert {row["g"]["value"] for row in rows} == {
        quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}


def test_the_address_of_a_resource_is_a_source(site: Site, comunica: Run) -> None:
    # Comunica likes quads best: it is given TriG, where every statement stands in the graph of its source.
    address = f"{site.server.url}/{site.plan}/id/{MEASURE[site.plan]}"
    measure = iri(site)
    query = f"SELECT DISTINCT ?p ?o WHERE {{ GRAPH ?g {{ <{measure}> ?p ?o }} }}"
    rows = table(comunica(address, query, "-t", JSON))
    assert len(rows) == len(known(site, f"CONSTRUCT WHERE {{ <{measure}> ?p ?o }}")) > 5


def test_endpoint_and_dump_are_joined(site: Site, comunica: Run) -> None:
    dump = f"{site.server.url}/{site.plan}/dumps/{site.plan}.nt"
    query = PREFIXES + (
        "SELECT DISTINCT ?m ?name WHERE { ?m a wir:Measure ; wir:inField ?f . ?f skos:prefLabel ?name "
        "FILTER(LANG(?name) = 'de') }"
    )
    rows = table(comunica(source(site), dump, query, "-t", JSON))
    assert len(rows) == site.measures


def test_a_query_that_is_refused_says_why(site: Site, comunica: Run) -> None:
    pattern = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(300))
    done = comunica(source(site), f"SELECT * WHERE {{ {pattern} }}", "-t", JSON)
    assert "HTTP status 400" in done.stderr
    assert "A pattern has more than 250 triples." in done.stderr
    assert "value" not in done.stdout, "rows without an answer"
