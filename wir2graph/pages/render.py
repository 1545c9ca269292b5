"""A view as HTML: templates of the site, strict about every name, with references relative to the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wir2graph.pages.arrange import ordered, sections, tree
from wir2graph.pages.charts.bars import bars
from wir2graph.pages.charts.letters import named
from wir2graph.pages.charts.neighbourhood import chosen, nearby, neighbourhood, of_kind
from wir2graph.pages.charts.sankey import sankey
from wir2graph.pages.charts.seats import seating
from wir2graph.pages.charts.years import sign, years
from wir2graph.pages.dataset import datasets
from wir2graph.pages.index import PageIndex
from wir2graph.pages.markdown import markdown
from wir2graph.pages.markup import Shown, initial
from wir2graph.pages.matrix import joined, matrix
from wir2graph.pages.model import Table, View
from wir2graph.pages.schema import json_ld, written
from wir2graph.pages.view import answered, has_rows, queries_ahead, table, view
from wir2graph.represent.base import Address
from wir2graph.represent.links import links
from wir2graph.represent.static import StaticFiles
from wir2graph.urls import localised, relative

if TYPE_CHECKING:
    from wir2graph.release import Release

_SIGNPOSTS: Final = frozenset({"author", "cite-as", "describedby", "item", "linkset", "type"})


class Pages:
    """All pages of one release: its page folders and templates, read once."""

    def __init__(self, release: Release) -> None:
        self.index = PageIndex(release)
        self._release = release
        self._static = StaticFiles(release.site / "static")
        self._environment = Environment(
            loader=FileSystemLoader([release.site / "templates", release.site / "pages"]), autoescape=True,
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False, cache_size=-1,
        )
        self._environment.globals |= {
            "sections": sections, "ordered": ordered, "tree": tree, "bars": bars, "years": years, "sign": sign,
            "nearby": nearby, "of_kind": of_kind, "chosen": chosen, "neighbourhood": neighbourhood, "seating": seating,
            "matrix": matrix, "joined": joined, "sankey": sankey,
        }
        self._environment.filters["markdown"] = markdown
        self._environment.filters["initial"] = initial
        self._environment.filters["called"] = named
        self._forms: dict[str, View] = {}
        # A table is the same in all its formats.
        self._table: Callable[[Address], Table] = lru_cache(2)(lambda address: table(self.index, address))

    def prepare(self) -> None:
        """Do now what the first pages would wait for.

        All templates are compiled, the queries that read whole graphs and the worked questions are asked, and the first
        page of each plan is made, which reads what all pages need.
        """
        for name in self._environment.list_templates(extensions=["html"]):
            self._environment.get_template(name)
        names = {folder.name for folder in self.index.folders.values() if folder.ahead}
        pages = (a for a in self._release.addresses().values() if a.kind == "page" and a.page in names)
        ahead = {query for page in pages for query in queries_ahead(self.index, page)}
        # Each page of a question compares its answer with the one that was found by reading.
        asked = {question.query for found in self.index.questions.values() for question in found.values()}
        self.index.prepare(ahead | asked)
        for plan in self._release.plans:
            self.html(self._release.addresses()[f"/{plan.slug}/"])

    def html(self, address: Address) -> str:
        """Return the HTML of the page at an address; the same release and address always give the same text.

        Raises KeyError when the address is not a page's, jinja2.UndefinedError when a template names what is not there.
        """
        page = self._view(address)
        texts = self.index.texts[page.language]
        values = self.index.values(address.path, page.language)
        slug = page.plan.slug if page.plan else ""

        def link(path: str) -> str:
            """Return the reference to a page of the plan (`massnahmen`) or of the site (`/sparql`)."""
            absolute = path if path.startswith("/") else f"/{slug}/{path}"
            return relative(address.path, localised(absolute, page.language))

        def file(path: str) -> str:
            """Return the reference to any address."""
            return relative(address.path, path)

        names = {
            "page": page, "t": texts, "operator": self._release.operator, "link": link, "best": values.best,
            "shown": Shown(page, texts, values.best),
            "day": lambda day: values.date(day.isoformat()),
            "static": lambda name: relative(address.path, self._static.address(name)),
            "file": file,
            "told": [json_ld(page, self._release.base_url, self._release.operator),
                     *map(written, datasets(self._release, address))],
            "signposts": [
                replace(sign, target=file(sign.target) if sign.target.startswith("/") else sign.target)
                for sign in links(self._release, address) if sign.rel in _SIGNPOSTS
            ],
        }
        # Made once: each template that imported the macros would make them anew.
        names["m"] = self._environment.get_template("macros.html").make_module(names)
        return self._environment.get_template(f"{page.template}/page.html").render(names)

    def has_rows(self, address: Address, name: str) -> bool:
        """Tell whether a table of a page has any row. Raises KeyError when the page has no such table."""
        return has_rows(self.index, address, name)

    def table(self, address: Address) -> Table:
        """Return one table of a page with all its rows. Raises KeyError when the page has no such table."""
        page = address.resource.rpartition("/")[0]
        return self._table(replace(address, path=page, resource=page, media_type=""))

    def _view(self, address: Address) -> View:
        """Return the view of a page; that of the query form is the same for all queries and is asked for once."""
        if address.asked is None:
            return view(self.index, address)
        if address.path not in self._forms:
            self._forms[address.path] = view(self.index, replace(address, asked=None))
        return answered(self._forms[address.path], self.index, address.asked)
