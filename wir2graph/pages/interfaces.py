"""How programs get at what a release publishes: examples for the command line that work as they stand."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from wir2graph.formats import CSV, DATA, JSON_LD, TURTLE
from wir2graph.pages import samples
from wir2graph.pages.model import Reference, Value
from wir2graph.plan import WIR, Plan
from wir2graph.represent.base import Address
from wir2graph.store.base import DatasetClause
from wir2graph.urls import ENDPOINT, Place, relative

if TYPE_CHECKING:
    from wir2graph.pages.index import PageIndex
    from wir2graph.pages.values import Values

INTERFACES: Final = "/schnittstellen"
"""The address of the page about the interfaces."""

SEARCH: Final = "/api/search"
"""The address of the search for programs."""

_QUERY: Final = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing ?name WHERE {{ ?thing skos:prefLabel ?name FILTER (LANG(?name) = "{language}") }}
ORDER BY ?name LIMIT 5"""


@dataclass(frozen=True)
class Example:
    """A line for the command line that fetches something; `name` is that of its explanation."""

    name: str
    command: str


@dataclass(frozen=True)
class InterfacesView:
    """How programs get at everything: the address of the site and examples.

    `thing` is what those of a single thing are about, `formats` are the formats in which it comes; None and empty
    where the release has no plan.
    """

    base: str
    thing: Value | None
    formats: tuple[Reference, ...]
    examples: tuple[Example, ...]


def interfaces_view(index: PageIndex, path: str, values: Values) -> InterfacesView:
    """Return what the page at `path` shows; its examples are of the first plan, if there is one."""
    base = index.release.base_url
    plans = index.release.plans
    thing = _thing(index, plans[0]) if plans else None
    formats = tuple(
        Reference(item.label, relative(path, f"{thing.data}.{item.name}"), item.media_type) for item in DATA
    ) if thing else ()
    named = values.thing(thing.iri) if thing else None
    examples = [*(_of_plan(index, base, thing) if thing else ()), *_of_site(base, values.language)]
    if named is not None:
        examples.append(_search(base, named.text.split()[0], values.language))
    return InterfacesView(base, named, formats, tuple(examples))


def _thing(index: PageIndex, plan: Plan) -> Place | None:
    """Return the thing of a plan that the examples are about: a measure, if it has one."""
    places = [place for place in index.release.places.values() if place.plan is plan]
    return min(places, key=lambda place: (f"{WIR}Measure" not in index.types(place.iri), place.iri), default=None)


def _table(index: PageIndex, plan: Plan) -> Address | None:
    """Return the address of a whole list of the plan as CSV."""
    return next((
        address for address in index.release.addresses().values()
        if address.kind == "table" and address.plan == plan.slug and address.media_type == CSV.media_type
        and address.language == plan.languages[0] and not address.parameters
        and index.folders[address.page or ""].list is not None
    ), None)


def _of_plan(index: PageIndex, base: str, thing: Place) -> Iterator[Example]:
    slug = thing.plan.slug
    dump = _url(base, f"/{slug}/dumps/{slug}.{TURTLE.name}")
    yield Example("document", f"curl {_url(base, f'{thing.data}.{TURTLE.name}')}")
    yield Example("negotiation", f"curl -L -H 'Accept: {JSON_LD.media_type}' {_url(base, thing.resource)}")
    if (table := _table(index, thing.plan)) is not None:
        yield Example("table", f"curl -o {shlex.quote(table.path.rsplit('/', 1)[1])} {_url(base, table.path)}")
    yield Example("dump", f"curl -o {slug}.ttl {dump}")
    yield Example("unchanged", f"curl --etag-compare {slug}.etag --etag-save {slug}.etag -o {slug}.ttl {dump}")


def _of_site(base: str, language: str) -> Iterator[Example]:
    query = _QUERY.format(language=language)
    endpoint = _url(base, ENDPOINT)
    asked = f"--data-urlencode {shlex.quote(f'query={query}')}"
    yield Example("query", samples.curl(base + ENDPOINT, query, DatasetClause()))
    yield Example("excel", f"curl -G {endpoint} -d as=csv-de {asked} -o tabelle.csv")
    yield Example("service", f"curl -H 'Accept: {TURTLE.media_type}' {endpoint}")
    yield Example("vocabulary", f"curl {_url(base, f'/def.{TURTLE.name}')}")
    yield Example("health", f"curl {_url(base, '/health')}")


def _search(base: str, word: str, language: str) -> Example:
    asked = shlex.quote(f"q={word}")
    return Example("search", f"curl -G {_url(base, SEARCH)} --data-urlencode {asked} -d lang={language} -d limit=5")


def _url(base: str, path: str) -> str:
    return shlex.quote(base + quote(path))
