"""The page of the search: what was found, in groups by kind, or all of one kind in parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from wir2graph.pages.model import Reference
from wir2graph.search.entries import OTHER, PAGES
from wir2graph.search.find import Found, Search
from wir2graph.search.lookup import Hit
from wir2graph.search.marks import Fragment
from wir2graph.urls import localised, relative

if TYPE_CHECKING:
    from wir2graph.pages.index import PageIndex

ASKED: Final = "q"
KIND: Final = "art"
PART: Final = "seite"
ROUTE: Final = "suche"
"""The parameters of the page, and its route: under each plan for one plan, under the root for all."""

OF_EACH: Final = 5
OF_ONE: Final = 20


@dataclass(frozen=True)
class HitView:
    """One hit: its title and a piece of its text with the places found. `lang`: the tag of what is in another language.

    `plan` is the title of its plan, where several plans are searched.
    """

    href: str
    code: str | None
    title: tuple[Fragment, ...]
    lang: str | None
    kind: str
    snippet: tuple[Fragment, ...]
    snippet_lang: str | None
    plan: str | None


@dataclass(frozen=True)
class GroupView:
    """The hits of one kind, or the first of them; `href` leads to all where there are more."""

    section: str
    title: str
    count: int
    hits: tuple[HitView, ...]
    href: str | None


@dataclass(frozen=True)
class SearchView:
    """What a visitor looks for, and what was found.

    `asked` is None where nothing is asked yet. `whole` leads from the hits of one kind back to all; `pages` to the
    other parts of them. `corrected` are words with what they were taken for, `suggested` leads to words that exist.
    """

    asked: str | None
    count: int
    groups: tuple[GroupView, ...]
    whole: str | None
    pages: tuple[Reference, ...]
    corrected: tuple[tuple[str, tuple[str, ...]], ...]
    suggested: tuple[Reference, ...]


def section_title(index: PageIndex, section: str, language: str) -> str:
    """Return what a group of hits is called: as its list is."""
    if section in (PAGES, OTHER):
        return str(index.texts[language]["found"][section])
    folder = next(folder for folder in index.folders.values() if folder.route == section)
    return folder.title[language]


def search_view(
    index: PageIndex, path: str, language: str, plan: str | None, parameters: Mapping[str, str],
) -> SearchView:
    """Return the view of a search on the page at `path`, in one plan or in all (None)."""
    asked = parameters.get(ASKED, "").strip()
    if not asked:
        return SearchView(None, 0, (), None, (), (), ())
    return _Maker(index, path, language, plan, asked, parameters).view()


class _Maker:
    def __init__(
        self, index: PageIndex, path: str, language: str, plan: str | None, asked: str, parameters: Mapping[str, str],
    ) -> None:
        self.index = index
        self.search: Search = index.release.search
        self.path = path
        self.language = language
        self.plan = plan
        self.asked = asked
        self.found: Found = self.search.find(asked, language, plan)
        self.chosen = parameters.get(KIND, "") if parameters.get(KIND) in self.found.sections else None
        self.part = int(part) if (part := parameters.get(PART, "")).isdecimal() and len(part) < 6 else 1

    def view(self) -> SearchView:
        groups, pages = self._one(self.chosen) if self.chosen else (tuple(self._groups()), ())
        return SearchView(
            self.asked, len(self.found.pages), groups, self._to() if self.chosen else None, pages,
            self.found.corrected, tuple(Reference(word, self._to(word)) for word in self.found.suggested),
        )

    def _groups(self) -> Iterable[GroupView]:
        for section, pages in self.found.sections.items():
            href = self._to(section=section) if len(pages) > OF_EACH else None
            yield self._group(section, pages, pages[:OF_EACH], href)

    def _one(self, section: str) -> tuple[tuple[GroupView], tuple[Reference, ...]]:
        pages = self.found.sections[section]
        last = -(-len(pages) // OF_ONE)
        part = min(max(self.part, 1), last)
        shown = pages[(part - 1) * OF_ONE:part * OF_ONE]
        ways = tuple(
            Reference(str(number), self._to(section=section, part=number), current=number == part)
            for number in range(1, last + 1)
        )
        return (self._group(section, pages, shown, None),), ways if last > 1 else ()

    def _group(self, section: str, pages: Sequence[int], shown: Iterable[int], href: str | None) -> GroupView:
        title = section_title(self.index, section, self.language)
        return GroupView(section, title, len(pages), tuple(map(self._hit, self.search.hits(shown))), href)

    def _hit(self, hit: Hit) -> HitView:
        title, tag = hit.titles[self.language]
        snippet, spoken = self.found.marks.snippet(hit.texts, self.language)
        plans = {plan.slug: plan.title[self.language] for plan in self.index.release.plans}
        return HitView(
            relative(self.path, localised(hit.path, self.language)), hit.code, self.found.marks.fragments(title),
            self._foreign(tag), hit.kinds.get(self.language, ""), snippet, self._foreign(spoken),
            plans.get(hit.plan or "") if self.plan is None and len(plans) > 1 else None,
        )

    def _foreign(self, tag: str | None) -> str | None:
        return tag if tag and tag.partition("-")[0] != self.language else None

    def _to(self, asked: str | None = None, section: str | None = None, part: int = 1) -> str:
        """Return the reference to a search on this page."""
        given = {ASKED: asked or self.asked, KIND: section, PART: str(part) if part > 1 else None}
        page = relative(self.path, self.path)
        return f"{page}?{urlencode({name: value for name, value in given.items() if value})}"
