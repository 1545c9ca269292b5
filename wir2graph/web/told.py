"""What the site tells of an address that it cannot show: how a problem looks, what became of a withdrawn thing."""

from __future__ import annotations

from typing import Final

from wir2graph.pages.index import PageIndex
from wir2graph.pages.values import Values
from wir2graph.release import Release
from wir2graph.represent.base import Link
from wir2graph.represent.static import StaticFiles
from wir2graph.urls import localised, relative
from wir2graph.web.http import link
from wir2graph.web.problems import Problem, SitePage
from wir2graph.web.problemtexts import language_of, text
from wir2graph.web.resolve import Gone

# What a page of the site looks like; a problem page uses those of them that the site has.
STYLES: Final = ("kern/fonts/fira-sans.css", "kern/kern.min.css", "site.css")


def site_page(up: str, path: str, language: str, static: StaticFiles, index: PageIndex) -> SitePage:
    """Return the look of the page of a problem at a path; `up` leads from where it is shown to the root of the site."""
    def to(target: str) -> str:
        return (up + localised(target, language).lstrip("/")) or "./"

    texts, plans = index.texts[language], index.release.plans
    below = [plan for plan in plans if plan.slug in path.split("/")[1:3]] or plans
    plan = below[0] if len(below) == 1 else None
    start = f"/{plan.slug}/" if plan else "/"
    search = (to(f"{start}suche"), texts["search"]["label"], texts["search"]["submit"]) if plans else None
    styles = tuple(up + static.address(name).lstrip("/") for name in STYLES if static.has(name))
    duties = tuple(
        (folder.title[language], to(f"/{folder.route}")) for folder in index.footer
    )
    return SitePage(styles, to(start), plan.title[language] if plan else texts["site"], search, duties)


def up_from(path: str) -> str:
    """Return the reference from a path to the root of the site."""
    # Counted, as the path may be one that no address has: `//` and all.
    return "../" * (path.count("/") - 1)


def gone(path: str, found: Gone, release: Release) -> tuple[Problem, str]:
    """Return the problem of a withdrawn identifier, and the Link field that names what has taken its place."""
    language = language_of(path)
    values = Values(release.pages.index, path, language)
    title, detail = text("gone", language, path=path, day=values.date(found.day))
    successors = [
        {"href": relative(path, successor.path), "title": values.thing(successor.iri).text}
        for successor in found.successors
    ]
    links = ", ".join(link(path, Link(successor.path, "successor-version")) for successor in found.successors)
    return Problem(410, title, detail, language, {"successors": successors}), links
