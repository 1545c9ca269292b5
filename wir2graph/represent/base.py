"""The two halves of everything public: an address that a release publishes, and the bytes that stand there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from wir2graph.compress import codings_of

if TYPE_CHECKING:
    from wir2graph.pages.results import Asked

Kind = Literal[
    "page", "table", "data", "dump", "vocabulary", "service", "completions", "calendar", "feed", "atom", "download",
    "catalogue", "void", "sitemap", "linkset", "quality",
]


@dataclass(frozen=True)
class Address:
    """One address of a release.

    `path` is absolute under the root of the site and percent-decoded. All addresses with the same `resource` show the
    same thing in other languages and formats. `subject` is the IRI shown; of a source with many quotes `section` is
    the part shown. `plan` is a slug, `page` a page folder's name, `question` the slug of a worked question, `table`
    the name of one table of the page, `version` the name of the version of the plan that is shown. `parameters` are
    names and values of what is chosen on the page; with several of them, or with `asked`, a query that a visitor asks
    there, no such address is published.
    """

    path: str
    kind: Kind
    media_type: str
    resource: str
    language: str | None = None
    subject: str | None = None
    section: str | None = None
    plan: str | None = None
    page: str | None = None
    question: str | None = None
    table: str | None = None
    version: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    asked: Asked | None = None


@dataclass(frozen=True)
class Link:
    """A link of a representation (RFC 8288); `target` is the path of an address or a complete URL."""

    target: str
    rel: str
    media_type: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Representation:
    """The bytes of one address; `etag` is strong and quoted, as the header has it (RFC 9110).

    What is `lasting` is the same in every later release, too; `ranges` says that parts of it can be asked for.
    `codings` are its compressed forms by name of their coding, where they were made before; None: they are still to be
    made.
    """

    media_type: str
    language: str | None
    body: bytes
    etag: str
    last_modified: datetime
    links: tuple[Link, ...] = ()
    lasting: bool = False
    ranges: bool = False
    codings: Mapping[str, bytes] | None = None

    def compressed(self) -> Mapping[str, bytes]:
        """Return the compressed forms of the body by name of their coding; none where it is not worth it."""
        return codings_of(self.body, self.media_type) if self.codings is None else self.codings


def strong_etag(body: bytes) -> str:
    """Return a strong entity tag for a body, quoted."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
