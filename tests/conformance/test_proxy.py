"""Every address that the site gives of itself is the public one and answers: alone, and behind nginx with TLS and path.

Link fields, sitemap, VoID, service description, linksets, robots.txt and the data about datasets in pages.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import httpx
from rdflib import DCAT, FOAF, RDF, Graph, Namespace, URIRef

from tests.conformance.deployed import Shown
from wir2graph.doctor.client import Answer, Client

VOID = Namespace("http://rdfs.org/ns/void#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
# Relations of which the targets are documents of the site; those of the others may lie elsewhere.
OWN = {"alternate", "canonical", "collection", "describedby", "item", "linkset"}


def check(shown: Shown, urls: set[str], least: int) -> None:
    """Prove that all addresses are public ones, and that each answers."""
    assert len(urls) >= least
    assert [url for url in urls if not url.startswith((f"{shown.at.url}/", f"{shown.at.url}#"))] == []
    for url in {url.partition("#")[0] for url in urls}:
        answer = shown.client.head(url)
        assert answer.status_code in (200, 303), url


def links(answer: httpx.Response) -> list[tuple[str, str]]:
    """Return relation and complete target of each link of the Link field."""
    told = Answer("GET", str(answer.url), answer.status_code, dict(answer.headers), b"")
    return [(link.rel, link.target) for link in told.links]


def test_link_fields(shown: Shown) -> None:
    found: set[str] = set()
    plan = shown.plan
    of_plan = ("", "daten", "massnahmen", f"dumps/{plan}.nt", "qualitaet", "quality.ttl", "links.linkset")
    for path in ("/void.ttl", "/def.ttl", "/sparql", f"/en/{plan}/", *(f"/{plan}/{name}" for name in of_plan)):
        for rel, target in links(shown.get(path, "text/html, */*;q=0.1")):
            if rel in OWN or (rel == "describes" and urlsplit(target).netloc == urlsplit(shown.at.url).netloc):
                found.add(target)
    check(shown, found, 30)


def test_sitemap_and_robots(shown: Shown) -> None:
    robots = shown.get("/robots.txt").text
    [sitemap] = re.findall(r"^Sitemap: (\S+)$", robots, re.MULTILINE)
    check(shown, {sitemap}, 1)
    root = ElementTree.fromstring(shown.client.get(sitemap).content)
    urls = [loc.text or "" for loc in root.iter(SITEMAP)]
    assert all(url.startswith(f"{shown.at.url}/") for url in urls)
    check(shown, set(urls[:: max(1, len(urls) // 60)]), 40)


def test_void(shown: Shown) -> None:
    url = f"{shown.at.url}/.well-known/void"
    told = shown.client.get(url, headers={"accept": "text/turtle"}, follow_redirects=True)
    assert told.status_code == 200
    assert str(told.url).startswith(f"{shown.at.url}/")
    graph = Graph().parse(data=told.text, format="turtle")
    found = {str(url) for name in ("dataDump", "sparqlEndpoint") for url in graph.objects(None, VOID[name])}
    datasets = [dataset for dataset in graph.subjects(VOID.uriSpace) if (dataset, VOID.dataDump, None) in graph]
    found |= {str(home) for dataset in datasets for home in graph.objects(dataset, FOAF.homepage)}
    found |= {str(part) for part in graph.objects(None, VOID.classPartition)}
    check(shown, found, 10)
    for dataset in datasets:
        if f"/{shown.plan}/" in str(graph.value(dataset, VOID.dataDump)):
            space = str(graph.value(dataset, VOID.uriSpace))
            examples = {f"{shown.at.url}/{shown.plan}/id/{str(iri).removeprefix(space)}"
                        for iri in graph.objects(dataset, VOID.exampleResource)}
            check(shown, examples, 10)


def test_service_description(shown: Shown) -> None:
    graph = Graph().parse(data=shown.get("/sparql", "text/turtle").text, format="turtle")
    [service] = graph.subjects(RDF.type, SD.Service)
    assert isinstance(service, URIRef)
    check(shown, {str(graph.value(service, SD.endpoint)), str(service)}, 2)


def test_catalogue(shown: Shown) -> None:
    graph = Graph().parse(data=shown.get("/catalog", "text/turtle").text, format="turtle")
    names = (DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage, DCAT.endpointURL)
    check(shown, {str(url) for name in names for url in graph.objects(None, name)}, 50)


def test_linkset(shown: Shown) -> None:
    contexts = json.loads(shown.get(f"/{shown.plan}/links.linksetjson").text)["linkset"]
    found = {context["anchor"] for context in contexts}
    for context in contexts:
        for rel in ("item", "describedby", "collection", "describes"):
            found |= {link["href"] for link in context.get(rel, ())}
    check(shown, found, 14)


def test_data_in_pages(shown: Shown) -> None:
    found = set()
    for path in (f"/{shown.plan}/", f"/en/{shown.plan}/daten"):
        page = shown.get(path, "text/html").text
        scripts = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
        assert len(scripts) >= 2
        for told in scripts:
            found |= {told["url"], *(file["contentUrl"] for file in told.get("distribution", ()))}
        items = re.findall(r'<link rel="item"[^>]*href="([^"]*)"', page)
        found |= {urljoin(f"{shown.at.url}{path}", href) for href in items}
    check(shown, found, 8)


def test_no_document_names_the_machine(shown: Shown) -> None:
    """Whatever address of this machine a document has, it is the public one."""
    backend = re.compile(r"https?://(?:localhost|127\.0\.0\.1)[:/][^\s\"'<>]*")
    of_plan = ("quality.ttl", "catalog.ttl", "catalog.rdf", "catalog.jsonld", "feed.ttl", "feed/1.trig", "feed.atom")
    of_all = ("/void.ttl", "/void.jsonld", "/void.rdf", "/sparql.ttl")
    for path in (*of_all, *(f"/{shown.plan}/{name}" for name in of_plan)):
        urls = backend.findall(shown.get(path).text)
        assert all(url.startswith(shown.at.url) for url in urls), path


def test_the_doctor_finds_nothing_wrong(shown: Shown) -> None:
    from wir2graph.doctor import examine

    names = {remark.name for remark in examine(shown.at.url, client=Client(context=shown.at.context)).remarks}
    # robots.txt lies at the root of a host, where the operator must put it
    allowed = {"robots-elsewhere"} if urlsplit(shown.at.url).path else set()
    assert names <= allowed
