"""HTTP/1.1 as uvicorn speaks it by httptools, much faster than by default, with a bound for what precedes a body.

httptools keeps a request line and header fields of any length: a client that never ends them would fill the memory.
"""

from __future__ import annotations

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD: Final = 128 * 1024
"""Bytes of a request line with its header fields: a query of 60 KB by GET, and what browsers send along."""
_MAX_URL: Final = 2**16 - 1  # httptools reads none that is longer


class Protocol(HttpToolsProtocol):
    """One connection. A head that is too long gets the answer 400, and the connection ends."""

    _head = 0
    _in_body = False

    def data_received(self, data: bytes) -> None:
        """Take what the client has sent."""
        if not self._in_body:
            self._head += len(data)
        if self._head > MAX_HEAD:
            self.send_400_response("Request line and header fields are too long.")
            return
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Begin the body."""
        self._head, self._in_body = 0, True
        self.url = self.url[:_MAX_URL]  # what is cut off is beyond what any query string may have
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the request; the next one begins with a head."""
        self._head, self._in_body = 0, False
        super().on_message_complete()
