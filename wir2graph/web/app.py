"""Assembly: the release in service, the front door, and the few routes that a framework answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from wir2graph.operator import Operator
from wir2graph.release import Release
from wir2graph.web.front import Asgi, Front
from wir2graph.web.served import Service

HEALTH: Final = "/health"


def create_app(state: Path, operator: Operator, *, listening: str, root_path: str = "") -> Asgi:
    """Return the ASGI application that serves the current release of a state folder and follows its switches.

    `listening` is the URL of the server, `root_path` the path under which a proxy in front shows the site; the proxy
    may pass it on or strip it. Raises FileNotFoundError when there is no release yet, OSError when it is incomplete.
    """
    service = Service(state, operator, listening)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.warm()
        following = asyncio.create_task(service.follow())
        yield
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        service.close()

    framework = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    framework.add_api_route(HEALTH, _health, methods=["GET", "HEAD"])
    return Front(service, framework, {HEALTH}, root_path, operator.sparql.trusted_proxies)


async def _health(request: Request) -> JSONResponse:
    """Say that the server answers, and with what."""
    release: Release = request.scope["release"]
    plans = [{"slug": plan.slug, "released": plan.released.isoformat()} for plan in release.plans]
    body = {"status": "ok", "digest": release.digest, "built": release.built.isoformat(), "plans": plans}
    return JSONResponse(body, headers={"cache-control": "no-store"})
