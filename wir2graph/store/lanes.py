"""Room for strangers' queries: who may go on, who waits, who is sent away."""

from __future__ import annotations

import asyncio
import math
from collections import Counter, deque

from .base import Limits, StoreBusy

_Entry = tuple[str | None, asyncio.Future[None]]


class Lane:
    """Room for `size` queries at a time, and for `queue` more to wait.

    A free place goes to whoever waits longest among those who have the fewest places, so that nobody waits behind all
    queries of another client.
    """

    def __init__(self, size: int, queue: int) -> None:
        self._free = size
        self._queue = queue
        self._used: Counter[str | None] = Counter()
        self._waiting: deque[_Entry] = deque()

    @property
    def used(self) -> int:
        """The number of places that are taken."""
        return self._used.total()

    @property
    def clients(self) -> frozenset[str | None]:
        """Those of whom the lane knows: who has a place or waits for one."""
        return frozenset(self._used) | {client for client, _ in self._waiting}

    async def enter(self, client: str | None, limits: Limits) -> None:
        """Take a place. Raises StoreBusy when too many wait, or the wait is as long as the deadline."""
        if self._free:
            self._free -= 1
            self._used[client] += 1
            return
        busy = StoreBusy("Too many queries are running.", max(1, math.ceil(limits.seconds / 2)))
        if len(self._waiting) >= self._queue:
            raise busy
        entry: _Entry = (client, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(limits.seconds):
                await entry[1]
        except TimeoutError:
            self._withdraw(entry)
            raise busy from None
        except asyncio.CancelledError:
            self._withdraw(entry)
            raise

    def leave(self, client: str | None) -> None:
        """Give the place back, to one who waits if there is one."""
        self._used[client] -= 1
        if not self._used[client]:
            del self._used[client]  # nobody is remembered beyond the last query
        if not self._waiting:
            self._free += 1
            return
        entry = min(self._waiting, key=lambda entry: self._used[entry[0]])
        self._waiting.remove(entry)
        self._used[entry[0]] += 1
        if not entry[1].done():  # else it is being cancelled, and gives the place back itself
            entry[1].set_result(None)

    def _withdraw(self, entry: _Entry) -> None:
        if entry in self._waiting:
            self._waiting.remove(entry)
        else:
            self.leave(entry[0])  # the place was given in the moment in which the wait ended


class Place:
    """The place that one query has in a lane."""

    def __init__(self, lane: Lane, client: str | None, limits: Limits) -> None:
        self._first = lane
        self._client = client
        self._limits = limits
        self.lane: Lane | None = None

    async def __aenter__(self) -> Place:
        await self.move(self._first)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.lane is not None:
            self.lane.leave(self._client)

    async def move(self, lane: Lane) -> None:
        """Leave one lane for another. Raises StoreBusy."""
        if self.lane is not None:
            self.lane.leave(self._client)
            self.lane = None
        await lane.enter(self._client, self._limits)
        self.lane = lane
