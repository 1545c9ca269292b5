"""The change feed of a plan as a Linked Data Event Stream (https://w3id.org/ldes/specification) in pages (TREE).

`/<plan>/feed` leads to the pages `/<plan>/feed/<n>`. A page is complete as soon as it is published: each version of the
plan adds pages of its own, and none of them changes afterwards. Who reads them in order has, of every thing, the last
member, and so exactly the default graph of the last version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from wir2graph.formats import FEED, by_media_type
from wir2graph.history.kept import FeedPage
from wir2graph.history.members import DELETE, TIMESTAMP, TYPE, VERSION_OF, moment
from wir2graph.plan import PREFIXES, Plan
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.represent.rdf import serialise

if TYPE_CHECKING:
    from wir2graph.release import Release

LASTING: Final = r"/[^/]+/feed/\d+(?:\.[a-z]+)?$"
"""The addresses of the pages, in any format, as a regular expression: what stands there never changes."""

_LDES: Final = "https://w3id.org/ldes#"
_TREE: Final = "https://w3id.org/tree#"
_SH: Final = PREFIXES["sh"]
_XSD: Final = PREFIXES["xsd"]
_PREFIXES: Final = {"as": "https://www.w3.org/ns/activitystreams#", "ldes": _LDES, "tree": _TREE}


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the feeds of all plans that have versions."""
    for plan in release.plans:
        history = release.history(plan)
        if history.versions:
            yield from _formats(plan, path(plan))
        for page in history.feed:
            yield from _formats(plan, f"{path(plan)}/{page.number}")


def represent(release: Release, address: Address) -> Representation:
    """Return the feed or one of its pages. Raises ValueError for an address that is not a feed's."""
    item = by_media_type(address.media_type)
    if address.plan is None or item not in FEED:
        raise ValueError(f"not the address of a feed: {address.path}")
    plan = release.plan(address.plan)
    number = address.resource.removeprefix(path(plan)).lstrip("/")
    page = release.history(plan).feed[int(number) - 1] if number else None
    triples = list(_view(release, plan) if page is None else _page(release, plan, page))
    body = serialise(triples, item, {**plan.prefixes(), **_PREFIXES})
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address),
        lasting=page is not None,
    )


def path(plan: Plan) -> str:
    """Return the address of the feed of a plan, without a suffix."""
    return f"/{plan.slug}/feed"


def _formats(plan: Plan, base: str) -> Iterator[Address]:
    for item in FEED:
        yield Address(f"{base}.{item.name}", "feed", item.media_type, resource=base, plan=plan.slug)


def _view(release: Release, plan: Plan) -> Iterator[ox.Triple]:
    """Yield what the feed says of itself: what its members are like, and from which moment on a page has them."""
    stream, shape = _own(plan, "stream"), _own(plan, "shape")
    node = _node(release, plan)
    yield ox.Triple(stream, TYPE, ox.NamedNode(f"{_LDES}EventStream"))
    yield ox.Triple(stream, ox.NamedNode(f"{_LDES}timestampPath"), TIMESTAMP)
    yield ox.Triple(stream, ox.NamedNode(f"{_LDES}versionOfPath"), VERSION_OF)
    yield ox.Triple(stream, ox.NamedNode(f"{_LDES}versionDeletePath"), TYPE)
    yield ox.Triple(stream, ox.NamedNode(f"{_LDES}versionDeleteObject"), DELETE)
    yield ox.Triple(stream, ox.NamedNode(PREFIXES["dcterms"] + "license"), ox.NamedNode(plan.licence))
    for language in plan.languages:
        title = ox.Literal(plan.title[language], language=language)
        yield ox.Triple(stream, ox.NamedNode(PREFIXES["dcterms"] + "title"), title)
    yield ox.Triple(stream, ox.NamedNode(f"{_TREE}shape"), shape)
    yield ox.Triple(stream, ox.NamedNode(f"{_TREE}view"), node)
    yield ox.Triple(node, TYPE, ox.NamedNode(f"{_TREE}Node"))
    for page in release.history(plan).feed:
        relation = _own(plan, f"page-{page.number}")
        yield ox.Triple(node, ox.NamedNode(f"{_TREE}relation"), relation)
        yield ox.Triple(relation, TYPE, ox.NamedNode(f"{_TREE}GreaterThanOrEqualToRelation"))
        yield ox.Triple(relation, ox.NamedNode(f"{_TREE}node"), _node(release, plan, page))
        yield ox.Triple(relation, ox.NamedNode(f"{_TREE}path"), TIMESTAMP)
        yield ox.Triple(relation, ox.NamedNode(f"{_TREE}value"), moment(page.version))
    yield from _shape(plan, shape)


def _shape(plan: Plan, shape: ox.NamedNode) -> Iterator[ox.Triple]:
    """Yield the shape of all members; what else they say differs with their class and is told by `/shapes`."""
    yield ox.Triple(shape, TYPE, ox.NamedNode(f"{_SH}NodeShape"))
    one = ox.Literal(1)
    kinds = {
        VERSION_OF: (f"{_SH}nodeKind", f"{_SH}IRI"), TIMESTAMP: (f"{_SH}datatype", f"{_XSD}dateTime"),
    }
    for property, (kind, value) in kinds.items():
        rule = _own(plan, f"shape-{property.value.rpartition('/')[2]}")
        yield ox.Triple(shape, ox.NamedNode(f"{_SH}property"), rule)
        yield ox.Triple(rule, ox.NamedNode(f"{_SH}path"), property)
        yield ox.Triple(rule, ox.NamedNode(kind), ox.NamedNode(value))
        yield ox.Triple(rule, ox.NamedNode(f"{_SH}minCount"), one)
        yield ox.Triple(rule, ox.NamedNode(f"{_SH}maxCount"), one)


def _page(release: Release, plan: Plan, page: FeedPage) -> Iterator[ox.Triple]:
    """Yield what one page says: its members with all that they say."""
    yield ox.Triple(_node(release, plan, page), TYPE, ox.NamedNode(f"{_TREE}Node"))
    stream, member = _own(plan, "stream"), ox.NamedNode(f"{_TREE}member")
    for quad in ox.parse(page.file.read_bytes(), format=ox.RdfFormat.N_TRIPLES):
        yield quad.triple
        if quad.predicate == VERSION_OF:
            yield ox.Triple(stream, member, quad.subject)


def _own(plan: Plan, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{plan.namespace}feed#{name}")


def _node(release: Release, plan: Plan, page: FeedPage | None = None) -> ox.NamedNode:
    """Return where the feed or a page of it is fetched, in the format that the client asks for."""
    return ox.NamedNode(f"{release.base_url}{quote(path(plan))}{f'/{page.number}' if page else ''}")
