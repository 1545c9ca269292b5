"""The front door: every request comes in here; what the release publishes is answered without the framework.

A request pins one release from its first byte to its last; a switch meanwhile does not concern it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from wir2graph.pages.index import LANGUAGES
from wir2graph.pages.listing import NoSuchPart
from wir2graph.represent.base import Address, Link
from wir2graph.represent.static import ROOT as STATIC
from wir2graph.search import answer
from wir2graph.sparql.endpoint import TransferAborted
from wir2graph.sparql.request import QueryRequest
from wir2graph.urls import ENDPOINT, localised, relative
from wir2graph.web.asked import answer_query
from wir2graph.web.choosing import chosen, unpublished_table
from wir2graph.web.client import client_of
from wir2graph.web.headers import COMMON, METHODS, encode_url
from wir2graph.web.http import (
    Message,
    Receive,
    Scope,
    Send,
    answer_options,
    fields_of,
    link,
    path_of_request,
    problem,
    redirect,
    respond,
)
from wir2graph.web.problems import SitePage
from wir2graph.web.problemtexts import language_of, text
from wir2graph.web.resolve import Gone, Missing, NotAcceptable, Redirect, Show, canonical
from wir2graph.web.served import Served, Service
from wir2graph.web.told import gone, site_page, up_from

_LOG: Final = logging.getLogger(__name__)

_SHOWN: Final = 40  # signs of the name of a parameter that there is not
_ASKED: Final = tuple(localised(ENDPOINT, language) for language in LANGUAGES)
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class Front:
    """The ASGI application in front of the framework.

    `routes` are the paths that the framework answers to GET and HEAD. They find the pinned
    release as `scope["release"]`; their answers get the header fields that all answers share. `root_path` is
    the prefix that the proxy in front shows, `trusted_proxies` are those that may tell who asks.
    """

    def __init__(
        self, service: Service, framework: Asgi, routes: Collection[str], root_path: str,
        trusted_proxies: Collection[str] = (),
    ) -> None:
        self._service = service
        self._framework = framework
        self._routes = routes
        self._root_path = root_path
        self._trusted_proxies = trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand the lifespan over to the framework."""
        if scope["type"] != "http":
            await self._framework(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        path = path_of_request(scope, self._root_path)
        try:
            async with self._service.pin() as served:
                if path in _ASKED:
                    await self._sparql(path, served, scope, receive, sending)
                elif path is not None and path in self._routes and scope["method"] in ("GET", "HEAD"):
                    await self._through_framework(path, served, scope, receive, sending)
                else:
                    found = await self._answer(path, served, scope)
                    await found(scope, receive, sending)
        except TransferAborted:
            raise
        except Exception:
            _LOG.exception("%s %s failed", scope["method"], path)
            if started:
                raise
            await _problem(500, "failed", path, scope, None)(scope, receive, send)

    async def _answer(self, path: str | None, served: Served, scope: Scope) -> Asgi:
        if path is None:
            return _problem(400, "bad-path", None, scope, served)
        method: str = scope["method"]
        if method == "OPTIONS":
            return answer_options()
        if method not in METHODS:
            told = ", ".join(METHODS)
            return _problem(405, "method", path, scope, served, {"allow": told}, method=method, allowed=told)
        return await self._published(canonical(path), served, scope)

    async def _published(self, path: str, served: Served, scope: Scope) -> Asgi:
        fields = fields_of(scope)
        if path.startswith(STATIC):
            file = await served.file(path)
            return respond(file, fields) if file else _problem(404, "missing", path, scope, served)
        if path == answer.PATH:
            return await _searched(path, served, scope)
        found = served.directory.resolve(path, fields.get("accept"))
        query: bytes = scope["query_string"]
        if isinstance(found, Missing) and (table := unpublished_table(served.release, path)) is not None:
            return respond(await served.form(table), fields)
        if query and isinstance(found, Show) and found.address.kind in ("page", "table"):
            wanted = chosen(served.release, found.address, query)
            if isinstance(wanted, Show) and wanted.address.parameters != found.address.parameters:
                try:
                    return respond(await served.form(wanted.address), fields)
                except NoSuchPart:
                    return _problem(404, "missing", path, scope, served)
            if isinstance(wanted, Redirect):
                return redirect(308, path, wanted.target)
            if isinstance(wanted, Missing):
                return _problem(404, "missing", path, scope, served)
        if isinstance(found, Show):
            prepared = await served.document(path, found.address, chosen=found.chosen, varies=found.varies)
            return respond(prepared, fields, scope["method"])
        if isinstance(found, Redirect):
            kept = encode_url(query) if found.status == 308 else ""
            return redirect(found.status, path, found.target, varies=found.varies, query=kept)
        if isinstance(found, NotAcceptable):
            return _problem(406, "format", path, scope, served, {"link": _links(path, found)}, {"alternates": [
                _alternate(path, address) for address in found.offered
            ]})
        if isinstance(found, Gone):
            return _gone(path, found, scope, served)
        return _problem(404, "missing", path, scope, served)

    async def _sparql(self, path: str, served: Served, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at the endpoint, or at the page of its form in another language, which answers with pages only."""
        async def page(request: QueryRequest) -> Asgi:
            if request.query is None:
                return await self._published(path, served, scope)
            return await answer_query(request, served.release.addresses()[path], served, scope, client)

        if path == ENDPOINT and (remembered := served.endpoint.remembered(scope)) is not None:
            await remembered(scope, receive, send)
            return
        client = client_of(scope, self._trusted_proxies)
        await served.endpoint.answer(
            scope, receive, send, page=page, client=client, only_page=path != ENDPOINT,
        )

    async def _through_framework(
        self, path: str, served: Served, scope: Scope, receive: Receive, send: Send,
    ) -> None:
        async def finishing(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = [(n.encode(), v.encode()) for n, v in COMMON.items() if n.encode() not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            elif message["type"] == "http.response.body" and scope["method"] == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        inner = {**scope, "path": path, "raw_path": path.encode(), "root_path": "", "release": served.release}
        await self._framework(inner, receive, finishing)


async def _searched(path: str, served: Served, scope: Scope) -> Asgi:
    """Return the answer of the search for programs."""
    given = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    try:
        asked = answer.read_parameters(given, [plan.slug for plan in served.release.plans])
    except answer.WrongParameter as error:
        language = next((value for name, value in given if name == "lang" and value in LANGUAGES), None)
        return _problem(
            400, f"parameter-{error.fault}", path, scope, served,
            language=language, parameter=error.name[:_SHOWN], allowed=error.allowed,
        )
    return respond(await served.answer(path, lambda release: answer.represent(release, asked)), fields_of(scope))


def _problem(
    status: int, name: str, path: str | None, scope: Scope, served: Served | None,
    headers: Mapping[str, str] | None = None, members: Mapping[str, Any] | None = None, language: str | None = None,
    **values: str,
) -> Asgi:
    """Return the answer for a problem in a language (None: that of the path) and the format that is accepted."""
    language = language or language_of(path or "/")
    title, detail = text(name, language, path=path or "", **values)
    accept = fields_of(scope).get("accept", "*/*")
    page = _site_page(path, language, served) if path and served else None
    return problem(status, title, detail, lang=language, accept=accept, page=page, headers=headers, **(members or {}))


def _site_page(path: str, language: str, served: Served) -> SitePage:
    return site_page(up_from(path), path, language, served.static, served.release.pages.index)


def _gone(path: str, found: Gone, scope: Scope, served: Served) -> Asgi:
    """Return the answer for a withdrawn identifier, with links to what has taken its place."""
    told, links = gone(path, found, served.release)
    accept = fields_of(scope).get("accept", "*/*")
    page = _site_page(path, told.language, served)
    return problem(
        told.status, told.title, told.detail, lang=told.language, accept=accept, page=page, headers={"link": links},
        **told.members,
    )


def _links(path: str, found: NotAcceptable) -> str:
    return ", ".join(link(path, Link(a.path, "alternate", a.media_type, a.language)) for a in found.offered)


def _alternate(path: str, address: Address) -> dict[str, str]:
    described = {"href": relative(path, address.path), "type": address.media_type}
    return {**described, "language": address.language} if address.language else described
