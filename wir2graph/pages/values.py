"""RDF terms as values that a reader sees, on one page in one language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from wir2graph.pages.labels import choose
from wir2graph.pages.model import Speaker, Value
from wir2graph.pages.results import NUMBERS
from wir2graph.pages.said import UNKNOWN
from wir2graph.plan import PREFIXES
from wir2graph.urls import relative

if TYPE_CHECKING:
    from wir2graph.pages.index import PageIndex

_XSD: Final = PREFIXES["xsd"]
# What is written otherwise, as strangers' queries can make it, is shown as it stands.
_NUMBER: Final = re.compile(r"-?\d{1,300}(?:\.\d+)?", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d)?", re.ASCII)


class Values:
    """Makes values for the page at `path` in `language`: labels by the rule, references relative to the page."""

    def __init__(self, index: PageIndex, path: str, language: str) -> None:
        self._index = index
        self._path = path
        self.language = language
        self.texts = index.texts[language]
        self._things: dict[str, Value] = {}
        self._speakers: dict[str, Speaker] = {}

    def of(self, term: object) -> Value:
        """Return the value of any term of a solution."""
        if isinstance(term, ox.NamedNode):
            return self.thing(term.value)
        if isinstance(term, ox.Literal):
            return self.literal(term)
        return Value(str(term))

    def thing(self, iri: str) -> Value:
        """Return a thing by its label, linked to its page; a thing of others is linked to where its IRI leads."""
        if iri not in self._things:
            self._things[iri] = self._thing(iri)
        return self._things[iri]

    def speaker(self, iri: str) -> Speaker:
        """Return who speaks in a graph or a document; a graph that nobody describes is known by its own name."""
        if iri not in self._speakers:
            self._speakers[iri] = self._speaker(iri)
        return self._speakers[iri]

    def _speaker(self, iri: str) -> Speaker:
        voice = self._index.voices.get(iri)
        name = self.thing(voice.thing if voice else iri)
        if voice is None:
            return Speaker(UNKNOWN, name.text, name)
        texts = self.texts["voices"]
        if voice.text is None:
            return Speaker(voice.order, texts["source_sign"].format(number=voice.order), name)
        own = name._replace(text=texts[voice.text], language=self.language, lang=None)
        return Speaker(voice.order, texts[f"{voice.text}_sign"], own)

    def _thing(self, iri: str) -> Value:
        known = self._index.known(iri, self.language)
        href = relative(self._path, known.path) if known.path is not None else iri if known.external else None
        return Value(
            known.label.text, known.label.language, None if known.label.asked else known.label.language, href,
            known.external, known.anchor, iri, known.code,
            speaker=self.speaker(known.source) if known.source else None,
        )

    def literal(self, term: ox.Literal) -> Value:
        """Return a literal in the way the language writes it: numbers, dates and truth values; text as it stands."""
        language = term.language
        if language is not None:
            return Value(term.value, language, None if language == self.language else language)
        kind = term.datatype.value
        if kind in NUMBERS and _NUMBER.fullmatch(term.value):
            return Value(self._number(term.value), number=float(term.value))
        if kind == _XSD + "boolean" and term.value in self.texts["truth"]:
            return Value(self.texts["truth"][term.value])
        if kind in (_XSD + "date", _XSD + "gYearMonth") and _DATE.fullmatch(term.value):
            return Value(self.date(term.value))
        if kind == _XSD + "anyURI" and term.value.startswith(("http:", "https:", "mailto:")):
            return Value(term.value, href=term.value, external=True)
        return Value(term.value)

    def date(self, written: str) -> str:
        """Return `2026-11-22` or `2026-11` as the language writes it."""
        year, month, *day = written.split("-")
        name = self.texts["months"][int(month) - 1]
        if not day:
            return f"{name} {year}"
        return str(self.texts["date"]).format(day=int(day[0]), month=name, year=year)

    def size(self, number: int) -> str:
        """Return a number of bytes as a reader takes it: kilobytes, or megabytes with one place (powers of ten)."""
        if number < 1_000_000:
            return f"{self._number(str(max(1, round(number / 1000))))} KB"
        return f"{self._number(f'{number / 1_000_000:.1f}')} MB"

    def best(self, values: Iterable[Value]) -> tuple[Value, ...]:
        """Return of values that say the same in several languages the one that the rule prefers."""
        by_text = {(value.text, value.language): value for value in values}
        chosen = choose(by_text, self.language)
        return (by_text[chosen.text, chosen.language],) if chosen else ()

    def _number(self, written: str) -> str:
        whole, dot, fraction = written.partition(".")
        grouped = f"{int(whole):,}" if len(whole) > 4 and whole.lstrip("-").isdigit() else whole
        marks = str.maketrans({",": self.texts["thousands"]})
        return grouped.translate(marks) + (str(self.texts["decimal"]) + fraction if dot else "")

