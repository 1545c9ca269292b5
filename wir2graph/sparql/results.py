"""Results of one release: their header fields and entity tags, and what is kept of them.

A release never changes, so its answer to a query never does, unless the query asks for a random number, the time or a
fresh identifier. The entity tag is known before the query has run: it names release, query, dataset and format, and is
weak, because blank nodes and the order of what is unordered may differ from one run to the next.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from wir2graph.sparql.request import QueryRequest
from wir2graph.web.headers import COMMON
from wir2graph.web.http import Answer, Scope, knows, raw
from wir2graph.web.kept import Kept

# Escapes may spell a name otherwise; then it counts as one of them.
_VOLATILE: Final = re.compile(
    r"\\u|\b(?:RAND|NOW|UUID|STRUUID|BNODE)(?:\s|#[^\r\n]*)*\(", re.IGNORECASE,
)
_OVERHEAD: Final = 2000  # bytes that an entry takes beside body and key

_Exact = tuple[bytes, bytes | None, bytes | None]


@dataclass(frozen=True)
class Result:
    """What a request asks for: the media type to write, the Content-Type to say, and the entity tag.

    `tag` is None where another run may give another answer. `suffix` is set where the result is a file to save.
    """

    media_type: str
    content_type: str
    tag: str | None
    suffix: str | None

    def headers(self, coding: str | None) -> dict[str, str]:
        """Return the header fields of the answer, but for its length."""
        fields = {**self._shared(), "content-type": self.content_type}
        if coding is not None:
            fields["content-encoding"] = coding
        if self.suffix is not None:
            fields["content-disposition"] = f'attachment; filename="sparql.{self.suffix}"'
        return fields

    def full(self, body: bytes, coding: str | None) -> Answer:
        """Return the whole answer; `body` is in that coding."""
        return Answer(200, raw({**self.headers(coding), "content-length": str(len(body))}), body)

    def unchanged(self) -> Answer:
        """Return the answer for a client that has the result."""
        return Answer(304, raw(self._shared()))

    def _shared(self) -> dict[str, str]:
        fields = {**COMMON, "vary": "Accept, Accept-Encoding"}
        if self.tag is None:
            return {**fields, "cache-control": "no-store"}
        return {**fields, "cache-control": "no-cache", "etag": self.tag}


class Results:
    """The results of one release that are kept, within a bound in bytes."""

    def __init__(self, identity: str, room: int) -> None:
        self._identity = identity
        self._bodies: Kept[str, bytes] = Kept(room // 2, lambda _, body: len(body) + _OVERHEAD)
        self._answers: Kept[_Exact, tuple[Result, Answer]] = Kept(
            room // 2, lambda key, entry: len(key[0]) + len(entry[1].body) + _OVERHEAD,
        )

    @property
    def largest(self) -> int:
        """The bytes of the largest body that is kept."""
        return self._bodies.largest - _OVERHEAD

    def result(self, request: QueryRequest, media_type: str, content_type: str) -> Result:
        """Return what a request asks for."""
        assert request.query is not None
        suffix = request.format.name.partition("-")[0] if request.format is not None else None
        tag = None if is_volatile(request.query) else self._tag(request, media_type, content_type)
        return Result(media_type, content_type, tag, suffix)

    def body(self, result: Result) -> bytes | None:
        """Return the body of a result, uncompressed, if it is kept."""
        return self._bodies.get(result.tag) if result.tag is not None else None

    def keep(self, result: Result, body: bytes) -> None:
        """Keep the whole body of a result, if it is not too large and stays true."""
        if result.tag is not None:
            self._bodies.put(result.tag, body)

    def remember(self, scope: Scope, result: Result, answer: Answer) -> None:
        """Keep the answer to exactly this request, if it is a GET."""
        key = _exact(scope)
        if key is not None and result.tag is not None:
            self._answers.put(key, (result, answer))

    def remembered(self, scope: Scope) -> Answer | None:
        """Return the answer to exactly this request, or None."""
        key = _exact(scope)
        found = self._answers.get(key) if key is not None else None
        if found is None:
            return None
        result, answer = found
        known = next((value for name, value in scope["headers"] if name == b"if-none-match"), None)
        if known is None or result.tag is None or not knows(result.tag, {"if-none-match": known.decode("latin-1")}):
            return answer
        return result.unchanged()

    def _tag(self, request: QueryRequest, media_type: str, content_type: str) -> str:
        dataset = request.dataset
        parts = (
            self._identity, media_type, content_type, *dataset.default, "", *dataset.named, "", request.query or "",
        )
        return f'W/"{hashlib.sha256(chr(0).join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def _exact(scope: Scope) -> _Exact | None:
    """Return what decides the answer to a GET; None for other methods and for what is rarely asked for twice."""
    if scope["method"] != "GET":
        return None
    accept: bytes | None = None
    encoding: bytes | None = None
    for name, value in scope["headers"]:
        if name == b"accept":
            if accept is not None:
                return None
            accept = value
        elif name == b"accept-encoding":
            if encoding is not None:
                return None
            encoding = value
    return scope["query_string"], accept, encoding


def is_volatile(query: str) -> bool:
    """Tell whether another run of a query may give another answer."""
    return _VOLATILE.search(query) is not None


def worked_name(query: str) -> str:
    """Return the name by which a worked question's query can be asked for: 12 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(query.encode()).hexdigest()[:12]
