"""A query as the lines of a program that asks it: for the command line, for Python and for R.

Each is a program as it stands, whatever characters the query has: the rules of quoting are those of each language.
"""

from __future__ import annotations

import shlex
from typing import Final

from wir2graph.formats import CSV, TURTLE
from wir2graph.pages.permalink import graphs
from wir2graph.store.base import DatasetClause
from wir2graph.store.querytext import GRAPH_FORMS, query_form

_PYTHON_READS: Final = {
    "SELECT": ('for row in client.queryAndConvert()["results"]["bindings"]:',
               '    print({name: term["value"] for name, term in row.items()})'),
    "ASK": ('print(client.queryAndConvert()["boolean"])',),
    "CONSTRUCT": ("print(client.queryAndConvert().decode())",),
    "DESCRIBE": ("print(client.queryAndConvert().decode())",),
}


def curl(address: str, query: str, dataset: DatasetClause) -> str:
    """Return the line for a POSIX shell that fetches the result as CSV, a graph as Turtle, from the endpoint."""
    accept = TURTLE if query_form(query) in GRAPH_FORMS else CSV
    fields = [f"query={query}", *(f"default-graph-uri={iri}" for iri in dataset.default),
              *(f"named-graph-uri={iri}" for iri in dataset.named)]
    data = " ".join(f"--data-urlencode {shlex.quote(field)}" for field in fields)
    return f"curl {shlex.quote(address)} -H 'Accept: {accept.media_type}' {data}"


def python(address: str, query: str, dataset: DatasetClause) -> str:
    """Return a program that prints the result with SPARQLWrapper."""
    form = query_form(query)
    returned = "TURTLE" if form in GRAPH_FORMS else "JSON"
    return "\n".join([
        f"from SPARQLWrapper import {returned}, POST, SPARQLWrapper", "",
        f"client = SPARQLWrapper({address!r})", "client.setMethod(POST)", f"client.setReturnFormat({returned})",
        f"client.setQuery({_python_text(query)})",
        *(f"client.addDefaultGraph({iri!r})" for iri in dataset.default),
        *(f"client.addNamedGraph({iri!r})" for iri in dataset.named),
        *_PYTHON_READS.get(form, _PYTHON_READS["SELECT"]),
    ])


def r(address: str, query: str, dataset: DatasetClause) -> str:
    """Return a program for R (4.0 or later, without packages) that prints the result.

    It asks by GET: for queries that fit in an address.
    """
    form = query_form(query)
    returned = TURTLE if form in GRAPH_FORMS else CSV
    fixed = f"{address}?as={returned.name}{graphs(dataset)}&query="
    reads: tuple[str, ...] = ('writeLines(readLines(address, encoding = "UTF-8"))',)
    if form == "SELECT":
        reads = ('result <- read.csv(address, encoding = "UTF-8", check.names = FALSE)', "print(result)")
    return "\n".join([
        f"query <- {_r_text(query)}", f"address <- paste0({_r_text(fixed)}, URLencode(query, reserved = TRUE))", *reads,
    ])


def _python_text(text: str) -> str:
    """Return a literal that is easy to read, where the text allows it."""
    plain = all(character.isprintable() or character in "\n\t" for character in text)
    if not plain or '"""' in text or text.endswith(('"', "\\")):
        return repr(text)
    return f'r"""{text}"""'


def _r_text(text: str) -> str:
    """Return a raw string constant of R: it ends with as many dashes as the text does not have after `)`."""
    dashes = ""
    while f"){dashes}\"" in text:
        dashes += "-"
    return f'r"{dashes}({text}){dashes}"'
