"""One line per measured value, with its budget beside it."""

from __future__ import annotations


def line(what: str, measured: float, unit: str, budget: float) -> str:
    """Return a line that says what was measured, the value, and whether it lies within its budget."""
    verdict = "ok" if measured <= budget else "OVER BUDGET"
    return f"{what:<44}{measured:>9.2f} {unit:<3} budget {budget:>6.1f} {unit:<3} {verdict}"
