"""The lasting address of a query on its page: the query itself, or the name of a worked question's query."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from wir2graph.sparql.results import worked_name
from wir2graph.store.base import DatasetClause

# Longer addresses do not come through every proxy, mail program and document.
_LONGEST: Final = 4000
_QUOTED: Final = {code: quote(chr(code), safe="") for code in range(128)}


def parameters(query: str, dataset: DatasetClause, worked: Container[str]) -> str:
    """Return the query string that asks a query; `worked` are the names of the worked questions' queries."""
    name = worked_name(query)
    asked = f"worked={name}" if name in worked else f"query={quoted(query)}"
    return asked + graphs(dataset)


def graphs(dataset: DatasetClause) -> str:
    """Return what the query string adds for the graphs that a request names."""
    named = [("default-graph-uri", iri) for iri in dataset.default]
    named += [("named-graph-uri", iri) for iri in dataset.named]
    return "".join(f"&{name}={quoted(iri)}" for name, iri in named)


def part(sort: str | None, page: int) -> str:
    """Return what the query string adds for a part of the result: its order, and its page from the second on."""
    return (f"&sort={quoted(sort)}" if sort else "") + (f"&page={page}" if page > 1 else "")


def is_lasting(parameters: str) -> bool:
    """Tell whether a query string is short enough for a link to keep."""
    return len(parameters) <= _LONGEST


@lru_cache(256)  # a page refers to each of its queries twice, and in each language
def quoted(text: str) -> str:
    """Return a text as a query string carries it."""
    # Pages quote all their queries: translating what has only ASCII takes a tenth of the time.
    return text.translate(_QUOTED) if text.isascii() else quote(text, safe="")
