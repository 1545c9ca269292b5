"""A pool of worker processes for strangers' queries: each can be killed without harm to the others.

A query ends at its deadline, at its limits, or when its reader goes away; whatever it does to its worker, the worker
is replaced. Every query begins in the lane for short ones. One that is still at work after a quarter of a second
moves to the lane for long ones, and is halted until there is room: however many long queries there are, a short one
finds a worker. Belongs to the event loop in which it is first used.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import math
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from .base import DatasetClause, Limits, QueryTimeout, StoreBusy, StoreError
from .child import Worker, error_of
from .frames import DATA, END, ERROR, LEAVE

_LOG: Final = logging.getLogger(__name__)
_SHORT_SECONDS: Final = 0.25
# A reader may be this many times slower than the deadline before its worker is wanted back.
_PATIENCE: Final = 10


class Pool:
    """Room for `size` short and `size` long queries at a time, and for `queue` that wait for either."""

    def __init__(self, store: Path, prefixes: Mapping[str, str], size: int, queue: int) -> None:
        self._setup = {"store": str(store), "prefixes": dict(prefixes)}
        self._size = size
        self._short = _Lane(size, queue)
        self._long = _Lane(size, queue)
        self._idle: deque[Worker] = deque()
        self._busy: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._filling = False
        self._closed = False

    @property
    def idle(self) -> tuple[int, ...]:
        """The process identifiers of the workers that wait for a query."""
        return tuple(worker.pid for worker in tuple(self._idle))

    @property
    def busy(self) -> tuple[int, ...]:
        """The process identifiers of the workers that answer one."""
        return tuple(worker.pid for worker in tuple(self._busy))

    def warm(self) -> None:
        """Start workers in the background until there is one for each free place in the short lane."""
        if not self._filling and not self._closed:
            self._filling = True
            self._in_background(self._fill())

    async def stream(
        self, query: str, dataset: DatasetClause, media_type: str, limits: Limits,
    ) -> AsyncGenerator[bytes, None]:
        """Answer a query piece by piece; see `Store.stream`."""
        request = json.dumps({
            "query": query, "default": dataset.default, "named": dataset.named, "media_type": media_type,
            "limits": asdict(limits),
        })
        async with _Place(self._short, limits) as place:
            worker = await self._take()
            self._busy.add(worker)
            clock = _Clock(limits)
            whole = False
            try:
                await worker.send(request.encode())
                while True:
                    kind, payload = await self._receive(worker, clock, place)
                    if kind == DATA:
                        yield payload
                        continue
                    reason = json.loads(payload) if kind == ERROR else {"leaves": payload == LEAVE}
                    whole = not reason["leaves"] and place.lane is self._short
                    if kind != END:
                        raise error_of(reason)
                    return
            except (asyncio.IncompleteReadError, ConnectionError):
                if self._closed:
                    raise StoreBusy("The server is stopping.", 10) from None
                raise await worker.died() from None
            finally:
                self._busy.discard(worker)
                self._give_back(worker, whole)

    def close(self) -> None:
        """End all workers and what they do."""
        self._closed = True
        workers = (*self._idle, *self._busy)
        self._idle.clear()
        ends: list[Callable[[], object]] = [task.cancel for task in self._tasks]
        ends += [worker.kill for worker in workers]
        for end in ends:
            with contextlib.suppress(RuntimeError):  # the event loop is closed, and with it tasks and sockets
                end()
        for worker in workers:
            worker.wait_now()

    async def _receive(self, worker: Worker, clock: _Clock, place: _Place) -> tuple[bytes, bytes]:
        """Return the next frame of a query. Raises QueryTimeout, or StoreBusy when it is long and there is no room."""
        receiving = asyncio.ensure_future(worker.receive())
        try:
            if place.lane is self._short and not await clock.wait(receiving, _SHORT_SECONDS):
                worker.pause()
                self.warm()
                await place.move(self._long)
                worker.resume()
            if not await clock.wait(receiving, clock.limits.seconds):
                raise QueryTimeout(f"The query took longer than {clock.limits.seconds:g} seconds.")
            return receiving.result()
        finally:
            receiving.cancel()

    async def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.popleft()
            if worker.alive():
                return worker
            self._bury(worker)
        return await Worker.start(self._setup)

    def _give_back(self, worker: Worker, whole: bool) -> None:
        if whole and not self._closed and len(self._idle) < self._size:
            self._idle.appendleft(worker)
        else:
            self._bury(worker)
            self.warm()

    def _bury(self, worker: Worker) -> None:
        worker.kill()
        self._in_background(worker.wait())

    async def _fill(self) -> None:
        try:
            while not self._closed and len(self._idle) + self._short.used < self._size:
                self._give_back(await Worker.start(self._setup), whole=True)
        except (StoreError, OSError) as error:
            _LOG.error("no worker for SPARQL queries: %s", error)
        finally:
            self._filling = False

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Lane:
    """Room for some queries, and for some more to wait."""

    def __init__(self, size: int, queue: int) -> None:
        self._free = asyncio.Semaphore(size)
        self._queue = queue
        self._waiting = 0
        self.used = 0

    async def enter(self, limits: Limits) -> None:
        """Take a place. Raises StoreBusy when too many wait, or the wait is as long as the deadline."""
        busy = StoreBusy("Too many queries are running.", max(1, math.ceil(limits.seconds / 2)))
        if self._free.locked() and self._waiting >= self._queue:
            raise busy
        self._waiting += 1
        try:
            async with asyncio.timeout(limits.seconds):
                await self._free.acquire()
        except TimeoutError:
            raise busy from None
        finally:
            self._waiting -= 1
        self.used += 1

    def leave(self) -> None:
        """Give the place back."""
        self.used -= 1
        self._free.release()


class _Place:
    """The place that one query has in a lane."""

    def __init__(self, lane: _Lane, limits: Limits) -> None:
        self._first = lane
        self._limits = limits
        self.lane: _Lane | None = None

    async def __aenter__(self) -> _Place:
        await self.move(self._first)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.lane is not None:
            self.lane.leave()

    async def move(self, lane: _Lane) -> None:
        """Leave one lane for another. Raises StoreBusy."""
        if self.lane is not None:
            self.lane.leave()
            self.lane = None
        await lane.enter(self._limits)
        self.lane = lane


class _Clock:
    """The time that a query has computed, and the time since it began."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._used = 0.0
        self._end = time.monotonic() + _PATIENCE * limits.seconds

    async def wait(self, future: asyncio.Future[Any], seconds: float) -> bool:
        """Wait until something is done or the query has computed that long; tell whether it is done."""
        start = time.monotonic()
        left = min(seconds - self._used, self._end - start)
        await asyncio.wait({future}, timeout=max(0.0, left))
        self._used += time.monotonic() - start
        return future.done()
