"""Whether complete addresses that the site gives are those under which it stands: the sign of a proxy set right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from rdflib import DCAT, FOAF, URIRef

from wir2graph.doctor.remark import Remark, remark
from wir2graph.doctor.site import VOID, Site, values

_LOCATION = re.compile(r"<loc>([^<]*)</loc>")
_SITEMAP = re.compile(r"^Sitemap:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
_SD_ENDPOINT = URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")


def foreign(site: Site) -> Iterator[Remark]:
    """Look at every place where the site gives complete addresses of its own."""
    for where, found in _given(site):
        wrong = [url for url in found if url != site.url and not url.startswith((f"{site.url}/", f"{site.url}#"))]
        if wrong:
            came = f"{len(wrong)} von {len(found)} Adressen liegen anderswo, etwa {wrong[0]}"
            yield remark("foreign-address", where, came, url=site.url)


def _given(site: Site) -> Iterator[tuple[str, list[str]]]:
    """Yield places with the addresses that stand there."""
    for plan in site.plans:
        page = site.client.follow(f"{plan.url}/", "text/html")
        canonical = [link.target for link in page.links if link.rel == "canonical"]
        yield f"Link rel=canonical von {plan.url}/", canonical
        linkset = site.client.get(f"{plan.url}/links.linksetjson")
        if linkset.ok:
            contexts = json.loads(linkset.decoded)["linkset"]
            yield linkset.url, [context["anchor"] for context in contexts]
    for name, pattern in (("sitemap.xml", _LOCATION), ("robots.txt", _SITEMAP)):
        answer = site.client.get(f"{site.url}/{name}")
        if answer.ok:
            yield answer.url, pattern.findall(answer.decoded.decode())
    homes = [str(home) for plan in site.plans for home in site.void.objects(URIRef(plan.dataset), FOAF.homepage)]
    yield f"{site.url}/void.ttl", [*values(site.void, VOID.dataDump, VOID.sparqlEndpoint), *homes]
    described = site.graph(f"{site.url}/sparql.ttl")
    if described is not None:
        yield f"{site.url}/sparql.ttl", values(described, _SD_ENDPOINT)
    yield f"{site.url}/catalog.ttl", values(
        site.catalogue, DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage, DCAT.endpointURL,
    )
