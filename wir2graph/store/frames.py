"""What goes over the socket between server and worker: frames of one kind byte, a length and a payload.

    to a worker       Q  a request (JSON)
    from a worker     R  ready (when the store is open)
                      D  a piece of the answer
                      X  no answer, or no more of it: a reason (JSON)
                      E  the end of a whole answer; empty, or "leave" when the worker exits now
"""

from __future__ import annotations

import struct
from typing import Final

HEAD: Final = struct.Struct("!cI")
REQUEST: Final = b"Q"
READY: Final = b"R"
DATA: Final = b"D"
ERROR: Final = b"X"
END: Final = b"E"
LEAVE: Final = b"leave"


def pack(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    """Return a frame."""
    return HEAD.pack(kind, len(payload)) + bytes(payload)
