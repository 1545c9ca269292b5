"""The queries of one page, complete, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wir2graph.pages.folder import Folder, Query
from wir2graph.pages.index import PageIndex, Solutions
from wir2graph.plan import PREFIXES, Plan
from wir2graph.questions import Question
from wir2graph.represent.base import Address

ANSWER: Final = "answer"
"""The name of the query of a worked question on its page."""


class Queries:
    """The queries of the page at an address: those of its folder, and that of the question it is about.

    `plan` is the one that the page belongs to.
    """

    def __init__(
        self, index: PageIndex, address: Address, folder: Folder, plan: Plan | None, question: Question | None,
    ) -> None:
        self._index = index
        self._address = address
        self._plan = plan
        self.folder = folder
        self.question = question
        self.by_name: Mapping[str, Query] = folder.queries
        if question is not None:
            language = address.language or question.languages[0]
            self.by_name = {**folder.queries, ANSWER: Query(ANSWER, question.query_in(language), question.columns)}
        self._complete: dict[str, str] = {}

    def ask(self, name: str) -> Solutions:
        """Return the solutions of a query. Raises KeyError when the page has none of this name."""
        if not self._index.answers(self.folder, name, self._address.subject):
            return ()
        return self._index.ask(self.filled(name))

    def filled(self, name: str) -> str:
        """Return a query as it can be asked. Raises KeyError when the page has none of this name."""
        if name not in self._complete:
            self._complete[name] = self._fill(self.by_name[name])
        return self._complete[name]

    def _fill(self, query: Query) -> str:
        if self.question is not None and query.name == ANSWER:
            return query.text  # it stands on its own
        plan_iri = self._index.plan_iris.get(self._plan.slug) if self._plan else None
        prefixes = self._plan.prefixes() if self._plan else PREFIXES
        released = self._plan.released if self._plan else None
        return query.filled(
            prefixes, self._address.subject, plan_iri, self.folder.lists, released, self._address.section,
        )
