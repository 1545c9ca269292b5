"""The vocabulary as documents: `/def` (ontology and code lists) and `/shapes`, each in every RDF format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from wir2graph.formats import VOCABULARY, by_media_type
from wir2graph.plan import CODELIST_GRAPH, ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.represent.rdf import canonical_blank_nodes, serialise

if TYPE_CHECKING:
    from wir2graph.release import Release

# The document's address, the IRI it is about, and the graphs it shows.
_DOCUMENTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = MappingProxyType({
    "/def": (ONTOLOGY_GRAPH, (ONTOLOGY_GRAPH, CODELIST_GRAPH)),
    "/shapes": (SHAPES_GRAPH, (SHAPES_GRAPH,)),
})


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the documents: `/def.<suffix>` and `/shapes.<suffix>`."""
    for path, (subject, _) in _DOCUMENTS.items():
        for item in VOCABULARY:
            name = f"{path}.{item.name}"
            yield Address(name, "vocabulary", item.media_type, resource=path, subject=subject)


def represent(release: Release, address: Address) -> Representation:
    """Return one document. Raises ValueError for an address that is not a vocabulary document's."""
    item = by_media_type(address.media_type)
    if item is None or address.resource not in _DOCUMENTS:
        raise ValueError(f"not the address of a vocabulary document: {address.path}")
    _, graphs = _DOCUMENTS[address.resource]
    union = " UNION ".join(f"{{ GRAPH <{graph}> {{ ?s ?p ?o }} }}" for graph in graphs)
    triples = canonical_blank_nodes(release.store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {union} }}"))
    body = serialise(triples, item, PREFIXES)
    return Representation(
        address.media_type, None, body, strong_etag(body), release.built, links(release, address),
    )
