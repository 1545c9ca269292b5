"""Links as templates: things of one kind have the same links apart from their names, so a few texts stand for all."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from wir2graph import formats

SUFFIXES: Final = tuple(sorted({item.name for item in formats.ALL}, key=lambda name: (-len(name), name)))
_PARTS: Final = re.compile(rf"(?:.*/)?(?P<above>[^/]*)/(?P<name>[^/]*?)(?:\.(?:{'|'.join(SUFFIXES)}))?/?")
ABOVE, NAME = "\0", "\1"
"""What stands in a template for the last segment but one of the path, and for the last without its suffix."""


def template(path: str, text: str) -> str:
    """Return a text with the last two segments of the path, as addresses have them, replaced by their signs."""
    above, name = parts(path)
    for part, sign in ((name, NAME), (above, ABOVE)):
        if part:
            text = text.replace(quote(part), sign)
    return text


def parts(path: str) -> tuple[str, str]:
    """Return the last segment but one of a path, and the last without its suffix."""
    match = _PARTS.fullmatch(path)
    return (match["above"], match["name"]) if match else ("", "")
