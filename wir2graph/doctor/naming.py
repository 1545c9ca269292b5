"""Identifiers: they lead to what the client asks for, unknown ones to 404, withdrawn ones to 410."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, urlencode

from rdflib import URIRef

from wir2graph.doctor.client import Answer, Unreachable
from wir2graph.doctor.remark import Remark, remark
from wir2graph.doctor.site import TURTLE, Place, Site, read
from wir2graph.plan import TOMBSTONE
from wir2graph.web.headers import encode_url

_WANTED: Final = ("text/html", TURTLE, "application/ld+json")
_UNKNOWN: Final = "id/massnahme/das-gibt-es-nicht-0"


def negotiation(site: Site) -> Iterator[Remark]:
    """Ask for a thing as page and as data."""
    for plan in site.plans:
        if plan.example is not None:
            for accept in _WANTED:
                yield from _negotiated(site, plan, plan.example, accept)


def _negotiated(site: Site, plan: Place, iri: str, accept: str) -> Iterator[Remark]:
    url = _url(plan, iri)
    asked = f"GET {url} (Accept: {accept})"
    answer = site.client.get(url, accept)
    if answer.status != 303 or answer.location is None:
        yield remark("negotiation", asked, answer.told())
        return
    if "accept" not in answer.headers.get("vary", "").lower():
        yield remark("vary-missing", asked, "kein Vary: Accept")
    shown = site.client.get(answer.location, accept)
    if not shown.ok or shown.media_type != accept:
        yield remark("negotiation", f"{asked}, dann {answer.location}", shown.told())
    elif accept == TURTLE and not _describes(shown, iri):
        yield remark("negotiation", shown.url, f"Turtle, das nichts über {iri} sagt")


def _describes(shown: Answer, iri: str) -> bool:
    return next(read(shown).triples((URIRef(iri), None, None)), None) is not None


def namespace(site: Site) -> Iterator[Remark]:
    """See whether the IRIs themselves lead here, from w3id.org or another host; to one's own machine they never do."""
    for plan in site.plans:
        if plan.example is None or site.is_local:
            continue
        asked = f"GET {plan.example}"
        where = {"namespace": plan.namespace, "url": plan.url}
        try:
            answer = site.client.follow(encode_url(plan.example), "text/html")
        except Unreachable as fault:
            yield remark("namespace-unreachable", asked, str(fault), **where)
            continue
        if not answer.ok or not answer.url.startswith(f"{site.url}/"):
            yield remark("namespace-elsewhere", asked, f"{answer.told()}, am Ende {answer.url}", **where)


def missing(site: Site) -> Iterator[Remark]:
    """Ask for what there is not."""
    for plan in site.plans:
        for url in (f"{plan.url}/{_UNKNOWN}", f"{plan.url}/{_UNKNOWN.removeprefix('id/')}"):
            answer = site.client.get(url, "text/html")
            if answer.status != 404:
                yield remark("not-found", f"GET {url}", answer.told())


def gone(site: Site) -> Iterator[Remark]:
    """Ask for an identifier that was withdrawn, where the data name one."""
    for plan in site.plans:
        query = f"SELECT ?old WHERE {{ ?old a <{TOMBSTONE}> FILTER STRSTARTS(STR(?old), '{plan.namespace}') }} LIMIT 1"
        told = site.client.get(f"{site.endpoint}?{urlencode({'query': query})}", "application/sparql-results+json")
        if not told.ok:
            continue  # the check of the endpoint says so
        for row in json.loads(told.decoded)["results"]["bindings"]:
            url = _url(plan, row["old"]["value"])
            answer = site.client.get(url, "text/html")
            if answer.status != 410:
                yield remark("gone", f"GET {url}", answer.told())


def _url(plan: Place, iri: str) -> str:
    return f"{plan.url}/{quote(iri.removeprefix(plan.namespace))}"
