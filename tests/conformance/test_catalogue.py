"""The catalogue under the official shapes of DCAT-AP.de 3.0 and DCAT-AP 3.0.1: no violation and no warning."""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCTERMS, RDF, SH, SKOS, Graph, Literal, Namespace, URIRef

from tests.conformance.deployed import Shown
from tests.serving import FIXTURES
from wir2graph.plan import find_workspace

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("HARVEST_SHAPES", ROOT.parent / "shared" / "harvest" / "shapes"))
GERMAN = ("semic-3.0.0-dcat-ap-SHACL.ttl", "de-3.0-dcat-ap-SHACL-DE.ttl", "de-3.0-dcat-ap-spec-german-additions.ttl",
          "de-3.0-dcat-ap-de-controlledvocabularies.ttl", "de-3.0-dcat-ap-de-deprecated.ttl")
EUROPEAN = ("semic-3.0.1-dcat-ap-SHACL.ttl",)
PROFILES = {"DCAT-AP.de 3.0": GERMAN, "DCAT-AP 3.0.1": EUROPEAN}
LISTS = "vocab-lists.ttl"
# Three files bind dcatap: to an IRI with `#` by mistake: their checks would never fire.
WRONG, RIGHT = "http://data.europa.eu/r5r#", "http://data.europa.eu/r5r/"
# The compiled lists have no languages; these two are in the EU's list.
LANGUAGES = URIRef("http://publications.europa.eu/resource/authority/language")

DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
DATASET = (None, RDF.type, DCAT.Dataset)
DISTRIBUTION = (None, RDF.type, DCAT.Distribution)

# Named as they are in requirements of portals; each must be seen by one of the profiles at least.
BREAKS = {
    "no publisher": (DATASET, DCTERMS.publisher, None),
    "no licence": (DISTRIBUTION, DCTERMS.license, None),
    "licence of no list": (DISTRIBUTION, DCTERMS.license, URIRef("https://www.govdata.de/dl-de/by-2-0")),
    "no title": (DATASET, DCTERMS.title, None),
    "no access": (DISTRIBUTION, DCAT.accessURL, None),
    "format of no list": (DISTRIBUTION, DCTERMS["format"], URIRef("https://example.org/turtle")),
    "theme of no list": (DATASET, DCAT.theme, URIRef("https://example.org/theme")),
    "contributor of no list": (DATASET, DCATDE.contributorID, URIRef("https://example.org/contributor")),
    "availability of no list": (DATASET, URIRef(f"{RIGHT}availability"), URIRef("https://example.org/available")),
    "deprecated": (DATASET, URIRef("http://www.w3.org/2002/07/owl#versionInfo"), Literal("1")),
}


@cache
def shapes(profile: str) -> Graph:
    """Return the shapes of a profile, without the two that name properties which they do not define."""
    graph = Graph()
    for name in PROFILES[profile]:
        graph.parse(data=(FOLDER / name).read_text(encoding="utf-8").replace(WRONG, RIGHT), format="turtle")
    for shape, _, part in list(graph.triples((None, SH.property, None))):
        if (part, SH.path, None) not in graph:
            graph.remove((shape, SH.property, part))
    return graph


@cache
def lists() -> Graph:
    graph = Graph().parse(FOLDER / LISTS)
    for name in ("DEU", "ENG"):
        graph.add((URIRef(f"{LANGUAGES}/{name}"), SKOS.inScheme, LANGUAGES))
    return graph


def findings(catalogue: Graph, profile: str) -> Counter[tuple[str, str, str]]:
    """Return how often each severity, path and message comes, of violations and warnings."""
    _, report, _ = validate(catalogue + lists(), shacl_graph=shapes(profile))
    assert isinstance(report, Graph)
    return Counter(
        (str(severity), str(report.value(result, SH.resultPath)), str(report.value(result, SH.resultMessage)))
        for result, severity in report.subject_objects(SH.resultSeverity)
        if severity in (SH.Violation, SH.Warning)
    )


def catalogue(shown: Shown, path: str = "/catalog.ttl") -> Graph:
    return Graph().parse(data=shown.get(path).content, format="turtle")


def test_the_shapes_are_there() -> None:
    missing = [name for name in (*GERMAN, *EUROPEAN, LISTS) if not (FOLDER / name).is_file()]
    assert not missing, (
        f"{FOLDER} lacks {', '.join(missing)}: get them from GovDataOfficial/DCAT-AP.de-SHACL-Validation and "
        "SEMICeu/DCAT-AP and name the folder in HARVEST_SHAPES"
    )
    assert all(len(shapes(profile)) > 500 for profile in PROFILES)
    assert len(lists()) > 400


@pytest.mark.parametrize("profile", PROFILES)
def test_no_violation_and_no_warning(shown: Shown, profile: str) -> None:
    versions = sorted((folder_of(shown.plan) / "releases").glob("*.rdfp.gz"))
    assert versions
    own = f"/{shown.plan}/releases/{versions[0].name.partition('.')[0]}/catalog.ttl"
    for path in ("/catalog.ttl", f"/{shown.plan}/catalog.ttl", own):
        graph = catalogue(shown, path)
        assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) >= 5
        assert findings(graph, profile) == Counter(), path


def folder_of(plan: str) -> Path:
    """Return the folder of a plan, fictional or shipped."""
    fictional = FIXTURES / plan
    return fictional if fictional.is_dir() else find_workspace().data / plan


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_seen(shown: Shown, name: str) -> None:
    """Change one property of one node: the check is worth nothing if it does not see that."""
    graph = catalogue(shown)
    kind, predicate, value = BREAKS[name]
    node = min(graph.subjects(*kind[1:]), key=str)
    graph.remove((node, predicate, None))
    if value is not None:
        graph.add((node, predicate, value))
    assert any(findings(graph, profile) for profile in PROFILES)
