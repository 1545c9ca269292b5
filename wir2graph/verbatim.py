"""Words as printed: what a property gives in the words of its source must stand in the text of that source.

An ellipsis (…) stands for words left out; the parts around it stand in the text in this order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from wir2graph.findings import Finding, ordered
from wir2graph.plan import WIR, Plan
from wir2graph.quotes import Normalised, occurrences
from wir2graph.sources import SourceText, Statement

GAP: Final = "…"
PRINTED: Final = tuple(f"{WIR}{name}" for name in ("contactText", "qualifier", "statedPeriod", "workingTitle"))


def check(plan: Plan, said: Iterable[Statement], texts: Mapping[str, SourceText]) -> list[Finding]:
    """Return a finding `NotAsPrinted` for each literal of a printed property that the text of its graph's source lacks.

    `texts` has the texts by the slug of the source. What the editors say (`redaktion`) belongs to no text.
    """
    by_graph = {plan.graph(slug): text for slug, text in texts.items()}
    return ordered(
        _finding(one, by_graph[one.graph])
        for one in said if one.predicate in PRINTED and one.graph in by_graph
        and not stands_in(by_graph[one.graph].normalised, one.literal.value)
    )


def stands_in(text: Normalised, printed: str) -> bool:
    """Tell whether a text has the words, with anything in place of each ellipsis."""
    end = 0
    for part in map(str.strip, printed.split(GAP)):
        found = next((place for place in occurrences(text, part) if place >= end), None)
        if found is None:
            return False
        end = found + len(part)
    return True


def _finding(one: Statement, text: SourceText) -> Finding:
    name = one.predicate.replace(WIR, "wir:")
    return Finding(
        "NotAsPrinted", one.subject, one.file, one.line, None,
        f"{name} „{one.literal.value}“ steht so nicht im Text der Quelle „{text.source}“. Bitte im Wortlaut angeben;"
        f" für ausgelassene Wörter steht {GAP}.",
        f"{name} “{one.literal.value}” does not stand like this in the text of source “{text.source}”; give it in the"
        f" words of the text, with {GAP} for words left out",
    )
