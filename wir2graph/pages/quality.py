"""What the page about the quality of a plan shows: what the check found, and what share of the things has what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from wir2graph.findings import Finding
from wir2graph.pages.labels import Tagged, choose
from wir2graph.pages.model import Value
from wir2graph.pages.values import Values
from wir2graph.plan import PREFIXES, SHAPES_GRAPH, WIR, Plan
from wir2graph.represent.rdf import named
from wir2graph.urls import localised, relative, vocabulary_path

if TYPE_CHECKING:
    from wir2graph.pages.index import PageIndex
    from wir2graph.release import Release

FOLDER: Final = "quality"
"""The folder of the page."""

_RULES: Final = f"""SELECT ?rule ?name WHERE {{ GRAPH <{SHAPES_GRAPH}> {{
  ?rule a ?kind OPTIONAL {{ ?rule <{PREFIXES["sh"]}name> ?name }} FILTER(isIRI(?rule)) }} }}"""
_SEVERITIES: Final = ("violation", "warning", "info")


@dataclass(frozen=True)
class MeasureView:
    """One number about the quality of the data, in words; `of` tells of what a share is one."""

    name: str
    value: str
    of: str | None = None


@dataclass(frozen=True)
class ClassView:
    """The things of one class: how many there are, and what share of them has what."""

    name: Value
    total: str
    evidence: str
    german: str
    english: str
    described: str


@dataclass(frozen=True)
class FindingView:
    """One finding of the check; `place` is file and line, where they are known."""

    severity: str
    rule: Value
    thing: Value | None
    message: str
    place: str


@dataclass(frozen=True)
class QualityView:
    """How good the data of a plan are."""

    counts: tuple[MeasureView, ...]
    shares: tuple[MeasureView, ...]
    classes: tuple[ClassView, ...]
    findings: tuple[FindingView, ...]


def rules(release: Release) -> dict[str, list[Tagged]]:
    """Return the names of all rules and shapes by IRI."""
    found: dict[str, list[Tagged]] = defaultdict(list)
    for row in release.store.select(_RULES):
        name = row.get("name")
        found[named(row["rule"]).value] += [(name.value, name.language)] if isinstance(name, ox.Literal) else []
    return found


def quality_view(index: PageIndex, plan: Plan, page: str, values: Values) -> QualityView:
    """Return what the page at the address `page` shows of a plan."""
    quality = index.release.quality[plan.slug]
    known = rules(index.release) if quality.findings else {}
    names = index.texts[values.language]["measured"]

    def number(value: int) -> str:
        return values.literal(ox.Literal(value)).text

    def share(part: int, total: int) -> str:
        return f"{100 * part // total} %" if total else "–"

    counts = [(name, quality.count(name)) for name in _SEVERITIES]
    counts += [("contradictions", quality.contradictions), ("open", quality.open)]
    return QualityView(
        counts=tuple(MeasureView(names[name], number(count)) for name, count in counts),
        shares=tuple(
            MeasureView(names[one.name], share(one.part, one.total), f"{number(one.part)} / {number(one.total)}")
            for one in quality.shares
        ),
        classes=tuple(
            ClassView(values.thing(f"{WIR}{one.name}"), number(one.total), share(one.evidence, one.total),
                      share(one.german, one.total), share(one.english, one.total), share(one.description, one.total))
            for one in quality.classes
        ),
        findings=tuple(_finding(finding, known, page, values) for finding in quality.findings),
    )


def _finding(finding: Finding, known: Mapping[str, Sequence[Tagged]], page: str, values: Values) -> FindingView:
    return FindingView(
        finding.severity, _rule(finding.rule, known, page, values),
        values.thing(finding.subject) if finding.subject else None,
        finding.message_de if values.language == "de" else finding.message_en,
        finding.place() if finding.file else "",
    )


def _rule(rule: str, known: Mapping[str, Sequence[Tagged]], page: str, values: Values) -> Value:
    """Return a rule by its name, linked to where it stands; what other checks find has only the name it has there."""
    iri = f"{SHAPES_GRAPH}#{rule}"
    path = vocabulary_path(iri)
    if iri not in known or path is None:
        return Value(rule)
    href = relative(page, localised(path, values.language))
    said = choose(known[iri], values.language)
    if said is None:
        return Value(rule, href=href, iri=iri)
    return Value(said.text, said.language, None if said.asked else said.language, href, iri=iri)
