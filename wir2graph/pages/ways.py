"""Where a page leads: the way to it, the menus, the same page in other languages, its data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote, urlencode

from wir2graph.formats import Format, by_media_type
from wir2graph.pages.folder import Folder
from wir2graph.pages.index import LANGUAGES, PageIndex
from wir2graph.pages.model import Reference, Value
from wir2graph.pages.permalink import parameters, quoted
from wir2graph.pages.values import Values
from wir2graph.plan import Plan
from wir2graph.represent import dump
from wir2graph.represent.base import Address
from wir2graph.store.base import DatasetClause
from wir2graph.urls import ENDPOINT, localised, relative


class Ways:
    """The references of one page; `plan` is the one that it belongs to."""

    def __init__(
        self, index: PageIndex, address: Address, folder: Folder, plan: Plan | None, values: Values,
    ) -> None:
        self._index = index
        self._address = address
        self._folder = folder
        self._plan = plan
        self._values = values
        self._language = values.language

    def crumbs(self, above: Sequence[Value]) -> tuple[Reference, ...]:
        """Return the way from the start to the page, by the list that it belongs to and by what is `above` it."""
        found = []
        if self._plan is not None and not (self._folder.route == "" and self._address.plan):
            found.append(Reference(self._index.texts[self._language]["start"], self.start(self._plan)))
            # What is chosen in a list is a part of it.
            part = self._folder.list is not None and bool(self._address.parameters)
            lists = (folder for folder in self._sections() if part or folder.name != self._folder.name)
            found += [Reference(folder.title[self._language], self._list(folder)) for folder in lists]
        return (*found, *(Reference(item.text, item.href or "", language=item.lang) for item in above if item.href))

    def _sections(self) -> list[Folder]:
        """Return the list that the page belongs to, and before it the page that leads to that list."""
        section = self._index.by_route.get(self._folder.section or "")
        hub = self._index.by_route.get(section.hub or "") if section else None
        return [folder for folder in (hub, section) if folder is not None]

    def menu(self, folders: Iterable[Folder]) -> tuple[Reference, ...]:
        """Return a menu of the pages of these folders."""
        here = {folder.name for folder in self._sections()}
        return tuple(
            Reference(f.title[self._language], self._list(f), current=f.name in here)
            for f in folders if self._index.offered(f, self._plan)
        )

    def _list(self, folder: Folder) -> str:
        return relative(self._address.path, localised(self.root(folder), self._language))

    def root(self, folder: Folder) -> str:
        """Return the German address of the page of a list."""
        base = f"/{self._plan.slug}/" if folder.scope not in ("release", "plans") and self._plan else "/"
        return f"{base}{folder.route}"

    def start(self, plan: Plan) -> str:
        """Return the reference to the first page of a plan."""
        return relative(self._address.path, localised(f"/{plan.slug}/", self._language))

    def languages(self, asking: str) -> tuple[Reference, ...]:
        """Return the page in each language; `asking` is the query string of what is asked there."""
        paths = {a.language: a.path for a in self._index.release.alternates(self._address.resource) if a.kind == "page"}
        return tuple(
            Reference(self._index.texts[tag]["language"], relative(self._address.path, paths[tag]) + asking,
                      language=tag, current=tag == self._language)
            for tag in LANGUAGES if tag in paths
        )

    def formats(self) -> tuple[Reference, ...]:
        """Return what the page shows as data."""
        others = (a for a in self._index.release.alternates(self._address.resource) if a.kind != "page")
        return tuple(self._reference(address) for address in others)

    def dumps(self) -> tuple[Reference, ...]:
        """Return the whole plan as files, with their sizes."""
        if self._plan is None:
            return ()
        others = self._index.release.alternates(f"/{self._plan.slug}/dumps/{self._plan.slug}")
        return tuple(
            replace(self._reference(address), size=self._values.size(dump.size(self._index.release, address)))
            for address in others
        )

    def asking(self, asked: Mapping[str, str]) -> str:
        """Return the query string of parameters (names and values); a page whose address says them all has none."""
        if self._folder.route is None or self._address.path != localised(self.root(self._folder), self._language):
            return ""
        string = urlencode(asked, quote_via=quote)
        return f"?{string}" if string else ""

    def run(self, query: str, format: Format) -> str:
        """Return the reference to the result of a query."""
        return f"{relative(self._address.path, ENDPOINT)}?query={quoted(query)}&as={format.name}"

    def form(self, query: str) -> str:
        """Return the reference that opens a query in the form, with its result."""
        path = localised(ENDPOINT, self._language)
        asked = parameters(query, DatasetClause(), self._index.worked_names)
        return f"{relative(self._address.path, path)}?{asked}"

    def _reference(self, address: Address) -> Reference:
        item = by_media_type(address.media_type)
        name = item.label if item else address.media_type
        return Reference(name, relative(self._address.path, address.path), media_type=address.media_type)
