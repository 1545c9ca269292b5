"""How good the data of a plan are, in RDF: measurements (DQV, https://www.w3.org/TR/vocab-dqv/) and the SHACL report.

`/<plan>/quality.<suffix>`; the page `/<plan>/qualitaet` shows the same. Everything has an IRI, also the results of the
report: those that stay the same from one release to the next keep it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from wir2graph.findings import Finding
from wir2graph.formats import VOCABULARY, by_media_type
from wir2graph.pages.index import LANGUAGES
from wir2graph.pages.quality import FOLDER, rules
from wir2graph.plan import PREFIXES, SHAPES_GRAPH, Plan
from wir2graph.quality import Share
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.represent.rdf import serialise
from wir2graph.represent.statements import link, text, told
from wir2graph.urls import absolute, dataset_iri

if TYPE_CHECKING:
    from wir2graph.release import Release

_A: Final = PREFIXES["rdf"] + "type"
_SH, _SKOS, _DCTERMS, _XSD = (PREFIXES[name] for name in ("sh", "skos", "dcterms", "xsd"))
_DQV: Final = "http://www.w3.org/ns/dqv#"
_LDQD: Final = "http://www.w3.org/2016/05/ldqd#"
_SEVERITIES: Final = {"violation": "Violation", "warning": "Warning", "info": "Info"}
# The dimension of each metric (https://www.w3.org/2016/05/ldqd).
_DIMENSIONS: Final = {
    **dict.fromkeys((*_SEVERITIES, "contradictions", "open", "rule"), "consistency"), "evidence": "trustworthiness",
    **dict.fromkeys(("label-de", "description-de"), "understandability"),
    **dict.fromkeys(("label-en", "description-en"), "versatility"),
}


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the documents: `/<plan>/quality.<suffix>`."""
    route = release.pages.index.folders[FOLDER].route
    for plan in release.plans:
        for item in VOCABULARY:
            yield Address(f"/{plan.slug}/quality.{item.name}", "quality", item.media_type,
                          resource=f"/{plan.slug}/{route}", plan=plan.slug)


def represent(release: Release, address: Address) -> Representation:
    """Return one document. Raises ValueError for an address that is not that of such a document."""
    item = by_media_type(address.media_type)
    if item is None or address.kind != "quality" or address.plan is None:
        raise ValueError(f"not the address of a quality report: {address.path}")
    plan = release.plan(address.plan)
    url = absolute(release.base_url, f"/{plan.slug}/quality")
    prefixes = {**plan.prefixes(), "dqv": _DQV, "ldqd": _LDQD}
    found = [*_measurements(release, plan, url), *_report(release, plan, url)]
    body = serialise(found, item, prefixes, first=url)
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address),
    )


def _measurements(release: Release, plan: Plan, url: str) -> Iterator[ox.Triple]:
    dataset, quality = dataset_iri(plan, "gesamt"), release.quality[plan.slug]
    texts = {language: release.pages.index.texts[language]["measured"] for language in LANGUAGES}
    yield link(url, _A, f"{_DQV}QualityMetadata")
    for language in LANGUAGES:
        yield text(url, f"{_DCTERMS}title", f"{texts[language]['title']}: {plan.title[language]}", language)
    yield link(url, f"{_DCTERMS}subject", dataset)

    def measured(name: str, kind: str, value: ox.Literal, labels: dict[str, str]) -> Iterator[ox.Triple]:
        metric, measurement = f"{url}#metric-{name}", f"{url}#{name}"
        yield link(metric, _A, f"{_DQV}Metric")
        yield link(metric, f"{_DQV}inDimension", _LDQD + _DIMENSIONS[kind])
        yield link(metric, f"{_DQV}expectedDataType", value.datatype.value)
        for language, label in labels.items():
            yield text(metric, f"{_SKOS}prefLabel", label, language)
        yield link(measurement, _A, f"{_DQV}QualityMeasurement")
        yield link(measurement, f"{_DQV}isMeasurementOf", metric)
        yield link(measurement, f"{_DQV}computedOn", dataset)
        yield told(measurement, f"{_DQV}value", value)
        yield link(dataset, f"{_DQV}hasQualityMeasurement", measurement)

    numbers = {name: quality.count(name) for name in _SEVERITIES}
    numbers |= {"contradictions": quality.contradictions, "open": quality.open}
    for name, number in numbers.items():
        labels = {language: texts[language][name] for language in LANGUAGES}
        yield from measured(name, name, ox.Literal(number), labels)
    for share in quality.shares:
        labels = {language: texts[language][share.name] for language in LANGUAGES}
        yield from measured(share.name, share.name, _decimal(share), labels)
    for rule, findings in quality.by_rule().items():
        labels = {language: texts[language]["rule"].format(rule=rule) for language in LANGUAGES}
        yield from measured(f"rule-{rule}", "rule", ox.Literal(len(findings)), labels)


def _decimal(share: Share) -> ox.Literal:
    value = Decimal(share.part) / share.total if share.total else Decimal(1)
    written = f"{value:.4f}".rstrip("0").rstrip(".")
    return ox.Literal(written, datatype=ox.NamedNode(f"{_XSD}decimal"))


def _report(release: Release, plan: Plan, url: str) -> Iterator[ox.Triple]:
    """Yield the report of the rules (SHACL, 3.6); what other checks find has no place in it."""
    report = f"{url}#report"
    results = [finding for finding in release.quality[plan.slug].findings if finding.component is not None]
    yield link(report, _A, f"{_SH}ValidationReport")
    yield told(report, f"{_SH}conforms", ox.Literal(not results))
    yield link(report, f"{_SH}shapesGraph", SHAPES_GRAPH)
    known = rules(release) if results else {}
    for finding in results:
        result = f"{url}#result-{_digest(finding)}"
        yield link(report, f"{_SH}result", result)
        yield from _result(finding, result, known)


def _result(finding: Finding, result: str, known: Container[str]) -> Iterator[ox.Triple]:
    shape = f"{SHAPES_GRAPH}#{finding.rule}"
    yield link(result, _A, f"{_SH}ValidationResult")
    # A result must have a focus: where no single thing is at fault, it is the rule itself.
    yield link(result, f"{_SH}focusNode", finding.subject or shape)
    yield link(result, f"{_SH}resultSeverity", f"{_SH}{_SEVERITIES[finding.severity]}")
    yield link(result, f"{_SH}sourceConstraintComponent", finding.component or "")
    if shape in known:
        yield link(result, f"{_SH}sourceShape", shape)
    for language, message in (("de", finding.message_de), ("en", finding.message_en)):
        yield text(result, f"{_SH}resultMessage", message, language)


def _digest(finding: Finding) -> str:
    """Return a name for a finding that does not depend on the line where it stands."""
    said = "\0".join((finding.rule, finding.subject or "", finding.severity, finding.message_de, finding.message_en))
    return sha256(said.encode()).hexdigest()[:16]
