"""A memory with a bound in bytes: what has not been used for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

# What takes more than this share of the room would drive out too much else.
_SHARE = 8


class Kept(Generic[K, V]):
    """Values by key, of together at most `room` bytes; `weigh` tells how many bytes an entry takes."""

    def __init__(self, room: int, weigh: Callable[[K, V], int]) -> None:
        self._room = room
        self._weigh = weigh
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._bytes = 0

    @property
    def largest(self) -> int:
        """The bytes that one entry may take; a larger one is not kept."""
        return self._room // _SHARE

    def get(self, key: K) -> V | None:
        """Return the value of a key, or None."""
        value = self._entries.get(key)
        if value is not None:
            self._entries.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        """Keep a value, if it is not too large; others give way."""
        if self._weigh(key, value) > self.largest:
            return
        self._drop(key)
        self._entries[key] = value
        self._bytes += self._weigh(key, value)
        while self._bytes > self._room:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: K) -> None:
        if key in self._entries:
            self._bytes -= self._weigh(key, self._entries.pop(key))
