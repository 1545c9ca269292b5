"""Data documents, dumps and vocabulary of a release: what they say, in every format the same."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from tests import serving
from wir2graph.downloads import METADATA, README
from wir2graph.formats import DATA, DUMP, VOCABULARY, by_media_type, by_name, split_suffix
from wir2graph.plan import CODELIST_GRAPH, ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH
from wir2graph.release import Release
from wir2graph.represent import catalogue, download, represent, service, vocabulary
from wir2graph.represent import data as data_documents
from wir2graph.represent import dump as dumps
from wir2graph.represent.base import Address
from wir2graph.represent.rdf import canonical_blank_nodes

NAMESPACE = "https://daten.musterstadt.example/plan/id/"
MEASURE = f"{NAMESPACE}massnahme/gruenplan-raeume-1"
RDFLIB = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml", "trig": "trig", "nq": "nquads"}


def body(release: Release, path: str) -> bytes:
    return represent(release, release.addresses()[path]).body


def triples(release: Release, path: str) -> set[tuple[rdflib.term.Node, ...]]:
    """The triples of a document as another library reads them, whatever graph they stand in."""
    name = RDFLIB[path.rpartition(".")[2]]
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=body(release, path), format=name)
    return set(dataset.triples((None, None, None)))


def canonical(document: bytes, name: str) -> set[str]:
    """The statements of a document as another library reads it, with blank nodes named after their place."""
    read = rdflib.Graph().parse(data=document, format=name).serialize(format="nt", encoding="utf-8")
    triples = (quad.triple for quad in ox.parse(read, format=ox.RdfFormat.N_TRIPLES))
    return {str(triple) for triple in canonical_blank_nodes(triples)}


def test_all_formats_of_a_resource_hold_the_same_graph(release: Release) -> None:
    compared = 0
    for place in release.places.values():
        expected = set(map(str, release.store.describe(place.iri)))
        assert expected
        documents = {name: triples(release, f"{place.data}.{name}") for name in ("ttl", "nt", "jsonld", "rdf", "trig")}
        assert len(documents["nt"]) == len(expected)
        assert all(document == documents["nt"] for document in documents.values()), place.iri
        compared += 1
    assert compared > 50


def test_a_document_tells_of_the_thing_its_evidence_and_the_names_of_what_it_points_to(release: Release) -> None:
    graph = rdflib.Graph().parse(data=body(release, "/musterstadt/data/massnahme/gruenplan-raeume-1.ttl"))
    measure, skos = rdflib.URIRef(MEASURE), rdflib.Namespace(PREFIXES["skos"])
    wir = rdflib.Namespace(PREFIXES["wir"])
    assert graph.value(measure, wir.number) == rdflib.Literal(1)
    evidence = graph.value(measure, wir.evidence)
    assert graph.value(evidence, wir.quote) is not None
    offices = list(graph.objects(measure, wir.contactOffice))
    assert offices
    for office in offices:
        labels = [label for label in graph.objects(office, skos.prefLabel) if isinstance(label, rdflib.Literal)]
        assert "de" in {label.language for label in labels}


def test_trig_tells_which_graph_says_what(release: Release) -> None:
    document = body(release, "/musterstadt/data/massnahme/gruenplan-raeume-1.trig")
    quads = set(ox.parse(document, format=ox.RdfFormat.TRIG))
    by_graph: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if str(quad.subject) == f"<{MEASURE}>":
            by_graph[str(quad.graph_name)[1:-1].removeprefix(NAMESPACE)].add(str(quad.object))
    assert '"Bäume an jeder Straße"@de' in by_graph["graph/gruenplan-2026"]
    assert '"Trees in every street"@en' in by_graph["graph/redaktion"]
    assert f"<{PREFIXES['prov']}Plan>" in by_graph["graph/abgeleitet"]


def test_json_gives_values_with_their_labels(release: Release) -> None:
    document = json.loads(body(release, "/musterstadt/data/massnahme/gruenplan-raeume-1.json"))
    assert document["iri"] == MEASURE
    assert document["label"] == {"de": "Bäume an jeder Straße", "en": "Trees in every street"}
    properties = document["properties"]
    assert properties["wir:number"]["values"] == [{"value": 1, "datatype": "xsd:integer"}]
    assert properties["wir:number"]["iri"] == PREFIXES["wir"] + "number"
    assert properties["wir:inField"]["values"] == [{
        "iri": f"{NAMESPACE}handlungsfeld/gruenplan-raeume", "label": {"de": "Grüne Räume", "en": "Green Spaces"},
    }]
    assert {"value": "Bäume an jeder Straße", "language": "de"} in properties["skos:prefLabel"]["values"]
    evidence = properties["wir:evidence"]["values"][0]["iri"]
    assert document["related"][evidence]["properties"]["wir:quote"]["values"]


def test_csv_has_a_header_and_a_row_per_value(release: Release) -> None:
    text = body(release, "/musterstadt/data/massnahme/gruenplan-raeume-1.csv").decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert text.startswith("subject,property,property_label,value,value_label,language,datatype\r\n")
    assert rows[0]["subject"] == MEASURE
    found = {(row["property"].rpartition("#")[2], row["value"]): row for row in rows if row["subject"] == MEASURE}
    assert found["number", "1"]["datatype"] == PREFIXES["xsd"] + "integer"
    assert found["inField", f"{NAMESPACE}handlungsfeld/gruenplan-raeume"]["value_label"] == "Grüne Räume"
    assert found["prefLabel", "Trees in every street"]["language"] == "en"
    # one row for each statement about the thing, its claims and its evidence
    own = [t for t in release.store.describe(MEASURE) if str(t.subject) == f"<{MEASURE}>"]
    assert len([row for row in rows if row["subject"] == MEASURE]) == len(own)


@pytest.mark.parametrize("plan", ["musterstadt", "kleinstadt"])
def test_flat_dumps_hold_the_default_graph_of_their_plan_and_the_others_its_graphs(release: Release, plan: str) -> None:
    base = f"/{plan}/dumps/{plan}"
    flat = {name: triples(release, f"{base}.{name}") for name in ("nt", "ttl", "jsonld", "rdf")}
    assert len(flat["nt"]) > 100
    assert all(found == flat["nt"] for found in flat.values())
    graphs = {
        name: set(ox.parse(body(release, f"{base}.{name}"), format=item))
        for name, item in (("nq", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG))
    }
    assert graphs["nq"] == graphs["trig"]
    names = {str(quad.graph_name)[1:-1] for quad in graphs["nq"]}
    assert {name for name in names if "redaktion" in name}
    assert CODELIST_GRAPH in names
    assert not names & {ONTOLOGY_GRAPH, SHAPES_GRAPH}
    other = next(p for p in release.plans if p.slug != plan)
    assert not any(name.startswith(other.namespace) for name in names)


@pytest.mark.parametrize(("path", "graphs"), [("/def", (ONTOLOGY_GRAPH, CODELIST_GRAPH)), ("/shapes", (SHAPES_GRAPH,))])
def test_the_vocabulary_is_the_same_graph_in_every_format(release: Release, path: str, graphs: tuple[str, ...]) -> None:
    documents = [canonical(body(release, f"{path}.{item.name}"), RDFLIB[item.name]) for item in VOCABULARY]
    assert len(documents) == 4
    assert all(document == documents[0] for document in documents)
    pattern = " UNION ".join(f"{{ GRAPH <{graph}> {{ ?s ?p ?o }} }}" for graph in graphs)
    assert len(documents[0]) == len(release.store.select(f"SELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }}"))


def test_two_builds_of_the_same_data_write_the_same_bytes(release: Release, tmp_path: Path) -> None:
    """Also where blank nodes are named anew and the order of sets differs between processes."""
    from wir2graph.operator import Operator
    from wir2graph.release import current, open_release

    serving.build(serving.FIXTURES, tmp_path)
    folder = current(tmp_path)
    assert folder is not None
    again = open_release(folder, Operator())
    paths = [path for path, address in release.addresses().items() if address.kind != "page"]
    assert len(paths) > 400
    assert [path for path in paths if body(again, path) != body(release, path)] == []
    again.close()


def test_every_document_can_be_asked_for_its_media_type_tag_and_licence(release: Release) -> None:
    for address in release.addresses().values():
        if address.kind == "page":
            continue
        document = represent(release, address)
        assert document.media_type == address.media_type
        assert document.etag.startswith('"')
        assert document.last_modified == release.built
        relations = {link.rel for link in document.links}
        assert "license" in relations, address.path
        # The workbook of a version stands beside the dumps of that version.
        book = address.path.endswith(".xlsx") and "/releases/" not in address.path
        alone = address.kind in ("completions", "sitemap") or book or address.path.endswith((METADATA, README))
        assert ("alternate" in relations) == (not alone or address.kind == "table"), address.path
        of_dataset = address.resource in ("/void", f"/{address.plan}/catalog")
        assert ("describes" in relations) == (address.kind == "data" or of_dataset), address.path


@pytest.mark.parametrize("room", [catalogue, data_documents, download, dumps, service, vocabulary])
def test_an_address_of_another_kind_is_refused(release: Release, room: object) -> None:
    with pytest.raises(ValueError, match="not the address"):
        room.represent(release, Address("/musterstadt/", "page", "text/html", resource="/musterstadt/"))  # type: ignore[attr-defined]


def test_suffixes_are_only_those_of_formats() -> None:
    assert split_suffix("/a/data/oe/18.63") == ("/a/data/oe/18.63", None)
    assert split_suffix("/a/data/oe/18.63.ttl") == ("/a/data/oe/18.63", by_name("ttl"))
    assert split_suffix(".ttl") == (".ttl", None)
    assert by_media_type("Text/Turtle; charset=utf-8") == by_name("ttl")
    assert by_media_type("image/png") is None
    assert len({item.media_type for item in (*DATA, *DUMP)}) == len({*DATA, *DUMP})
