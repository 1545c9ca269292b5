"""Reading Turtle: triples, or a finding with file, line, column and what was expected; and where a subject stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin

import pyoxigraph as ox

from wir2graph.findings import Finding, InputError

# The parser's own words, for readers who keep data up to date without knowing its language.
_GERMAN: Final = (
    (re.compile(r"A dot is expected"), "erwartet wurde ein Punkt am Ende der Aussage davor"),
    (re.compile(r"The prefix (\S+) has not been declared"), r"der Präfix \1 ist nicht vereinbart (@prefix fehlt)"),
    (re.compile(r"No scheme found in an absolute IRI"),
     "erwartet wurde eine vollständige IRI oder eine @base-Zeile davor"),
    (re.compile(r"Line jumps are not allowed"), 'erwartet wurde ein schließendes Anführungszeichen in derselben Zeile'),
    (re.compile(r"Invalid IRI code point (.+)"), r"in einer IRI steht ein unerlaubtes Zeichen: \1"),
    (re.compile(r"(\S+) is not a valid RDF object"),
     r"erwartet wurde ein Wert (IRI, Text oder Zahl), gefunden wurde \1"),
    (re.compile(r"(\S+) is not a valid predicate"), r"erwartet wurde eine Eigenschaft, gefunden wurde \1"),
    (re.compile(r"Unexpected end"), "die Datei endet mitten in einer Aussage"),
)
_POSITION: Final = re.compile(
    r"^Parser error at line \d+ (?:between columns \d+ and (?:line \d+ )?(?:column )?\d+|column \d+)?:? ?"
)
_DIRECTIVE: Final = re.compile(r"^@?(?P<kind>prefix|base)\s+(?:(?P<name>[^\s:]*):\s*)?<(?P<iri>[^>]*)>", re.IGNORECASE)
_SUBJECT: Final = re.compile(r"^(?:<(?P<iri>[^<>\"{}|^`\\\s]*)>|(?P<prefix>[\w.-]*):(?P<local>[^\s;,]*))(?=\s|$)")


def parse(data: bytes, name: str) -> list[ox.Triple]:
    """Return the triples of a Turtle document; `name` is the file as findings call it.

    Raises InputError with one finding (`TurtleSyntax`) that tells line, column and what was expected.
    """
    try:
        return [quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise unreadable(error, name, "Turtle") from error


def unreadable(error: SyntaxError, name: str, syntax: str) -> InputError:
    """Return the error that tells where and why the parser could not read a file of that syntax."""
    said = _POSITION.sub("", error.msg)
    return InputError([Finding(
        f"{re.sub(r'[^A-Za-z]', '', syntax)}Syntax", None, name, error.lineno, error.offset,
        f"{syntax} ist hier nicht lesbar: {_in_german(said)}. Bitte die Stelle berichtigen.",
        f"{syntax} cannot be read here: {said}",
    )])


def subjects(text: str) -> Iterator[tuple[str, int]]:
    """Yield the subjects that stand at the start of a line of a Turtle document, with the line (from 1)."""
    base, prefixes = "", dict[str, str]()
    for number, line in enumerate(text.splitlines(), 1):
        if directive := _DIRECTIVE.match(line):
            iri = urljoin(base, directive["iri"])
            if directive["kind"].lower() == "base":
                base = iri
            else:
                prefixes[directive["name"] or ""] = iri
        elif subject := _SUBJECT.match(line):
            if subject["iri"] is not None:
                yield urljoin(base, subject["iri"]), number
            elif subject["prefix"] in prefixes:
                yield prefixes[subject["prefix"]] + subject["local"].replace("\\", ""), number


def _in_german(said: str) -> str:
    for pattern, german in _GERMAN:
        if match := pattern.search(said):
            return match.expand(german)
    return f"der Leser meldet „{said}“"
