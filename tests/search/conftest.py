from __future__ import annotations

from collections.abc import Callable

import pytest

from wir2graph.release import Release

First = Callable[..., list[str]]


@pytest.fixture(scope="session")
def first(release: Release) -> First:
    """Search the fictional plans and return the addresses of the hits, the best first."""
    def search(text: str, language: str = "de", plan: str | None = None) -> list[str]:
        found = release.search.find(text, language, plan)
        return [hit.path for hit in release.search.hits(found.pages)]
    return search
