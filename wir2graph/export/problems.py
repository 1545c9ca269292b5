"""What a server of files says where there is nothing to show: problem documents and pages, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from wir2graph.pages.index import LANGUAGES, PageIndex
from wir2graph.represent.static import StaticFiles
from wir2graph.web.headers import METHODS
from wir2graph.web.problems import Problem, SitePage
from wir2graph.web.problemtexts import text
from wir2graph.web.told import site_page, up_from

_STATUS: Final = {
    "missing": HTTPStatus.NOT_FOUND, "method": HTTPStatus.METHOD_NOT_ALLOWED, "format": HTTPStatus.NOT_ACCEPTABLE,
    "server": HTTPStatus.NOT_IMPLEMENTED,
}


def problem_files(
    gone: Iterable[tuple[str, Problem]], static: StaticFiles, index: PageIndex, public_url: str,
) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file: `<problem>.<language>.<html or json>`.

    Those of withdrawn identifiers (path and problem) are the same as the live server's; the others tell no address, as
    each stands for all addresses.
    """
    for name, status in _STATUS.items():
        for language in LANGUAGES:
            title, detail = text(f"{name}-file", language, allowed=", ".join(METHODS))
            look = site_page(f"{urlsplit(public_url).path}/", "/", language, static, index)
            yield from _files(name, Problem(status, title, detail, language), look)
    for number, (path, problem) in enumerate(gone):
        yield from _files(f"gone-{number}", problem, site_page(up_from(path), path, problem.language, static, index))


def _files(name: str, problem: Problem, look: SitePage) -> Iterator[tuple[str, bytes]]:
    yield f"{name}.{problem.language}.json", problem.json()
    yield f"{name}.{problem.language}.html", look(problem)
