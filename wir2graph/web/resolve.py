"""What a path and an Accept header ask for: one representation, another address, or nothing that there is.

A pure function over the addresses of a release. The path decides resource, language and, by its suffix, the
format; only where a path leaves the format open does Accept decide.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from wir2graph.formats import DATA, HTML, by_media_type, split_suffix
from wir2graph.represent.base import Address
from wir2graph.web.accept import negotiate

DEFAULT_LANGUAGE: Final = "de"
_KEPT_OFFERS: Final = 2048  # what is asked for again and again


@dataclass(frozen=True)
class Show:
    """Answer with this address's representation; `chosen`: by Accept, for a path of another name."""

    address: Address
    chosen: bool = False
    varies: bool = False


@dataclass(frozen=True)
class Redirect:
    """Send the client to another address (path, with its fragment)."""

    status: int
    target: str
    varies: bool = False


@dataclass(frozen=True)
class NotAcceptable:
    """The resource exists, but in none of the formats asked for; `offered` are its addresses."""

    offered: tuple[Address, ...]


@dataclass(frozen=True)
class Successor:
    """What has taken the place of something withdrawn: its IRI, and the address that corresponds to the one asked."""

    iri: str
    path: str


@dataclass(frozen=True)
class Gone:
    """The identifier was withdrawn on that day (`YYYY-MM-DD`)."""

    day: str
    successors: tuple[Successor, ...]


@dataclass(frozen=True)
class Missing:
    """No such resource."""


Resolution = Show | Redirect | NotAcceptable | Gone | Missing


@dataclass(frozen=True)
class Menu:
    """What a path has to offer, by media type in the server's order of preference.

    `further` counts only where the client accepts nothing of `first`; `otherwise` where it accepts nothing at all.
    """

    first: Mapping[str, Show | Redirect]
    further: Mapping[str, Show | Redirect]
    otherwise: NotAcceptable

    def choose(self, accept: str | None) -> Resolution:
        """Return what a client with this Accept header gets."""
        for part in (self.first, self.further):
            chosen = negotiate(accept, tuple(part))
            if chosen is not None:
                return part[chosen]
        return self.otherwise


class Directory:
    """The addresses of one release, arranged for looking up what a request asks for.

    `anchors` leads from the path of an IRI without a page of its own (`/x/id/beleg/y`) to its place on a
    page; `aliases` from a path to the address that answers for it; `gone` are the addresses of withdrawn identifiers.
    `described` are paths of IRIs that name no thing of the data, each with the address of the page and of the document
    (without a suffix) that tell of it.
    """

    def __init__(
        self, addresses: Mapping[str, Address], anchors: Mapping[str, str], aliases: Mapping[str, str],
        gone: Mapping[str, Gone], described: Mapping[str, tuple[str, str]],
    ) -> None:
        self._by_path = {canonical(path): address for path, address in addresses.items()}
        self._groups: dict[str, list[Address]] = defaultdict(list)
        self._stems: dict[str, list[Address]] = defaultdict(list)
        for address in addresses.values():
            self._groups[canonical(address.resource)].append(address)
            if address.kind != "page":
                self._stems[canonical(split_suffix(address.path)[0])].append(address)
        self._anchors = {canonical(path): target for path, target in anchors.items()}
        self._aliases = {canonical(path): target for path, target in aliases.items()}
        self._described = {canonical(path): target for path, target in described.items()}
        self._gone = {canonical(path): found for path, found in gone.items()}
        self._offers = lru_cache(_KEPT_OFFERS)(self._read)

    def paths(self) -> Iterator[str]:
        """Yield every path that is answered by something else than a problem or a redirect to its other form."""
        yield from dict.fromkeys(path for known in (
            self._by_path, self._aliases, self._stems, self._groups, self._described, self._gone,
        ) for path in known)

    def offers(self, path: str) -> Show | Redirect | Menu | Gone | Missing:
        """Return what a path has to offer: one thing, a choice by Accept, or nothing."""
        return self._offers(canonical(path))

    def _read(self, path: str) -> Show | Redirect | Menu | Gone | Missing:
        if (address := self._by_path.get(path)) is not None:
            return self._page(address) if address.kind == "page" else Show(address)
        if (target := self._aliases.get(path)) is not None:
            return Redirect(303, target)
        if path in self._stems:
            return _document(self._stems[path])
        if path in self._groups:
            return self._identified(path)
        if (ways := self._described.get(path)) is not None:
            page, document = ways
            group = self._groups[canonical(document)]
            return Menu({HTML.media_type: Redirect(303, page, varies=True), **_by_type(group, shown=False)}, {},
                        NotAcceptable(tuple(group)))
        return self._gone.get(path, Missing())

    def resolve(self, path: str, accept: str | None) -> Resolution:
        """Return what to do with a GET or HEAD request for `path` (percent-decoded, without prefix)."""
        path = canonical(path)
        found = self._find(path, accept)
        if isinstance(found, Missing):
            other = path[:-1] if path.endswith("/") else f"{path}/"
            # `//` is a folder without a name: no reference leads from there to `/`.
            if other and "//" not in path and not isinstance(self._find(other, accept), Missing):
                return Redirect(308, other)
        return found

    def _find(self, path: str, accept: str | None) -> Resolution:
        found = self.offers(path)
        return found.choose(accept) if isinstance(found, Menu) else found

    def _page(self, page: Address) -> Menu:
        """A page at its own path; a client that prefers RDF to HTML, or refuses HTML, is sent to the data."""
        data = [a for a in self._groups[canonical(page.resource)] if a.kind != "page"]
        # A document with a page among its formats is shown at the same path.
        shown = canonical(page.path) in self._stems
        return Menu(
            {HTML.media_type: Show(page, varies=True), **_by_type(filter(_is_rdf, data), shown)},
            _by_type((a for a in data if not _is_rdf(a)), shown), NotAcceptable((page, *data)),
        )

    def _identified(self, path: str) -> Menu:
        """An IRI of the plan: what it names cannot be sent, so the client is sent to what describes it."""
        group = self._groups[path]
        pages = sorted((a for a in group if a.kind == "page"), key=lambda a: a.language != DEFAULT_LANGUAGE)
        page = self._anchors.get(path) or (pages[0].path if pages else None)
        offered: dict[str, Show | Redirect] = {HTML.media_type: Redirect(303, page, varies=True)} if page else {}
        data = _by_type((a for a in group if a.kind != "page"), shown=False)
        return Menu({**offered, **data}, {}, NotAcceptable(tuple(group)))


def canonical(path: str) -> str:
    """Return the form in which paths are compared: composed characters (NFC), as clients differ."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def _document(group: Sequence[Address]) -> Menu:
    """A document whose path leaves its format open."""
    return Menu(_by_type(group, shown=True), {}, NotAcceptable(tuple(group)))


def _by_type(group: Iterable[Address], shown: bool) -> dict[str, Show | Redirect]:
    """Return what a client gets for each media type, in the server's order: shown at once, or sent there."""
    order = {item.media_type: position for position, item in enumerate(DATA)}
    found: dict[str, Show | Redirect] = {}
    for address in sorted(group, key=lambda a: order.get(a.media_type, len(order))):
        way = Show(address, chosen=True, varies=True) if shown else Redirect(303, address.path, varies=True)
        found.setdefault(address.media_type, way)
    return found


def _is_rdf(address: Address) -> bool:
    found = by_media_type(address.media_type)
    return found is not None and found.rdf is not None
