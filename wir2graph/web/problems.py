"""Problem documents (RFC 9457): what went wrong and what to do, JSON for programs and a page for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from starlette.responses import Response

from wir2graph.web.accept import negotiate
from wir2graph.web.headers import COMMON

MEDIA_TYPE = "application/problem+json"


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


def plain_page(problem: Problem) -> bytes:
    """The problem as a small HTML page that needs no style sheet and no template."""
    items = "".join(f"<dt>{escape(name)}</dt>{_values(value)}" for name, value in problem.members.items())
    details = f"<dl>{items}</dl>" if items else ""
    title = escape(problem.title)
    return (
        f'<!doctype html>\n<html lang="{escape(problem.language)}">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{problem.status} {title}</title>\n'
        f"<main><h1>{title}</h1><p>{escape(problem.detail)}</p>{details}</main>\n</html>\n"
    ).encode()


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    lang: str,
    accept: str | None = MEDIA_TYPE,
    page: ProblemPage = plain_page,
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
    response = Response(page(found) if html else found.json(), status)
    response.headers["content-type"] = "text/html; charset=utf-8" if html else MEDIA_TYPE
    response.headers["content-language"] = lang
    response.headers["cache-control"] = "no-store" if status >= 500 else "no-cache"
    if accept != MEDIA_TYPE:
        response.headers["vary"] = "Accept"
    for name, value in {**COMMON, **(headers or {})}.items():
        response.headers[name] = value
    return response


def _values(value: object) -> str:
    values = value if isinstance(value, (list, tuple)) else [value]
    return "".join(f"<dd>{_value(item)}</dd>" for item in values)


def _value(value: object) -> str:
    """A member's value as HTML; what has an `href` becomes a link."""
    if isinstance(value, Mapping) and "href" in value:
        href = str(value["href"])
        return f'<a href="{escape(href)}">{escape(str(value.get("title") or value.get("type") or href))}</a>'
    return escape(str(value))
