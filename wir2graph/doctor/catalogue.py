"""The catalogue (DCAT-AP.de): as a harvester reads it, its files, and what GovData needs to know of the operator."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, Namespace, URIRef
from rdflib.term import Node

from wir2graph.doctor.remark import Remark, remark
from wir2graph.doctor.site import Site, read
from wir2graph.formats import JSON_LD, RDF_XML, TURTLE, by_media_type

DCATDE: Final = Namespace("http://dcat-ap.de/def/dcatde/")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
_IANA: Final = "https://www.iana.org/assignments/media-types/"


def documents(site: Site) -> Iterator[Remark]:
    """Ask for the catalogue as harvesters do: HEAD, then GET without Accept, and in its fixed formats."""
    url = f"{site.url}/catalog"
    answer = site.client.follow(url)
    if not answer.ok:
        yield remark("catalogue-missing", f"GET {url} ohne Accept", answer.told())
        return
    found = by_media_type(answer.media_type)
    if found is None or found.rdf is None:
        yield remark("catalogue-type", f"GET {url} ohne Accept", answer.told())
    head = site.client.follow(url, method="HEAD")
    if head.status != answer.status:
        yield remark("catalogue-head", f"HEAD {url}", head.told())
    sizes = {}
    for item in (TURTLE, RDF_XML, JSON_LD):
        fixed = f"{url}.{item.name}"
        shown = site.client.get(fixed)
        if not shown.ok or shown.media_type != item.media_type:
            yield remark("catalogue-format", f"GET {fixed}", f"{shown.told()}, erwartet {item.media_type}")
            continue
        try:
            sizes[item.name] = len(read(shown))
        except ValueError as fault:
            yield remark("catalogue-format", f"GET {fixed}", str(fault))
    if len(set(sizes.values())) > 1:
        yield remark("catalogue-differs", f"GET {url}.…", f"verschieden viele Aussagen: {sizes}")


def distributions(site: Site) -> Iterator[Remark]:
    """Fetch every file of the catalogue and compare it with what the catalogue says; try every page that it names."""
    graph = site.catalogue
    for page in sorted({str(value) for value in graph.objects(None, DCAT.landingPage)}):
        shown = site.client.follow(page, method="HEAD")
        if not shown.ok:
            yield remark("catalogue-link", f"HEAD {page}", shown.told())
    for distribution in sorted(graph.subjects(RDF.type, DCAT.Distribution), key=str):
        downloads = {str(url) for url in graph.objects(distribution, DCAT.downloadURL)}
        for url in sorted(downloads | {str(url) for url in graph.objects(distribution, DCAT.accessURL)}):
            head = site.client.follow(url, method="HEAD")
            if not head.ok:
                yield remark("catalogue-link", f"HEAD {url}", head.told())
            elif url in downloads:
                yield from _compared(site, graph, distribution, url)


def _compared(site: Site, graph: Graph, distribution: Node, url: str) -> Iterator[Remark]:
    answer = site.client.follow(url, accept_encoding="identity")
    asked = f"GET {url}"
    size = graph.value(distribution, DCAT.byteSize)
    if size is not None and str(size) != str(len(answer.body)):
        yield remark("distribution-size", asked, f"{len(answer.body)} Bytes, im Katalog {size}")
    checksum = graph.value(graph.value(distribution, SPDX.checksum), SPDX.checksumValue)
    if checksum is not None and str(checksum).lower() != sha256(answer.body).hexdigest():
        yield remark("distribution-checksum", asked, f"nicht die Prüfsumme {checksum}")
    kind = str(graph.value(distribution, DCAT.mediaType) or "").removeprefix(_IANA)
    if kind and answer.media_type != kind.partition(";")[0]:
        yield remark("distribution-type", asked, f"{answer.told()}, im Katalog {kind}")


def operator(site: Site) -> Iterator[Remark]:
    """See whether the catalogue, or else `operator.toml`, says of the operator what GovData needs."""
    settings, graph = site.operator, site.catalogue
    if settings is None and not len(graph):
        return  # the check of the catalogue says so
    datasets = list(graph.subjects(RDF.type, DCAT.Dataset))
    publishers = set(graph.objects(None, DCTERMS.publisher))

    def told(node: Iterator[Node] | list[Node] | set[Node], predicate: URIRef) -> bool:
        found = list(node)
        return bool(found) and all(graph.value(one, predicate) is not None for one in found)

    needed = (
        ("operator-name", "name", told(publishers, FOAF.name)),
        ("operator-kind", "kind", told(publishers, DCTERMS.type)),
        ("operator-contributor", "contributor_id", told(datasets, DCATDE.contributorID)),
        ("operator-contact", "email", told(datasets, DCAT.contactPoint)),
        ("operator-url", "public_url", True),
    )
    for name, key, published in needed:
        if settings is not None and not getattr(settings, key):
            yield remark(name, "operator.toml", f"`{key}` fehlt", key=key)
        elif len(graph) and not published:
            yield remark(name, f"GET {site.url}/catalog.ttl", "die Angabe fehlt im Katalog", key=key)
    if len(graph) and not told(graph.subjects(RDF.type, DCAT.Distribution), DCTERMS.license):
        yield remark("operator-licence", f"{site.url}/catalog.ttl", "eine Datei ohne Lizenz")
    if settings is not None and settings.public_url not in (None, site.url):
        yield remark("public-url", f"operator.toml, `public_url` = {settings.public_url}", f"gefragt wurde {site.url}")
