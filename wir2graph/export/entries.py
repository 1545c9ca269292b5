"""What a server of files must know of a release beyond the files: what each path has to offer, as rows of tables.

Everything here is read off the directory and the links that the live server uses, so that both answer the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from wir2graph.export.files import Written
from wir2graph.export.links import template
from wir2graph.formats import HTML
from wir2graph.release import Release
from wir2graph.urls import relative
from wir2graph.web.problems import Problem
from wir2graph.web.resolve import Directory, Gone, Menu, Redirect, Show
from wir2graph.web.told import gone

_NOTHING: Final = "-"


@dataclass(frozen=True)
class Entry:
    """What a path has to offer, where it is not simply the file that lies there.

    `kind`: "page" (data are elsewhere), "either" (page and data at the same path), "data" (formats at the same path),
    "thing" (both are elsewhere), "alias" (only another address), "gone". `menu` is its place in `Entries.menus`. `page`
    leads to the page, `data` to the data without suffix, as references from the path; `page` of "gone" is its number.
    """

    path: str
    kind: str
    menu: int | None = None
    page: str = _NOTHING
    data: str = _NOTHING


@dataclass
class Entries:
    """All rows: `menus` are names of formats in order of preference, first and further ones; `types` their media types.

    `links` are templates, `known` gives for each path the place of its template and the language of what stands there.
    `gone` are the problems of withdrawn identifiers, by number.
    """

    entries: list[Entry] = field(default_factory=list)
    menus: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=lambda: [""])
    known: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    gone: list[tuple[str, Problem]] = field(default_factory=list)


def read_entries(release: Release, directory: Directory, written: Iterable[Written]) -> Entries:
    """Return the rows of a release whose files are written. Raises ValueError for what they cannot express."""
    found = Entries()
    menus: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    templates = {"": 0}

    def know(path: str, links: str, language: str | None) -> None:
        found.known[path] = templates.setdefault(links, len(templates)), language

    for item in sorted(written, key=lambda item: item.path):
        know(item.path, item.links, item.language)
    for path in directory.paths():
        offer = directory.offers(path)
        if isinstance(offer, Menu):
            menu = _names(found, offer.first), _names(found, offer.further)
            found.entries.append(_entry(path, offer, menus.setdefault(menu, len(menus))))
        elif isinstance(offer, Redirect):
            found.entries.append(Entry(path, "alias", page=relative(path, offer.target)))
        elif isinstance(offer, Gone):
            problem, links = gone(path, offer, release)
            found.entries.append(Entry(path, "gone", page=str(len(found.gone))))
            found.gone.append((path, problem))
            know(path, template(path, links), problem.language)
    found.menus, found.links = list(menus), list(templates)
    paths = [*found.known, *(entry.path for entry in found.entries)]
    if len({path.rstrip("/") for path in paths}) < len(set(paths)):
        raise ValueError("two addresses differ only by a slash at their end")
    return found


def _names(found: Entries, part: Mapping[str, Show | Redirect]) -> tuple[str, ...]:
    """Return the names of the formats that a part of a menu offers: the suffix of what each leads to."""
    names = []
    for media_type, way in part.items():
        name = HTML.name if media_type == HTML.media_type else _target(way).rpartition(".")[2]
        if found.types.setdefault(name, media_type) != media_type or not name.isalnum():
            raise ValueError(f"{_target(way)}: .{name} stands for {found.types[name]} elsewhere")
        names.append(name)
    return tuple(names)


def _entry(path: str, offer: Menu, menu: int) -> Entry:
    ways = {**offer.further, **offer.first}
    page = ways.pop(HTML.media_type, None)
    shown = {isinstance(way, Show) for way in ways.values()}
    stems = {_target(way).rpartition(".")[0] for way in ways.values()}
    if len(stems) > 1 or len(shown) > 1 or (True in shown and stems != {path}):
        raise ValueError(f"{path}: its formats do not stand beside each other")
    data = relative(path, stems.pop()) if stems and True not in shown else _NOTHING
    if isinstance(page, Show):
        return Entry(path, "either" if True in shown else "page", menu, data=data)
    if True in shown:
        return Entry(path, "data", menu)
    return Entry(path, "thing", menu, relative(path, page.target) if page else _NOTHING, data)


def _target(way: Show | Redirect) -> str:
    return way.address.path if isinstance(way, Show) else way.target
