"""What a plan is as a dataset, in the terms of schema.org, as search engines for data read it.

Follows https://developers.google.com/search/docs/appearance/structured-data/dataset: the description has 50 to 5,000
characters, every file its address and format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wir2graph.pages.labels import choose
from wir2graph.plan import PREFIXES, WIR, Plan
from wir2graph.represent.links import files, is_landing, landing_path
from wir2graph.represent.rdf import named
from wir2graph.urls import absolute, dataset_iri, localised

if TYPE_CHECKING:
    from wir2graph.release import Release
    from wir2graph.represent.base import Address

Described = dict[str, Any]

_SHORTEST: Final = 50
_LONGEST: Final = 5000
_ABOUT: Final = f"""SELECT ?description ?city ?same WHERE {{
  {{ <plan> <{PREFIXES["dcterms"]}description> ?description }}
  UNION {{ <plan> <{WIR}municipality> ?city OPTIONAL {{ ?city <{PREFIXES["skos"]}exactMatch> ?same }} }}
}} ORDER BY STR(?city) STR(?same)"""
_FIELDS: Final = f"SELECT ?field WHERE {{ ?field a <{WIR}ActionField> }} ORDER BY STR(?field)"


def datasets(release: Release, address: Address) -> list[Described]:
    """Return what a page tells of its plan as a dataset: a landing page the dataset, the start page the catalogue too.

    Other pages tell nothing of that kind.
    """
    if not is_landing(address) or address.plan is None or address.language is None:
        return []
    plan = release.plan(address.plan)
    dataset = _dataset(release, plan, address.language)
    is_start = address.path == localised(f"/{plan.slug}/", address.language)
    return [dataset, _catalogue(release, plan, address.language)] if is_start else [dataset]


def _dataset(release: Release, plan: Plan, language: str) -> Described:
    rows = _about(release, plan)
    said = choose(((row["description"].value, row["description"].language) for row in rows if "description" in row),
                  language)
    fields = (named(row["field"]).value for row in release.store.select(_FIELDS))
    period = release.statistics.plans[plan.slug].period
    day = plan.released.isoformat()
    return {
        "@context": "https://schema.org", "@type": "Dataset", "@id": dataset_iri(plan, "gesamt"),
        "identifier": dataset_iri(plan, "gesamt"), "name": plan.title[language],
        "description": describe(said.text if said else "", plan, language), "inLanguage": list(plan.languages),
        "url": absolute(release.base_url, localised(landing_path(release, plan), language)),
        "license": plan.licence, "isAccessibleForFree": True, "version": day, "dateModified": day,
        "keywords": [release.labels.of(field, language).text for field in fields
                     if field.startswith(plan.namespace)],
        **({"temporalCoverage": "/".join(period)} if period else {}), **_place(release, rows, language),
        **_publishers(release),
        "distribution": [
            {"@type": "DataDownload", "contentUrl": absolute(release.base_url, file.path),
             "encodingFormat": file.media_type.partition(";")[0]}
            for file in files(release, plan)
        ],
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": _catalogue_iri(plan)},
    }


def _catalogue(release: Release, plan: Plan, language: str) -> Described:
    return {
        "@context": "https://schema.org", "@type": "DataCatalog", "@id": _catalogue_iri(plan),
        "name": plan.title[language], "description": describe(plan.subtitle[language], plan, language),
        "url": absolute(release.base_url, localised(f"/{plan.slug}/", language)), "license": plan.licence,
        "dateModified": plan.released.isoformat(), "inLanguage": list(plan.languages), **_publishers(release),
        "dataset": {"@type": "Dataset", "@id": dataset_iri(plan, "gesamt"), "name": plan.title[language]},
    }


def _catalogue_iri(plan: Plan) -> str:
    return f"{plan.namespace}id/katalog/{plan.slug}"


def _about(release: Release, plan: Plan) -> list[dict[str, Any]]:
    iri = release.pages.index.plan_iris.get(plan.slug)
    return list(release.store.select(_ABOUT.replace("<plan>", f"<{iri}>"))) if iri else []


def describe(said: str, plan: Plan, language: str) -> str:
    """Return a description of a length that search engines take: what is said of the plan, else what it is called."""
    parts = [part for part in (said, plan.subtitle[language], plan.rights[language], plan.title[language]) if part]
    text = parts.pop(0)
    while len(text) < _SHORTEST and parts:
        text = f"{text} – {parts.pop(0)}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST - 2].rsplit(' ', 1)[0]} …"


def _place(release: Release, rows: list[dict[str, Any]], language: str) -> Described:
    """Return the municipality as the place that the data are about, with what is known of it elsewhere."""
    cities = [row["city"].value for row in rows if "city" in row]
    if not cities:
        return {}
    same = sorted({row["same"].value for row in rows if "same" in row and row["city"].value == cities[0]})
    place = {"@type": "Place", "name": release.labels.of(cities[0], language).text}
    return {"spatialCoverage": place | ({"sameAs": same} if same else {})}


def _publishers(release: Release) -> Described:
    operator = release.operator
    if not operator.name:
        return {}
    agent = {"@type": "Organization", "name": operator.name} | ({"url": operator.homepage} if operator.homepage else {})
    return {"creator": agent, "publisher": agent}
