"""What the pages of a release need to know, worked out once: which page shows what, and where each thing is shown."""

from __future__ import annotations

import tomllib
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from wir2graph.easy import read_easy
from wir2graph.formats import HTML
from wir2graph.pages.folder import GENERIC, QUESTION, VERSION, Folder, inheriting, read_folders
from wir2graph.pages.known import Known, known
from wir2graph.pages.listing import Choices, offered
from wir2graph.pages.model import Row
from wir2graph.pages.parts import Part, parts
from wir2graph.pages.said import read_voices
from wir2graph.pages.shapes import Shapes
from wir2graph.pages.values import Values
from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES, Plan
from wir2graph.questions import read_questions
from wir2graph.represent.base import Address
from wir2graph.sparql.results import worked_name
from wir2graph.store.base import Term
from wir2graph.urls import Place, localised, place_of, vocabulary_path

if TYPE_CHECKING:
    from wir2graph.release import Release

Solutions = Sequence[Mapping[str, Term]]

LANGUAGES: Final = ("de", "en")
EVIDENCE_KIND: Final = "beleg"
_KEPT_SOLUTIONS: Final = 64  # those of two or three pages
_KEPT_ROWS: Final = 32  # those of a page in both languages
_KEPT_THINGS: Final = 20_000  # in one language each, in some 10 MB: what pages of a hundred measures name

_KNOWN_PREFIXES: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
_SUBCLASSES: Final = f"""SELECT ?class ?above WHERE {{
  GRAPH <{ONTOLOGY_GRAPH}> {{ ?class <{PREFIXES["rdfs"]}subClassOf>+ ?above FILTER(isIRI(?above)) }} }}"""
_TYPES: Final = "SELECT ?thing ?class WHERE { ?thing a ?class }"
_SOURCES: Final = f"""SELECT ?evidence ?source ?section WHERE {{
  ?evidence <{PREFIXES["wir"]}source> ?source ; <{PREFIXES["wir"]}section> ?section }}
  ORDER BY STR(?evidence) STR(?source)"""
MOST_QUOTES: Final = 250
"""What a source's page shows of quotes; those of a source that has more stand on pages of their own by section."""
_PLANS: Final = f"""SELECT ?plan WHERE {{ ?plan a <{PREFIXES["wir"]}Plan>
  FILTER NOT EXISTS {{ ?newer <{PREFIXES["dcterms"]}replaces> ?plan }} }}
  ORDER BY NOT EXISTS {{ ?part <{PREFIXES["wir"]}inPlan> ?plan }} STR(?plan)"""


class PageIndex:
    """The page folders of a release and what they are applied to."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.folders = _inheriting(read_folders(release.site / "pages"))
        self.by_route = {folder.route: folder for folder in self.folders.values() if folder.route}
        self.nav = _placed(self.folders.values(), lambda folder: folder.nav)
        self.footer = _placed(self.folders.values(), lambda folder: folder.footer)
        self.questions = {plan.slug: {q.slug: q for q in read_questions(plan)} for plan in release.plans}
        self.easy = {plan.slug: read_easy(plan) for plan in release.plans}
        self.shapes = Shapes.read(release.store)
        self.voices = read_voices(release.store, release.plans)
        self.texts = {language: self._texts(language) for language in LANGUAGES}
        # The page in the other language asks the same; who reads or writes both has it answered once.
        self._ask: Callable[[str], Solutions] = lru_cache(_KEPT_SOLUTIONS)(release.store.select)
        self._kept: dict[str, Solutions] = {}
        self._rows: OrderedDict[tuple[str, str, str], tuple[Row, ...]] = OrderedDict()
        # The tables of a page, as files, show the same things as the page.
        self.values: Callable[[str, str], Values] = lru_cache(2)(partial(Values, self))
        self.known: Callable[[str, str], Known] = lru_cache(_KEPT_THINGS)(partial(known, self))
        self._found: dict[str, frozenset[str]] = {}
        self._choices: dict[tuple[str, str | None], Choices] = {}
        self._above = _pairs(release, _SUBCLASSES, "class", "above")
        self._types = _pairs(release, _TYPES, "thing", "class")
        self._sources: dict[str, str] = {}
        self._sections: dict[str, str] = {}
        for row in release.store.select(_SOURCES):
            self._sources.setdefault(_iri(row["evidence"]), _iri(row["source"]))
            self._sections.setdefault(_iri(row["evidence"]), _text(row["section"]))
        self.parts = self._read_parts()

    def _read_parts(self) -> Mapping[str, Mapping[str, Part]]:
        """Return the sections of each source with many quotes, by section."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for evidence, source in self._sources.items():
            counts[source][self._sections[evidence]] += 1
        return {source: parts(found) for source, found in counts.items() if found.total() > MOST_QUOTES}

    def ask(self, query: str) -> Solutions:
        """Return the solutions of a query of a page."""
        kept = self._kept.get(query)
        return self._ask(query) if kept is None else kept

    def rows(self, key: tuple[str, str, str], make: Callable[[], tuple[Row, ...]]) -> tuple[Row, ...]:
        """Return the rows of a table, given by path, language and name; those made last are kept."""
        found = self._rows.get(key)
        if found is None:
            found = self._rows[key] = make()
            if len(self._rows) > _KEPT_ROWS:
                self._rows.popitem(last=False)  # one step, as several threads make pages
        return found

    def prepare(self, queries: Iterable[str]) -> None:
        """Ask now what pages would wait for: which things have answers at all, and some queries whose answers stay."""
        for folder in self.folders.values():
            for pattern in folder.needs.values():
                self._having(pattern)
        self._kept = {query: self.release.store.select(query) for query in queries}

    def answers(self, folder: Folder, query: str, subject: str | None) -> bool:
        """Tell whether a query of a page can have a solution for the resource of the page."""
        pattern = folder.needs.get(query)
        return pattern is None or subject is None or subject in self._having(pattern)

    def _having(self, pattern: str) -> frozenset[str]:
        """Return everything that a pattern has for `?this`."""
        if pattern not in self._found:
            rows = self.release.store.select(f"{_KNOWN_PREFIXES}SELECT DISTINCT ?this WHERE {{ {pattern} }}")
            self._found[pattern] = frozenset(_iri(row["this"]) for row in rows)
        return self._found[pattern]

    @cached_property
    def plan_iris(self) -> Mapping[str, str]:
        """The IRI of each plan folder's plan, by slug: of several the one with entries and without successor."""
        found: dict[str, str] = {}
        for row in self.release.store.select(_PLANS):
            place = place_of(_iri(row["plan"]), self.release.plans)
            if place is not None:
                found.setdefault(place.plan.slug, place.iri)
        return found

    @cached_property
    def question_paths(self) -> Mapping[tuple[str, str], str]:
        """The page of each worked question, by the slugs of its plan and its own; German, as the default language."""
        return {
            (plan.slug, question): path for folder in self.folders.values()
            for path, plan, question, _ in self._places(folder) if plan and question
        }

    @cached_property
    def worked_queries(self) -> frozenset[str]:
        """The queries of all worked questions, in each language in which they are asked."""
        return frozenset(
            question.query_in(language)
            for questions in self.questions.values() for question in questions.values() for language in LANGUAGES
        )

    @cached_property
    def worked_names(self) -> frozenset[str]:
        """The names of all worked questions' queries, by which links ask them."""
        return frozenset(map(worked_name, self.worked_queries))

    def choices(self, folder: Folder, plan: Plan | None) -> Choices:
        """Return what can be chosen in the list of a page."""
        key = folder.name, plan.slug if plan else None
        if key not in self._choices:
            self._choices[key] = self._read_choices(folder, plan)
        return self._choices[key]

    def _read_choices(self, folder: Folder, plan: Plan | None) -> Choices:
        if folder.list is None:
            return {}
        iri = self.plan_iris.get(plan.slug) if plan else None
        prefixes = plan.prefixes() if plan else PREFIXES
        query = folder.queries[folder.list.table]
        rows = self.release.store.select(
            query.filled(prefixes, None, iri, folder.lists, plan.released if plan else None)
        )
        return {facet.parameter: offered(facet, rows) for facet in folder.list.facets}

    def addresses(self) -> Iterator[Address]:
        """Yield the addresses of all pages, in each language."""
        for folder in self.folders.values():
            for path, plan, question, version in self._places(folder):
                for language in LANGUAGES:
                    page = _page(localised(path, language), path, language, folder, None, plan, question)
                    yield replace(page, version=version)
                    yield from self._chosen(folder, path, language, plan)
        for place in self.release.places.values():
            if place.kind != EVIDENCE_KIND:
                folder = self.page_for(place.iri)
                for language in LANGUAGES:
                    yield _page(place.page(language), place.resource, language, folder, place.iri, place.plan)
                yield from self._parts_of(place)

    def _parts_of(self, place: Place) -> Iterator[Address]:
        """Yield the addresses of the pages by section of a source with many quotes."""
        for part in self.parts.get(place.iri, {}).values():
            for language in LANGUAGES:
                path, resource = (self.part_path(place, part, tag) for tag in (language, LANGUAGES[0]))
                page = _page(path, resource, language, self._part_folder, place.iri, place.plan)
                yield replace(page, section=part.section)

    def _chosen(self, folder: Folder, path: str, language: str, plan: Plan | None) -> Iterator[Address]:
        """Yield the addresses of a list with one value of one facet chosen."""
        for parameter, values in self.choices(folder, plan).items():
            for key in values:
                place = f"{path}/{parameter}/{key}"
                page = _page(localised(place, language), place, language, folder, None, plan)
                yield replace(page, parameters=((parameter, key),))

    def offered(self, folder: Folder, plan: Plan | None) -> bool:
        """Tell whether the page of a list stands under a plan, or under the root."""
        if folder.scope in ("release", "plans") or plan is None:
            return folder.scope == "release"
        if folder.scope == "versions":
            return bool(self.release.versions(plan))
        return folder.scope != "questions" or bool(self.questions[plan.slug])

    def _places(self, folder: Folder) -> Iterator[tuple[str, Plan | None, str | None, str | None]]:
        """Yield where a folder with a route has pages: the path, its plan, its question and its version."""
        if folder.route is None:
            return
        if folder.scope in ("release", "plans"):
            if folder.scope == "release" or len(self.release.plans) > 1:
                yield f"/{folder.route}", None, None, None
            return
        for plan in self.release.plans:
            path = f"/{plan.slug}/{folder.route}"
            if QUESTION in path:
                for slug in self.questions[plan.slug]:
                    yield path.replace(QUESTION, slug), plan, slug, None
            elif VERSION in path:
                for version in self.release.versions(plan):
                    yield path.replace(VERSION, version.name), plan, None, version.name
            elif self.offered(folder, plan):
                yield path, plan, None, None

    def page_for(self, iri: str) -> Folder:
        """Return the page of a resource: that of its most specific class that has one, else the generic page."""
        types = self._types.get(iri, set())
        fitting = [
            (klass, folder) for folder in self.folders.values() for klass in folder.classes if klass in types
        ]
        above = {general for klass, _ in fitting for general in self._above.get(klass, ())}
        specific = sorted(((klass, folder) for klass, folder in fitting if klass not in above), key=lambda x: x[0])
        return specific[0][1] if specific else self.folders[GENERIC]

    def types(self, iri: str) -> set[str]:
        """Return all classes of a resource, derived ones included."""
        return self._types.get(iri, set())

    def specific_types(self, iri: str) -> list[str]:
        """Return the classes of a resource without those that another of its classes already says."""
        types = self.types(iri)
        said = {general for klass in types for general in self._above.get(klass, ())}
        return sorted(types - said)

    def path_of(self, iri: str, language: str) -> str | None:
        """Return the address of the page that shows a thing, with its anchor where it has one, or None."""
        place = self.release.places.get(iri)
        if place is not None and place.kind == EVIDENCE_KIND:
            source = self.release.places.get(self._sources.get(iri, ""))
            return f"{self._quoted_at(iri, source, language)}#{EVIDENCE_KIND}-{place.slug}" if source else None
        if place is not None:
            return place.page(language)
        path = vocabulary_path(iri)
        return localised(path, language) if path and (self.release.labels.knows(iri) or "#" not in path) else None

    def _quoted_at(self, evidence: str, source: Place, language: str) -> str:
        """Return the page on which the quote of a piece of evidence stands."""
        part = self.parts.get(source.iri, {}).get(self._sections[evidence])
        return self.part_path(source, part, language) if part else source.page(language)

    def part_path(self, source: Place, part: Part, language: str) -> str:
        """Return the address of the page of one section of a source."""
        return f"{source.page(language)}/{self._part_folder.part}/{part.key}"

    @cached_property
    def _part_folder(self) -> Folder:
        [folder] = (folder for folder in self.folders.values() if folder.part is not None)
        return folder

    def source_of(self, iri: str) -> str | None:
        """Return the document that a piece of evidence is taken from; None for anything else."""
        return self._sources.get(iri)

    def is_ours(self, iri: str) -> bool:
        """Tell whether an IRI lies in the namespace of a plan or of the vocabulary."""
        spaces = (ONTOLOGY_GRAPH.rsplit("/", 1)[0], *(plan.namespace for plan in self.release.plans))
        return iri.startswith(spaces)

    def _texts(self, language: str) -> Mapping[str, Any]:
        return tomllib.loads((self.release.site / "texts" / f"{language}.toml").read_text(encoding="utf-8"))


def _inheriting(folders: Iterable[Folder]) -> dict[str, Folder]:
    """Return the folders by name; those of resources ask what the generic page asks, or ask it otherwise."""
    by_name = {folder.name: folder for folder in folders}
    generic = by_name[GENERIC]
    return {
        name: inheriting(folder, generic) if folder.classes else folder for name, folder in by_name.items()
    }


def _placed(folders: Iterable[Folder], place: Callable[[Folder], int | None]) -> tuple[Folder, ...]:
    """Return the folders that have a place in a menu, in their order."""
    found = [(number, folder.name, folder) for folder in folders if (number := place(folder)) is not None]
    return tuple(folder for _, _, folder in sorted(found, key=lambda item: item[:2]))


def _page(
    path: str, resource: str, language: str, folder: Folder, subject: str | None, plan: Plan | None,
    question: str | None = None,
) -> Address:
    return Address(
        path, "page", HTML.media_type, resource=resource, language=language, subject=subject,
        plan=plan.slug if plan else None, page=folder.name, question=question,
    )


def _pairs(release: Release, query: str, left: str, right: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in release.store.select(query):
        found[_iri(row[left])].add(_iri(row[right]))
    return found


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.Literal) else ""
