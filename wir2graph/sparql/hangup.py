"""A client that hangs up: what is done for it ends."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wir2graph.web.http import Receive

# Most answers are there before it would be worth a task to listen.
_LISTEN_AFTER_SECONDS: Final = 0.05


class Gone(Exception):
    """The client has hung up."""


class WhileConnected:
    """A context that ends with `Gone` as soon as the client hangs up; the request must have been read."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._listening: asyncio.Task[None] | None = None
        self._hung_up = False

    async def __aenter__(self) -> WhileConnected:
        self._task = asyncio.current_task()
        self._start = asyncio.get_running_loop().call_later(_LISTEN_AFTER_SECONDS, self._listen)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self._start.cancel()
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
        if self._hung_up:
            assert self._task is not None
            self._task.uncancel()
            if kind in (None, asyncio.CancelledError):
                raise Gone from None

    def _listen(self) -> None:
        self._listening = asyncio.get_running_loop().create_task(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._hung_up = True
        if self._task is not None:
            self._task.cancel()
