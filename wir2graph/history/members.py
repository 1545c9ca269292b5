"""The members of the change feed: each is one thing as one version has it, and never changes any more.

A member carries all triples of the thing, with the member as their subject, the thing that it is a version of, and the
day. A thing that is no longer there has a member that says so (`as:Delete`). See
https://w3id.org/ldes/specification, versioning of members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

import pyoxigraph as ox

from wir2graph.history.versions import Version, iri_of
from wir2graph.plan import PREFIXES, Plan

VERSION_OF: Final = ox.NamedNode(PREFIXES["dcterms"] + "isVersionOf")
TIMESTAMP: Final = ox.NamedNode(PREFIXES["dcterms"] + "modified")
TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
DELETE: Final = ox.NamedNode("https://www.w3.org/ns/activitystreams#Delete")

# Clients know the pages by their numbers: another size would give them other contents.
_PAGE_SIZE: Final = 250


def pages(
    plan: Plan, version: Version, before: Iterable[ox.Triple], after: Iterable[ox.Triple],
) -> Iterator[list[ox.Triple]]:
    """Yield the pages of the feed that a version adds, from the default graphs before and after, in order.

    A version begins a page of its own, so that no page changes with a later version.
    """
    members = _members(plan, version, _by_subject(before), _by_subject(after))
    while page := list(islice(members, _PAGE_SIZE)):
        yield [triple for member in page for triple in member]


def moment(version: Version) -> ox.Literal:
    """Return when a version was published: its day, as a moment."""
    return ox.Literal(f"{version.name}T00:00:00Z", datatype=ox.NamedNode(PREFIXES["xsd"] + "dateTime"))


def member_iri(plan: Plan, version: Version, iri: str) -> str:
    """Return the IRI of a thing as a version has it: a place in the version, where it is shown what changed."""
    own = f"{plan.namespace}id/"
    name = iri.removeprefix(own) if iri.startswith(own) else iri
    return f"{iri_of(plan, version.name)}#{name.replace('%', '%25').replace('#', '%23')}"


def _members(
    plan: Plan, version: Version, before: Mapping[str, set[ox.Triple]], after: Mapping[str, set[ox.Triple]],
) -> Iterator[list[ox.Triple]]:
    for iri in sorted({*before, *after}):
        said = after.get(iri, set())
        if said != before.get(iri):
            member = ox.NamedNode(member_iri(plan, version, iri))
            own = [ox.Triple(member, t.predicate, t.object) for t in said] or [ox.Triple(member, TYPE, DELETE)]
            own += [ox.Triple(member, VERSION_OF, ox.NamedNode(iri)), ox.Triple(member, TIMESTAMP, moment(version))]
            yield sorted(own, key=str)


def _by_subject(triples: Iterable[ox.Triple]) -> Mapping[str, set[ox.Triple]]:
    found: dict[str, set[ox.Triple]] = defaultdict(set)
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode):
            found[triple.subject.value].add(triple)
    return found
