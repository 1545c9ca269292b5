"""What a shipped plan leaves out of its sources, and where its names stand, is told for the text it was made for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from wir2graph.plan import Plan, find_workspace, load_plans

DATA = find_workspace().data
DOCUMENT = (DATA.parent / "docs" / "data.md").read_text(encoding="utf-8")
PLANS = load_plans(DATA)
every_plan = pytest.mark.parametrize("plan", PLANS, ids=[plan.slug for plan in PLANS])


def tables(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


@every_plan
@pytest.mark.parametrize("file", ["persons.toml", "coverage.toml"])
def test_the_lines_are_those_of_the_text_that_the_data_names(plan: Plan, file: str) -> None:
    found = tables(plan.folder / file)
    assert found
    written = "\n".join(path.read_text(encoding="utf-8") for path in plan.folder.glob("redaktion/*.ttl"))
    for source, table in found.items():
        described = re.search(rf"^<quelle/{re.escape(source)}>.*?^\S", written, re.DOTALL | re.MULTILINE)
        assert described is not None, source
        assert f'wir:textDigest "{table["text"]}"' in described.group()


@every_plan
def test_what_is_left_out_is_listed_with_its_reason(plan: Plan) -> None:
    for source, table in tables(plan.folder / "coverage.toml").items():
        section = re.search(rf"^### {re.escape(source)}\n(.*?)(?=^#|\Z)", DOCUMENT, re.DOTALL | re.MULTILINE)
        assert section is not None, source
        rows = re.findall(r"^\| (.+) \| (.+) \|$", section[1], re.MULTILINE)[1:]
        expected = [(", ".join(one["lines"]), one["de"]) for one in table["left_out"]]
        assert rows == expected, "expected in docs/data.md:\n" + "\n".join(f"| {a} | {b} |" for a, b in expected)
