"""Coverage: which passages of the source texts no evidence refers to, and what is said about the things of each class.

A passage is a block of lines between blank lines that holds a letter; in a text whose lines are paragraphs, not wrapped
to a width, each line is a passage. It is covered where a quote starts in it, or
left out on purpose by `coverage.toml` of the plan, which gives the reason. Passages with the same words (headings of
pages, labels of graphics) share their fate. Whatever is neither is open.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from wir2graph.dataset import Dataset, reachable
from wir2graph.findings import Finding, InputError
from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES, WIR, Plan
from wir2graph.quotes import normalise, occurrences
from wir2graph.sources import LineRange, SourceText, line_ranges, line_tables

FILE: Final = "coverage.toml"
MENTIONS: Final = ox.NamedNode(f"{WIR}mentions")

_WIDEST: Final = 200  # a text with a longer line is not wrapped: its lines are paragraphs
_BEHIND: Final = 4  # how much farther a heading behind a passage counts
_LETTER: Final = re.compile(r"[^\W\d_]")
_TYPE: Final = ox.NamedNode(f"{PREFIXES['rdf']}type")
_LABEL: Final = ox.NamedNode(f"{PREFIXES['skos']}prefLabel")
_DESCRIPTION: Final = ox.NamedNode(f"{PREFIXES['dcterms']}description")
_PROOF: Final = (ox.NamedNode(f"{WIR}evidence"), ox.NamedNode(f"{WIR}derivedFrom"))


@dataclass(frozen=True)
class Exemption:
    """Lines of a text that are left out on purpose, and why."""

    lines: tuple[LineRange, ...]
    reason: Mapping[str, str]


@dataclass(frozen=True)
class Passages:
    """The passages of one source text: how many are covered or left out, and those that are open."""

    source: str
    total: int
    covered: int
    exempt: int
    open: tuple[LineRange, ...]


@dataclass(frozen=True)
class ClassShares:
    """How many things a class has, and how many of them have evidence, labels, descriptions and relations."""

    name: str
    total: int
    evidence: int
    german: int
    english: int
    description: int
    relations: int


@dataclass(frozen=True)
class Reference:
    """A quote of an evidence and the section that the evidence names."""

    source: str
    quote: str
    section: str


def passages(text: SourceText, references: Iterable[Reference], exemptions: Iterable[Exemption]) -> Passages:
    """Return which passages of a text the references (of any source) and the exemptions leave open."""
    blocks = list(_blocks(text))
    owner = {line: block for block in blocks for line in range(block.first, block.last + 1)}
    hit = {owner.get(text.line_of(offset)) for offset in _offsets(text, references)}
    out = {line for one in exemptions for lines in one.lines for line in range(lines.first, lines.last + 1)}
    left = {block for block in blocks if out.issuperset(range(block.first, block.last + 1))}
    words = {block: " ".join(normalise("\n".join(text.within(block))).text.split()) for block in blocks}
    covered = {words[block] for block in hit if block}
    exempt = {words[block] for block in left} - covered
    return Passages(
        text.source, len(blocks), sum(words[block] in covered for block in blocks),
        sum(words[block] in exempt for block in blocks),
        tuple(block for block in blocks if words[block] not in covered | exempt),
    )


def references(dataset: Dataset, plan: Plan) -> list[Reference]:
    """Return the quotes of a plan with their sections."""
    said: dict[object, dict[str, str]] = defaultdict(dict)
    for triple in dataset.defaults[plan.slug]:
        name = triple.predicate.value.removeprefix(WIR)
        if name in ("quote", "section", "source") and isinstance(triple.object, ox.Literal | ox.NamedNode):
            said[triple.subject][name] = triple.object.value
    return [Reference(one["source"].rsplit("/", 1)[-1], one["quote"], one.get("section", ""))
            for one in said.values() if "quote" in one and "source" in one]


def exemptions(plan: Plan, texts: Mapping[str, SourceText]) -> tuple[dict[str, list[Exemption]], list[Finding]]:
    """Read `coverage.toml` of a plan: what is left out of each source, and a finding per source with another text.

    Raises InputError when the file is not as expected.
    """
    tables, findings = line_tables(plan, FILE, texts)
    name = f"{plan.folder.name}/{FILE}"
    return {
        source: [_exemption(one, texts[source], name) for one in table.get("left_out", [])]
        for source, table in tables.items()
    }, findings


def classes(dataset: Dataset, plan: Plan) -> list[ClassShares]:
    """Return the shares of each class of ours that a plan has things of, by the name of the class.

    A relation counts for both ends. Evidence is left out: it is what the shares are about.
    """
    members: dict[str, set[str]] = defaultdict(set)
    having: dict[str, set[str]] = defaultdict(set)
    relations = _relations(dataset)
    for triple in dataset.defaults[plan.slug]:
        subject = str(triple.subject)
        if triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
            members[triple.object.value].add(subject)
        elif triple.predicate in _PROOF:
            having["evidence"].add(subject)
        elif triple.predicate in relations:
            having["relations"] |= {subject, str(triple.object)}
        elif triple.predicate in (_LABEL, _DESCRIPTION) and isinstance(triple.object, ox.Literal):
            kind = "label" if triple.predicate == _LABEL else "description"
            having[f"{kind}-{triple.object.language}"].add(subject)
    described = having["description-de"] & having["description-en"]
    return [
        ClassShares(
            name.removeprefix(WIR), len(of), len(of & having["evidence"]), len(of & having["label-de"]),
            len(of & having["label-en"]), len(of & described), len(of & having["relations"]),
        )
        for name, of in sorted(members.items()) if name.startswith(WIR) and name != f"{WIR}Evidence"
    ]


def report(dataset: Dataset, plan: Plan, texts: Mapping[str, SourceText]) -> Iterator[str]:
    """Yield the lines of the report on one plan, in German. Raises InputError when `coverage.toml` cannot be used."""
    left_out, stale = exemptions(plan, texts)
    yield from (f"{finding.place()}: {finding.message_de}" for finding in stale)
    given = references(dataset, plan)
    for source, text in sorted(texts.items()):
        found = passages(text, given, left_out.get(source, ()))
        yield (f"Quelle {source}: {found.total} Abschnitte, {found.covered} belegt,"
               f" {found.exempt} mit Grund ausgelassen, {len(found.open)} offen")
        for lines in found.open:
            yield f"  Zeilen {lines}: {_beginning(text, lines)}"
    yield f"{'Klasse':<28}{'Zahl':>6}{'Beleg':>7}{'de':>7}{'en':>7}{'Beschr.':>9}{'Beziehung':>11}"
    for one in classes(dataset, plan):
        shares = [f"{100 * part // one.total} %"
                  for part in (one.evidence, one.german, one.english, one.description, one.relations)]
        yield f"{one.name:<28}{one.total:>6}{shares[0]:>7}{shares[1]:>7}{shares[2]:>7}{shares[3]:>9}{shares[4]:>11}"


def _blocks(text: SourceText) -> Iterator[LineRange]:
    if max(map(len, text.lines)) > _WIDEST:
        yield from (LineRange(number, number) for number, line in enumerate(text.lines, 1) if _LETTER.search(line))
        return
    first = None
    for number, line in enumerate([*text.lines, ""], 1):
        if line.strip() and first is None:
            first = number
        elif not line.strip() and first is not None:
            block = LineRange(first, number - 1)
            first = None
            if any(_LETTER.search(line) for line in text.within(block)):
                yield block


def _offsets(text: SourceText, given: Iterable[Reference]) -> Iterator[int]:
    """Yield where the quotes start; of a quote that occurs several times, the place that fits its section best.

    Several references with the same quote and section take one place each.
    """
    for one, count in Counter(given).items():
        if one.source == text.source:
            headings = list(occurrences(text.normalised, one.section)) or [0]
            fit = {place: min(_distance(heading, place) for heading in headings) * (1 if _at_start(text, place) else 2)
                   for place in occurrences(text.normalised, one.quote)}
            yield from sorted(fit, key=fit.__getitem__)[:count]


def _distance(heading: int, place: int) -> int:
    """Return how far a place is from a heading: mostly that stands before, but that of a page may be shortly behind."""
    return place - heading if heading <= place else _BEHIND * (heading - place)


def _at_start(text: SourceText, place: int) -> bool:
    """Return whether a line begins at a place: a name in a list fits better than the same name within another."""
    return not text.text[text.starts[text.line_of(place) - 1]:place].strip()


def _exemption(value: object, text: SourceText, name: str) -> Exemption:
    if not isinstance(value, dict) or not all(isinstance(value.get(language), str) for language in ("de", "en")):
        raise InputError([Finding(
            "CoverageSetting", None, name, None, None,
            'Eine Auslassung braucht lines = ["12", "20-31"] und den Grund als de = "…" und en = "…".',
            'what is left out needs lines = ["12", "20-31"] and the reason as de = "…" and en = "…"',
        )])
    return Exemption(tuple(line_ranges(value.get("lines"), text, name)),
                     {language: value[language] for language in ("de", "en")})


def _relations(dataset: Dataset) -> set[ox.NamedNode]:
    """Return `wir:mentions` and the properties that are kinds of it."""
    kinds: dict[object, set[ox.NamedNode]] = defaultdict(set)
    below = ox.NamedNode(f"{PREFIXES['rdfs']}subPropertyOf")
    for quad in dataset.store.quads_for_pattern(None, below, None, ox.NamedNode(ONTOLOGY_GRAPH)):
        if isinstance(quad.subject, ox.NamedNode):
            kinds[quad.object].add(quad.subject)
    return {MENTIONS, *reachable(MENTIONS, kinds)}


def _beginning(text: SourceText, lines: LineRange) -> str:
    words = " ".join(" ".join(text.within(lines)).split())
    return words if len(words) <= 70 else f"{words[:70].rsplit(' ', 1)[0]} …"
