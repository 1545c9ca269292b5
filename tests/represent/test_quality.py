"""The quality of a plan: what the check finds is in the release, as measurements, as SHACL report and as a page."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import to_isomorphic

from tests.pages.document import parse
from tests.serving import FIXTURES, PROGRAM, Server
from wir2graph.findings import Finding
from wir2graph.formats import VOCABULARY
from wir2graph.operator import Operator
from wir2graph.release import Release, current, open_release
from wir2graph.represent import represent

DQV = Namespace("http://www.w3.org/ns/dqv#")
WSH = Namespace("https://w3id.org/wir2graph/shapes#")
PLAN = Namespace("https://daten.musterstadt.example/plan/id/")
URL = "http://localhost/musterstadt/quality"
DATASET = PLAN["datensatz/gesamt"]


def described(release: Release, suffix: str = "ttl", plan: str = "musterstadt") -> Graph:
    document = represent(release, release.addresses()[f"/{plan}/quality.{suffix}"])
    return Graph().parse(document.body, format=document.media_type)


def measured(graph: Graph) -> dict[str, Literal]:
    """Return all values by the name of their measurement."""
    found = {}
    for node in graph.subjects(RDF.type, DQV.QualityMeasurement):
        value = graph.value(node, DQV.value)
        assert isinstance(value, Literal)
        found[str(node).partition("#")[2]] = value
    return found


@pytest.fixture(scope="module")
def flawed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """A release of the fictional plans with things that the rules warn of, built through the command line."""
    folder = tmp_path_factory.mktemp("flawed")
    data = folder / "data"
    shutil.copytree(FIXTURES, data)
    file = data / "musterstadt" / "ratsbericht-2027" / "foerderung.ttl"
    text = file.read_text(encoding="utf-8")
    for name in ("ausschreibung/hochbeete", "projekt/baumscheiben"):
        assert f"\n<{name}>\n" in text
        text = text.replace(f"\n<{name}>\n", f'\n<{name}>\n  <http://www.w3.org/2000/01/rdf-schema#label> "?"@de ;\n')
    file.write_text(text, encoding="utf-8")
    command = [*PROGRAM, "build", "--data", str(data), "--state", str(folder / "state")]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout
    assert "0 Fehler, 2 Warnungen" in built.stdout
    place = current(folder / "state")
    assert place is not None
    release = open_release(place, Operator())
    yield release
    release.close()


def test_a_warning_is_a_result_of_the_report(flawed: Release) -> None:
    graph = described(flawed)
    report = URIRef(f"{URL}#report")
    assert (report, RDF.type, SH.ValidationReport) in graph
    assert graph.value(report, SH.conforms) == Literal(False)
    results = {graph.value(node, SH.focusNode): node for node in graph.objects(report, SH.result)}
    assert set(results) == {PLAN["ausschreibung/hochbeete"], PLAN["projekt/baumscheiben"]}
    result = results[PLAN["ausschreibung/hochbeete"]]
    assert graph.value(result, SH.resultSeverity) == SH.Warning
    assert graph.value(result, SH.sourceConstraintComponent) == SH.ClosedConstraintComponent
    assert graph.value(result, SH.sourceShape) == WSH.CallClosed
    messages = {message.language for message in graph.objects(result, SH.resultMessage) if isinstance(message, Literal)}
    assert messages == {"de", "en"}


def test_findings_are_counted_by_severity_and_by_rule(flawed: Release) -> None:
    found = measured(described(flawed))
    assert [int(found[name]) for name in ("violation", "warning", "info")] == [0, 2, 1]
    assert {name: int(value) for name, value in found.items() if name.startswith("rule-")} == {
        "rule-CallClosed": 1, "rule-ProjectClosed": 1, "rule-DataUnreleased": 1,
    }


def test_a_finding_concerns_only_its_plan(flawed: Release) -> None:
    graph = described(flawed, plan="kleinstadt")
    assert int(measured(graph)["warning"]) == 0
    assert graph.value(predicate=SH.conforms, object=Literal(True)) is not None
    assert flawed.quality["kleinstadt"].findings == ()


def test_the_page_shows_rule_thing_message_and_place(flawed: Release) -> None:
    for path, severity, message in (
        ("/musterstadt/qualitaet", "Warnung", "nicht vorgesehen"),
        ("/en/musterstadt/qualitaet", "Warning", "not provided"),
    ):
        page = parse(represent(flawed, flawed.addresses()[path]).body.decode())
        [table] = [found for found in page.find("table") if found.find("caption", id="tabelle-befunde")]
        rows = table.find("tbody")[0].find("tr")
        assert len(rows) == 3  # that the data are no version yet is told, too
        text = rows[0].text()
        assert severity in text
        assert message in text
        assert "musterstadt/ratsbericht-2027/foerderung.ttl:" in text
        links = [link.attributes["href"] for link in rows[0].find("a")]
        assert any(link.endswith("/shapes#CallClosed") for link in links), links
        assert any(link.endswith("ausschreibung/hochbeete") for link in links), links


def test_without_a_finding_the_data_conform_and_the_page_says_so(release: Release) -> None:
    graph = described(release)
    assert graph.value(URIRef(f"{URL}#report"), SH.conforms) == Literal(True)
    assert not list(graph.objects(None, SH.result))
    body = represent(release, release.addresses()["/musterstadt/qualitaet"]).body.decode()
    assert "Die Prüfung hat nichts gefunden." in body


def test_shares_are_those_of_queries(release: Release) -> None:
    found = measured(described(release))
    things = f"""FILTER STRSTARTS(STR(?thing), "{PLAN}")
      FILTER EXISTS {{ ?thing a ?class FILTER STRSTARTS(STR(?class), STR(wir:)) }}
      FILTER NOT EXISTS {{ ?thing a ?not VALUES ?not {{ wir:Evidence wir:Claim wir:Tombstone }} }}"""
    having = {
        "evidence": "?thing wir:evidence|wir:derivedFrom ?x",
        "label-en": '?thing skos:prefLabel ?x FILTER(LANG(?x) = "en")',
        "description-de": '?thing dcterms:description ?x FILTER(LANG(?x) = "de")',
    }

    def count(pattern: str) -> int:
        [row] = release.store.select(f"SELECT (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ {pattern} {things} }}")
        return int(getattr(row["n"], "value", ""))

    total = count("?thing a ?any")
    assert total > 50
    for name, pattern in having.items():
        assert Decimal(str(found[name])) == round(Decimal(count(pattern)) / total, 4), name
    assert int(found["contradictions"]) == 3
    assert int(found["open"]) == 0


def test_each_measurement_says_what_it_measures(release: Release) -> None:
    graph = described(release)
    measurements = set(graph.subjects(RDF.type, DQV.QualityMeasurement))
    assert measurements == set(graph.objects(DATASET, DQV.hasQualityMeasurement))
    assert len(measurements) == 10
    for measurement in measurements:
        assert graph.value(measurement, DQV.computedOn) == DATASET
        metric = graph.value(measurement, DQV.isMeasurementOf)
        assert str(graph.value(metric, DQV.inDimension)).startswith("http://www.w3.org/2016/05/ldqd#")
        labels = list(graph.objects(metric, URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")))
        assert {label.language for label in labels if isinstance(label, Literal)} == {"de", "en"}
        value = graph.value(measurement, DQV.value)
        assert isinstance(value, Literal)
        assert value.datatype == graph.value(metric, DQV.expectedDataType)


def test_it_is_the_same_graph_in_every_format_without_blank_nodes(flawed: Release) -> None:
    graph = described(flawed)
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]
    for item in VOCABULARY:
        assert to_isomorphic(described(flawed, item.name)) == to_isomorphic(graph), item


def test_the_page_leads_to_the_documents(server: Server) -> None:
    page = server.get("/musterstadt/qualitaet", accept="text/html")
    assert page.status_code == 200
    assert '<quality.ttl>; rel="describedby"; type="text/turtle"' in page.headers["link"]
    for item in VOCABULARY:
        sent = server.get("/musterstadt/qualitaet", accept=item.media_type)
        assert (sent.status_code, sent.headers["location"]) == (303, f"quality.{item.name}")
        assert server.get("/musterstadt/quality", accept=item.media_type).status_code == 200


def test_findings_are_written_into_the_release(flawed: Release) -> None:
    findings = flawed.quality["musterstadt"].findings
    assert [finding.rule for finding in findings if not finding.line] == ["DataUnreleased"]
    assert len([finding for finding in findings if isinstance(finding, Finding) and finding.line]) == 2
    assert (Path(flawed.folder) / "quality" / "musterstadt.json").is_file()
