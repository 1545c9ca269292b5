"""`/api/search`: the search as JSON, for programs and for the suggestions below the search box.

    {"query", "language", "count",
     "corrected": [{"typed", "taken": [word]}], "suggested": [word],
     "sections": [{"section", "title", "count"}],
     "hits": [{"href", "iri", "code", "title", "language", "kind", "section", "plan", "snippet"}]}

`hits` are the best ones, in order; `sections` counts all. `href` is relative to the document; `iri`, `code` and `plan`
are null where there is none; `language` is that of the title; `snippet` is HTML with `<mark>` around what was found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from wir2graph.formats import JSON
from wir2graph.pages.index import LANGUAGES
from wir2graph.pages.searching import section_title
from wir2graph.represent.base import Representation, strong_etag
from wir2graph.search.find import Found
from wir2graph.search.lookup import Hit
from wir2graph.search.marks import Fragment
from wir2graph.urls import localised, relative

if TYPE_CHECKING:
    from wir2graph.release import Release

PATH: Final = "/api/search"
PARAMETERS: Final = ("q", "lang", "limit", "plan")
MOST_HITS: Final = 50
HITS: Final = 10


class WrongParameter(ValueError):
    """A parameter that cannot be answered.

    `fault` is "missing", "unknown", "repeated" or "wrong" (its value); `allowed` says what can be given instead.
    """

    def __init__(self, name: str, fault: str, allowed: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.fault = fault
        self.allowed = allowed


@dataclass(frozen=True)
class Asked:
    """What a program asks: a text, the language of the answer, how many hits, and the plan (None: all plans)."""

    text: str
    language: str
    limit: int
    plan: str | None


def read_parameters(given: Iterable[tuple[str, str]], plans: Iterable[str]) -> Asked:
    """Return what parameters ask, `plans` being the slugs that there are. Raises WrongParameter."""
    found: dict[str, str] = {}
    for name, value in given:
        if name not in PARAMETERS:
            raise WrongParameter(name, "unknown", ", ".join(PARAMETERS))
        if name in found:
            raise WrongParameter(name, "repeated")
        found[name] = value
    text, language, limit = found.get("q", ""), found.get("lang", LANGUAGES[0]), found.get("limit", str(HITS))
    plan, slugs = found.get("plan"), sorted(plans)
    if not text.strip():
        raise WrongParameter("q", "missing")
    if language not in LANGUAGES:
        raise WrongParameter("lang", "wrong", ", ".join(LANGUAGES))
    if not (limit.isascii() and limit.isdigit() and len(limit) < 4 and 1 <= int(limit) <= MOST_HITS):
        raise WrongParameter("limit", "wrong", f"1–{MOST_HITS}")
    if plan not in (None, *slugs):
        raise WrongParameter("plan", "wrong", ", ".join(slugs))
    return Asked(text, language, int(limit), plan)


def represent(release: Release, asked: Asked) -> Representation:
    """Return the answer as a document; the same release and question always give the same bytes."""
    found = release.search.find(asked.text, asked.language, asked.plan)
    document = {
        "query": asked.text, "language": asked.language, "count": len(found.pages),
        "corrected": [{"typed": typed, "taken": list(taken)} for typed, taken in found.corrected],
        "suggested": list(found.suggested),
        "sections": [
            {"section": section, "title": section_title(release.pages.index, section, asked.language),
             "count": len(pages)}
            for section, pages in found.sections.items()
        ],
        "hits": [_hit(release, hit, found, asked.language) for hit in release.search.hits(found.pages[:asked.limit])],
    }
    # What a visitor typed may have half of a character that takes two: it is written as an escape.
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    body = text.encode("utf-8", errors="backslashreplace")
    return Representation(JSON.media_type, asked.language, body, strong_etag(body), release.built)


def _hit(release: Release, hit: Hit, found: Found, language: str) -> dict[str, str | None]:
    title, tag = hit.titles[language]
    snippet, _ = found.marks.snippet(hit.texts, language)
    kind = hit.kinds.get(language) or section_title(release.pages.index, hit.section, language)
    return {
        "href": relative(PATH, localised(hit.path, language)), "iri": hit.iri, "code": hit.code, "title": title,
        "language": tag, "kind": kind, "section": hit.section, "plan": hit.plan,
        "snippet": _html(snippet),
    }


def _html(fragments: Iterable[Fragment]) -> str:
    mark = Markup("<mark>{}</mark>")
    return str(Markup("").join(mark.format(part.text) if part.hit else Markup.escape(part.text) for part in fragments))
