"""Content codings (RFC 9110, section 8.4.1): a body is compressed once and then kept."""

from __future__ import annotations

import gzip
import zlib
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped]

# Below this, a body fits into two packets anyway, and compressed forms would be most of the files of an export.
SMALLEST: Final = 2048
# Brotli's higher levels take fifteen times as long for one hundredth less.
_BROTLI_QUALITY: Final = 5
_TEXTUAL: Final = frozenset({
    "application/json", "application/n-quads", "application/n-triples", "application/trig", "application/xml",
    "application/javascript", "image/svg+xml",
})


def compressible(media_type: str) -> bool:
    """Tell whether bodies of this type get smaller."""
    name = media_type.partition(";")[0].strip().lower()
    return name.startswith("text/") or name in _TEXTUAL or name.endswith(("+json", "+xml"))


class Encoder(Protocol):
    """Compresses a body that comes in pieces; what `feed` and `end` return, joined, is its compressed form."""

    def feed(self, piece: bytes) -> bytes:
        """Take a piece; return all that a reader needs to have it."""

    def end(self) -> bytes:
        """Return the rest."""


class _Gzip:
    def __init__(self) -> None:
        self._compressor = zlib.compressobj(4, zlib.DEFLATED, zlib.MAX_WBITS | 16)

    def feed(self, piece: bytes) -> bytes:
        return self._compressor.compress(piece) + self._compressor.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._compressor.flush()


class _Brotli:
    def __init__(self) -> None:
        self._compressor = brotli.Compressor(quality=4)

    def feed(self, piece: bytes) -> bytes:
        return bytes(self._compressor.process(piece) + self._compressor.flush())

    def end(self) -> bytes:
        return bytes(self._compressor.finish())


def encoder(coding: str) -> Encoder:
    """Return an encoder for "br" or "gzip" that is fast enough for bodies made for one request."""
    return _Brotli() if coding == "br" else _Gzip()


def codings_of(body: bytes, media_type: str) -> dict[str, bytes]:
    """Return the compressed forms of a body by name of their coding; none where it is not worth it."""
    if len(body) < SMALLEST or not compressible(media_type):
        return {}
    return {"br": brotli.compress(body, quality=_BROTLI_QUALITY), "gzip": gzip.compress(body, 6, mtime=0)}
