"""What the editor of queries can offer is what the release holds: compared with its dumps, statement by statement."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from tests.serving import Server, serving
from wir2graph.formats import N_QUADS, N_TRIPLES, Format
from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH
from wir2graph.release import Release
from wir2graph.represent import Address, completions, represent

PATH = "/sparql/completions.json"
RDF_TYPE, PREF_LABEL = PREFIXES["rdf"] + "type", PREFIXES["skos"] + "prefLabel"
WIR = PREFIXES["wir"]


@pytest.fixture(scope="module")
def document(release: Release) -> Any:
    return json.loads(represent(release, release.addresses()[PATH]).body)


def dumped(release: Release, item: Format) -> set[ox.Quad]:
    """Return what the dumps of all plans hold together."""
    paths = [f"/{plan.slug}/dumps/{plan.slug}.{item.name}" for plan in release.plans]
    assert len(paths) == 2
    bodies = (represent(release, release.addresses()[path]).body for path in paths)
    return {quad for body in bodies for quad in ox.parse(body, format=item.rdf)}


def iris(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["iri"] for entry in entries]


def test_classes_and_properties_are_counted_in_the_default_graph(release: Release, document: Any) -> None:
    triples = {quad.triple for quad in dumped(release, N_TRIPLES)}
    instances: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        if triple.predicate.value == RDF_TYPE:
            instances[str(triple.object)[1:-1]].add(str(triple.subject))
    assert {e["iri"]: e["count"] for e in document["classes"]} == {k: len(v) for k, v in instances.items()}
    assert {e["iri"]: e["count"] for e in document["properties"]} == Counter(t.predicate.value for t in triples)
    assert {e["iri"]: e["count"] for e in document["classes"]}[f"{WIR}Measure"] == 7


def test_things_are_what_has_a_label_of_its_own(release: Release, document: Any) -> None:
    labelled = {
        quad.subject.value for quad in dumped(release, N_TRIPLES)
        if quad.predicate.value == PREF_LABEL and isinstance(quad.subject, ox.NamedNode)
    }
    assert len(labelled) > 50
    assert set(iris(document["things"])) == labelled
    things = {entry["iri"]: entry for entry in document["things"]}
    assert things["https://daten.musterstadt.example/plan/id/massnahme/gruenplan-raeume-1"] == {
        "iri": "https://daten.musterstadt.example/plan/id/massnahme/gruenplan-raeume-1",
        "de": "Bäume an jeder Straße", "en": "Trees in every street", "class": f"{WIR}Measure",
    }
    assert any(iri.startswith("https://offen.kleinstadt.example/") for iri in things)


def test_graphs_are_all_named_graphs(release: Release, document: Any) -> None:
    told = {quad.graph_name.value for quad in dumped(release, N_QUADS) if isinstance(quad.graph_name, ox.NamedNode)}
    assert set(iris(document["graphs"])) == told | {ONTOLOGY_GRAPH, SHAPES_GRAPH}


def test_prefixes_are_the_common_ones_and_those_of_every_plan(document: Any) -> None:
    own = {
        "musterstadt": "https://daten.musterstadt.example/plan/id/", "kleinstadt": "https://offen.kleinstadt.example/id/",
    }
    assert document["prefixes"] == {**PREFIXES, **own}


def test_every_list_is_ordered_and_names_nothing_twice(document: Any) -> None:
    for name in ("classes", "properties", "graphs", "things"):
        assert iris(document[name]) == sorted(set(iris(document[name]))), name


def test_labels_are_told_in_both_languages_unless_they_are_the_same(document: Any) -> None:
    entries = [entry for name in ("classes", "properties", "graphs", "things") for entry in document[name]]
    assert all(entry["de"] and entry.get("en", "-") != entry["de"] for entry in entries)
    classes = {entry["iri"]: entry for entry in document["classes"]}
    assert (classes[f"{WIR}Measure"]["de"], classes[f"{WIR}Measure"]["en"]) == ("Maßnahme", "measure")
    assert "en" not in next(entry for entry in document["properties"] if entry["iri"] == PREF_LABEL)


def test_the_address_of_another_kind_is_refused(release: Release) -> None:
    with pytest.raises(ValueError, match="not the address"):
        completions.represent(release, Address("/", "page", "text/html", resource="/"))


@pytest.mark.parametrize(("fixture", "fewest"), [("server", 50), ("shipped_server", 1000)])
def test_it_is_served_like_every_address(request: pytest.FixtureRequest, fixture: str, fewest: int) -> None:
    running: Server = request.getfixturevalue(fixture)
    answer = running.get(PATH, accept_encoding="br")
    assert answer.status_code == httpx.codes.OK
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-encoding"] == "br"
    assert 'rel="license"' in answer.headers["link"]
    assert len(answer.json()["things"]) >= fewest
    again = running.get(PATH, accept_encoding="br", if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (httpx.codes.NOT_MODIFIED, b"")


def test_any_file_of_rdf_can_be_offered_from(tmp_path: Path) -> None:
    """Also one with blank nodes for classes, things and graphs, which no query can name."""
    file = tmp_path / "data.trig"
    file.write_text(
        f'@prefix : <urn:x:> . :a a :C, [] ; <{PREF_LABEL}> "Ah" . [] <{PREF_LABEL}> "Oh" . :g {{ :a :p :b }} '
        "_:h { :a :p :b }", encoding="utf-8",
    )
    with serving(tmp_path / "state", "--data", file) as running:
        document = running.get(PATH).json()
    assert document == {
        "prefixes": PREFIXES, "classes": [{"iri": "urn:x:C", "de": "C", "count": 1}],
        "properties": [
            {"iri": RDF_TYPE, "de": "type", "count": 2}, {"iri": PREF_LABEL, "de": "prefLabel", "count": 2},
        ],
        "graphs": [{"iri": "urn:x:g", "de": "g"}], "things": [{"iri": "urn:x:a", "de": "Ah", "class": "urn:x:C"}],
    }
