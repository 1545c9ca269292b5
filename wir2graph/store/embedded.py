"""The store of a release: Oxigraph, in memory here for our own queries, on disk in worker processes for strangers'."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from .base import Capacity, DatasetClause, Limits, Term
from .describe import describe
from .workers import Pool

_MOST_IN_MEMORY: Final = 500_000  # statements, in some 400 MB; a plan with its vocabulary has a tenth of that


class EmbeddedStore:
    """A `Store` (see `base`) on a folder that Oxigraph wrote. The default graph is the one stored there.

    `prefixes` are known to our own queries and used in Turtle; `limits` and `capacity` are for strangers' queries.
    """

    def __init__(
        self, folder: Path, prefixes: Mapping[str, str], limits: Limits | None = None, capacity: Capacity | None = None,
    ) -> None:
        """Open the folder. Raises OSError when there is no store in it."""
        self.limits = limits or Limits()
        self._prefixes = dict(prefixes)
        self._store = _in_memory(ox.Store.read_only(str(folder)))
        self._pool = Pool(folder.resolve(), prefixes, capacity or Capacity())

    @property
    def pool(self) -> Pool:
        """The worker processes."""
        return self._pool

    def select(self, query: str) -> list[dict[str, Term]]:
        """Return the solutions of a SELECT query of our own; unbound variables are left out."""
        result = self._store.query(query, prefixes=self._prefixes)
        if not isinstance(result, ox.QuerySolutions):
            raise ValueError("not a SELECT query")
        names = [variable.value for variable in result.variables]
        return [
            {name: term for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in result
        ]

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query of our own."""
        result = self._store.query(query, prefixes=self._prefixes)
        if not isinstance(result, ox.QueryBoolean):
            raise ValueError("not an ASK query")
        return bool(result)

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT query of our own."""
        result = self._store.query(query, prefixes=self._prefixes)
        if not isinstance(result, ox.QueryTriples):
            raise ValueError("not a CONSTRUCT query")
        return list(result)

    def describe(self, iri: str) -> list[ox.Triple]:
        """Return what the data document of a resource says."""
        return describe(self._store, iri)

    def in_graphs(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
        """Yield the triples once for each named graph that says them."""
        wanted = set(triples)
        for subject, predicate in {(triple.subject, triple.predicate) for triple in wanted}:
            for quad in self._store.quads_for_pattern(subject, predicate, None):
                if quad.triple in wanted and not isinstance(quad.graph_name, ox.DefaultGraph):
                    yield quad

    def warm(self) -> None:
        """Start the workers in the background; call it in the event loop that will serve."""
        self._pool.warm()

    def stream(
        self, query: str, dataset: DatasetClause, media_type: str, limits: Limits | None = None,
        client: str | None = None,
    ) -> AsyncGenerator[bytes, None]:
        """Answer a stranger's query in pieces; see `Store.stream`."""
        return self._pool.stream(query, dataset, media_type, limits or self.limits, client)

    def close(self) -> None:
        """End all workers; queries that still run are ended."""
        self._pool.close()


def _in_memory(on_disk: ox.Store) -> ox.Store:
    """Return a copy in memory, which answers in a fifth of the time, or the store itself where that is too large."""
    if len(on_disk) > _MOST_IN_MEMORY:
        return on_disk
    store = ox.Store()
    for graph in on_disk.named_graphs():
        store.add_graph(graph)
    # The order on disk follows from the content alone, so that solutions of which a query leaves the order open have
    # the same one each time; what came in last is found first.
    store.extend(reversed(list(on_disk)))
    return store
