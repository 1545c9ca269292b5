"""The table of limits in docs/researchers.md is that of the program."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

from wir2graph.operator import SparqlSettings

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "researchers.md"
MEGABYTE = 2**20


def test_the_limits_are_those_of_the_program() -> None:
    told = re.findall(r"^\| `(\w+)`[^|]* \| (\d+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    settings = SparqlSettings()
    known = asdict(settings.limits) | asdict(settings.capacity)
    limits = {name.replace("_bytes", "_mb"): value / MEGABYTE if name.endswith("_bytes") else value
              for name, value in known.items() if name != "workers"}  # as many as there are processors
    assert {name: float(value) for name, value in told} == limits
