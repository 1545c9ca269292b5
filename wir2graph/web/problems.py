"""Problem documents (RFC 9457): what went wrong and what to do, JSON for programs and a page for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final

from starlette.responses import Response

from wir2graph.web.accept import negotiate
from wir2graph.web.headers import COMMON

MEDIA_TYPE: Final = "application/problem+json"
_HOME: Final = {"de": "Zur Startseite", "en": "To the start page"}
_ABOUT: Final = {"de": "Über dieses Angebot", "en": "About this service"}
_PAGE: Final = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{status} {title}{site}</title>
{styles}</head>
<body>
{header}<main class="wrap">
<h1 class="kern-heading-x-large">{title}</h1>
{body}
</main>
{footer}</body>
</html>
"""
_HEADER: Final = """<header class="site-header">
<div class="wrap brand">
<p><a href="{home}"><span class="brand__title">{name}</span></a></p>
{search}</div>
</header>
"""
_SEARCH: Final = """<form class="search" role="search" action="{action}" method="get">
<div class="kern-form-input search__field">
<label class="kern-sr-only" for="suche">{label}</label>
<input class="kern-form-input__input" id="suche" name="q" type="text" maxlength="200" required>
</div>
<button class="kern-btn kern-btn--secondary" type="submit"><span class="kern-label">{submit}</span></button>
</form>
"""


@dataclass(frozen=True)
class Problem:
    """One problem: status, title and detail in `language`, and extension members (values JSON can carry)."""

    status: int
    title: str
    detail: str
    language: str
    members: Mapping[str, object] = field(default_factory=dict)

    def json(self) -> bytes:
        """The problem document as UTF-8 JSON; `type` is about:blank unless the members name one."""
        document = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        return json.dumps({**document, **self.members}, ensure_ascii=False, indent=2).encode() + b"\n"


ProblemPage = Callable[[Problem], bytes]


@dataclass(frozen=True)
class SitePage:
    """A problem as a page of the site: its style sheets and the way back to its start, as references.

    `name` is that of the plan or site that the start shows, `search` the way to its search: the reference, the label of
    the field and the text of the button. `duties` are name and reference of the pages that the law wants to be reached
    from everywhere. It needs no template, so that it can also tell of a template that fails.
    """

    styles: tuple[str, ...] = ()
    home: str | None = None
    name: str = ""
    search: tuple[str, str, str] | None = None
    duties: tuple[tuple[str, str], ...] = ()

    def __call__(self, problem: Problem) -> bytes:
        """Return the page as UTF-8 HTML."""
        styles = "".join(f'<link rel="stylesheet" href="{escape(style)}">\n' for style in self.styles)
        links = [value for value in _flat(problem.members.values()) if isinstance(value, Mapping) and "href" in value]
        told = {name: value for name, value in problem.members.items() if value not in links and not _links(value)}
        facts = "".join(f"<dt>{escape(name)}</dt>{_values(value)}" for name, value in told.items())
        body = [f'<p class="kern-body">{escape(problem.detail)}</p>']
        if facts:
            body.append(f"<dl>{facts}</dl>")
        if links:
            body.append(f"<ul>{''.join(f'<li>{_link(target)}</li>' for target in links)}</ul>")
        if self.home is not None:
            home = _link({"href": self.home, "title": _HOME[problem.language]})
            body.append(f'<p class="kern-body">{home}</p>')
        return _PAGE.format(
            language=escape(problem.language), status=problem.status, title=escape(problem.title), styles=styles,
            site=f" – {escape(self.name)}" if self.name else "", header=self._header(),
            body="\n".join(body), footer=self._footer(problem.language),
        ).encode()

    def _header(self) -> str:
        if self.home is None or not self.name:
            return ""
        form = ""
        if self.search is not None:
            action, label, submit = map(escape, self.search)
            form = _SEARCH.format(action=action, label=label, submit=submit)
        return _HEADER.format(home=escape(self.home), name=escape(self.name), search=form)

    def _footer(self, language: str) -> str:
        links = "".join(f'<li><a href="{escape(href)}">{escape(name)}</a></li>' for name, href in self.duties)
        return (
            f'<footer class="site-footer">\n<div class="wrap">\n<h2 class="kern-sr-only">{_ABOUT[language]}</h2>\n'
            f'<ul class="footer-links">{links}</ul>\n</div>\n</footer>\n'
        ) if links else ""


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    lang: str,
    accept: str | None = MEDIA_TYPE,
    page: ProblemPage | None = None,
    headers: Mapping[str, str] | None = None,
    **extra: object,
) -> Response:
    """The response for a problem, ready to be returned by a route or called as an ASGI application.

    Give the request's Accept header as `accept` where people may read the answer: it becomes a page made by
    `page` if HTML is preferred. `extra` are the extension members of the document (RFC 9457, section 3.2).
    """
    found = Problem(status, title, detail, lang, extra)
    offered = (MEDIA_TYPE, "application/json", "text/html")
    html = negotiate(accept, offered) == "text/html"
    response = Response((page or SitePage())(found) if html else found.json(), status)
    response.headers["content-type"] = "text/html; charset=utf-8" if html else MEDIA_TYPE
    response.headers["content-language"] = lang
    response.headers["cache-control"] = "no-store" if status >= 500 else "no-cache"
    if accept != MEDIA_TYPE:
        response.headers["vary"] = "Accept"
    for name, value in {**COMMON, **(headers or {})}.items():
        response.headers[name] = value
    return response


def _flat(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        yield from value if isinstance(value, (list, tuple)) else [value]


def _links(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(item, Mapping) and "href" in item for item in value)


def _values(value: object) -> str:
    return "".join(f"<dd>{escape(str(item))}</dd>" for item in _flat([value]))


def _link(target: Mapping[str, object]) -> str:
    href = str(target["href"])
    words = " ".join(str(target[name]) for name in ("title", "type", "language") if name in target)
    return f'<a class="link" href="{escape(href)}">{escape(words or href)}</a>'
