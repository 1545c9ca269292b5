"""What a release holds, for machines that look for data (VoID, https://www.w3.org/TR/void/).

`/void.<suffix>`; `/void` shows one of them by Accept, and `/.well-known/void` (RFC 5785) leads there. It describes the
whole release, each plan (the same dataset that the catalogue names) and each named graph, with numbers that are those
of SPARQL queries over the same graphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from wir2graph.formats import DUMP, VOCABULARY, by_media_type
from wir2graph.pages.index import EVIDENCE_KIND
from wir2graph.plan import PREFIXES, Plan
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.represent.rdf import compact, serialise
from wir2graph.represent.service import FORMAT_NAMES, VOID, W3C_FORMATS
from wir2graph.represent.statements import link, number, text, told
from wir2graph.statistics import Counts
from wir2graph.urls import ENDPOINT, absolute, dataset_iri, localised

if TYPE_CHECKING:
    from wir2graph.release import Release

PATH: Final = "/void"
WELL_KNOWN: Final = "/.well-known/void"

_A: Final = PREFIXES["rdf"] + "type"
_DCTERMS, _FOAF = PREFIXES["dcterms"], PREFIXES["foaf"]
_PREFIXES: Final = {**PREFIXES, "void": VOID, "formats": W3C_FORMATS}
_LANGUAGES: Final = ("de", "en")


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the description: `/void.<suffix>`; a release without a plan has none."""
    if release.plans:
        for item in VOCABULARY:
            yield Address(f"{PATH}.{item.name}", "void", item.media_type, resource=PATH)


def represent(release: Release, address: Address) -> Representation:
    """Return the description in one format. Raises ValueError for an address that is not the description's."""
    item = by_media_type(address.media_type)
    if item is None or address.kind != "void":
        raise ValueError(f"not the address of the VoID description: {address.path}")
    prefixes = dict(_PREFIXES)
    for plan in release.plans:
        prefixes |= plan.prefixes()
    body = serialise(_Description(release).triples(), item, prefixes, first=release.base_url + PATH)
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address),
    )


class _Description:
    """The statements of the description of one release."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._base = release.base_url
        self._document = self._base + PATH
        self._whole = f"{self._document}#release"

    def triples(self) -> Iterator[ox.Triple]:
        document, whole = self._document, self._whole
        site = {language: self._release.pages.index.texts[language]["site"] for language in _LANGUAGES}
        yield link(document, _A, f"{VOID}DatasetDescription")
        yield from _texts(document, f"{_DCTERMS}title", {tag: f"VoID: {name}" for tag, name in site.items()})
        yield link(document, f"{_FOAF}primaryTopic", whole)
        yield link(whole, _A, f"{VOID}Dataset")
        yield from _texts(whole, f"{_DCTERMS}title", site)
        yield link(whole, f"{_FOAF}homepage", f"{self._base}/")
        yield from self._access(whole)
        yield from self._publisher(whole)
        yield from self._counted(whole, self._release.statistics.whole, "release")
        for plan in self._release.plans:
            dataset = dataset_iri(plan, "gesamt")
            yield link(document, f"{_FOAF}topic", dataset)
            yield link(whole, f"{VOID}subset", dataset)
            yield link(whole, f"{_DCTERMS}license", plan.licence)
            yield from self._plan(plan, dataset)

    def _plan(self, plan: Plan, dataset: str) -> Iterator[ox.Triple]:
        release = self._release
        counts = release.statistics.plans[plan.slug]
        yield link(dataset, _A, f"{VOID}Dataset")
        yield from _texts(dataset, f"{_DCTERMS}title", plan.title)
        yield from _texts(dataset, f"{_DCTERMS}description", plan.subtitle)
        yield from _texts(dataset, f"{_DCTERMS}rights", plan.rights)
        yield link(dataset, f"{_DCTERMS}license", plan.licence)
        released = ox.Literal(plan.released.isoformat(), datatype=ox.NamedNode(f"{PREFIXES['xsd']}date"))
        yield told(dataset, f"{_DCTERMS}modified", released)
        for language in plan.languages:
            yield link(dataset, f"{_FOAF}homepage", absolute(self._base, localised(f"/{plan.slug}/", language)))
        yield text(dataset, f"{VOID}uriSpace", f"{plan.namespace}id/")
        yield from self._access(dataset)
        yield from self._publisher(dataset)
        for item in DUMP:
            yield link(dataset, f"{VOID}dataDump", absolute(self._base, f"/{plan.slug}/dumps/{plan.slug}.{item.name}"))
        if (root := release.pages.index.plan_iris.get(plan.slug)) is not None:
            yield link(dataset, f"{VOID}rootResource", root)
        for example in _examples(release, plan):
            yield link(dataset, f"{VOID}exampleResource", example)
        yield from self._counted(dataset, counts, plan.slug)
        yield from self._linksets(dataset, counts, plan)
        for graph, held in release.statistics.graphs.items():
            if graph.startswith(plan.graph("")):
                yield link(dataset, f"{VOID}subset", graph)
                yield link(graph, _A, f"{VOID}Dataset")
                for language in _LANGUAGES:
                    if release.labels.knows(graph) and (label := release.labels.of(graph, language)).asked:
                        yield text(graph, f"{_DCTERMS}title", label.text, label.language)
                yield from _numbers(graph, held)

    def _access(self, dataset: str) -> Iterator[ox.Triple]:
        yield link(dataset, f"{VOID}sparqlEndpoint", self._base + ENDPOINT)
        for item in DUMP:
            yield link(dataset, f"{VOID}feature", W3C_FORMATS + FORMAT_NAMES[item])

    def _publisher(self, dataset: str) -> Iterator[ox.Triple]:
        operator = self._release.operator
        if operator.name:
            publisher = f"{self._document}#publisher"
            yield link(dataset, f"{_DCTERMS}publisher", publisher)
            yield link(publisher, _A, f"{_FOAF}Agent")
            yield text(publisher, f"{_FOAF}name", operator.name)
            if operator.homepage:
                yield link(publisher, f"{_FOAF}homepage", operator.homepage)

    def _counted(self, dataset: str, counts: Counts, name: str) -> Iterator[ox.Triple]:
        """Yield the numbers of a graph, by class and by property, and the vocabularies that it uses."""
        yield from _numbers(dataset, counts)
        yield number(dataset, f"{VOID}classes", len(counts.classes))
        parts = (("class", "entities", counts.classes), ("property", "triples", counts.properties))
        for kind, unit, found in parts:
            for iri, held in found.items():
                part = f"{self._document}#{name}-{kind}-{_fragment(iri)}"
                yield link(dataset, f"{VOID}{kind}Partition", part)
                yield link(part, f"{VOID}{kind}", iri)
                yield number(part, VOID + unit, held)
        for space in sorted({_namespace(iri) for iri in (*counts.classes, *counts.properties)}):
            yield link(dataset, f"{VOID}vocabulary", space)

    def _linksets(self, dataset: str, counts: Counts, plan: Plan) -> Iterator[ox.Triple]:
        for found in counts.links:
            name = f"{_fragment(found.property)}-{_fragment(found.site)}"
            linkset = f"{self._document}#{plan.slug}-links-{name}"
            target = f"{self._document}#site-{_fragment(found.site)}"
            yield link(dataset, f"{VOID}subset", linkset)
            yield link(linkset, _A, f"{VOID}Linkset")
            yield link(linkset, f"{VOID}subjectsTarget", dataset)
            yield link(linkset, f"{VOID}objectsTarget", target)
            yield link(linkset, f"{VOID}linkPredicate", found.property)
            yield number(linkset, f"{VOID}triples", found.count)
            yield link(target, _A, f"{VOID}Dataset")
            yield text(target, f"{VOID}uriSpace", found.site)


def _numbers(dataset: str, counts: Counts) -> Iterator[ox.Triple]:
    yield number(dataset, f"{VOID}triples", counts.triples)
    yield number(dataset, f"{VOID}entities", counts.entities)
    yield number(dataset, f"{VOID}distinctSubjects", counts.subjects)
    yield number(dataset, f"{VOID}distinctObjects", counts.objects)
    yield number(dataset, f"{VOID}properties", len(counts.properties))


def _texts(subject: str, predicate: str, texts: Mapping[str, str]) -> Iterator[ox.Triple]:
    for language in _LANGUAGES:
        yield text(subject, predicate, texts[language], language)


def _examples(release: Release, plan: Plan) -> Iterator[str]:
    """Yield the first thing of each kind of IRI that the plan has coined; evidence has no page of its own."""
    seen = {EVIDENCE_KIND}
    for place in release.places.values():
        if place.plan == plan and place.kind not in seen:
            seen.add(place.kind)
            yield place.iri


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _fragment(iri: str) -> str:
    """Return the name of an IRI within the document: `wir-Measure`; a longer one where no prefix shortens it."""
    return re.sub(r"[^A-Za-z0-9]+", "-", compact(iri, PREFIXES).removeprefix("https://").removeprefix("http://")).strip("-")
