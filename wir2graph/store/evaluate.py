"""Answer one query on an opened store: its dataset, its form, its serialisation. Runs inside a worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, Final

import pyoxigraph as ox

from .base import BadQuery, DatasetClause, Limits
from .describe import describe
from .querytext import Outline, Token, outline, place
from .serialize import write_graph, write_table
from .syntaxerror import explain

_CACHED_QUADS: Final = 50_000
_WITH_GRAPHS: Final = frozenset({"application/trig", "application/n-quads"})


class Evaluator:
    """One store and the dataset that was last merged from several of its graphs."""

    def __init__(self, store: ox.Store, prefixes: Mapping[str, str]) -> None:
        self._store = store
        self._prefixes = dict(prefixes)
        self._merged: tuple[DatasetClause, ox.Store] | None = None

    def answer(
        self, query: str, requested: DatasetClause, media_type: str, limits: Limits, output: IO[bytes],
    ) -> None:
        """Write the answer to a query as `media_type`; a requested dataset overrides that of the query.

        Raises BadQuery, QueryTooComplex, NotExpressible, MemoryError, and whatever `output` raises.
        """
        found = outline(query, limits)
        try:
            dataset = self._dataset(query, found, requested)
            if found.form == "DESCRIBE":
                triples = self._describe(query, found, dataset)
                # The formats with graphs tell which of them say a triple, as those of the data documents do.
                told = triples if dataset or media_type not in _WITH_GRAPHS else self._told(triples)
                write_graph(told, media_type, self._prefixes, output)
                return
            store, arguments = self._target(dataset)
            result = store.query(query, **arguments)
        except SyntaxError as error:
            raise explain(query, str(error)) from None
        except (ValueError, RuntimeError) as error:
            raise BadQuery(str(error)) from None
        if isinstance(result, ox.QueryTriples):
            write_graph(result, media_type, self._prefixes, output)
        else:
            write_table(result, media_type, output)

    def _dataset(self, query: str, found: Outline, requested: DatasetClause) -> DatasetClause | None:
        """Return the dataset asked for, each graph once; None for that of the store itself.

        Raises BadQuery for a graph that is not here: others would fetch it, or answer as if it were empty.
        """
        if requested:
            for iri in (*requested.default, *requested.named):
                self._demand(iri)
            return _sorted(requested.default, requested.named)
        default, named = found.graphs()
        prologue = query[:found.form_at]
        places = {
            iri: place(query, token.start)
            for token, iri in zip((*default, *named), _resolve(prologue, (*default, *named)), strict=True)
        }
        for iri, position in places.items():
            self._demand(iri, *position)
        if not places:
            return None
        return _sorted(_resolve(prologue, default), _resolve(prologue, named))

    def _demand(self, iri: str, line: int | None = None, column: int | None = None) -> None:
        if not self._store.contains_named_graph(ox.NamedNode(iri)):
            raise BadQuery(f"There is no graph <{iri}> here, and none is fetched from elsewhere.", line, column)

    def _target(self, dataset: DatasetClause | None) -> tuple[ox.Store, dict[str, Any]]:
        """Return the store to ask and the arguments that choose its graphs.

        The arguments override FROM in the query, which the engine would answer by counting a triple once for
        each of the graphs.
        """
        if dataset is None:
            return self._store, {}
        named = [ox.NamedNode(iri) for iri in dataset.named]
        if len(dataset.default) > 1:
            return self._merge(dataset), {"default_graph": ox.DefaultGraph(), "named_graphs": named}
        default = [ox.NamedNode(iri) for iri in dataset.default]
        return self._store, {"default_graph": default, "named_graphs": named}

    def _merge(self, dataset: DatasetClause) -> ox.Store:
        """Return a store whose default graph holds each triple of several graphs once."""
        if self._merged is not None and self._merged[0] == dataset:
            return self._merged[1]
        self._merged = None
        merged = ox.Store()
        for iri in dataset.default:
            merged.extend(ox.Quad(*quad.triple) for quad in self._graph(iri))
        for iri in dataset.named:
            merged.extend(self._graph(iri))
        if len(merged) <= _CACHED_QUADS:
            self._merged = dataset, merged
        return merged

    def _graph(self, iri: str) -> Iterator[ox.Quad]:
        return self._store.quads_for_pattern(None, None, None, ox.NamedNode(iri))

    def _describe(self, query: str, found: Outline, dataset: DatasetClause | None) -> Iterator[ox.Triple]:
        """Return, each once, the triples that the data documents of the described resources hold."""
        ox.Store().query(query)  # reports syntax errors at their place: what follows asks a rewritten query
        store = self._store if dataset is None else self._merge(dataset)
        arguments: dict[str, Any] = {}
        if dataset is not None:
            named = [ox.NamedNode(iri) for iri in dataset.named]
            arguments = {"default_graph": ox.DefaultGraph(), "named_graphs": named}
        targets = found.described()
        terms = [token for token in targets if token.kind in ("iri", "name")]
        resources = dict.fromkeys(_resolve(query[:found.form_at], terms))
        if len(terms) < len(targets) and found.has_pattern():
            solutions = store.query(_as_select(query, found), **arguments)
            assert isinstance(solutions, ox.QuerySolutions)
            for solution in solutions:
                resources |= {term.value: None for term in solution if isinstance(term, ox.NamedNode)}
        return _once(triple for iri in resources for triple in describe(store, iri))


    def _told(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
        """Yield the triples in each named graph that says them; in the default graph where only that does."""
        for triple in triples:
            quads = list(self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))
            named = [quad for quad in quads if quad.graph_name != ox.DefaultGraph()]
            yield from named or quads


def _once(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    seen: set[ox.Triple] = set()
    for triple in triples:
        if triple not in seen:
            seen.add(triple)
            yield triple


def _sorted(default: Iterable[str], named: Iterable[str]) -> DatasetClause:
    return DatasetClause(tuple(sorted({*default})), tuple(sorted({*named})))


def _resolve(prologue: str, terms: Sequence[Token]) -> tuple[str, ...]:
    """Return the IRIs that IRI references and prefixed names stand for after a query's prologue."""
    if not terms:
        return ()
    values = " ".join(token.text for token in terms)
    solutions = ox.Store().query(f"{prologue} SELECT ?term {{ VALUES ?term {{ {values} }} }}")
    assert isinstance(solutions, ox.QuerySolutions)
    return tuple(solution["term"].value for solution in solutions)


def _as_select(query: str, found: Outline) -> str:
    """Return the SELECT query for the variables of a DESCRIBE query."""
    characters = list(query)
    characters[found.form_at:found.form_at + len("DESCRIBE")] = "SELECT  "
    for token in found.described():
        if token.kind in ("iri", "name"):
            characters[token.start:token.start + len(token.text)] = " " * len(token.text)
    return "".join(characters)


