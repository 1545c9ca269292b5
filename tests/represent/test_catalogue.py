"""The catalogue over HTTP: its structure, the same graph in every syntax, and files that are as it says."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from rdflib import DCTERMS, FOAF, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef

from tests import serving
from tests.serving import FIXTURES, PATIENCE, Server
from wir2graph import downloads
from wir2graph.operator import Operator
from wir2graph.release import Release
from wir2graph.represent import represent
from wir2graph.represent.catalogue.documents import of_plan
from wir2graph.represent.editions import Edition, current_edition

DCAT = Namespace("http://www.w3.org/ns/dcat#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
SYNTAXES = {"ttl": ("text/turtle", "turtle"), "rdf": ("application/rdf+xml", "xml"),
            "jsonld": ("application/ld+json", "json-ld")}
PATHS = ["/catalog", "/musterstadt/catalog", "/kleinstadt/catalog"]
PUBLIC = "https://daten.musterstadt.example"
SPACE = "https://daten.musterstadt.example/plan/id/"


@pytest.fixture(scope="module")
def operated(state: Path) -> Iterator[Server]:
    """A server whose operator has made all settings."""
    with serving.serving(state, "--operator", FIXTURES / "operator.toml") as running:
        yield running


@pytest.fixture(scope="module")
def catalogue(operated: Server) -> Graph:
    return Graph().parse(data=operated.get("/musterstadt/catalog.ttl").content, format="turtle")


def told(operated: Server, url: str) -> httpx.Response:
    """Load what stands at a public URL, without content coding, from the server on this machine."""
    assert url.startswith(f"{PUBLIC}/")
    return operated.get(url.removeprefix(PUBLIC), accept_encoding="identity")


@pytest.mark.parametrize("path", PATHS)
def test_every_syntax_holds_the_same_graph_without_a_blank_node(operated: Server, path: str) -> None:
    graphs = []
    for suffix, (media_type, syntax) in SYNTAXES.items():
        answer = operated.get(f"{path}.{suffix}")
        assert answer.headers["content-type"].split(";")[0] == media_type
        graphs.append(set(Graph().parse(data=answer.content, format=syntax)))
    assert graphs[0] == graphs[1] == graphs[2]
    assert len(graphs[0]) > 300
    assert not any(isinstance(term, BNode) for triple in graphs[0] for term in triple)


@pytest.mark.parametrize("path", PATHS)
def test_a_harvester_asks_by_head_and_then_without_accept(operated: Server, path: str) -> None:
    with httpx.Client(base_url=operated.url, timeout=PATIENCE) as client:
        del client.headers["accept"]
        for address in (path, *(f"{path}.{suffix}" for suffix in SYNTAXES)):
            head, got = client.head(address), client.get(address)
            assert (head.status_code, got.status_code) == (200, 200), address
            assert head.headers["content-type"] == got.headers["content-type"]
        assert client.get(path).headers["content-type"] == "text/turtle; charset=utf-8"
        for media_type, _ in SYNTAXES.values():
            assert client.get(path, headers={"accept": media_type}).headers["content-type"].startswith(media_type)


def test_sizes_hashes_and_types_are_those_of_what_is_served(operated: Server, catalogue: Graph) -> None:
    checked = 0
    for distribution, url in catalogue.subject_objects(DCAT.downloadURL):
        answer = told(operated, str(url))
        assert answer.status_code == httpx.codes.OK
        assert catalogue.value(distribution, DCAT.byteSize) == Literal(
            str(len(answer.content)), datatype=XSD.nonNegativeInteger)
        checksum = catalogue.value(distribution, SPDX.checksum)
        assert catalogue.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        assert str(catalogue.value(checksum, SPDX.checksumValue)) == hashlib.sha256(answer.content).hexdigest()
        media_type = str(catalogue.value(distribution, DCAT.mediaType)).partition("/media-types/")[2]
        assert answer.headers["content-type"].partition(";")[0] == media_type
        checked += 1
    assert checked == 8 * 7 + 1


def test_every_address_that_it_gives_answers_at_the_public_url(operated: Server, catalogue: Graph) -> None:
    addresses = {str(value) for name in (
        DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage, DCAT.endpointURL, DCAT.endpointDescription, FOAF.page,
    ) for value in catalogue.objects(None, name)}
    pages = {str(document) for document in catalogue.subjects(RDF.type, FOAF.Document)} - {
        "https://www.musterstadt.example/"}
    for url in addresses | pages:
        assert told(operated, url.partition("#")[0]).status_code == httpx.codes.OK, url


def test_iris_lie_under_the_namespace_and_lead_to_page_and_document(operated: Server, catalogue: Graph) -> None:
    named = {str(node) for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService)
             for node in catalogue.subjects(RDF.type, kind)}
    assert len(named) == 1 + 8 + 8 * 7 + 1 + 2
    for iri in named:
        assert iri.startswith(SPACE)
        path = f"/musterstadt/id/{iri.removeprefix(SPACE)}"
        page = operated.get(path, accept="text/html")
        data = operated.get(path, accept="application/rdf+xml")
        assert (page.status_code, data.status_code) == (303, 303), path
        assert re.fullmatch(r"(?:\.\./)+daten(?:#datensatz-[a-z]+)?", page.headers["location"])
        assert data.headers["location"].endswith("catalog.rdf")


def test_only_datasets_are_datasets_and_each_has_what_portals_ask_for(catalogue: Graph) -> None:
    datasets = set(catalogue.subjects(RDF.type, DCAT.Dataset))
    root = URIRef(f"{SPACE}katalog/musterstadt")
    assert datasets == set(catalogue.objects(root, DCAT.dataset))
    assert {str(node).removeprefix(f"{SPACE}datensatz/") for node in datasets} == set(downloads.parts())
    for node in datasets:
        for name in (DCTERMS.title, DCTERMS.description):
            assert {text.language for text in catalogue.objects(node, name)} == {"de", "en"}  # type: ignore[attr-defined]
        for name in (DCTERMS.publisher, DCTERMS.identifier, DCTERMS.issued, DCTERMS.modified, DCTERMS.spatial,
                     DCTERMS.temporal, DCAT.version, DCATDE.contributorID, DCATDE.politicalGeocodingLevelURI,
                     DCAT.landingPage, DCAT.contactPoint, DCTERMS.accessRights, DCTERMS.accrualPeriodicity):
            assert len(set(catalogue.objects(node, name))) == 1, name
        assert str(catalogue.value(node, DCAT.version)) == "2027-06-30"


def test_keywords_are_as_harvesters_take_them(catalogue: Graph) -> None:
    keywords = [(node, word) for node, word in catalogue.subject_objects(DCAT.keyword)]
    assert len(keywords) > 40
    assert all(re.fullmatch(r"[\w .-]{2,100}", str(word)) for _, word in keywords)
    assert max(Counter((node, str(word).lower()) for node, word in keywords).values()) == 1
    assert {word.language for _, word in keywords} == {"de", "en"}  # type: ignore[attr-defined]


def test_licences_are_those_of_the_list_and_name_the_source(catalogue: Graph) -> None:
    for distribution in catalogue.subjects(RDF.type, DCAT.Distribution):
        vocabulary = "/vokabular-" in str(distribution)
        name = "cc-by/4.0" if vocabulary else "dl-by-de/2.0"
        assert catalogue.value(distribution, DCTERMS.license) == URIRef(f"http://dcat-ap.de/def/licenses/{name}")
        (credit,) = catalogue.objects(distribution, DCATDE.licenseAttributionByText)
        assert str(credit).startswith("Verein Offene Daten Musterstadt e. V.: ")
        assert f"{SPACE}datensatz/" in str(credit)


def test_the_endpoint_is_a_service_of_every_dataset(catalogue: Graph) -> None:
    (service,) = catalogue.subjects(RDF.type, DCAT.DataService)
    assert catalogue.value(service, DCAT.endpointURL) == URIRef(f"{PUBLIC}/sparql")
    assert set(catalogue.objects(service, DCAT.servesDataset)) == set(catalogue.subjects(RDF.type, DCAT.Dataset))


def test_the_catalogue_over_all_has_the_plans_as_parts(operated: Server) -> None:
    graph = Graph().parse(data=operated.get("/catalog.ttl").content, format="turtle")
    root = URIRef(f"{PUBLIC}/catalog#catalog")
    parts = set(graph.objects(root, DCAT.catalog))
    assert parts == set(graph.objects(root, DCTERMS.hasPart)) == {
        URIRef(f"{SPACE}katalog/musterstadt"), URIRef("https://offen.kleinstadt.example/id/katalog/kleinstadt")}
    for path in PATHS[1:]:
        part = Graph().parse(data=operated.get(f"{path}.ttl").content, format="turtle")
        assert set(part) < set(graph)


def test_a_dataset_without_content_is_not_offered(operated: Server) -> None:
    graph = Graph().parse(data=operated.get("/kleinstadt/catalog.ttl").content, format="turtle")
    names = {str(node).rpartition("/")[2] for node in graph.subjects(RDF.type, DCAT.Dataset)}
    assert names == {"massnahmen", "stellen", "quellen", "gesamt", "vokabular"}
    assert operated.get("/kleinstadt/id/datensatz/foerderung").status_code == httpx.codes.NOT_FOUND
    assert operated.get("/kleinstadt/downloads/foerderung.csv").status_code == httpx.codes.OK


def test_the_only_plan_has_one_catalogue_at_both_addresses(release: Release) -> None:
    alone = replace(release, plans=(release.plan("musterstadt"),), operator=Operator(name="Verein"))
    for suffix in SYNTAXES:
        bodies = [represent(alone, alone.addresses()[f"{path}.{suffix}"]).body for path in PATHS[:2]]
        assert bodies[0] == bodies[1]


def test_without_an_operator_nobody_is_named(release: Release) -> None:
    graph = Graph().parse(data=represent(release, release.addresses()["/catalog.ttl"]).body, format="turtle")
    assert not set(graph.objects(None, DCTERMS.publisher))
    assert not set(graph.subjects(RDF.type, FOAF.Agent))
    assert set(graph.subjects(RDF.type, DCAT.Dataset))


def test_a_version_has_a_catalogue_of_its_own(release: Release, operator: Operator) -> None:
    plan = release.plan("musterstadt")
    notes = {"de": "Eine Maßnahme mehr.", "en": "One measure more."}
    folder = current_edition(release, plan).folder
    edition = Edition(plan, "2027-05-01", folder, current=False, previous="2027-01-31", notes=notes)
    graph = of_plan(edition, operator, PUBLIC)
    node = URIRef(f"{SPACE}datensatz/massnahmen-2027-05-01")
    assert (URIRef(f"{SPACE}katalog/musterstadt-2027-05-01"), DCAT.dataset, node) in graph
    assert graph.value(node, DCAT.version) == Literal("2027-05-01")
    assert graph.value(node, DCAT.previousVersion) == URIRef(f"{SPACE}datensatz/massnahmen-2027-01-31")
    assert graph.value(node, DCAT.isVersionOf) == URIRef(f"{SPACE}datensatz/massnahmen")
    assert {str(text) for text in graph.objects(node, ADMS.versionNotes)} == set(notes.values())
    assert graph.value(node, DCTERMS.issued) == Literal("2027-05-01", datatype=XSD.date)
    paths = {urlsplit(str(url)).path.rpartition("/")[0] for url in graph.objects(None, DCAT.downloadURL)}
    assert paths == {"/musterstadt/releases/2027-05-01"}
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert all(str(dataset).endswith("-2027-05-01") for dataset in datasets)
    assert not set(graph.subjects(RDF.type, DCAT.DataService))


def test_the_same_release_gives_the_same_bytes_in_any_process(release: Release, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from wir2graph.release import open_release\n"
        "from wir2graph.operator import Operator; from wir2graph.represent import represent\n"
        "operator = Operator(name='A', email='a@b.example', public_url='https://b.example')\n"
        "release = open_release(Path(sys.argv[1]), operator)\n"
        "for path, address in release.addresses().items():\n"
        "    if address.kind == 'catalogue': print(path, represent(release, address).etag)\n"
    )
    said = {subprocess.run([sys.executable, "-c", program, release.folder], capture_output=True, text=True, check=True,
                           env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")}
    assert len(said) == 1
    documents = [a for a in release.addresses().values() if a.kind == "catalogue"]
    assert len(documents) > 12
    assert said.pop().count("\n") == len(documents)


def test_the_current_catalogue_leads_to_those_of_the_versions(release: Release) -> None:
    plan = release.plan("musterstadt")
    versions = release.versions(plan)
    assert len(versions) >= 2
    current, whole = (Graph().parse(data=represent(release, release.addresses()[path]).body, format="turtle")
                      for path in ("/musterstadt/catalog.ttl", "/catalog.ttl"))
    for version in versions:
        path = f"/musterstadt/releases/{version.name}/catalog.ttl"
        own = Graph().parse(data=represent(release, release.addresses()[path]).body, format="turtle")
        for dataset in own.subjects(RDF.type, DCAT.Dataset):
            [newest] = own.objects(dataset, DCAT.isVersionOf)
            assert (newest, RDFS.seeAlso, dataset) in current
            assert (newest, RDFS.seeAlso, dataset) in whole
            assert (dataset, None, None) not in current
            assert {getattr(text, "language", None) for text in own.objects(dataset, ADMS.versionNotes)} == {"de", "en"}
            for file in own.objects(None, DCAT.downloadURL):
                assert urlsplit(str(file)).path in release.addresses()
    named = {str(iri).rpartition("-20")[0] for iri in current.objects(None, RDFS.seeAlso)}
    assert all(not name.endswith("vokabular") for name in named)
