"""A query that a visitor asks on the page of the query form, answered with that page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wir2graph.pages.permalink import is_lasting, parameters, part
from wir2graph.pages.results import Asked, Failure
from wir2graph.represent.base import Address
from wir2graph.sparql.request import QueryRequest
from wir2graph.web.http import Answer, Scope, fields_of, raw, redirect, respond
from wir2graph.web.served import Served


async def answer_query(
    request: QueryRequest, address: Address, served: Served, scope: Scope, client: str | None,
) -> Answer:
    """Return the answer to a request that asks a query at the page `address`: the page, or the way to its permalink.

    The form's POST is sent on to the permalink of its query, which can be kept and shared; where the query is too long
    for a link, the page comes at once. `client` is who asks.
    """
    assert request.query is not None
    posted = scope["method"] == "POST"
    # Browsers send the line breaks of a text field as two characters.
    query = request.query.replace("\r\n", "\n") if posted else request.query
    asking = parameters(query, request.dataset, served.release.pages.index.worked_names)
    asking += part(request.sort, request.page)
    if posted and is_lasting(asking):
        return redirect(303, address.path, address.path, query=asking)
    outcome = await served.outcomes.of(query, request.dataset, client)
    asked = Asked(query, request.dataset, outcome, request.sort, request.page)
    prepared = await served.form(replace(address, asked=asked))
    if isinstance(outcome, Failure):
        return _failed(respond(prepared, _coding_only(scope)), outcome)
    return respond(prepared, _coding_only(scope) if posted else fields_of(scope))


def _failed(answer: Answer, failure: Failure) -> Answer:
    """Return a page under the status of the failure that it tells of."""
    told = {b"etag", b"last-modified", b"cache-control"}
    fields = {"cache-control": "no-store" if failure.status >= 500 else "no-cache"}
    if failure.retry_after is not None:
        fields["retry-after"] = str(failure.retry_after)
    kept = tuple((name, value) for name, value in answer.headers if name not in told)
    return Answer(failure.status, (*kept, *raw(fields)), answer.body)


def _coding_only(scope: Scope) -> Mapping[str, str]:
    return {name: value for name, value in fields_of(scope).items() if name == "accept-encoding"}
