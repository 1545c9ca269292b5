"""No private person: the names that stand in the source texts must not stand in the data.

The file `persons.toml` of a plan says on which lines of a source text names stand, never the names. Per source:
`names` are lines of names only (columns by tabs, several by slashes), `captions` begin with a name that ends at the
first comma, `lists` have the names in the last column, after the office or organisation, `within` are names within a
line, by their characters: `"13:40-51"` is line 13, characters 40 to 51, counted from 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import unquote

from wir2graph.dataset import Dataset
from wir2graph.findings import Finding, InputError, ordered
from wir2graph.plan import Plan
from wir2graph.sources import LineRange, SourceText, Statement, line_ranges, line_tables

FILE: Final = "persons.toml"

_TITLES: Final = frozenset({"dr", "prof", "doktor", "professor", "professorin"})
_ADDRESSES: Final = frozenset({*_TITLES, "herr", "herrn", "frau", "mr", "mrs", "ms"})
_PARTICLES: Final = frozenset({
    "al", "ben", "bin", "da", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "le", "ter",
    "van", "vom", "von", "zu", "zum", "zur",
})
_BRACKETS: Final = re.compile(r"\([^)\t/;]*\)?|\[[^]\t/;]*\]?")  # one that is not closed ends with its column
_BETWEEN: Final = re.compile(r"[\t/;]|\s{3,}")
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_WITHIN: Final = re.compile(r"(?P<line>[1-9][0-9]*):(?P<first>[1-9][0-9]*)-(?P<last>[1-9][0-9]*)")
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ı": "i", "ø": "o", "ł": "l", "đ": "d"})

Words = tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """A name as it stands in a source: its parts (hyphenated parts are one), the source and the lines."""

    parts: tuple[str, ...]
    source: str
    lines: LineRange

    @property
    def initials(self) -> str:
        """How findings call the person: they must not repeat the name."""
        return " ".join(f"{part[0]}." for part in self.parts if part not in _PARTICLES)

    @property
    def names(self) -> set[Words]:
        """The forms that name the person: all parts, two neighbouring ones, first and last, and last before first."""
        folded = [fold(part) for part in self.parts]
        strong = [fold(part) for part in self.parts if part not in _PARTICLES]
        pairs = [(strong[0], strong[-1]), (strong[-1], strong[0]), *pairwise(strong)]
        return {sum(folded, ()), *(first + second for first, second in pairs)}

    @property
    def surnames(self) -> set[Words]:
        """The parts that name the person after a title; where the first name ends is not known."""
        return {fold(part) for part in self.parts[1:] if part not in _PARTICLES}


def fold(text: str) -> Words:
    """Return the words of a text without case, accents and umlauts, so that a text and a slug compare."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return tuple(_LETTERS.findall(plain))


def persons_of(texts: Mapping[str, SourceText], plan: Plan) -> tuple[list[Person], list[Finding]]:
    """Return the persons that `persons.toml` of a plan points at, and a finding for each range that holds no name.

    Raises InputError when the file is not as described above.
    """
    tables, findings = line_tables(plan, FILE, texts)
    file = f"{plan.folder.name}/{FILE}"
    persons: list[Person] = []
    for source, table in tables.items():
        text = texts[source]
        for form, ranges in table.items():
            if form == "text":
                continue
            if form not in {*_FORMS, "within"}:
                raise InputError([_unknown(file, form)])
            read = _within(ranges, text, file) if form == "within" else [
                (lines, list(_FORMS[form](text.within(lines)))) for lines in line_ranges(ranges, text, file)
            ]
            for lines, names in read:
                found = [Person(name, source, lines) for name in names]
                persons += found
                if not found:
                    findings.append(_no_name(file, source, lines))
    return persons, findings


def check(
    dataset: Dataset, plan: Plan, said: Iterable[Statement], texts: Mapping[str, SourceText],
) -> list[Finding]:
    """Return a finding `NoPrivatePerson` for each literal and each IRI of a plan that names a person of the texts."""
    persons, findings = persons_of(texts, plan)
    register = _Register(persons)
    for one in said:
        subject = None if register.named(unquote(one.subject)) else one.subject
        findings += [_named(person, subject, one.file, one.line) for person in register.named(one.literal.value)]
    for iri in _iris(dataset, plan):
        file, line = dataset.locate(iri) or (None, None)
        findings += [_named(person, None, file, line) for person in register.named(unquote(iri))]
    return ordered(findings)


class _Register:
    """The names of persons by their first word, with and without a title before them."""

    def __init__(self, persons: Iterable[Person]) -> None:
        self._names: dict[str, dict[Words, Person]] = defaultdict(dict)
        self._surnames: dict[str, dict[Words, Person]] = defaultdict(dict)
        for person in persons:
            for forms, register in ((person.names, self._names), (person.surnames, self._surnames)):
                for form in forms:
                    register[form[0]].setdefault(form, person)

    def named(self, text: str) -> list[Person]:
        """Return the persons that a text or an IRI names."""
        words = fold(text)
        found = {}
        addressed = False
        for position, word in enumerate(words):
            forms = dict(self._names.get(word, {}))
            if addressed:
                forms |= self._surnames.get(word, {})
            for form, person in forms.items():
                if words[position:position + len(form)] == form:
                    found[person.parts] = person
            addressed = word in _ADDRESSES or (addressed and word in _PARTICLES)
        return list(found.values())


def _names(lines: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        for cell in _BETWEEN.split(_BRACKETS.sub("\t", line)):
            yield from _name(cell.rsplit(":", 1)[-1])


def _captions(lines: Iterable[str]) -> Iterator[tuple[str, ...]]:
    yield from _name(_BRACKETS.sub("", " ".join(lines)).split(",")[0])


def _lists(lines: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        office, tab, names = _BRACKETS.sub("", line).rstrip().rpartition("\t")
        if tab and office.strip():
            yield from _names([names])


def _within(values: object, text: SourceText, file: str) -> Iterator[tuple[LineRange, list[tuple[str, ...]]]]:
    """Yield each line with the names at its characters. Raises InputError for characters that the text lacks."""
    for value in values if isinstance(values, list) else [values]:
        match = _WITHIN.fullmatch(value) if isinstance(value, str) else None
        [lines] = line_ranges(match["line"] if match else value, text, file)
        first, last = (int(match["first"]), int(match["last"])) if match else (0, 0)
        [line] = text.within(lines) if match else [""]
        if not 1 <= first <= last <= len(line):
            raise InputError([Finding(
                "CharacterRange", None, file, None, None,
                f"„{value}“ sind keine Zeichen einer Zeile des Textes „{text.source}“. Erwartet wird zum Beispiel"
                ' "13:40-51" (Zeile 13, Zeichen 40 bis 51).',
                f"“{value}” are no characters of a line of the text “{text.source}”; expected is for example"
                ' "13:40-51" (line 13, characters 40 to 51)',
            )])
        yield lines, list(_name(line[first - 1:last]))


def _name(cell: str) -> Iterator[tuple[str, ...]]:
    """Yield the parts of the name that a cell consists of; nothing where it is no name."""
    parts = [token for token in cell.split() if not _is_title(token)]
    capital = [part for part in parts if part[0].isupper()]
    if (len(capital) >= 2 and all(_TOKEN.fullmatch(part) for part in parts)
            and all(part[0].isupper() or part in _PARTICLES for part in parts)):
        yield tuple(part.rstrip(".") for part in parts)


def _is_title(token: str) -> bool:
    """Return whether a token is a title or, unlike an initial, an abbreviation of one (“Dipl.-Ing.”, “h.c.”)."""
    return token.rstrip(".").casefold() in _TITLES or ("." in token and len(token) > len("J."))


_FORMS: Final[Mapping[str, Callable[[Iterable[str]], Iterator[tuple[str, ...]]]]] = {
    "names": _names, "captions": _captions, "lists": _lists,
}


def _iris(dataset: Dataset, plan: Plan) -> list[str]:
    subjects = {str(triple.subject)[1:-1] for triple in dataset.defaults[plan.slug]}
    return sorted(iri for iri in subjects if iri.startswith(plan.namespace))


def _named(person: Person, subject: str | None, file: str | None, line: int | None) -> Finding:
    return Finding(
        "NoPrivatePerson", subject, file, line, None,
        f"Hier steht der Name einer Person ({person.initials}; Quelle „{person.source}“, Zeilen {person.lines}). Namen"
        " gehören nicht in die Daten: bitte Funktion oder Stelle nennen.",
        f"the name of a person stands here ({person.initials}; source “{person.source}”, lines {person.lines}); names"
        " do not belong in the data: give the function or the office",
    )


def _no_name(file: str, source: str, lines: LineRange) -> Finding:
    return Finding(
        "NoNameInRange", None, file, None, None,
        f"In den Zeilen {lines} der Quelle „{source}“ ist kein Name zu lesen."
        " Bitte den Bereich oder seine Form berichtigen.",
        f"no name can be read on lines {lines} of source “{source}”; correct the range or its form",
    )


def _unknown(file: str, setting: str) -> Finding:
    known = ", ".join(["text", *_FORMS, "within"])
    return Finding("PersonsSetting", None, file, None, None,
                   f"Unbekannte Einstellung `{setting}`. Bekannt sind: {known}.",
                   f"unknown setting `{setting}`; known are {known}")
