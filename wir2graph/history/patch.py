"""One version of a plan as the difference to the one before: RDF Patch, https://afs.github.io/rdf-delta/rdf-patch.html.

    H id <https://daten.musterstadt.example/plan/releases/2027-06-30> .
    H prev <https://daten.musterstadt.example/plan/releases/2027-03-31> .
    H digest "…" .                   the SHA-256 of the sorted N-Quads that the version consists of
    TX .
    D <…> <…> <…> <…> .              what is no longer said, in order
    A <…> <…> <…> <…> .              what is newly said, in order
    TC .

A file has one transaction and is compressed (gzip). The same difference gives the same bytes.
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from wir2graph import turtle
from wir2graph.findings import Finding, InputError

_HEADER: Final = re.compile(r'H (?P<key>id|prev|digest) (?:<(?P<iri>[^<>"{}|^`\\\s]+)>|"(?P<text>[0-9a-f]{64})") \.')
_ENDS: Final = ("TX .", "TC .")


@dataclass(frozen=True)
class Head:
    """What a patch says of itself: its IRI, that of the patch that it continues, and the digest of what it leads to."""

    iri: str
    previous: str | None
    digest: str


@dataclass(frozen=True)
class Patch:
    """One difference: what is taken away and what is added."""

    head: Head
    deleted: frozenset[ox.Quad]
    added: frozenset[ox.Quad]


def write_patch(path: Path, patch: Patch) -> None:
    """Write a patch, whole or not at all; the folder is made.

    Raises ValueError for blank nodes, which have no name that the next patch could use.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        unfinished.write_bytes(gzip.compress("".join(_lines(patch)).encode(), mtime=0))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def read_head(path: Path, name: str) -> Head:
    """Return the head of a patch, called `name` in findings. Raises InputError when it cannot be read."""
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            return _head(file, name)[0]
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _unreadable(name, error) from error


def read_patch(path: Path, name: str) -> Patch:
    """Return a patch, called `name` in findings. Raises InputError with file and line of what is broken."""
    try:
        lines = gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _unreadable(name, error) from error
    head, start = _head(lines, name)
    if lines[-2:] != [_ENDS[1], ""]:
        raise _broken(name, len(lines), "die Datei endet nicht mit „TC .“", "the file does not end with “TC .”")
    rows = lines[start:-2]
    for number, row in enumerate(rows, start + 1):
        if row[:2] not in ("A ", "D "):
            raise _broken(name, number, "erwartet wird A, D oder TC", "expected is A, D or TC")
    return Patch(head, _quads(rows, "D ", start, name), _quads(rows, "A ", start, name))


def _lines(patch: Patch) -> Iterator[str]:
    yield f"H id <{patch.head.iri}> .\n"
    if patch.head.previous is not None:
        yield f"H prev <{patch.head.previous}> .\n"
    yield f'H digest "{patch.head.digest}" .\n'
    yield f"{_ENDS[0]}\n"
    for sign, quads in (("D", patch.deleted), ("A", patch.added)):
        for quad in quads:
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                raise ValueError(f"a blank node in {quad}")
        yield from sorted(f"{sign} {quad} .\n" for quad in quads)
    yield f"{_ENDS[1]}\n"


def _head(lines: Iterable[str], name: str) -> tuple[Head, int]:
    """Return the head and the number of lines that it takes, with the one that begins the transaction."""
    found: dict[str, str] = {}
    number = 0
    for number, line in enumerate(lines, 1):
        if line.rstrip("\n") == _ENDS[0]:
            if not {"id", "digest"} <= found.keys():
                break
            return Head(found["id"], found.get("prev"), found["digest"]), number
        match = _HEADER.fullmatch(line.rstrip("\n"))
        if match is None or match["key"] in found or (match["key"] == "digest") != (match["text"] is not None):
            break
        found[match["key"]] = match["iri"] or match["text"]
    raise _broken(name, number, "erwartet werden „H id“, „H prev“, „H digest“ und dann „TX .“",
                  "expected are “H id”, “H prev”, “H digest” and then “TX .”")


def _quads(rows: list[str], sign: str, start: int, name: str) -> frozenset[ox.Quad]:
    # Other rows stay as empty lines, so that the parser counts lines as the file does.
    text = "\n" * start + "\n".join(row[2:] if row.startswith(sign) else "" for row in rows)
    try:
        return frozenset(ox.parse(text.encode(), format=ox.RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise turtle.unreadable(error, name, "RDF Patch") from error


def _unreadable(name: str, error: Exception) -> InputError:
    return InputError([Finding(
        "HistoryUnreadable", None, name, None, None,
        f"Die Ausgabe ist nicht lesbar ({error}). Bitte die Datei aus der Versionsverwaltung zurückholen.",
        f"the version cannot be read ({error}); restore the file from version control",
    )])


def _broken(name: str, line: int, german: str, english: str) -> InputError:
    return InputError([Finding(
        "HistoryBroken", None, name, line, None,
        f"Die Ausgabe ist beschädigt: {german}. Bitte die Datei aus der Versionsverwaltung zurückholen.",
        f"the version is damaged: {english}; restore the file from version control",
    )])
