"""Header fields that every answer shares, and how addresses are written into header fields."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

EXPOSED = "Accept-Ranges, Content-Location, Content-Range, ETag, Last-Modified, Link, Location, Retry-After, Vary"
METHODS = ("GET", "HEAD", "OPTIONS")
_POLICY = (
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "worker-src 'self'",
)
COMMON = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": EXPOSED,
    "content-security-policy": "; ".join(_POLICY),
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
# What RFC 3986 allows in a path segment, and the slash; everything else is percent-encoded as UTF-8.
_SAFE = "/~!$&'()*+,;=:@"


def encode(reference: str) -> str:
    """Return a reference of Unicode characters as the ASCII that header fields carry (RFC 3987, 3.1)."""
    path, mark, fragment = reference.partition("#")
    return quote(path, safe=_SAFE) + mark + quote(fragment, safe=_SAFE + "?")


def encode_url(url: str | bytes) -> str:
    """Return a complete IRI or a query string as it came, but in ASCII; what is percent-encoded already stays."""
    return quote(url, safe=_SAFE + "?#[]%")


def preflight(methods: Iterable[str] = METHODS) -> dict[str, str]:
    """The header fields that answer OPTIONS, plain or as a CORS preflight (Fetch standard)."""
    allowed = ", ".join(methods)
    return {
        **COMMON,
        "allow": allowed,
        "access-control-allow-methods": allowed,
        "access-control-allow-headers": "Accept, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range",
        "access-control-max-age": "86400",
    }
