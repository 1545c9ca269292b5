"""An examination: all checks, one after the other, whatever each of them meets with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Final

from wir2graph.doctor import addresses, catalogue, discovery, documents, feed, naming, reaching, sparql
from wir2graph.doctor.client import Client, Unreachable
from wir2graph.doctor.remark import SEVERITIES, Remark, Severity, remark
from wir2graph.doctor.site import Site
from wir2graph.operator import Operator

Check = Callable[[Site], Iterator[Remark]]

CHECKS: Final[Mapping[str, Check]] = MappingProxyType({
    "https": reaching.https, "void": discovery.void, "sitemap": discovery.sitemap, "robots": discovery.robots,
    "signposts": discovery.signposts, "addresses": addresses.foreign, "negotiation": naming.negotiation,
    "namespace": naming.namespace, "missing": naming.missing, "gone": naming.gone, "types": documents.types,
    "head": documents.head, "conditional": documents.conditional, "cors": documents.cors,
    "compression": documents.compression, "sparql": sparql.protocol, "service": sparql.description,
    "catalogue": catalogue.documents, "distributions": catalogue.distributions, "operator": catalogue.operator,
    "feed": feed.feed, "gateway": reaching.gateway,
})
"""The checks of a site that answers, by name, in the order in which they are made."""


_NAMES: Final[Mapping[Severity, str]] = {"error": "Fehler", "warning": "Warnung", "hint": "Hinweis"}


@dataclass(frozen=True)
class Examination:
    """What the doctor found at a URL, the most serious first."""

    url: str
    remarks: tuple[Remark, ...]

    def count(self, severity: Severity) -> int:
        """Return how many remarks have a severity."""
        return sum(found.severity == severity for found in self.remarks)

    def as_json(self) -> str:
        """Return the examination for programs: the counts, and every remark with all that it says."""
        counts = {f"{severity}s": self.count(severity) for severity in SEVERITIES}
        remarks = [asdict(found) for found in self.remarks]
        return json.dumps({"url": self.url, **counts, "remarks": remarks}, ensure_ascii=False, indent=1)

    def as_text(self) -> str:
        """Return the examination for people, in German: every remark, and the counts at the end."""
        told = [
            f"{_NAMES[found.severity]} [{found.name}]\n  gefragt:  {found.asked}\n  bekommen: {found.came}\n"
            f"  zu tun:   {found.advice}\n" for found in self.remarks
        ]
        counts = (self.count(severity) for severity in SEVERITIES)
        return "\n".join([*told, "{}: {} Fehler, {} Warnungen, {} Hinweise".format(self.url, *counts)])


def examine(
    url: str, operator: Operator | None = None, client: Client | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Examination:
    """Examine the deployment at a URL. `operator` are its settings; `progress` is told the name of each check."""
    site = Site(url.rstrip("/"), client or Client(), operator)
    remarks = list(reaching.reachable(site))
    if not any(found.severity == "error" for found in remarks):
        for name, check in CHECKS.items():
            progress(name)
            remarks += run(name, check, site)
    ordered = sorted(dict.fromkeys(remarks), key=lambda found: SEVERITIES.index(found.severity))
    return Examination(site.url, tuple(ordered))


def run(name: str, check: Check, site: Site) -> list[Remark]:
    """Return the remarks of one check; what it does not get along with is a remark."""
    found: list[Remark] = []
    asked = f"Prüfung „{name}“ unter {site.url}"
    try:
        for each in check(site):
            found.append(each)
    except Unreachable as fault:
        found.append(remark("check-unreachable", asked, str(fault)))
    except Exception as fault:  # a strange answer must not hide what other checks find
        found.append(remark("check-unexpected", asked, f"{type(fault).__name__}: {fault}"))
    return found
