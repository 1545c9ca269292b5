"""Why a query failed, in the language of the page: what the endpoint says in English, in German where it is ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from wir2graph.operator import SparqlSettings
from wir2graph.pages.asked import FailureView
from wir2graph.pages.results import Failure

# What the store says, and the same in German.
_GERMAN: Final = (
    (r"Unexpected (.+)", r"Unerwartet: \1"),
    (r"The query is incomplete\.", "Die Abfrage ist unvollständig."),
    (r"The query is malformed\.", "Die Abfrage ist fehlerhaft."),
    (r"The query ends before (.+) of line (\d+), column (\d+) is closed\.",
     r"Die Abfrage endet, bevor \1 aus Zeile \2, Spalte \3 geschlossen ist."),
    (r"SERVICE is not offered: this endpoint asks no other server\.",
     "SERVICE gibt es hier nicht: Dieser Endpunkt befragt keinen anderen Server."),
    (r"Brackets are nested deeper than (\d+)\.", r"Klammern sind tiefer als \1 geschachtelt."),
    (r"The query is too complex to be answered\.", "Die Abfrage ist zu umfangreich, um beantwortet zu werden."),
    (r"An IRI is malformed\.", "Eine IRI ist fehlerhaft."),
    (r"The IRI (.+) is relative\.", r"Die IRI \1 ist relativ."),
    (r"The prefix (.*): is not declared\.", r"Das Präfix \1: ist nicht erklärt."),
    (r"A string is not closed\.", "Ein Text ist nicht geschlossen."),
    (r"A pattern has more than (\d+) triples\.", r"Ein Muster hat mehr als \1 Tripel."),
    (r"a variable", "eine Variable"),
    (r"an IRI", "eine IRI"),
    (r"an absolute IRI, or BASE before the query", "eine vollständige IRI, oder BASE vor der Abfrage"),
    (r"a prefixed name", "ein Name mit Präfix"),
    (r"a blank node", "ein leerer Knoten"),
    (r"a number", "eine Zahl"),
    (r"a string", "ein Text in Anführungszeichen"),
    (r"(PREFIX .+) before the query", r"\1 vor der Abfrage"),
    (r"the end of the query", "das Ende der Abfrage"),
)
_TOLD: Final = frozenset({"bad-query", "too-complex", "not-expressible"})


def failure_view(failure: Failure, language: str, texts: Mapping[str, Any], settings: SparqlSettings) -> FailureView:
    """Return what a failed query's visitor reads; `texts` are those of the language."""
    said = texts["failures"]
    values = {
        "seconds": f"{settings.limits.seconds:g}", "wait": str(failure.retry_after or ""),
        "per_client": str(settings.capacity.per_client),
    }
    detail, spoken = in_german(failure.detail) if language == "de" else (failure.detail, "en")
    return FailureView(
        said[f"{failure.kind}_title"], said[failure.kind].format(**values),
        detail if failure.kind in _TOLD else None, spoken if spoken != language else None,
        failure.line, failure.column,
        tuple(in_german(item)[0] if language == "de" else item for item in failure.expected),
    )


def in_german(detail: str) -> tuple[str, str]:
    """Return what the store says in German, and the language that it is in then: "en" where it is not ours."""
    for pattern, german in _GERMAN:
        if re.fullmatch(pattern, detail, re.DOTALL):
            return re.sub(pattern, german, detail, count=1, flags=re.DOTALL), "de"
    return detail, "en"
