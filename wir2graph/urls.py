"""Where an IRI is served, and references from one page to another.

A plan's namespace followed by a path is served at `/<slug>/` followed by that path; the vocabulary and the shapes are
served at `/def` and `/shapes`. Addresses are absolute paths under the root of the site, percent-decoded.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from wir2graph.formats import Format
from wir2graph.plan import ONTOLOGY_GRAPH, SHAPES_GRAPH, Plan

ENDPOINT: Final = "/sparql"
"""The address of the SPARQL endpoint, of its page and of its description."""

# What RFC 3986 allows in a path segment, and the slash; everything else is percent-encoded as UTF-8.
_SAFE: Final = "/~!$&'()*+,;=:@"
_ROOTS: Final = ((ONTOLOGY_GRAPH, "/def"), (SHAPES_GRAPH, "/shapes"))


@dataclass(frozen=True)
class Place:
    """Where one resource of a plan is found. `kind` and `slug` are the two parts of its IRI after `id/`."""

    plan: Plan
    iri: str
    kind: str
    slug: str

    @property
    def resource(self) -> str:
        """Return the address of the IRI itself, which redirects: `/<plan>/id/<kind>/<slug>`."""
        return f"/{self.plan.slug}/id/{self.kind}/{self.slug}"

    @property
    def data(self) -> str:
        """Return the address of its data document without a suffix."""
        return f"/{self.plan.slug}/data/{self.kind}/{self.slug}"

    def page(self, language: str) -> str:
        """Return the address of its page; German is the default language and has no prefix."""
        return localised(f"/{self.plan.slug}/{self.kind}/{self.slug}", language)


def localised(path: str, language: str) -> str:
    """Return the address of a page in a language: `/en` before it for English, nothing for German."""
    return path if language == "de" else f"/{language}{path}"


def table_path(page: str, table: str, item: Format) -> str:
    """Return the address of a table of a page as a file: below the page, `/<plan>/massnahmen/measures.csv`."""
    return f"{page.rstrip('/')}/{table}.{item.name}"


def absolute(base_url: str, path: str) -> str:
    """Return the complete URL of an address of the site whose base is `base_url`, in ASCII (RFC 3987, 3.1)."""
    return base_url + quote(path, safe=_SAFE)


def dataset_iri(plan: Plan, name: str) -> str:
    """Return the IRI of a dataset of a plan, as the catalogue names it; `gesamt` is the whole plan."""
    return f"{plan.namespace}id/datensatz/{name}"


def linkset_path(plan: Plan) -> str:
    """Return the address of the linkset of a plan without a suffix."""
    return f"/{plan.slug}/links"


def place_of(iri: str, plans: Iterable[Plan]) -> Place | None:
    """Return where a plan's resource is found, or None for any other IRI."""
    for plan in plans:
        base = f"{plan.namespace}id/"
        if iri.startswith(base):
            kind, slash, slug = iri[len(base):].partition("/")
            if kind and slash and slug:
                return Place(plan, iri, kind, slug)
    return None


def vocabulary_path(iri: str) -> str | None:
    """Return `/def#Term` or `/shapes#Rule` for an IRI of the vocabulary or the shapes, else None."""
    for root, path in _ROOTS:
        if iri == root or iri.startswith(f"{root}#"):
            return path + iri[len(root):]
    return None


@lru_cache(1024)
def _way(source: str, target: str) -> str:
    return posixpath.relpath(target, source)


@lru_cache(16_384)  # the same things are referred to from the pages of one folder again and again
def _from_folder(folder: str, path: str) -> str:
    """Return a reference from a page in a folder to a path."""
    target, _, name = path.rpartition("/")
    way = _way(folder, target or "/")
    # The last segment is a name in its folder, however deep in that folder the source lies.
    return quote(name if name and way == "." else f"{way}/{name}", safe="/.-_~!$&'()*+,=@")


def relative(source: str, target: str) -> str:
    """Return a reference from the page at `source` to `target`, both absolute paths; percent-encoded, fragment kept.

    Page-relative references survive any prefix or proxy before the site.
    """
    path, hash_, fragment = target.partition("#")
    if not hash_:
        return _from_folder(source.rpartition("/")[0] or "/", path)
    reference = "" if path == source else _from_folder(source.rpartition("/")[0] or "/", path)
    return f"{reference}#{quote(fragment, safe='')}"
