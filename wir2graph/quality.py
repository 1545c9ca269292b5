"""How good the data of a release are, as far as it can be told when it is built: what the check found, and shares.

Shares are about the things of a plan: entities of a class of ours, without evidence, claims (which are statements about
things) and withdrawn identifiers. How much of the source texts the data cover is not told here: that needs the texts,
which a build does not have (`wir2graph check --coverage`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from wir2graph.coverage import ClassShares, classes
from wir2graph.dataset import Dataset
from wir2graph.findings import Finding, ordered
from wir2graph.plan import PREFIXES, TOMBSTONE, WIR, Plan

_FOLDER: Final = "quality"
_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_CONTRADICTION: Final = ox.NamedNode(f"{WIR}Contradiction")
_READING: Final = ox.NamedNode(f"{WIR}reading")
_LABEL: Final = PREFIXES["skos"] + "prefLabel"
_DESCRIPTION: Final = PREFIXES["dcterms"] + "description"
_NO_THINGS: Final = frozenset({f"{WIR}Evidence", f"{WIR}Claim", TOMBSTONE})


@dataclass(frozen=True)
class Share:
    """How many of all things have something."""

    name: str
    part: int
    total: int


@dataclass(frozen=True)
class Quality:
    """What is known of the quality of one plan: `open` of its `contradictions` have no reading."""

    findings: tuple[Finding, ...]
    shares: tuple[Share, ...]
    classes: tuple[ClassShares, ...]
    contradictions: int
    open: int

    def count(self, severity: str) -> int:
        """Return how many findings have a severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def by_rule(self) -> dict[str, list[Finding]]:
        """Return the findings by the name of their rule, ordered by it."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            found[finding.rule].append(finding)
        return dict(sorted(found.items()))


def measure(dataset: Dataset, plan: Plan, findings: Iterable[Finding]) -> Quality:
    """Return the quality of one plan; `findings` are those of the whole dataset."""
    kinds: dict[str, set[str]] = defaultdict(set)
    having: dict[str, set[str]] = defaultdict(set)
    contradictions: set[str] = set()
    read: set[str] = set()
    for triple in dataset.defaults[plan.slug]:
        if not isinstance(triple.subject, ox.NamedNode) or not triple.subject.value.startswith(plan.namespace):
            continue
        subject, value = triple.subject.value, triple.object
        if triple.predicate == _TYPE and isinstance(value, ox.NamedNode):
            kinds[subject].add(value.value)
            if value == _CONTRADICTION:
                contradictions.add(subject)
        elif triple.predicate == _READING:
            read.add(subject)
        elif name := _shown_by(triple):
            having[name].add(subject)
    things = {thing for thing, found in kinds.items()
              if any(kind.startswith(WIR) for kind in found) and not found & _NO_THINGS}
    shares = tuple(
        Share(name, len(things & having[name]), len(things))
        for name in ("evidence", "label-de", "label-en", "description-de", "description-en")
    )
    return Quality(
        tuple(ordered(finding for finding in findings if _concerns(finding, plan, dataset.plans))), shares,
        tuple(classes(dataset, plan)), len(contradictions), len(contradictions - read),
    )


def write(dataset: Dataset, findings: Iterable[Finding], folder: Path) -> None:
    """Write the quality of each plan into the folder of a release."""
    found = tuple(findings)
    (folder / _FOLDER).mkdir()
    for plan in dataset.plans:
        text = json.dumps(asdict(measure(dataset, plan, found)), ensure_ascii=False, indent=1)
        (folder / _FOLDER / f"{plan.slug}.json").write_text(text + "\n", encoding="utf-8")


def read(folder: Path, plan: Plan) -> Quality:
    """Return the quality of a plan of the release in a folder. Raises OSError when it is not there."""
    told: dict[str, Any] = json.loads((folder / _FOLDER / f"{plan.slug}.json").read_text(encoding="utf-8"))
    return Quality(
        tuple(Finding(**finding) for finding in told["findings"]), tuple(Share(**share) for share in told["shares"]),
        tuple(ClassShares(**shares) for shares in told["classes"]), told["contradictions"], told["open"],
    )


def _shown_by(triple: ox.Triple) -> str | None:
    """Return the name of the share for which a statement counts."""
    name, value = triple.predicate.value, triple.object
    if name in (f"{WIR}evidence", f"{WIR}derivedFrom"):
        return "evidence"
    kinds: Mapping[str, str] = {_LABEL: "label", _DESCRIPTION: "description"}
    return f"{kinds[name]}-{value.language}" if name in kinds and isinstance(value, ox.Literal) else None


def _concerns(finding: Finding, plan: Plan, plans: Iterable[Plan]) -> bool:
    """Tell whether a finding is about a plan; what is about none concerns all of them."""
    about = [
        other for other in plans
        if (finding.file or "").startswith(f"{other.slug}/") or (finding.subject or "").startswith(other.namespace)
    ]
    return plan in about or not about
