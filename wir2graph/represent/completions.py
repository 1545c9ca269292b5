"""`/sparql/completions.json`: what an editor of queries can offer, so that nobody has to know an IRI by heart.

    {"prefixes": {name: namespace},
     "classes": [{"iri", "de", "en", "count"}], "properties": [{"iri", "de", "en", "count"}],
     "graphs": [{"iri", "de", "en"}], "things": [{"iri", "de", "en", "class"}]}

Classes and properties are those of the default graph, counted there (instances, statements); things are those that have
a `skos:prefLabel` there, under their most specific class (null where they have none); graphs are all named graphs. Each
list is ordered by IRI. Labels follow the rule of `wir2graph.pages.labels`; "en" is left out where it says the same as
"de".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from wir2graph.formats import JSON
from wir2graph.plan import PREFIXES
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.represent.rdf import named

if TYPE_CHECKING:
    from wir2graph.release import Release

PATH: Final = "/sparql/completions.json"

_CLASSES: Final = """SELECT ?iri (COUNT(DISTINCT ?thing) AS ?count) WHERE { ?thing a ?iri FILTER(isIRI(?iri)) }
  GROUP BY ?iri ORDER BY STR(?iri)"""
_PROPERTIES: Final = "SELECT ?iri (COUNT(*) AS ?count) WHERE { ?thing ?iri ?value } GROUP BY ?iri ORDER BY STR(?iri)"
_GRAPHS: Final = "SELECT ?iri WHERE { GRAPH ?iri {} FILTER(isIRI(?iri)) } ORDER BY STR(?iri)"
_THINGS: Final = f"""SELECT DISTINCT ?iri WHERE {{ ?iri <{PREFIXES["skos"]}prefLabel> ?label FILTER(isIRI(?iri)) }}
  ORDER BY STR(?iri)"""

Entry = dict[str, str | int | None]


def addresses(release: Release) -> Iterator[Address]:
    """Yield the one address of the document."""
    yield Address(PATH, "completions", JSON.media_type, resource=PATH)


def represent(release: Release, address: Address) -> Representation:
    """Return the document. Raises ValueError for an address that is not its own."""
    if address.kind != "completions":
        raise ValueError(f"not the address of the completions: {address.path}")
    prefixes = dict(PREFIXES)
    for plan in release.plans:
        prefixes |= plan.prefixes()
    document = {
        "prefixes": dict(sorted(prefixes.items())),
        "classes": _counted(release, _CLASSES), "properties": _counted(release, _PROPERTIES),
        "graphs": [_entry(release, iri) for iri in _iris(release, _GRAPHS)],
        "things": [{**_entry(release, iri), "class": _class(release, iri)} for iri in _iris(release, _THINGS)],
    }
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address),
    )


def _iris(release: Release, query: str) -> list[str]:
    return [named(row["iri"]).value for row in release.store.select(query)]


def _counted(release: Release, query: str) -> list[Entry]:
    return [
        {**_entry(release, named(row["iri"]).value), "count": int(row["count"].value)}
        for row in release.store.select(query) if isinstance(row["count"], ox.Literal)
    ]


def _entry(release: Release, iri: str) -> Entry:
    german, english = (release.labels.of(iri, language).text for language in ("de", "en"))
    return {"iri": iri, "de": german} if german == english else {"iri": iri, "de": german, "en": english}


def _class(release: Release, iri: str) -> str | None:
    # A class without an IRI is known there by an empty one.
    return next((found for found in release.pages.index.specific_types(iri) if found), None)
