"""Quotes: proof that each stands in its source text, and the lock that keeps the proof without the text.

Source texts are not part of the repository. Whoever has them proves the quotes (`verify_sources`) and writes
the lock (`make_lock`, `write_lock`); everybody else checks against the lock (`verify_lock`).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from wir2graph.findings import Finding, InputError, ordered

# A hyphen at a line end is a syllable break before a small letter or a gender star ("Bürger-\n*innen"), part
# of the word before a capital or a digit, suspended before one of these words ("Kauf-\nund Leihpreis").
_SUSPENDING: Final = frozenset({"und", "oder", "sowie", "als", "bzw", "beziehungsweise"})
_GAP: Final = re.compile(
    r"(?P<soft>\u00ad(?:[^\S\n\f]*[\n\f][\s\u00ad]*)?)"
    r"|(?P<hyphen>(?<=\S)[-\u2010\u2011][^\S\n\f]*[\n\f][\s\u00ad]*)"
    r"|(?P<space>\s[\s\u00ad]*)"
)
_WORD: Final = re.compile(r"[^\W\d_]+")

_HEADER: Final = (
    "# Geprüfte Zitate, geschrieben von: wir2graph check --sources ORDNER. Bitte nicht von Hand ändern.\n"
    "# text <Tab> Quelle <Tab> SHA-256 des Textes\n"
    "# quote <Tab> Quelle <Tab> Stelle im Text (Zeichen, ab 0) <Tab> SHA-256 des Zitats\n"
)
_LINE: Final = re.compile(
    r"(?:text\t(?P<text>[a-z0-9.-]+)|quote\t(?P<quote>[a-z0-9.-]+)\t(?P<offset>0|[1-9][0-9]*))"
    r"\t(?P<digest>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Normalised:
    """A text in one line. Each run of `text` starts at `starts[i]` and was taken from `origins[i]` on."""

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def origin(self, position: int) -> int:
        """Return where the character at `position` stands in the original text."""
        run = bisect_right(self.starts, position) - 1
        return self.origins[run] + position - self.starts[run]


@dataclass(frozen=True)
class Quote:
    """One `wir:quote`: the evidence it belongs to, the slug of its source, the quote, where it is authored.

    `digest` is the `wir:textDigest` of the source, None where the data does not state it.
    """

    evidence: str
    source: str
    text: str
    file: str
    line: int | None
    digest: str | None

    @property
    def key(self) -> tuple[str, str]:
        """The source and the SHA-256 of the quote: how the lock names it."""
        return self.source, _sha256(self.text.encode())


@dataclass(frozen=True)
class Lock:
    """The proved quotes of one plan: digest per source text, offset per (source, SHA-256 of the quote).

    `lines` says where the entries stand in `file`; a lock that was not read from a file has none.
    """

    file: str
    texts: Mapping[str, str] = field(default_factory=dict)
    offsets: Mapping[tuple[str, str], int] = field(default_factory=dict)
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)


def normalise(text: str) -> Normalised:
    """Return the text with syllable breaks joined and every run of white space made one space.

    Soft hyphens go; a hyphen at a line end goes before a small letter, stays before a capital or a digit, and
    stays with a space before "und", "oder" and the like.
    """
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    length = position = 0

    def add(piece: str, origin: int) -> None:
        nonlocal length
        if piece:
            pieces.append(piece)
            starts.append(length)
            origins.append(origin)
            length += len(piece)

    for gap in _GAP.finditer(text):
        add(text[position:gap.start()], position)
        add(_bridge(gap, text), gap.start())
        position = gap.end()
    add(text[position:], position)
    return Normalised("".join(pieces), tuple(starts), tuple(origins))


def _bridge(gap: re.Match[str], text: str) -> str:
    if gap.lastgroup == "soft":
        return ""
    if gap.lastgroup == "space":
        return " "
    following = text[gap.end():gap.end() + 1]
    word = _WORD.match(text, gap.end())
    if following.islower():
        return "- " if word and word.group() in _SUSPENDING else ""
    if following == "*":
        return ""
    return "-" if following.isalnum() else "- "


def find_quote(text: Normalised, quote: str) -> int | None:
    """Return the offset of the quote's first occurrence in the original text, None if it does not occur."""
    return next(occurrences(text, quote), None)


def occurrences(text: Normalised, quote: str) -> Iterator[int]:
    """Yield the offset in the original text of each occurrence of the quote.

    A quote must not begin or end within a word; its own white space is normalised like the text's.
    """
    wanted = normalise(quote).text.strip()
    position = text.text.find(wanted) if wanted else -1
    while position >= 0:
        end = position + len(wanted)
        if not _inside_word(text.text, position) and not _inside_word(text.text, end):
            yield text.origin(position)
        position = text.text.find(wanted, position + 1)


def _inside_word(text: str, position: int) -> bool:
    return text[max(position - 1, 0):position].isalnum() and text[position:position + 1].isalnum()


def verify_sources(quotes: Iterable[Quote], texts: Path) -> list[Finding]:
    """Prove the quotes with the source texts, `<slug>.txt` in the folder `texts`.

    Findings: a text is missing or not UTF-8, its SHA-256 is not the `wir:textDigest`, a quote does not occur.
    """
    findings: list[Finding] = []
    for source, group in _by_source(quotes).items():
        path = texts / f"{source}.txt"
        try:
            data = path.read_bytes()
            text = normalise(data.decode())
        except (OSError, UnicodeDecodeError):
            findings.append(_finding(
                "SourceTextMissing", group[0],
                f"Der Text der Quelle „{source}“ fehlt oder ist kein UTF-8. Bitte ablegen als {path}.",
                f"the text of source “{source}” is missing or not UTF-8; put it there as {path}",
            ))
            continue
        findings += _verify_digest(group, _sha256(data))
        findings += [
            _finding(
                "QuoteNotInSource", quote,
                f"Das Zitat „{quote.text}“ steht nicht im Text. Bitte vergleichen und berichtigen.",
                f"the quote “{quote.text}” does not occur in the text; compare and correct it",
            )
            for quote in group if find_quote(text, quote.text) is None
        ]
    return ordered(findings)


def make_lock(quotes: Iterable[Quote], texts: Path, file: str) -> Lock:
    """Return the lock for quotes that `verify_sources` has proved. Raises OSError when a text cannot be read.

    A quote that does not occur is left out, so that `verify_lock` reports it.
    """
    digests: dict[str, str] = {}
    offsets: dict[tuple[str, str], int] = {}
    for source, group in _by_source(quotes).items():
        data = (texts / f"{source}.txt").read_bytes()
        text = normalise(data.decode())
        digests[source] = _sha256(data)
        for quote in group:
            offset = find_quote(text, quote.text)
            if offset is not None:
                offsets[quote.key] = offset
    return Lock(file, digests, offsets)


def write_lock(path: Path, lock: Lock) -> None:
    """Write the lock, sorted by source and place, so that the same quotes always give the same bytes."""
    lines = [_HEADER]
    for source in sorted(lock.texts):
        lines.append(f"text\t{source}\t{lock.texts[source]}\n")
        places = sorted((place, digest) for (owner, digest), place in lock.offsets.items() if owner == source)
        lines += [f"quote\t{source}\t{place}\t{digest}\n" for place, digest in places]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def read_lock(path: Path, file: str) -> Lock:
    """Read a lock; a missing file is an empty lock. `file` is its name in findings.

    Raises InputError naming each line that cannot be read.
    """
    texts: dict[str, str] = {}
    offsets: dict[tuple[str, str], int] = {}
    lines: dict[tuple[str, str], int] = {}
    wrong: list[Finding] = []
    content = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    for number, line in enumerate(content.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        entry = _LINE.fullmatch(line)
        if entry is None:
            wrong.append(Finding(
                "QuoteLockSyntax", None, file, number, 1,
                "Die Zeile ist nicht lesbar. Bitte neu schreiben: wir2graph check --sources ORDNER.",
                "the line cannot be read; write the file again: wir2graph check --sources FOLDER",
            ))
        elif entry["text"]:
            texts[entry["text"]] = entry["digest"]
        else:
            key = entry["quote"], entry["digest"]
            offsets[key], lines[key] = int(entry["offset"]), number
    if wrong:
        raise InputError(wrong)
    return Lock(file, texts, offsets, lines)


def verify_lock(quotes: Iterable[Quote], lock: Lock) -> list[Finding]:
    """Check the quotes against the lock alone.

    Findings: a quote is not in the lock, an entry belongs to no quote, the lock was written for another text.
    """
    groups = _by_source(quotes)
    findings: list[Finding] = []
    for source, group in groups.items():
        if source in lock.texts:
            findings += _verify_digest(group, lock.texts[source])
        findings += [
            _finding(
                "QuoteNotLocked", quote,
                f"Das Zitat „{quote.text}“ ist nicht am Text geprüft."
                " Bitte mit den Texten der Quellen ausführen: wir2graph check --sources ORDNER.",
                f"the quote “{quote.text}” has not been proved; run with the source texts:"
                " wir2graph check --sources FOLDER",
            )
            for quote in group if quote.key not in lock.offsets
        ]
    used = {quote.key for group in groups.values() for quote in group}
    unused = [(lock.lines.get(key), key[0]) for key in lock.offsets if key not in used]
    unused += [(None, source) for source in lock.texts if source not in groups]
    findings += [
        Finding(
            "QuoteLockUnused", None, lock.file, line, None,
            f"Der Eintrag gehört zu keinem Zitat der Quelle „{source}“."
            " Bitte ausführen: wir2graph check --sources ORDNER.",
            f"the entry belongs to no quote of source “{source}”; run: wir2graph check --sources FOLDER",
        )
        for line, source in unused
    ]
    return ordered(findings)


def _verify_digest(group: list[Quote], digest: str) -> list[Finding]:
    first = group[0]
    if first.digest == digest:
        return []
    return [_finding(
        "TextDigest", first,
        f"wir:textDigest der Quelle „{first.source}“ passt nicht zum geprüften Text ({digest})."
        " Bitte den richtigen Text nehmen oder wir:textDigest berichtigen.",
        f"wir:textDigest of source “{first.source}” does not match the text checked ({digest});"
        " use the right text or correct wir:textDigest",
    )]


def _by_source(quotes: Iterable[Quote]) -> dict[str, list[Quote]]:
    groups: dict[str, list[Quote]] = {}
    for quote in sorted(quotes, key=lambda q: (q.source, q.file, q.line or 0, q.evidence)):
        groups.setdefault(quote.source, []).append(quote)
    return groups


def _finding(rule: str, quote: Quote, message_de: str, message_en: str) -> Finding:
    return Finding(rule, quote.evidence, quote.file, quote.line, None, message_de, message_en)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
