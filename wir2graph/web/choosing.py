"""What a visitor chooses on a page by the parameters of its address: facets, order and part of a list, a search."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

from wir2graph.formats import TABLES, split_suffix
from wir2graph.pages.folder import Folder
from wir2graph.pages.listing import PAGE, SORT, narrowing
from wir2graph.release import Release
from wir2graph.represent import table
from wir2graph.represent.base import Address
from wir2graph.urls import localised, table_path
from wir2graph.web.resolve import Missing, Redirect, Show

_MOST_PARAMETERS = 50


def chosen(release: Release, address: Address, query: bytes) -> Show | Redirect | Missing:
    """Return what a request for a page or a table asks for with its query string.

    A single value of a single facet has an address of its own, to which the request is sent. Parameters that the page
    does not have are ignored, as others put theirs on any link; a value that is not there is missing.
    """
    plain = Show(address)
    folder = release.pages.index.folders.get(address.page or "")
    if folder is None or address.parameters or not query:
        return plain
    try:
        given = dict(parse_qsl(query.decode("latin-1"), max_num_fields=_MOST_PARAMETERS))
    except ValueError:
        return plain
    asked = {name: given[name] for name in folder.asks if name in given}
    if folder.list is not None and address.table in (None, folder.list.table):
        plan = release.plan(address.plan) if address.plan else None
        narrowed = narrowing(folder.list, release.pages.index.choices(folder, plan), given)
        if narrowed is None:
            return Missing()
        asked |= narrowed
        if (target := _own_address(release, folder, address, asked)) is not None:
            return Redirect(308, target)
    return Show(replace(address, parameters=tuple(asked.items()))) if asked else plain


def parameters_of(release: Release, address: Address) -> tuple[str, ...]:
    """Return the names of the parameters with which a page or a table can be asked."""
    folder = release.pages.index.folders.get(address.page or "")
    if folder is None or address.parameters:
        return ()
    if folder.list is None or address.table not in (None, folder.list.table):
        return folder.asks
    return (*folder.asks, *(facet.parameter for facet in folder.list.facets), SORT, PAGE)


def unpublished_table(release: Release, path: str) -> Address | None:
    """Return the address of a table of a page that is made only when it is asked for, or None."""
    stem, item = split_suffix(path)
    page_path, _, name = stem.rpartition("/")
    if item not in TABLES:
        return None
    addresses = release.addresses()
    page = addresses.get(page_path) or addresses.get(f"{page_path}/")
    if page is None or page.kind != "page" or name not in release.pages.index.folders[page.page or ""].tables:
        return None
    return table.of_page(page, name, item)


def _own_address(release: Release, folder: Folder, address: Address, asked: dict[str, str]) -> str | None:
    assert folder.list is not None
    if len(asked) != 1:
        return None
    (name, value), = asked.items()
    if name not in {facet.parameter for facet in folder.list.facets}:
        return None
    language = address.language or ""
    page = localised(f"/{address.plan}/{folder.route}/{name}/{value}", language)
    if address.table is None:
        return page
    item = next(item for item in TABLES if item.media_type == address.media_type)
    return table_path(page, address.table, item)
