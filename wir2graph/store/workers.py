"""A pool of worker processes for strangers' queries: each can be killed without harm to the others.

A query ends at its deadline, at its limits, or when its reader goes away; whatever it does to its worker, the
worker is replaced. Belongs to the event loop in which it is first used.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from .base import (
    BadQuery,
    DatasetClause,
    Limits,
    MemoryExceeded,
    QueryTimeout,
    QueryTooComplex,
    ResultTooLarge,
    StoreBusy,
    StoreError,
)
from .frames import DATA, END, ERROR, HEAD, LEAVE, READY, REQUEST, pack

_LOG: Final = logging.getLogger(__name__)
_START_SECONDS: Final = 20.0
# A reader may be this many times slower than the deadline before its worker is wanted back.
_PATIENCE: Final = 10
_PACKAGES: Final = str(Path(__file__).resolve().parents[2])
_ERRORS: Final[Mapping[str, type[StoreError]]] = {
    error.kind: error for error in (StoreError, QueryTooComplex, MemoryExceeded, ResultTooLarge)
}


class Worker:
    """One child process and the socket to it."""

    def __init__(
        self, process: subprocess.Popen[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, setup: Mapping[str, object]) -> Worker:
        """Start a process and wait until it has opened the store. Raises StoreError when it cannot."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.worker", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join([_PACKAGES, *filter(None, sys.path)])},
            )
        ours.setblocking(False)
        worker = cls(process, *await asyncio.open_connection(sock=ours))
        try:
            async with asyncio.timeout(_START_SECONDS):
                await worker.send(json.dumps(setup).encode())
                kind, payload = await worker.receive()
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            worker.kill()
            raise StoreError("A worker did not start.") from None
        except BaseException:
            worker.kill()
            raise
        if kind != READY:
            worker.kill()
            raise _error(json.loads(payload))
        return worker

    @property
    def pid(self) -> int:
        """The process identifier."""
        return self._process.pid

    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    async def send(self, payload: bytes) -> None:
        """Send a request."""
        self._writer.write(pack(REQUEST, payload))
        await self._writer.drain()

    async def receive(self) -> tuple[bytes, bytes]:
        """Return kind and payload of the next frame. Raises IncompleteReadError when the process is gone."""
        kind, size = HEAD.unpack(await self._reader.readexactly(HEAD.size))
        return kind, await self._reader.readexactly(size)

    def kill(self) -> int:
        """End the process at once, and return its exit status (negative: the signal that ended it)."""
        self._process.kill()
        self._writer.close()
        # A killed process is gone within microseconds: it holds no lock and writes nothing.
        return self._process.wait()

    async def died(self) -> StoreError:
        """Return why the process ended by itself in the middle of a query."""
        status = await asyncio.to_thread(self._process.wait)
        self._writer.close()
        if status == -signal.SIGABRT:  # what Rust and C++ do when they get no memory
            return MemoryExceeded("The query needs more memory than it may have.")
        if status == -signal.SIGXCPU:
            return QueryTimeout("The query took more processor time than it may.")
        return QueryTooComplex("The query is too complex to be answered.")


class Pool:
    """At most `size` workers and `queue` queries that wait for one."""

    def __init__(self, store: Path, prefixes: Mapping[str, str], size: int, queue: int) -> None:
        self._setup = {"store": str(store), "prefixes": dict(prefixes)}
        self._size = size
        self._queue = queue
        self._free = asyncio.Semaphore(size)
        self._waiting = 0
        self._idle: deque[Worker] = deque()
        self._busy: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def idle(self) -> tuple[int, ...]:
        """The process identifiers of the workers that wait for a query."""
        return tuple(worker.pid for worker in self._idle)

    @property
    def busy(self) -> tuple[int, ...]:
        """The process identifiers of the workers that answer one."""
        return tuple(worker.pid for worker in self._busy)

    def warm(self) -> None:
        """Start workers in the background until as many as there are places wait or work."""
        task = asyncio.get_running_loop().create_task(self._fill())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stream(
        self, query: str, dataset: DatasetClause, media_type: str, limits: Limits,
    ) -> AsyncGenerator[bytes, None]:
        """Answer a query piece by piece; see `Store.stream`."""
        request = json.dumps({
            "query": query, "default": dataset.default, "named": dataset.named, "media_type": media_type,
            "limits": asdict(limits),
        })
        async with self._place(limits):
            worker = await self._take()
            whole = False
            self._busy.add(worker)
            try:
                budget = _Budget(limits.seconds)
                async with budget.running():
                    await worker.send(request.encode())
                while True:
                    async with budget.running():
                        kind, payload = await worker.receive()
                    if kind == DATA:
                        yield payload
                        continue
                    reason = json.loads(payload) if kind == ERROR else {"leaves": payload == LEAVE}
                    whole = not reason["leaves"]
                    if kind != END:
                        raise _error(reason)
                    return
            except (asyncio.IncompleteReadError, ConnectionError):
                raise await worker.died() from None
            except TimeoutError:
                raise QueryTimeout(f"The query took longer than {limits.seconds:g} seconds.") from None
            finally:
                self._busy.discard(worker)
                self._give_back(worker, whole)

    def close(self) -> None:
        """End all workers and what they do."""
        self._closed = True
        for task in self._tasks:
            with contextlib.suppress(RuntimeError):  # its event loop is closed, and the task with it
                task.cancel()
        for worker in (*self._idle, *self._busy):
            with contextlib.suppress(RuntimeError):
                worker.kill()
        self._idle.clear()

    @contextlib.asynccontextmanager
    async def _place(self, limits: Limits) -> AsyncIterator[None]:
        """Hold one of the places. Raises StoreBusy when too many wait, or it takes too long."""
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
        try:
            yield
        finally:
            self._free.release()

    async def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.popleft()
            if worker.alive():
                return worker
            worker.kill()
        return await Worker.start(self._setup)

    def _give_back(self, worker: Worker, whole: bool) -> None:
        if whole and not self._closed and len(self._idle) < self._size:
            self._idle.appendleft(worker)
            return
        worker.kill()
        if not self._closed:
            self.warm()

    async def _fill(self) -> None:
        while not self._closed and len(self._idle) + len(self._busy) < self._size:
            try:
                worker = await Worker.start(self._setup)
            except (StoreError, OSError) as error:
                _LOG.error("no worker for SPARQL queries: %s", error)
                return
            self._give_back(worker, whole=True)


class _Budget:
    """The time a query may compute, and the time its reader may take."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._end = time.monotonic() + _PATIENCE * seconds

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Count the time inside. Raises TimeoutError when it is used up."""
        start = time.monotonic()
        try:
            async with asyncio.timeout(min(self._left, self._end - start)):
                yield
        finally:
            self._left -= time.monotonic() - start


def _error(reason: Mapping[str, Any]) -> StoreError:
    if reason["kind"] == BadQuery.kind:
        return BadQuery(reason["message"], reason["line"], reason["column"], tuple(reason["expected"]))
    return _ERRORS[reason["kind"]](reason["message"])
