"""The settings of whoever runs the site. All may be open (`None` or empty); nothing speaks for a city by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from wir2graph.store.base import Capacity, Limits

MEGABYTE: Final = 2**20


@dataclass(frozen=True)
class SparqlSettings:
    """What strangers' queries may take, and how many there may be at a time.

    `cache_bytes` is the room for results that are kept. `trusted_proxies` are the addresses of proxies whose
    X-Forwarded-For tells who asks; it counts for the limit per client and for nothing else.
    """

    limits: Limits = field(default_factory=Limits)
    capacity: Capacity = field(default_factory=Capacity)
    cache_bytes: int = 32 * MEGABYTE
    trusted_proxies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arbitration:
    """The body that the accessibility statement names for the enforcement procedure; `contact` may have lines."""

    name: str | None = None
    url: str | None = None
    contact: str | None = None


@dataclass(frozen=True)
class Accessibility:
    """What only the operator can say in the accessibility statement (Implementing Decision (EU) 2018/1523).

    `status` is "full", "partial" or "none", `method` "self-assessment" or "third-party"; `law` names the law that the
    operator falls under. `exceptions` is, by language, what is not accessible beside what the site tells by itself.
    """

    status: str | None = None
    method: str | None = None
    prepared: date | None = None
    reviewed: date | None = None
    law: str | None = None
    feedback_email: str | None = None
    feedback_url: str | None = None
    exceptions: Mapping[str, str] = field(default_factory=dict)
    arbitration: Arbitration = field(default_factory=Arbitration)


@dataclass(frozen=True)
class Operator:
    """Whoever runs the site. `imprint` and `privacy` are texts in Markdown by language."""

    name: str | None = None
    kind: str | None = None
    email: str | None = None
    homepage: str | None = None
    contributor_id: str | None = None
    public_url: str | None = None
    imprint: Mapping[str, str] = field(default_factory=dict)
    privacy: Mapping[str, str] = field(default_factory=dict)
    accessibility: Accessibility = field(default_factory=Accessibility)
    sparql: SparqlSettings = field(default_factory=SparqlSettings)

    @property
    def feedback_email(self) -> str | None:
        """Where to write about the site and its data."""
        return self.accessibility.feedback_email or self.email

    @property
    def feedback_url(self) -> str | None:
        """A form for that, or None."""
        return self.accessibility.feedback_url
