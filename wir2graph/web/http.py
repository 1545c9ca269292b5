"""The one place for HTTP (RFC 9110): from a representation and a request's header fields to the answer.

Addresses in header fields are references relative to the request's path, so that they hold behind any proxy
and under any prefix; nothing is ever taken from Host or X-Forwarded-*.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from wir2graph.formats import by_media_type
from wir2graph.represent.base import Link, Representation
from wir2graph.urls import relative
from wir2graph.web.accept import coding, negotiate
from wir2graph.web.headers import COMMON, METHODS, encode, encode_url, preflight
from wir2graph.web.problems import Problem, ProblemPage, problem
from wir2graph.web.ranges import asked_range, still_holds

__all__ = [
    "COMMON", "METHODS", "Answer", "Prepared", "Problem", "ProblemPage", "answer_options", "coding", "encode",
    "fields_of", "knows", "link", "negotiate", "path_of_request", "prepare", "problem", "raw", "redirect", "respond",
]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Fields = Mapping[str, str]

REVALIDATE: Final = "no-cache"
FOREVER: Final = "public, max-age=31536000, immutable"
_TAG: Final = re.compile(r'(?:W/)?("[^"]*")')
_ENCODED_SLASH: Final = re.compile(rb"%2f", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """A whole answer, callable as an ASGI application; HEAD gets the header fields of GET and no body."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True)
class Prepared:
    """A representation as sent from one path: an answer of 200 and one of 304 for each content coding."""

    full: Mapping[str | None, Answer]
    unchanged: Mapping[str | None, Answer]
    tags: Mapping[str | None, str]
    modified: datetime
    ranges: bool = False

    @property
    def size(self) -> int:
        """The bytes that it holds."""
        return sum(len(answer.body) for answer in self.full.values())


def prepare(
    representation: Representation, path: str, *, content_location: str | None = None, varies: bool = False,
    public_url: str | None = None, cache_control: str = REVALIDATE,
) -> Prepared:
    """Return all that is the same for every request of a representation at `path`, compressed forms included.

    `content_location` is the address chosen for this path, `varies` says that Accept decided. `public_url`
    makes the canonical link absolute.
    """
    body, media_type = representation.body, representation.media_type
    bodies: dict[str | None, bytes] = {None: body}
    bodies.update(representation.compressed().items())
    vary = ", ".join(["Accept"] * varies + ["Accept-Encoding"] * (len(bodies) > 1))
    shared = {**COMMON, "cache-control": FOREVER if representation.lasting else cache_control}
    if vary:
        shared["vary"] = vary
    if content_location is not None:
        shared["content-location"] = relative(path, content_location)
    if representation.ranges:
        shared["accept-ranges"] = "bytes"
    described = {
        "content-type": content_type(media_type),
        "last-modified": format_datetime(representation.last_modified.astimezone(UTC), usegmt=True),
    }
    if representation.language:
        described["content-language"] = representation.language
    if representation.links:
        described["link"] = links_field(representation, path, public_url)
    full, unchanged, tags = {}, {}, {}
    for name, body in bodies.items():
        tags[name] = tag = representation.etag if name is None else f'{representation.etag[:-1]}-{name}"'
        coded = {} if name is None else {"content-encoding": name}
        length = {"content-length": str(len(body))}
        full[name] = Answer(200, raw({**shared, **described, **coded, "etag": tag, **length}), body)
        unchanged[name] = Answer(304, raw({**shared, "etag": tag}))
    return Prepared(full, unchanged, tags, representation.last_modified, representation.ranges)


def respond(prepared: Prepared, fields: Fields, method: str = "GET") -> Answer:
    """Choose the answer to GET or HEAD by the header fields (names in lower case): coding, 200, 206, 304 or 416."""
    chosen = coding(fields.get("accept-encoding")) if len(prepared.full) > 1 else None
    if _is_unchanged(prepared.tags[chosen], prepared.modified, fields):
        return prepared.unchanged[chosen]
    if prepared.ranges and method == "GET" and "range" in fields:
        return partial(prepared.full[chosen], prepared.tags[chosen], prepared.modified, fields)
    return prepared.full[chosen]


def partial(full: Answer, tag: str, modified: datetime, fields: Fields) -> Answer:
    """Return the part of a full answer that Range asks for: 206, or 416 where there is none such (RFC 9110, 14).

    The full answer comes back where the range is none that is answered, or where If-Range names another state.
    """
    size = len(full.body)
    found = asked_range(fields["range"], size) if still_holds(fields.get("if-range"), tag, modified) else None
    if found is None:
        return full
    if not found:
        return Answer(416, raw({**COMMON, "content-range": f"bytes */{size}", "content-length": "0"}))
    body = full.body[found.start:found.stop]
    changed = {b"content-length": str(len(body)).encode()}
    headers = tuple((name, changed.get(name, value)) for name, value in full.headers)
    place = f"bytes {found.start}-{found.stop - 1}/{size}".encode()
    return Answer(206, (*headers, (b"content-range", place)), body)


def redirect(status: int, path: str, target: str, *, varies: bool = False, query: str = "") -> Answer:
    """Return a redirect between two addresses (absolute paths of the site; `target` may have a fragment)."""
    reference = relative(path, target)
    if query:
        before, mark, fragment = reference.partition("#")
        reference = f"{before}?{query}{mark}{fragment}"
    fields = {**COMMON, "location": reference, "cache-control": REVALIDATE, "content-length": "0"}
    if varies:
        fields["vary"] = "Accept"
    return Answer(status, raw(fields))


def answer_options(methods: Iterable[str] = METHODS) -> Answer:
    """Return the answer to OPTIONS, plain or as a CORS preflight."""
    return Answer(204, raw(preflight(methods)))


def links_field(representation: Representation, path: str, public_url: str | None = None) -> str:
    """Return the Link field of a representation that is shown at `path`; empty where it has no links."""
    return ", ".join(link(path, target, public_url) for target in representation.links)


def link(path: str, target: Link, public_url: str | None = None) -> str:
    """Return one link of the Link field (RFC 8288) of the answer at `path`."""
    reference = target.target
    if reference.startswith("/"):
        if target.rel == "canonical" and public_url:
            reference = public_url + encode(reference)
        else:
            reference = relative(path, reference)
    else:
        reference = encode_url(reference)
    parts = [f"<{reference}>", f'rel="{target.rel}"']
    if target.media_type:
        parts.append(f'type="{target.media_type}"')
    if target.language:
        parts.append(f'hreflang="{target.language}"')
    return "; ".join(parts)


def path_of_request(scope: Scope, root_path: str = "") -> str | None:
    """Return the address that a request asks for, percent-decoded once; None where it is not UTF-8.

    `root_path` is the prefix that the proxy in front shows; it may pass it on or strip it. An encoded slash
    stays encoded: it is not a separator, and no address has one.
    """
    raw = scope.get("raw_path") or encode(scope["path"]).encode()
    try:
        path = unquote_to_bytes(_ENCODED_SLASH.sub(b"%252F", raw)).decode("utf-8")
    except UnicodeDecodeError:
        return None
    for prefix in (scope.get("root_path", "").rstrip("/"), root_path.rstrip("/")):
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            path = path[len(prefix):] or "/"
    return path


def fields_of(scope: Scope) -> dict[str, str]:
    """Return a request's header fields by lower-case name; repeated ones joined as a list (RFC 9110, 5.3)."""
    fields: dict[str, str] = {}
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    for key, value in headers:
        name, text = key.decode("latin-1").lower(), value.decode("latin-1")
        fields[name] = f"{fields[name]}, {text}" if name in fields else text
    return fields


def knows(tag: str, fields: Fields) -> bool:
    """Tell whether If-None-Match names an entity tag; compares weakly, as it must (RFC 9110, 13.1.2)."""
    known = fields.get("if-none-match")
    return known is not None and (known.strip() == "*" or tag.removeprefix("W/") in _TAG.findall(known))


def raw(fields: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    """Return header fields as ASGI wants them."""
    return tuple((name.encode("ascii"), value.encode("ascii")) for name, value in fields.items())


def _is_unchanged(tag: str, modified: datetime, fields: Fields) -> bool:
    """Evaluate the preconditions of GET (RFC 9110, 13.2.2); If-None-Match outranks If-Modified-Since."""
    if "if-none-match" in fields:
        return knows(tag, fields)
    since = fields.get("if-modified-since")
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return modified.replace(microsecond=0) <= moment


def content_type(media_type: str) -> str:
    """Return the Content-Type field of a media type: with the charset where one must be said."""
    found = by_media_type(media_type)
    return found.content_type if found is not None and ";" not in media_type else media_type
