"""Linksets (RFC 9264): all links of a plan as a dataset in one document, `/<plan>/links.<suffix>`.

What does not fit into header fields stands here: for each landing page all files and all metadata, for each of these
the way back. All addresses are complete, as a linkset is kept apart from what it tells of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from wir2graph.formats import HTML, LINKSET_JSON, LINKSETS
from wir2graph.plan import Plan
from wir2graph.represent.base import Address, Link, Representation, strong_etag
from wir2graph.represent.links import files, is_landing, landing_links, landing_path, links, metadata
from wir2graph.urls import absolute, linkset_path

if TYPE_CHECKING:
    from wir2graph.release import Release

Contexts = Sequence[tuple[str, Sequence[Link]]]


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the linkset of each plan, in both formats."""
    for plan in release.plans:
        resource = linkset_path(plan)
        for item in LINKSETS:
            yield Address(f"{resource}.{item.name}", "linkset", item.media_type, resource=resource, plan=plan.slug)


def represent(release: Release, address: Address) -> Representation:
    """Return one linkset. Raises ValueError for an address that is not a linkset's."""
    if address.kind != "linkset" or address.plan is None:
        raise ValueError(f"not the address of a linkset: {address.path}")
    found = [
        (absolute(release.base_url, path), [_complete(release, link) for link in told])
        for path, told in _contexts(release, release.plan(address.plan))
    ]
    body = _as_json(found) if address.media_type == LINKSET_JSON.media_type else _as_text(found)
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address),
    )


def _contexts(release: Release, plan: Plan) -> Iterator[tuple[str, list[Link]]]:
    """Yield each address of which the linkset tells, with its links."""
    held, about = files(release, plan), metadata(release, plan)
    licence, landing = Link(plan.licence, "license"), landing_path(release, plan)
    for address in release.addresses().values():
        if is_landing(address) and address.plan == plan.slug:
            yield address.path, [*landing_links(release, plan, held), licence]
    for address in held:
        yield address.path, [Link(landing, "collection", HTML.media_type), licence]
    for address in about:
        yield address.path, [Link(landing, "describes", HTML.media_type)]


def _complete(release: Release, link: Link) -> Link:
    if not link.target.startswith("/"):
        return link
    return Link(absolute(release.base_url, link.target), link.rel, link.media_type, link.language)


def _as_json(contexts: Contexts) -> bytes:
    found = []
    for anchor, told in contexts:
        context: dict[str, str | list[Mapping[str, str]]] = {"anchor": anchor}
        for rel in dict.fromkeys(link.rel for link in told):
            context[rel] = [
                {"href": link.target} | ({"type": link.media_type} if link.media_type else {})
                for link in told if link.rel == rel
            ]
        found.append(context)
    return json.dumps({"linkset": found}, ensure_ascii=False, indent=1).encode() + b"\n"


def _as_text(contexts: Contexts) -> bytes:
    lines = []
    for anchor, told in contexts:
        for link in told:
            kind = f'; type="{link.media_type}"' if link.media_type else ""
            lines.append(f'<{link.target}>; rel="{link.rel}"; anchor="{anchor}"{kind}')
    return (",\n".join(lines) + "\n").encode()
