"""The SPARQL endpoint: it answers by GET and POST, says what is wrong, and describes itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from rdflib import RDF, Graph, Namespace

from wir2graph.doctor.client import Answer
from wir2graph.doctor.remark import Remark, remark
from wir2graph.doctor.site import Site, read, values

SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
_ASK: Final = "ASK { ?s ?p ?o }"
_RESULTS: Final = "application/sparql-results+json"
_FORM: Final = "application/x-www-form-urlencoded"
_LONG: Final = 16_000
_STATIC: Final = 501


def protocol(site: Site) -> Iterator[Remark]:
    """Ask a short query by GET and POST, a long one, and a wrong one."""
    url = site.endpoint
    answer = site.client.get(_asking(url, _ASK), _RESULTS)
    if answer.status == _STATIC:
        yield remark("sparql-static", f"GET {url}", answer.told())
        return
    if not _is_true(answer):
        yield remark("sparql-get", f"GET {url} mit {_ASK}", answer.told())
    body = urlencode({"query": _ASK}).encode()
    posted = site.client.ask("POST", url, _RESULTS, body, content_type=_FORM)
    if not _is_true(posted):
        yield remark("sparql-post", f"POST {url} mit {_ASK}", posted.told())
    long = site.client.get(_asking(url, f"{_ASK} # {'x' * _LONG}"), _RESULTS)
    if not _is_true(long):
        yield remark("sparql-long", f"GET {url} mit {_LONG} Zeichen", long.told())
    wrong = site.client.get(_asking(url, "SELECT ?"), _RESULTS)
    if not 400 <= wrong.status < 500:
        yield remark("sparql-error", f"GET {url} mit einer fehlerhaften Abfrage", wrong.told())


def description(site: Site) -> Iterator[Remark]:
    """Ask the endpoint what it is."""
    answer = site.client.get(site.endpoint, "text/turtle")
    try:
        described = read(answer)
    except ValueError:
        described = Graph()
    if not list(described.subjects(RDF.type, SD.Service)):
        yield remark("service-description", f"GET {site.endpoint} (Accept: text/turtle)", answer.told())
    elif not values(described, SD.endpoint):
        yield remark("service-description", f"GET {site.endpoint}", "keine Adresse (sd:endpoint)")


def _asking(url: str, query: str) -> str:
    return f"{url}?{urlencode({'query': query})}"


def _is_true(answer: Answer) -> bool:
    if not answer.ok or answer.media_type != _RESULTS:
        return False
    try:
        return json.loads(answer.decoded).get("boolean") is True
    except (ValueError, AttributeError):
        return False
