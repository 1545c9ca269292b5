"""What the history of a plan says against its data: identifiers that have vanished, changes that are no version yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from wir2graph.dataset import Dataset
from wir2graph.findings import Finding, InputError, ordered
from wir2graph.history.versions import read_versions, replay
from wir2graph.plan import Plan

VANISHED: Final = "IdentifierVanished"
UNRELEASED: Final = "DataUnreleased"


def check_history(dataset: Dataset, plan: Plan) -> list[Finding]:
    """Return the findings about the history of a plan, those about a damaged one included."""
    try:
        versions = read_versions(plan)
        if not versions or versions[-1].digest == dataset.digest(plan):
            return []
        before = replay(plan, versions[-1].name)
    except InputError as error:
        return list(error.findings)
    last = versions[-1].name
    return [_unreleased(plan, last), *_vanished(dataset, plan, before, last)]


def forbidding(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings as a new version takes them: an identifier must not vanish with it."""
    return ordered(
        replace(finding, severity="violation") if finding.rule == VANISHED else finding for finding in findings
        if finding.rule != UNRELEASED
    )


def _unreleased(plan: Plan, last: str) -> Finding:
    return Finding(
        UNRELEASED, None, f"{plan.slug}/plan.toml", None, None,
        f"Die Daten sind anders als in der letzten Ausgabe ({last}). Was sich geändert hat, zeigt „wir2graph diff“; "
        "eine neue Ausgabe macht „wir2graph release“.",
        f"the data differ from the last version ({last}); `wir2graph diff` shows how, `wir2graph release` makes a new "
        "version",
        "info",
    )


def _vanished(dataset: Dataset, plan: Plan, before: Iterable[ox.Quad], last: str) -> Iterator[Finding]:
    known = {quad.subject for quad in dataset.quads(plan)}
    own = f"{plan.namespace}id/"
    for subject in {quad.subject for quad in before} - known:
        if isinstance(subject, ox.NamedNode) and subject.value.startswith(own):
            name = subject.value.removeprefix(own)
            yield Finding(
                VANISHED, subject.value, f"{plan.slug}/", None, None,
                f"{name} steht in der Ausgabe {last}, aber nicht mehr in den Daten; wer die Kennung zitiert hat, fände "
                "nichts mehr. Bitte wieder aufnehmen oder in redaktion als wir:Tombstone eintragen, mit "
                "dcterms:isReplacedBy und dcterms:date.",
                f"{name} is in the version {last}, but no longer in the data; put it back or enter it in redaktion as "
                "a wir:Tombstone with dcterms:isReplacedBy and dcterms:date",
                "warning",
            )
