"""Every file format the site speaks: its suffix, its media type and the name a reader knows it by.

Only the suffixes named here are suffixes: in `/…/oe/18.63` the dot belongs to the code of the office.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox


@dataclass(frozen=True)
class Format:
    """One format. `name` is the suffix without its dot; `rdf` is set when it serialises RDF.

    `graphs` says whether it can tell which named graph a triple comes from.
    """

    name: str
    media_type: str
    label: str
    rdf: ox.RdfFormat | None = None
    graphs: bool = False
    charset: bool = False

    @property
    def content_type(self) -> str:
        """Return the Content-Type field: the media type, with the charset where one must be said."""
        media_type = self.media_type.partition(";")[0]
        return f"{media_type}; charset=utf-8" if self.charset else media_type


HTML: Final = Format("html", "text/html", "HTML", charset=True)
TURTLE: Final = Format("ttl", "text/turtle", "Turtle", ox.RdfFormat.TURTLE, charset=True)
JSON_LD: Final = Format("jsonld", "application/ld+json", "JSON-LD", ox.RdfFormat.JSON_LD)
RDF_XML: Final = Format("rdf", "application/rdf+xml", "RDF/XML", ox.RdfFormat.RDF_XML)
N_TRIPLES: Final = Format("nt", "application/n-triples", "N-Triples", ox.RdfFormat.N_TRIPLES)
TRIG: Final = Format("trig", "application/trig", "TriG", ox.RdfFormat.TRIG, graphs=True)
N_QUADS: Final = Format("nq", "application/n-quads", "N-Quads", ox.RdfFormat.N_QUADS, graphs=True)
JSON: Final = Format("json", "application/json", "JSON")
CSV: Final = Format("csv", "text/csv", "CSV", charset=True)
RESULTS_JSON: Final = Format("srj", "application/sparql-results+json", "SPARQL JSON")
RESULTS_XML: Final = Format("srx", "application/sparql-results+xml", "SPARQL XML")
TSV: Final = Format("tsv", "text/tab-separated-values", "TSV", charset=True)
# What a German Excel opens by a double click: semicolons, decimal commas, a byte order mark. The dialect is a name
# among us only: neither Accept nor Content-Type knows it.
CSV_DE: Final = Format("csv-de", "text/csv;dialect=german-excel", "CSV (deutsches Excel)", charset=True)
ICS: Final = Format("ics", "text/calendar", "iCalendar", charset=True)
XLSX: Final = Format(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel (XLSX)",
)
# Only of what stands beside a dataset: no path leaves it open whether it is meant.
MARKDOWN: Final = Format("md", "text/markdown", "Markdown", charset=True)
ATOM: Final = Format("atom", "application/atom+xml", "Atom")
# Link sets (RFC 9264).
LINKSET: Final = Format("linkset", "application/linkset", "Linkset")
LINKSET_JSON: Final = Format("linksetjson", "application/linkset+json", "Linkset (JSON)")

# In the server's order of preference, which decides when a client weighs them the same.
DATA: Final = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES, TRIG, JSON, CSV)
VOCABULARY: Final = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES)
DUMP: Final = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES, TRIG, N_QUADS)
FEED: Final = (TURTLE, TRIG, JSON_LD, N_TRIPLES)
GRAPH_RESULTS: Final = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES, TRIG, N_QUADS)
TABLE_RESULTS: Final = (RESULTS_JSON, RESULTS_XML, CSV, TSV)
TABLES: Final = (CSV, XLSX)
LINKSETS: Final = (LINKSET_JSON, LINKSET)
RESULTS: Final = (HTML, *TABLE_RESULTS, CSV_DE, *GRAPH_RESULTS)
ALL: Final = (HTML, *DUMP, JSON, *TABLE_RESULTS, XLSX, ICS, ATOM, *LINKSETS)

_BY_NAME: Final = {item.name: item for item in (*ALL, CSV_DE)}
_BY_MEDIA_TYPE: Final = {item.media_type: item for item in (*ALL, MARKDOWN)}


def by_name(name: str) -> Format | None:
    """Return the format of a suffix (without its dot), or None."""
    return _BY_NAME.get(name)


def by_media_type(media_type: str) -> Format | None:
    """Return the format of a media type; parameters and case do not matter."""
    return _BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower())


def split_suffix(path: str) -> tuple[str, Format | None]:
    """Return a path without its suffix and the suffix's format; (path, None) if it ends in none of ours."""
    stem, dot, name = path.rpartition(".")
    found = _BY_NAME.get(name) if dot and stem else None
    return (stem, found) if found else (path, None)
