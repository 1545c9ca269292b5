"""Content codings (RFC 9110, section 8.4.1): a body is compressed once and then kept, that of a file beside it."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped]

# Below this, a body fits into two packets anyway, and compressed forms would be most of the files of an export.
SMALLEST: Final = 2048
ENDINGS: Final = {"br": ".br", "gzip": ".gz"}
"""What is added to the name of a file for each of its compressed forms."""

# Brotli's higher levels take fifteen times as long for one hundredth less.
_BROTLI_QUALITY: Final = 5
_SMALLEST_WINDOW, _LARGEST_WINDOW = 16, 22  # as powers of two (RFC 7932, 9.1)
_LARGE: Final = 2**17
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
    # A window as large as the body compresses as well, and Brotli does not prepare for millions of bytes first.
    window = min(max(len(body).bit_length(), _SMALLEST_WINDOW), _LARGEST_WINDOW)
    if len(body) < _LARGE:
        return {"br": _brotli(body, window), "gzip": _gzip(body)}
    with ThreadPoolExecutor(1) as beside:  # both at a time: whoever waits for a large page waits for the longer one
        zipped = beside.submit(_gzip, body)
        return {"br": _brotli(body, window), "gzip": zipped.result()}


def _brotli(body: bytes, window: int) -> bytes:
    return bytes(brotli.compress(body, quality=_BROTLI_QUALITY, lgwin=window))


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


def write_codings(files: Iterable[tuple[Path, str]]) -> None:
    """Write the compressed forms of files, given with their media types, beside them; what is there stays as it is.

    Files of the same content share theirs.
    """
    written: dict[bytes, Path] = {}
    for file, media_type in files:
        body = file.read_bytes()
        same = written.setdefault(hashlib.sha256(body).digest(), file)
        if same == file and not read_codings(file):
            for coding, compressed in codings_of(body, media_type).items():
                _beside(file, coding).write_bytes(compressed)
        elif same != file:
            for coding in read_codings(same):
                if not _beside(file, coding).exists():
                    os.link(_beside(same, coding), _beside(file, coding))


def read_codings(file: Path) -> dict[str, bytes]:
    """Return the compressed forms that lie beside a file, by name of their coding."""
    return {coding: beside.read_bytes() for coding in ENDINGS if (beside := _beside(file, coding)).is_file()}


def _beside(file: Path, coding: str) -> Path:
    return file.with_name(file.name + ENDINGS[coding])
