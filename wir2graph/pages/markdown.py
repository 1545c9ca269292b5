"""Markdown of operators and plans as HTML: no HTML of theirs, no pictures, headings below those of the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_CLASSES: Final = {"p": "kern-body", "ul": "kern-body", "ol": "kern-body", "a": "link"}
_HEADINGS: Final = {2: "kern-heading-large", 3: "kern-heading-medium"}
_LOWEST: Final = 6
# A picture could be asked of another host. A line is a line, as in an address.
_PARSER: Final = MarkdownIt("commonmark", {"html": False, "breaks": True, "xhtmlOut": False}).disable("image")


def markdown(text: str, top: int = 2) -> Markup:
    """Return CommonMark text as HTML; its highest heading becomes one of level `top`, and no level is left out."""
    tokens = _PARSER.parse(text)
    _rank([token for token in tokens if token.type in ("heading_open", "heading_close")], top)
    _dress(tokens)
    return Markup(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def _rank(headings: list[Token], top: int) -> None:
    highest = min((int(token.tag[1]) for token in headings), default=1)
    level = top - 1
    for token in headings:
        if token.nesting == 1:
            level = min(top + int(token.tag[1]) - highest, level + 1, _LOWEST)
        token.tag = f"h{level}"


def _dress(tokens: Iterable[Token]) -> None:
    """Give elements the classes of the site, and mark the links that lead to other sites."""
    for token in tokens:
        if token.nesting == 1:
            if token.type == "heading_open":
                token.attrSet("class", _HEADINGS.get(int(token.tag[1]), "kern-heading-small"))
            elif token.tag in _CLASSES:
                token.attrSet("class", _CLASSES[token.tag])
            if token.tag == "a" and str(token.attrGet("href")).startswith(("http:", "https:")):
                token.attrSet("rel", "external")
        _dress(token.children or ())
