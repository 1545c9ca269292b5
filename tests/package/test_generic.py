"""Nothing of a shipped plan is in program, vocabulary, shapes or site: all of it comes from the plan's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from wir2graph.plan import find_workspace, load_plans

ROOT = Path(__file__).resolve().parents[2]
READ = {".py", ".ttl", ".rq", ".html", ".toml", ".css", ".js"}
PLANS = load_plans(find_workspace().data)


@pytest.mark.parametrize("folder", ["wir2graph", "ontology", "shapes", "site"])
def test_no_plan_is_named(folder: str) -> None:
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in READ and "node_modules" not in path.parts]
    assert len(files) >= 5
    names = {name.lower() for plan in PLANS for name in (plan.slug, plan.namespace, *plan.title.values())}
    named = [f"{path.relative_to(ROOT)}: {name}" for path in files for name in names
             if name in path.read_text(encoding="utf-8").lower()]
    assert named == []
