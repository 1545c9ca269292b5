"""What is known of a thing in one language, whatever page it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wir2graph.pages.labels import Text, last_segment
from wir2graph.plan import PREFIXES

if TYPE_CHECKING:
    from wir2graph.pages.index import PageIndex


@dataclass(frozen=True, slots=True)
class Known:
    """One thing: its label by the rule of `labels`, and the absolute path of what shows it, with its `anchor` there.

    `external` things of strangers are shown where their IRI leads. `source` is the document that a piece of evidence is
    taken from, `code` what an office is known by.
    """

    label: Text
    path: str | None
    anchor: str | None
    external: bool
    code: str | None
    source: str | None


def known(index: PageIndex, iri: str, language: str) -> Known:
    """Return what the release of an index knows of a thing."""
    labels = index.release.labels
    ours = index.is_ours(iri)
    label = labels.of(iri, language)
    if not labels.knows(iri):
        own = Text(index.texts[language]["terms"].get(_short(iri), _shown(iri, ours)), None, True)
        label = labels.claimed(iri, language) or own
    source = index.source_of(iri)
    if source is not None and (place := index.release.places.get(iri)) is not None:
        original = place.plan.languages[0]  # a place in a source is called in its words
        label = Text(label.text, original, original == language)
    path = index.path_of(iri, language)
    external = path is None and not ours and urlsplit(iri).scheme in ("http", "https")
    anchor = (path or "").partition("#")[2] or None
    return Known(label, path, anchor, external, labels.code(iri), source)


def _short(iri: str) -> str:
    for prefix, space in PREFIXES.items():
        if iri.startswith(space):
            return f"{prefix}:{iri[len(space):]}"
    return iri


def _shown(iri: str, ours: bool) -> str:
    """Return what stands for a thing without a label: its short form, or for strangers' things the whole IRI."""
    short = _short(iri)
    return short if short != iri else last_segment(iri) if ours else iri
