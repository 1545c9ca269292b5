"""The endpoint of a real site: it knows what the pages and data documents know."""

from __future__ import annotations

from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from tests.serving import PATIENCE, Server
from wir2graph.release import Release, current


def ask(server: Server, query: str, accept: str = "application/sparql-results+json") -> httpx.Response:
    return httpx.get(
        f"{server.url}/sparql", params={"query": query}, headers={"accept": accept}, timeout=PATIENCE,
    )


def dump(state: Path, slug: str) -> set[ox.Triple]:
    folder = current(state)
    assert folder is not None
    return {quad.triple for quad in ox.parse(path=str(folder / "dumps" / slug / f"{slug}.nt"))}


def test_the_default_graph_is_the_plans(server: Server, state: Path, release: Release) -> None:
    answer = ask(server, "CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")
    assert answer.status_code == 200
    triples = {quad.triple for quad in ox.parse(answer.content, ox.RdfFormat.N_TRIPLES)}
    assert len(release.plans) > 1
    for plan in release.plans:
        published = dump(state, plan.slug)
        assert published
        assert published <= triples


def test_describe_gives_what_the_data_document_gives(server: Server, release: Release) -> None:
    addresses = [a for a in release.addresses().values() if a.kind == "data" and a.path.endswith(".nt") and a.subject]
    assert len(addresses) > 10
    for address in addresses[:: len(addresses) // 10]:
        document = server.get(address.path)
        assert document.status_code == 200
        described = ask(server, f"DESCRIBE <{address.subject}>", "application/n-triples")
        assert set(described.text.splitlines()) == set(document.text.splitlines())


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_the_endpoint_has_methods_of_its_own(server: Server, method: str) -> None:
    response = httpx.request(method, f"{server.url}/sparql", timeout=PATIENCE)
    assert response.status_code == 405
    assert "POST" in response.headers["allow"]
    assert response.headers["access-control-allow-origin"] == "*"


def test_a_long_query_fits_in_the_address(server: Server) -> None:
    query = "ASK {}" + " " * 60_000
    response = httpx.get(f"{server.url}/sparql?query={query.replace(' ', '+')}", timeout=PATIENCE)
    assert response.status_code == 200
