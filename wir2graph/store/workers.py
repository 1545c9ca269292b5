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
import time
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, Final

from .base import Capacity, ClientBusy, DatasetClause, Limits, QueryTimeout, StoreBusy, StoreError
from .child import Worker, error_of
from .frames import DATA, END, ERROR, LEAVE
from .lanes import Lane, Place

_LOG: Final = logging.getLogger(__name__)
_SHORT_SECONDS: Final = 0.25
# What takes longer leaves the first processor to the server and to what takes less.
_BRIEF_SECONDS: Final = 0.02
# A reader may be this many times slower than the deadline before its worker is wanted back.
_PATIENCE: Final = 10
_CLIENT_RETRY_SECONDS: Final = 5


class Pool:
    """Workers for as many short and long queries at a time as the capacity says."""

    def __init__(self, store: Path, prefixes: Mapping[str, str], capacity: Capacity) -> None:
        self._setup = {"store": str(store), "prefixes": dict(prefixes)}
        self._size = capacity.workers
        self._per_client = capacity.per_client
        self._clients: Counter[str] = Counter()
        self._short = Lane(capacity.workers, capacity.queue)
        self._long = Lane(capacity.long, capacity.queue)
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
        self, query: str, dataset: DatasetClause, media_type: str, limits: Limits, client: str | None,
    ) -> AsyncGenerator[bytes, None]:
        """Answer a query piece by piece; see `Store.stream`."""
        request = json.dumps({
            "query": query, "default": dataset.default, "named": dataset.named, "media_type": media_type,
            "limits": vars(limits),
        })
        async with self._counted(client), Place(self._short, client, limits) as place:
            worker = await self._take()
            self._busy.add(worker)
            clock = _Clock(limits)
            whole = False
            try:
                worker.send(request.encode())
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
            except ConnectionError:
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

    @contextlib.asynccontextmanager
    async def _counted(self, client: str | None) -> AsyncGenerator[None, None]:
        """Count a query for its client until it ends. Raises ClientBusy."""
        if client is None:
            yield
            return
        if self._clients[client] >= self._per_client:
            raise ClientBusy(f"You already have {self._per_client} queries at work.", _CLIENT_RETRY_SECONDS)
        self._clients[client] += 1
        try:
            yield
        finally:
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]

    async def _receive(self, worker: Worker, clock: _Clock, place: Place) -> tuple[bytes, bytes]:
        """Return the next frame of a query. Raises QueryTimeout, or StoreBusy when it is long and there is no room."""
        if place.lane is self._short:
            if (frame := await clock.until(worker, _BRIEF_SECONDS)) is not None:
                return frame
            worker.step_aside()
            if (frame := await clock.until(worker, _SHORT_SECONDS)) is not None:
                return frame
            worker.pause()
            self.warm()
            await place.move(self._long)
            worker.resume()
        if (frame := await clock.until(worker, clock.limits.seconds)) is None:
            raise QueryTimeout(f"The query took longer than {clock.limits.seconds:g} seconds.")
        return frame

    async def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.popleft()
            if worker.alive():
                return worker
            self._bury(worker)
        return await Worker.start(self._setup)

    def _give_back(self, worker: Worker, whole: bool) -> None:
        if whole and not self._closed and len(self._idle) < self._size:
            worker.step_back()
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


class _Clock:
    """The time that a query has computed, and the time since it began."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._used = 0.0
        self._end = time.monotonic() + _PATIENCE * limits.seconds

    async def until(self, worker: Worker, seconds: float) -> tuple[bytes, bytes] | None:
        """Return the next frame of a worker, or None when the query has computed that long before it came."""
        start = time.monotonic()
        left = min(seconds - self._used, self._end - start)
        try:
            async with asyncio.timeout(max(0.0, left)):
                return await worker.receive()
        except TimeoutError:
            return None
        finally:
            self._used += time.monotonic() - start
