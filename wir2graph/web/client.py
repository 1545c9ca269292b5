"""Who sends a request, for the limit per client."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Final

from wir2graph.web.http import Scope

# One customer of a provider has a network of this size, not one address.
_IPV6_PREFIX: Final = 64


def client_of(scope: Scope, trusted_proxies: Collection[str]) -> str | None:
    """Return the address that a request comes from (for IPv6 its network); None where the server does not know it.

    X-Forwarded-For is believed only as far as trusted proxies wrote it: read from its end, it names the client with the
    first address that is not a trusted proxy's.
    """
    peer = scope.get("client")
    if peer is None:
        return None
    address: str = peer[0]
    if address in trusted_proxies:
        told = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").decode("latin-1")
        for entry in (part.strip() for part in reversed(told.split(","))):
            if entry:
                address = entry
            if entry not in trusted_proxies:
                break
    return _network(address)


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address) or parsed.ipv4_mapped is not None:
        return address
    return str(ipaddress.ip_network((address.partition("%")[0], _IPV6_PREFIX), strict=False))
