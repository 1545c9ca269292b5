"""What the doctor has to say, in German, for those who run the site: `advice.toml` has all of it, by name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

Severity = Literal["error", "warning", "hint"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "hint")
"""From the most serious to the least."""


@dataclass(frozen=True)
class Remark:
    """One remark: what was asked, what came, and what to do. `name` is the same for the same fault, for monitoring."""

    name: str
    severity: Severity
    asked: str
    came: str
    advice: str


def remark(name: str, asked: str, came: str, **values: str) -> Remark:
    """Return a remark of this name with its advice, in which `values` stand. Raises KeyError for an unknown name."""
    for severity in SEVERITIES:
        if name in advice()[severity]:
            return Remark(name, severity, asked, came, advice()[severity][name].format(**values))
    raise KeyError(name)


@lru_cache(1)
def advice() -> Mapping[str, Mapping[str, str]]:
    """Return what to do by severity and name."""
    return tomllib.loads(Path(__file__).with_name("advice.toml").read_text(encoding="utf-8"))
