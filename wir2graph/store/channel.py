"""The server's end of the socket to a worker, in frames: a task waits only where no frame has come yet."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import cast

from .frames import HEAD

# What a slow reader may leave in memory before the worker has to wait.
_MOST = 256 * 1024


class Channel(asyncio.Protocol):
    """Frames from a worker, one reader at a time."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._bytes = 0
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Take what has come apart into frames."""
        self._buffer += data
        start = 0
        while len(self._buffer) - start >= HEAD.size:
            kind, size = HEAD.unpack_from(self._buffer, start)
            end = start + HEAD.size + size
            if len(self._buffer) < end:
                break
            self._frames.append((kind, bytes(self._buffer[start + HEAD.size:end])))
            self._bytes += size
            start = end
        del self._buffer[:start]
        if self._bytes > _MOST and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        if self._frames:
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the reader that nothing more will come."""
        self._ended = True
        self._wake()

    async def receive(self) -> tuple[bytes, bytes]:
        """Return kind and payload of the next frame. Raises ConnectionError when there will be none.

        May be cancelled without losing a frame.
        """
        while not self._frames:
            if self._ended:
                raise ConnectionResetError("the worker is gone")
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        kind, payload = self._frames.popleft()
        self._bytes -= len(payload)
        if self._paused and self._bytes <= _MOST // 2:
            self._paused = False
            self._transport.resume_reading()
        return kind, payload

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self._transport.write(data)

    def close(self) -> None:
        """Close the socket."""
        self._transport.close()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
