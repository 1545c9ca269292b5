"""The server's end of one worker process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from .base import (
    BadQuery,
    MemoryExceeded,
    NotExpressible,
    QueryTimeout,
    QueryTooComplex,
    ResultTooLarge,
    StoreError,
)
from .channel import Channel
from .frames import READY, REQUEST, pack

_START_SECONDS: Final = 20.0
_NICENESS: Final = 10
_PACKAGES: Final = str(Path(__file__).resolve().parents[2])
_ERRORS: Final[Mapping[str, type[StoreError]]] = {
    error.kind: error for error in (StoreError, QueryTooComplex, NotExpressible, MemoryExceeded, ResultTooLarge)
}


class Worker:
    """One child process and the socket to it."""

    def __init__(self, process: subprocess.Popen[bytes], channel: Channel) -> None:
        self._process = process
        self._channel = channel
        self._aside = False

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
        _, channel = await asyncio.get_running_loop().create_connection(Channel, sock=ours)
        worker = cls(process, channel)
        worker.step_aside()
        try:
            async with asyncio.timeout(_START_SECONDS):
                worker.send(json.dumps(setup).encode())
                kind, payload = await worker.receive()
            if kind != READY:
                raise error_of(json.loads(payload))
            worker.step_back()
        except (TimeoutError, ConnectionError):
            worker.kill()
            await worker.wait()
            raise StoreError("A worker did not start.") from None
        except BaseException:
            worker.kill()
            raise
        return worker

    @property
    def pid(self) -> int:
        """The process identifier."""
        return self._process.pid

    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    def send(self, payload: bytes) -> None:
        """Send a request."""
        self._channel.send(pack(REQUEST, payload))

    async def receive(self) -> tuple[bytes, bytes]:
        """Return kind and payload of the next frame. Raises ConnectionError when the process is gone."""
        return await self._channel.receive()

    def pause(self) -> None:
        """Halt the process where it is."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a halted process go on, behind others in the queue for a processor."""
        if self.alive():
            os.setpriority(os.PRIO_PROCESS, self.pid, _NICENESS)
        self._process.send_signal(signal.SIGCONT)

    def step_aside(self) -> None:
        """Keep the process off the first processor, where there are several.

        Niceness alone does not keep one free: who wakes up beside long work may wait for the end of its turn.
        """
        first, *others = sorted(os.sched_getaffinity(0))
        if not self._aside:
            self._use(others or [first])
            self._aside = True

    def step_back(self) -> None:
        """Let the process run on every processor again."""
        if self._aside:
            self._use(os.sched_getaffinity(0))
            self._aside = False

    def _use(self, processors: Iterable[int]) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has ended, which shows where its answer is awaited
            os.sched_setaffinity(self.pid, processors)

    def kill(self) -> None:
        """End the process at once; `wait` for it afterwards."""
        self._process.kill()
        self._channel.close()

    async def wait(self) -> None:
        """Wait until the process has ended: giving back much memory takes the system a while."""
        await asyncio.to_thread(self._process.wait)

    def wait_now(self) -> None:
        """Wait like `wait`, where no event loop runs."""
        self._process.wait()

    async def died(self) -> StoreError:
        """Return why the process ended by itself in the middle of a query."""
        await self.wait()
        # What Rust and C++ do when they get no memory, and what the system does when it has none.
        if self._process.returncode in (-signal.SIGABRT, -signal.SIGKILL):
            return MemoryExceeded("The query needs more memory than it may have.")
        if self._process.returncode == -signal.SIGXCPU:
            return QueryTimeout("The query took more processor time than it may.")
        return QueryTooComplex("The query is too complex to be answered.")


def error_of(reason: Mapping[str, Any]) -> StoreError:
    """Return the error that a worker reports."""
    if reason["kind"] == BadQuery.kind:
        return BadQuery(reason["message"], reason["line"], reason["column"], tuple(reason["expected"]))
    return _ERRORS[reason["kind"]](reason["message"])
