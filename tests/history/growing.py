"""One version more of the fictional plan, from which a thing has disappeared (which the check would forbid)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wir2graph.dataset import load
from wir2graph.history.versions import next_version, publish
from wir2graph.plan import find_workspace, load_plan

DAY = "2027-07-31"


def publish_without_evidence(data: Path) -> None:
    """Remove a piece of evidence from a copy of the plans and publish what is left as a version."""
    folder = data / "musterstadt"
    file = folder / "stadtblatt-2027" / "belege.ttl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[:text.index("<beleg/")], encoding="utf-8")
    toml = folder / "plan.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("2027-06-30", DAY), encoding="utf-8")
    plan = load_plan(folder)
    patch = next_version(load(replace(find_workspace(), data=data)), plan)
    assert patch is not None
    publish(plan, patch)
