"""What changed with a version, in a few words: for feeds and catalogues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wir2graph.history.diff import ADDED, CHANGED, REMOVED
from wir2graph.pages.history import HistoryView, ThingChangeView, history_view
from wir2graph.pages.values import Values

if TYPE_CHECKING:
    from wir2graph.plan import Plan
    from wir2graph.release import Release

_MOST_NAMED: Final = 10  # changed things


def notes(release: Release, plan: Plan, version: str) -> dict[str, str]:
    """Return by language what changed with a version of a plan that has it."""
    index, path = release.pages.index, f"/{plan.slug}/"
    found = {}
    for language in plan.languages:
        told = history_view(index, plan, path, Values(index, path, language), None, version)
        assert told is not None, "a plan with versions has a history"
        found[language] = _summary(told, index.texts[language]["history"])
    return found


def _summary(told: HistoryView, texts: dict[str, Any]) -> str:
    """Return the difference in a few words: numbers, and the names of the first things."""
    assert told.shown is not None
    counts = texts["first" if told.shown.first else "counts"].format(**told.shown.counts)
    if told.shown.first:
        return f"{counts}."
    groups: dict[str, list[ThingChangeView]] = {
        ADDED: [thing for kind in told.added for thing in kind.things],
        REMOVED: [thing for kind in told.removed for thing in kind.things], CHANGED: list(told.changed),
    }
    lines = [f"{counts}."]
    for state, things in groups.items():
        if things:
            named = ", ".join(thing.thing.text for thing in things[:_MOST_NAMED])
            lines.append(f"{texts[state]}: {named}{' …' if len(things) > _MOST_NAMED else ''}")
    return "\n".join(lines)
