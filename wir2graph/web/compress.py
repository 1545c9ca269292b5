"""Content codings (RFC 9110, section 8.4.1): a body is compressed once and then kept."""

from __future__ import annotations

import gzip
from typing import Final

import brotli  # type: ignore[import-untyped]

# Below this, a body fits into one packet anyway.
SMALLEST: Final = 1024
# Above this, brotli's best levels take seconds.
_LARGE: Final = 200_000
_TEXTUAL: Final = frozenset({
    "application/json", "application/n-quads", "application/n-triples", "application/trig", "application/xml",
    "application/javascript", "image/svg+xml",
})


def compressible(media_type: str) -> bool:
    """Tell whether bodies of this type get smaller."""
    name = media_type.partition(";")[0].strip().lower()
    return name.startswith("text/") or name in _TEXTUAL or name.endswith(("+json", "+xml"))


def codings_of(body: bytes, media_type: str) -> dict[str, bytes]:
    """Return the compressed forms of a body by name of their coding; none where it is not worth it."""
    if len(body) < SMALLEST or not compressible(media_type):
        return {}
    quality = 5 if len(body) > _LARGE else 9
    return {"br": brotli.compress(body, quality=quality), "gzip": gzip.compress(body, 6, mtime=0)}
