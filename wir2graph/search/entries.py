"""What the search can find: everything that has a page, every term of the vocabulary and every rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from wir2graph.pages.index import LANGUAGES
from wir2graph.pages.labels import Tagged, last_segment
from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH, WIR
from wir2graph.urls import vocabulary_path

if TYPE_CHECKING:
    from wir2graph.pages.folder import Folder
    from wir2graph.release import Release
    from wir2graph.represent.base import Address

PAGES: Final = "seiten"
OTHER: Final = "weiteres"
"""The groups of what belongs to no list: the pages that are lists themselves, and everything else."""

_SKOS, _DCTERMS = PREFIXES["skos"], PREFIXES["dcterms"]
_NAMES: Final = (f"{_SKOS}prefLabel", f"{PREFIXES['rdfs']}label", f"{_SKOS}altLabel", f"{WIR}workingTitle")
_TEXTS: Final = (
    f"{_DCTERMS}description", f"{_DCTERMS}title", f"{_SKOS}definition", f"{WIR}subtitle", f"{WIR}contactText",
    f"{WIR}reason", f"{WIR}reading",
)
_SAID: Final = f"""SELECT ?thing ?property ?text WHERE {{
  VALUES ?property {{ {" ".join(f"<{iri}>" for iri in (*_NAMES, *_TEXTS))} }}
  {{ ?thing ?property ?text }}
  UNION {{ GRAPH <{ONTOLOGY_GRAPH}> {{ ?thing ?property ?text }} }}
  UNION {{ GRAPH <{SHAPES_GRAPH}> {{ ?thing ?property ?text }} }}
  FILTER(isLiteral(?text)) }} ORDER BY STR(?thing) STR(?property) STR(?text)"""
_NUMBERED: Final = f"""SELECT ?thing ?above ?number ?field ?series WHERE {{ ?thing <{WIR}number> ?number
  OPTIONAL {{ ?whole <{WIR}hasSubGoal> ?thing ; <{WIR}number> ?above }}
  OPTIONAL {{ ?thing <{WIR}inField> ?field }} OPTIONAL {{ ?thing <{WIR}series> ?series }} }}
  ORDER BY STR(?thing) STR(?field) STR(?series)"""
_CLASSIFIED: Final = f"""SELECT ?thing ?kind WHERE {{ ?thing <{PREFIXES["org"]}classification> ?kind }}
  ORDER BY STR(?thing) STR(?kind)"""
# Kinds that say that nothing is known of the kind: nobody calls anything by them.
_NO_KINDS: Final = (f"{WIR}unnamedUnit", f"{WIR}kindNotStated")


@dataclass(frozen=True)
class Entry:
    """One thing that can be found.

    `path` is the address of its German page, with its anchor where it has one; `group` the list that it belongs to;
    `weight` says how likely its kind is what somebody looks for. `titles` and `kinds` are in each language; `names` are
    all that it is called, `texts` what is said about it; `codes` are names that must be given exactly.
    """

    path: str
    plan: str | None
    iri: str | None
    group: str
    weight: float
    titles: Mapping[str, Tagged]
    kinds: Mapping[str, str]
    code: str | None
    names: tuple[Tagged, ...]
    texts: tuple[Tagged, ...]
    codes: tuple[str, ...]


def entries(release: Release) -> Iterator[Entry]:
    """Yield everything that can be found in a release, each thing once."""
    return _Reader(release).entries()


class _Reader:
    def __init__(self, release: Release) -> None:
        self.release = release
        self.index = release.pages.index
        self.names: dict[str, list[Tagged]] = defaultdict(list)
        self.texts: dict[str, list[Tagged]] = defaultdict(list)
        for row in release.store.select(_SAID):
            text = row["text"]
            if isinstance(text, ox.Literal):
                kept = self.names if _iri(row["property"]) in _NAMES else self.texts
                kept[_iri(row["thing"])].append((text.value, text.language))
        self.numbers = {
            _iri(row["thing"]): (_number(row), _iri(row.get("field")), _iri(row.get("series")))
            for row in release.store.select(_NUMBERED)
        }
        self.main = _main_series(self.numbers.values())
        self.classified = {_iri(row["thing"]): _iri(row["kind"]) for row in release.store.select(_CLASSIFIED)}

    def entries(self) -> Iterator[Entry]:
        for address in self.release.addresses().values():
            if address.version is not None:
                continue  # what changed is not looked for, but what is
            if address.kind == "page" and address.language == LANGUAGES[0] and not address.parameters:
                folder = self.index.folders[address.page or ""]
                yield self._thing(address, folder) if address.subject else self._page(address, folder)
        for iri in sorted({*self.names, *self.texts}):
            path = vocabulary_path(iri)
            if path is not None and "#" in path and self.release.labels.knows(iri):
                yield self._term(iri, path)

    def _page(self, address: Address, folder: Folder) -> Entry:
        plan = self.release.plan(address.plan) if address.plan else None
        question = self.index.questions[address.plan][address.question] if address.plan and address.question else None
        texts: tuple[Mapping[str, str], ...] = ()
        if question is not None:
            titles, texts = question.title, (question.text, question.reason)
        elif folder.title:
            titles = folder.title
        else:
            titles, texts = (plan.title if plan else self._words("site")), ((plan.subtitle,) if plan else ())
        return Entry(
            address.path, address.plan, None, self._group(folder) if question else PAGES, folder.found,
            {language: (titles[language], language) for language in LANGUAGES}, {}, None,
            tuple((titles[language], language) for language in LANGUAGES),
            tuple((text[language], language) for text in texts for language in LANGUAGES), (),
        )

    def _thing(self, address: Address, folder: Folder) -> Entry:
        iri = address.subject or ""
        code = self.release.labels.code(iri)
        names = (*self._called(iri), *self._numbered(iri), *self._classified(iri))
        return Entry(
            address.path, address.plan, iri, self._group(folder), folder.found, self._titles(iri), self._kinds(iri),
            code, names, tuple(self.texts[iri]), (code,) if code else (),
        )

    def _term(self, iri: str, path: str) -> Entry:
        group = path.partition("#")[0].strip("/")
        folder = next(folder for folder in self.index.folders.values() if folder.route == group)
        kinds = {language: folder.title[language] for language in LANGUAGES}
        return Entry(
            path, None, iri, group, folder.found, self._titles(iri), kinds, None, self._called(iri),
            tuple(self.texts[iri]), (last_segment(iri),),
        )

    def _group(self, folder: Folder) -> str:
        return folder.section if folder.section else OTHER

    def _called(self, iri: str) -> tuple[Tagged, ...]:
        if self.release.labels.knows(iri):
            return tuple(dict.fromkeys((*self.names[iri], *self._titles(iri).values())))
        return tuple(dict.fromkeys(self._titles(iri).values()))

    def _titles(self, iri: str) -> dict[str, Tagged]:
        labels = self.release.labels
        found = {
            language: (None if labels.knows(iri) else labels.claimed(iri, language)) or labels.of(iri, language)
            for language in LANGUAGES
        }
        return {language: (text.text, text.language) for language, text in found.items()}

    def _kinds(self, iri: str) -> dict[str, str]:
        """Return what kind of thing it is, with its number and what it belongs to."""
        number, field, _ = self.numbers.get(iri, ("", "", ""))
        found = {}
        for language in LANGUAGES:
            kind = " · ".join(self._label(klass, language) for klass in self.index.specific_types(iri))
            head = f"{kind[:1].upper()}{kind[1:]} {number}".strip()
            found[language] = f"{head} · {self._label(field, language)}" if field else head
        return found

    def _numbered(self, iri: str) -> Iterator[Tagged]:
        """Yield what people call something that has a number: `Bildung 15`, `Maßnahme 15`, `Maßnahme Bildung 15`."""
        if iri not in self.numbers:
            return
        number, field, series = self.numbers[iri]
        for language in LANGUAGES:
            kinds = [self._label(klass, language) for klass in self.index.specific_types(iri)]
            for kind in kinds:
                yield f"{kind} {number}", language
            for name in self._fields(field, language):
                if series:
                    yield f"{name} {self._label(series, language)} {number}", language
                if not series or series == self.main[field, number]:
                    yield f"{name} {number}", language
                    for kind in kinds:
                        yield f"{kind} {name} {number}", language

    def _classified(self, iri: str) -> Iterator[Tagged]:
        """Yield the names and the code of something with its kind: `Fachbereich Schule`, `Fachbereich 40`."""
        kind = self.classified.get(iri, "")
        code = self.release.labels.code(iri)
        for language in LANGUAGES:
            kinds = [self._label(kind, language)] if kind and kind not in _NO_KINDS else []
            for name, tag in self.names[iri]:
                for before in kinds:
                    if tag == language and before not in name:
                        yield f"{before} {name}", language
                        yield f"{name} {before}", language
            if code:
                for before in (*kinds, *(self._label(klass, language) for klass in self.index.specific_types(iri))):
                    yield f"{before} {code}", language

    def _fields(self, field: str, language: str) -> list[str]:
        """Return all names of a field in a language; none where there is no field."""
        if not field:
            return []
        return sorted({text for text, tag in self.names[field] if tag == language}) or [self._label(field, language)]

    def _label(self, iri: str, language: str) -> str:
        return self.release.labels.of(iri, language).text

    def _words(self, name: str) -> dict[str, str]:
        return {language: str(self.index.texts[language][name]) for language in LANGUAGES}


def _main_series(numbers: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """Return the series that is meant where only a field and a number are named: the one that has most.

    A number comes with its field and its series (empty: none, which competes with no other).
    """
    counted = [of for of in numbers if of[2]]
    sizes = Counter(series for _, _, series in counted)
    ordered = sorted(counted, key=lambda of: (sizes[of[2]], of[2]))
    return {(field, number): series for number, field, series in ordered}


def _number(row: Mapping[str, object]) -> str:
    """Return the number of a thing; before that of a part stands the number of the whole: `4.1`."""
    return ".".join(term.value for term in (row.get("above"), row["number"]) if isinstance(term, ox.Literal))


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
