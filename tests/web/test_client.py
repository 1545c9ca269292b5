"""Who a request comes from, with and without proxies in front."""

from __future__ import annotations

from typing import Any

import pytest

from wir2graph.web.client import client_of

PROXIES = ("10.0.0.1", "10.0.0.2")


def scope(peer: str | None, *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    return {"client": None if peer is None else (peer, 4711), "headers": headers}


@pytest.mark.parametrize(("peer", "forwarded", "client"), [
    ("192.0.2.7", (), "192.0.2.7"),
    ("192.0.2.7", ("203.0.113.9",), "192.0.2.7"),  # anybody can write the field
    ("10.0.0.1", ("203.0.113.9",), "203.0.113.9"),
    ("10.0.0.1", ("198.51.100.1, 203.0.113.9, 10.0.0.2",), "203.0.113.9"),
    ("10.0.0.1", ("198.51.100.1", "203.0.113.9"), "203.0.113.9"),
    ("10.0.0.1", (), "10.0.0.1"),
    ("10.0.0.1", ("",), "10.0.0.1"),
    ("10.0.0.1", ("unknown",), "unknown"),
    ("2001:db8:1:2:3:4:5:6", (), "2001:db8:1:2::/64"),
    ("10.0.0.1", ("2001:db8:1:2::ffff",), "2001:db8:1:2::/64"),
    ("::ffff:192.0.2.7", (), "::ffff:192.0.2.7"),
    (None, (), None),
])
def test_the_client_is_whoever_the_last_trusted_proxy_saw(
    peer: str | None, forwarded: tuple[str, ...], client: str | None,
) -> None:
    assert client_of(scope(peer, *forwarded), PROXIES) == client
