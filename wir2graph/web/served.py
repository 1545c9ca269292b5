"""A release in service: its directory, its prepared answers, and the requests that use it."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from wir2graph import __version__
from wir2graph import release as releases
from wir2graph.operator import Operator
from wir2graph.release import Release
from wir2graph.represent import represent
from wir2graph.represent.base import Address, Representation
from wir2graph.represent.static import StaticFiles, represent_file
from wir2graph.sparql.endpoint import Endpoint
from wir2graph.sparql.results import worked_name
from wir2graph.web.directory import read_directory
from wir2graph.web.http import FOREVER, REVALIDATE, Prepared, prepare
from wir2graph.web.kept import Kept
from wir2graph.web.outcomes import Outcomes

_LOG: Final = logging.getLogger(__name__)
_CACHE_BYTES: Final = 24 * 2**20
_LOOK_EVERY_SECONDS: Final = 1.0
_GARBAGE: Final = (1_000, 10, 1_000)  # new objects before the young are searched, and searches before the older are


class Served:
    """One release in service. Answers are prepared once, in a thread, and kept as long as there is room."""

    def __init__(self, release: Release) -> None:
        self.release = release
        settings = release.operator.sparql
        worked = {worked_name(query): query for query in release.pages.index.worked_queries}
        self.endpoint = Endpoint(release.store, f"{release.digest} {__version__}", worked, settings.cache_bytes)
        self.outcomes = Outcomes(release.store)
        release.pages.prepare()  # now, or the first pages wait for it: half a second
        self.search = release.search  # opened now, so that a release without a readable index never comes into service
        self.directory = read_directory(release)
        self.static = StaticFiles(release.site / "static")
        self._public_url = release.operator.public_url
        self._kept: Kept[tuple[str, str], Prepared] = Kept(_CACHE_BYTES, lambda _, prepared: prepared.size)
        self._under_way: dict[tuple[str, str], asyncio.Task[Prepared]] = {}
        self._users = 0
        self._retired = False

    async def document(self, path: str, address: Address, *, chosen: bool, varies: bool) -> Prepared:
        """Return the prepared answers of an address as asked for at `path`."""
        location = address.path if chosen else None
        return await self._prepared((path, address.path), lambda: prepare(
            represent(self.release, address), path, content_location=location, varies=varies,
            public_url=self._public_url,
        ))

    async def answer(self, path: str, make: Callable[[Release], Representation]) -> Prepared:
        """Return the prepared answers of what is made of the release for one request at `path`; they are not kept."""
        return await asyncio.to_thread(lambda: prepare(make(self.release), path, public_url=self._public_url))

    async def form(self, address: Address) -> Prepared:
        """Return the prepared answers of a page with what a visitor asks there; they are not kept."""
        return await asyncio.to_thread(lambda: prepare(
            represent(self.release, address), address.path, varies=True, public_url=self._public_url,
        ))

    async def file(self, path: str) -> Prepared | None:
        """Return the prepared answers of a static file, or None where there is none."""
        found = self.static.find(path)
        if found is None:
            return None
        file, lasting = found
        control = FOREVER if lasting else REVALIDATE
        return await self._prepared(
            (path, path), lambda: prepare(represent_file(file), path, cache_control=control),
        )

    def warm(self) -> None:
        """Start in the background what answers strangers' queries."""
        self.release.store.warm()

    def acquire(self) -> None:
        """Count one request more that uses the release."""
        self._users += 1

    def give_back(self) -> None:
        """Count one request less; a retired release is closed with its last one."""
        self._users -= 1
        self._close_if_done()

    def retire(self) -> None:
        """Take the release out of service: it is closed as soon as no request uses it any more."""
        self._retired = True
        self._close_if_done()

    def _close_if_done(self) -> None:
        if self._retired and not self._users:
            self.release.close()

    async def _prepared(self, key: tuple[str, str], make: Callable[[], Prepared]) -> Prepared:
        if (prepared := self._kept.get(key)) is not None:
            return prepared
        task = self._under_way.get(key)
        if task is None:
            self.acquire()
            task = asyncio.create_task(self._make(key, make))
            self._under_way[key] = task
        # A client that hangs up must not take the answer away from others who wait for it.
        return await asyncio.shield(task)

    async def _make(self, key: tuple[str, str], make: Callable[[], Prepared]) -> Prepared:
        try:
            prepared = await asyncio.to_thread(make)
        finally:
            del self._under_way[key]
            self.give_back()
        self._kept.put(key, prepared)
        return prepared


class Service:
    """The release that a state folder says is current, followed from one to the next."""

    def __init__(self, state: Path, operator: Operator, listening: str = "http://localhost") -> None:
        """Open the current release; `listening` is the URL of the server.

        Raises FileNotFoundError if there is none, OSError if it is broken.
        """
        self._state = state
        self._operator = operator
        self._listening = listening
        folder = releases.current(state)
        if folder is None:
            raise FileNotFoundError(f"no release in {state}")
        self._served = self._open(folder)
        self._refused: Path | None = None

    @asynccontextmanager
    async def pin(self) -> AsyncIterator[Served]:
        """Use the current release; it stays the same and open until the context ends."""
        served = self._served
        served.acquire()
        try:
            yield served
        finally:
            served.give_back()

    async def follow(self) -> None:
        """Look for a new release again and again and switch to it; what cannot be opened is only logged."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            await self.switch()

    async def switch(self) -> bool:
        """Switch to the current release if it is not the one in service; tell whether that was so."""
        folder = releases.current(self._state)
        if folder is None or folder in (self._served.release.folder, self._refused):
            return False
        try:
            fresh = await asyncio.to_thread(self._open, folder)
        except Exception:
            kept = self._served.release.digest
            _LOG.exception("release %s cannot be opened; %s stays in service", folder.name, kept)
            self._refused = folder
            return False
        old, self._served = self._served, fresh
        self._refused = None
        fresh.warm()
        old.retire()
        _settle()
        _LOG.info("release %s is in service", fresh.release.digest)
        return True

    def warm(self) -> None:
        """Start what answers strangers' queries; call it in the event loop that will serve."""
        self._served.warm()
        _settle()

    def close(self) -> None:
        """Retire the release in service."""
        self._served.retire()

    def _open(self, folder: Path) -> Served:
        return Served(releases.open_release(folder, self._operator, self._listening))


def _settle() -> None:
    """Take what a release holds out of the search for garbage, which now and then stops every answer for 50 ms.

    What pages leave behind is found while it is young; what is kept later is searched seldom, for the same reason.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
