"""A worker: a process that answers one query at a time over a socket, and that may be killed at any moment.

Started by `workers.py` as `python -m wir2graph.store.worker FD`, with its setup in the first request. After
the store is open it can open no socket and start no program any more, whatever a query asks for; its memory and
processor time are bounded.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from .base import BadQuery, DatasetClause, Limits, MemoryExceeded, ResultTooLarge, StoreError
from .evaluate import Evaluator
from .frames import DATA, END, ERROR, HEAD, LEAVE, READY, pack
from .seccomp import shut_off

_CHUNK: Final = 64 * 1024
# A worker that a query has fattened beyond this gives its place to a fresh one.
_RESIDENT: Final = 52 * 2**20
_GRACE_SECONDS: Final = 5
_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h


class _Output:
    """A binary file that sends what is written to it in frames, up to a limit."""

    def __init__(self, connection: socket.socket, limit: int) -> None:
        self._connection = connection
        self._limit = limit
        self._total = 0
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        self._total += len(data)
        if self._total > self._limit:
            raise ResultTooLarge(f"The answer is longer than {self._limit} bytes.")
        self._buffer += data
        if len(self._buffer) >= _CHUNK:
            self._connection.sendall(pack(DATA, self._buffer))
            self._buffer.clear()
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is small goes out together with the end."""

    def end(self, last: bytes) -> None:
        """Send the rest and the end of the answer in one piece."""
        rest = pack(DATA, self._buffer) if self._buffer else b""
        self._connection.sendall(rest + pack(END, last))


class Confinement:
    """This process: how much it uses (read through files opened in time) and how much it may use."""

    def __init__(self) -> None:
        self._statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        self._page = resource.getpagesize()

    def die_with_parent(self) -> None:
        """Have the system end this process when the server's thread ends, however it ends: we may be halted then."""
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    def lock(self, files: int) -> None:
        """Take away network, programs, core dumps, and the log (no query writes there); leave room for `files` to read.

        Where the system has no way to take the network alone, no file can be opened either.
        """
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), 2)
        opened = max(int(name) for name in os.listdir("/proc/self/fd")) + 1
        most = opened + files if shut_off() else 0
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def allow(self, limits: Limits) -> None:
        """Bound what the next query may use. The processor time matters when the server is stuck."""
        self._bound(resource.RLIMIT_AS, self._pages(0) * self._page + limits.memory_bytes)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        seconds = usage.ru_utime + usage.ru_stime + limits.seconds + _GRACE_SECONDS
        self._bound(resource.RLIMIT_CPU, int(seconds) + 1)

    def resident(self) -> int:
        """Return the number of bytes in memory."""
        return self._pages(1) * self._page

    def _pages(self, column: int) -> int:
        return int(os.pread(self._statm, 200, 0).split()[column])

    @staticmethod
    def _bound(kind: int, most: int) -> None:
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main(descriptor: int) -> None:
    """Serve requests from the socket until it is closed."""
    connection = socket.socket(fileno=descriptor)
    setup = _receive(connection)
    if setup is None:
        return
    process = Confinement()
    process.die_with_parent()
    try:
        evaluator = Evaluator(ox.Store.read_only(setup["store"]), setup["prefixes"])
    except (OSError, ValueError) as error:
        connection.sendall(pack(ERROR, _reason(StoreError(f"{Path(setup['store']).name}: {error}"), True)))
        return
    process.lock(len(os.listdir(setup["store"])))
    connection.sendall(pack(READY))
    while (request := _receive(connection)) is not None:
        if not _serve(connection, process, evaluator, request):
            return


def _serve(
    connection: socket.socket, process: Confinement, evaluator: Evaluator, request: dict[str, Any],
) -> bool:
    """Answer one request; return False when this worker is to be replaced."""
    limits = Limits(**request["limits"])
    dataset = DatasetClause(tuple(request["default"]), tuple(request["named"]))
    output = _Output(connection, limits.result_bytes)
    process.allow(limits)
    failure: StoreError | None = None
    broken = False
    try:
        evaluator.answer(request["query"], dataset, request["media_type"], limits, cast(IO[bytes], output))
    except StoreError as error:
        failure = error
    except MemoryError:
        failure, broken = MemoryExceeded("The query needs more memory than it may have."), True
    except Exception as error:
        failure, broken = StoreError(f"{type(error).__name__}: {error}"), True
    leaves = broken or process.resident() > _RESIDENT
    if failure is None:
        output.end(LEAVE if leaves else b"")
    else:
        connection.sendall(pack(ERROR, _reason(failure, leaves)))
    return not leaves


def _reason(error: StoreError, leaves: bool) -> bytes:
    reason: dict[str, object] = {"kind": error.kind, "message": str(error), "leaves": leaves}
    if isinstance(error, BadQuery):
        reason |= {"line": error.line, "column": error.column, "expected": error.expected}
    return json.dumps(reason).encode()


def _receive(connection: socket.socket) -> dict[str, Any] | None:
    head = _exactly(connection, HEAD.size)
    if head is None:
        return None
    payload = _exactly(connection, HEAD.unpack(head)[1])
    return None if payload is None else cast(dict[str, Any], json.loads(payload))


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    """Return that many bytes, or None when the connection ends before."""
    pieces = bytearray()
    while len(pieces) < size:
        piece = connection.recv(min(size - len(pieces), 1 << 20))
        if not piece:
            return None
        pieces += piece
    return bytes(pieces)


if __name__ == "__main__":
    main(int(sys.argv[1]))
