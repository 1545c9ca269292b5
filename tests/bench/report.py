"""One line per measured value, with its budget or its aim beside it."""

from __future__ import annotations


def line(what: str, measured: float, unit: str, budget: float) -> str:
    """Return a line that says what was measured, the value, and whether it lies within its budget."""
    verdict = "ok" if measured <= budget else "OVER BUDGET"
    return f"{what:<44}{measured:>9.2f} {unit:<3} budget {budget:>6.1f} {unit:<3} {verdict}"


def aim(what: str, measured: float, least: float) -> str:
    """Return a line that says what a ratio is, and whether it is as high as it should be."""
    verdict = "ok" if measured >= least else "MISSED"
    return f"{what:<44}{measured:>9.2f} ×   aim    {least:>6.1f} ×   {verdict}"
