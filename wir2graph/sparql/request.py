"""Read a SPARQL query from an HTTP request: query string, form or body (SPARQL 1.1 Protocol, section 2.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from wir2graph.formats import RESULTS, Format, by_name
from wir2graph.sparql.hangup import Gone
from wir2graph.store.base import DatasetClause

if TYPE_CHECKING:
    from wir2graph.web.http import Message, Receive, Scope

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
MAX_QUERY_STRING: Final = 64 * 1024
MAX_BODY: Final = 1024 * 1024
# A body that is too long is read to its end up to here: most clients read no answer before they have sent all.
_MAX_DRAINED: Final = 8 * MAX_BODY
_MAX_PARAMETERS: Final = 1000
_FORM: Final = "application/x-www-form-urlencoded"
_DIRECT: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_ACCEPTED: Final = {"accept-post": f"{_FORM}, {_DIRECT}"}
NO_UPDATES: Final = "This endpoint answers queries; its data cannot be changed here."


class Refused(Exception):
    """A request that does not reach the store, with what its answer says."""

    def __init__(
        self, status: int, title: str, detail: str, headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.headers = headers


@dataclass(frozen=True)
class QueryRequest:
    """What a request asks: `query` is None when it holds none.

    `format` is that of the parameter `as`, for clients that cannot send Accept: links and forms. `sort` (a variable,
    with `-` before it for descending) and `page` (from 1) concern the result as a page of the site only.
    """

    query: str | None
    dataset: DatasetClause
    format: Format | None = None
    sort: str | None = None
    page: int = 1


async def read(
    scope: Scope, fields: Mapping[str, str], receive: Receive, worked: Mapping[str, str],
) -> QueryRequest:
    """Read the whole request; `fields` are its header fields by lower-case name.

    `worked` are the queries that the parameter `worked` stands for. Raises Refused or Gone.
    """
    method = scope["method"]
    if method not in METHODS:
        allow = {"allow": ", ".join(METHODS)}
        raise Refused(405, "Method not allowed", f"{method} is not allowed; use GET or POST.", allow)
    if len(scope["query_string"]) > MAX_QUERY_STRING:
        detail = f"The query string is longer than {MAX_QUERY_STRING} bytes; send the query by POST."
        raise Refused(414, "Query string too long", detail)
    parameters = _parameters(scope["query_string"])
    if method == "POST":
        kind, charset = _content_type(fields)
        body = await _body(receive)
        parameters += _parameters(body) if kind == _FORM else [("query", _decode(body, charset))]
    return _request(parameters, worked)


def _request(parameters: list[tuple[str, str]], worked: Mapping[str, str]) -> QueryRequest:
    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in parameters if key == name)

    def one(name: str, expected: str) -> str | None:
        found = values(name)
        if len(found) > 1:
            raise Refused(400, "Parameter given twice", f"Give the parameter `{name}` once: {expected}.")
        return found[0] if found else None

    queries = values("query") + _worked(one("worked", "the name of a worked question's query"), worked)
    if values("update"):
        raise Refused(400, "Updates are not offered", NO_UPDATES)
    if len(queries) > 1:
        raise Refused(400, "More than one query", "Give exactly one query.")
    dataset = DatasetClause(values("default-graph-uri"), values("named-graph-uri"))
    # Not `format`, `output` or `results`: SPARQLWrapper sends those along with words of its own.
    form = _format(one("as", "a format"))
    page = _page(one("page", "a number"))
    return QueryRequest(queries[0] if queries else None, dataset, form, one("sort", "a variable"), page)


def _worked(name: str | None, worked: Mapping[str, str]) -> tuple[str, ...]:
    if name is None:
        return ()
    if name not in worked:
        detail = "No worked question of this release has that query; it may have been improved since."
        raise Refused(404, "No such query", detail)
    return (worked[name],)


def _format(name: str | None) -> Format | None:
    found = by_name(name) if name is not None else None
    if name is not None and found not in RESULTS:
        known = ", ".join(each.name for each in RESULTS)
        raise Refused(400, "Unknown format", f"Give the parameter `as` as one of {known}.")
    return found


def _page(number: str | None) -> int:
    if number is None:
        return 1
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise Refused(400, "No such page", "Give the parameter `page` as a number from 1.")
    return int(number)


def _parameters(encoded: bytes) -> list[tuple[str, str]]:
    """Decode a query string or form, each part exactly once."""
    try:
        text = encoded.decode("utf-8")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS)
    except UnicodeDecodeError:
        raise Refused(400, "Not UTF-8", "The request is not percent-encoded UTF-8.") from None
    except ValueError:
        raise Refused(400, "Too many parameters", f"Give at most {_MAX_PARAMETERS} parameters.") from None


def _content_type(fields: Mapping[str, str]) -> tuple[str, str]:
    """Return the media type and charset of a body. Raises Refused for what no query comes in."""
    kind, *parameters = (part.strip() for part in fields.get("content-type", "").split(";"))
    kind = kind.lower()
    pairs = (parameter.partition("=") for parameter in parameters)
    values = {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in pairs}
    charset = values.get("charset", "utf-8")
    if kind == _UPDATE:
        raise Refused(415, "Updates are not offered", NO_UPDATES, _ACCEPTED)
    if kind not in (_FORM, _DIRECT):
        raise Refused(415, "Unsupported media type", f"Send the query as {_FORM} or {_DIRECT}.", _ACCEPTED)
    if charset not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise Refused(415, "Unsupported charset", "Send the query in UTF-8.", _ACCEPTED)
    if fields.get("content-encoding", "identity").lower() != "identity":
        coding = {"accept-encoding": "identity"}
        raise Refused(415, "Unsupported content coding", "Send the query uncompressed.", coding)
    return kind, charset


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    size = 0
    more = True
    while more:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        piece: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(piece)
        if size <= MAX_BODY:
            body += piece
        elif size > _MAX_DRAINED:
            break
    if size > MAX_BODY:
        closing = {"connection": "close"} if more else None
        raise Refused(413, "Query too long", f"The body is longer than {MAX_BODY} bytes.", closing)
    return bytes(body)


def _decode(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset)
    except UnicodeDecodeError as error:
        raise Refused(400, "Not UTF-8", f"The query is not {charset} at byte {error.start + 1}.") from None
