"""What the doctor knows of a deployment: its address, and what it says of itself where one looks for that first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from rdflib import FOAF, RDF, Graph, Namespace, URIRef

from wir2graph.doctor.client import Answer, Client, Unreachable
from wir2graph.operator import Operator

VOID: Final = Namespace("http://rdfs.org/ns/void#")
TURTLE: Final = "text/turtle"


@dataclass(frozen=True)
class Place:
    """One plan of the deployment: its address without a slash at the end, the base of its IRIs, and some of these."""

    url: str
    namespace: str
    dataset: str
    examples: tuple[str, ...]
    dumps: tuple[str, ...]

    @property
    def example(self) -> str | None:
        """Return an IRI to try: of a measure, if there is one."""
        return next((iri for iri in self.examples if "/massnahme/" in iri), self.examples[0] if self.examples else None)

    def local(self, iri: str) -> str:
        """Return where an IRI of the plan is served."""
        return f"{self.url}/{iri.removeprefix(self.namespace)}"


class Site:
    """A deployment at `url` (without a slash at its end). `operator` are its settings, where they are at hand."""

    def __init__(self, url: str, client: Client, operator: Operator | None = None) -> None:
        self.url = url
        self.client = client
        self.operator = operator
        parts = urlsplit(url)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.prefix = parts.path
        self.is_local = parts.hostname in ("localhost", "127.0.0.1", "::1")

    @property
    def endpoint(self) -> str:
        """Return the address of the SPARQL endpoint."""
        return f"{self.url}/sparql"

    @cached_property
    def void(self) -> Graph:
        """What the site says of its data; empty where it says nothing that can be read."""
        return self.graph(f"{self.url}/void.ttl") or Graph()

    @cached_property
    def plans(self) -> tuple[Place, ...]:
        """The plans of which the site tells."""
        return tuple(sorted(self._plans(), key=lambda plan: plan.url))

    @cached_property
    def catalogue(self) -> Graph:
        """The catalogue; empty where there is none that can be read."""
        return self.graph(f"{self.url}/catalog.ttl") or Graph()

    def graph(self, url: str) -> Graph | None:
        """Return the graph at a URL, or None where no Turtle can be read, whatever type it is said to have."""
        try:
            answer = self.client.follow(url, TURTLE)
            return read(answer, TURTLE) if answer.ok else None
        except (Unreachable, ValueError):
            return None

    def _plans(self) -> Iterator[Place]:
        for dataset in self.void.subjects(RDF.type, VOID.Dataset):
            space = self.void.value(dataset, VOID.uriSpace)
            homes = [str(home).rstrip("/") for home in self.void.objects(dataset, FOAF.homepage)]
            if space is None or not homes or not str(space).endswith("id/"):
                continue
            # The German page has the address without a language.
            slug = min(homes, key=len).rpartition("/")[2]
            yield Place(
                f"{self.url}/{slug}", str(space).removesuffix("id/"), str(dataset),
                tuple(sorted(str(iri) for iri in self.void.objects(dataset, VOID.exampleResource))),
                tuple(sorted(str(iri) for iri in self.void.objects(dataset, VOID.dataDump))),
            )


def read(answer: Answer, media_type: str | None = None) -> Graph:
    """Return the graph of an answer, as its media type or as this one. Raises ValueError where it is none."""
    try:
        return Graph().parse(data=answer.decoded, format=media_type or answer.media_type, publicID=answer.url)
    except Exception as fault:  # parsers of rdflib let errors of many kinds through
        raise ValueError(f"{type(fault).__name__}: {fault}") from fault


def values(graph: Graph, *predicates: URIRef) -> list[str]:
    """Return everything that any of these properties leads to, each once."""
    return sorted({str(value) for predicate in predicates for value in graph.objects(None, predicate)})
