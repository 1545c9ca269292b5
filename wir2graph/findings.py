"""Findings: what a check has to say about the data, in one form for every kind of rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """One remark of a check.

    `rule` is the local name of the rule that fired, `subject` the IRI concerned, `file` the data file (relative to
    the data folder), `line` and `column` count from 1. The messages say what is wrong and what to do. `component` is
    the IRI of the constraint component of SHACL that found it, None for what other checks find.
    """

    rule: str
    subject: str | None
    file: str | None
    line: int | None
    column: int | None
    message_de: str
    message_en: str
    severity: Severity = "violation"
    component: str | None = None

    def place(self) -> str:
        """Return `file:line:column` as far as they are known, else the subject, else an empty string."""
        parts = [str(part) for part in (self.file, self.line, self.column) if part is not None]
        return ":".join(parts) or self.subject or ""


_ORDER = {"violation": 0, "warning": 1, "info": 2}


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without repetitions: violations first, then by place, rule and subject."""
    return sorted(
        set(findings),
        key=lambda f: (
            _ORDER[f.severity], f.file or "", f.line or 0, f.column or 0, f.rule, f.subject or "", f.message_de,
        ),
    )


def violations(findings: Iterable[Finding]) -> list[Finding]:
    """Return those findings that forbid a release."""
    return [finding for finding in findings if finding.severity == "violation"]


class InputError(Exception):
    """Input that cannot be used at all; carries the findings that say why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(ordered(findings))
        super().__init__("; ".join(f"{f.place()}: {f.message_en}" for f in self.findings))
