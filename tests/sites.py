"""A served site and what is known of it by hand, for real clients to talk to."""

from __future__ import annotations

from dataclasses import dataclass

from tests.serving import Server


@dataclass(frozen=True)
class Site:
    """A served site and what is known of it by hand."""

    server: Server
    plan: str
    measures: int

    @property
    def endpoint(self) -> str:
        return f"{self.server.url}/sparql"
