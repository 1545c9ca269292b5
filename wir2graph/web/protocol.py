"""HTTP/1.1 as uvicorn speaks it by httptools, much faster than by default, with a bound for what precedes a body.

httptools keeps a request line and header fields of any length: a client that never ends them would fill the memory.
"""

from __future__ import annotations

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD: Final = 128 * 1024
"""Bytes of a request line with its header fields: a query of 64 KB by GET, and what browsers send along."""
_MAX_URL: Final = 2**16 - 1  # httptools reads none that is longer


class Protocol(HttpToolsProtocol):
    """One connection. A head that is too long gets the answer 400, and the connection ends."""

    _arrived = 0  # bytes since the last request: no more than a head, as long as that has no end
    _read = 0  # bytes of the head that are understood
    _in_body = False

    def data_received(self, data: bytes) -> None:
        """Take what the client has sent: parts of a head or a body, or both at once."""
        if not self._in_body:
            self._arrived += len(data)
        super().data_received(data)
        if not self._in_body and self._arrived > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response("Request line and header fields are too long.")

    def on_url(self, url: bytes) -> None:
        """Take a part of the request line."""
        self._read += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header field."""
        self._read += len(name) + len(value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin the body."""
        self._in_body = True
        if self._read > MAX_HEAD:
            raise ValueError("too long")  # the parser ends, and what is understood by that is a 400
        # What follows the question mark needs no parser, and is longer than the parser reads; nothing has such a path.
        path, _, query = self.url.partition(b"?")
        self.url = path[:_MAX_URL]
        super().on_headers_complete()
        self.scope["query_string"] = query

    def on_message_complete(self) -> None:
        """End the request; the next one begins with a head."""
        self._arrived, self._read, self._in_body = 0, 0, False
        super().on_message_complete()
