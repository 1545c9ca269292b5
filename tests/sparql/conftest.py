from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import uvicorn

from wir2graph.sparql import sparql_endpoint
from wir2graph.store.base import Limits
from wir2graph.store.embedded import EmbeddedStore
from wir2graph.web.http import Receive, Scope, Send

BASE = "http://example.org/"


@dataclass(frozen=True)
class Endpoint:
    """A running endpoint: where it listens, and the store behind it."""

    port: int
    store: EmbeddedStore
    client: httpx.Client

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 200 triples that stand in two graphs and the default graph, and one that stands in a third graph."""
    path = tmp_path_factory.mktemp("oxigraph")
    store = ox.Store(str(path))
    graphs = (ox.DefaultGraph(), ox.NamedNode(BASE + "one"), ox.NamedNode(BASE + "two"))
    label = ox.NamedNode(BASE + "label")
    for n in range(200):
        text = ox.Literal("Straße, „Nr. 1“" if n == 1 else f"value {n}", language="de")
        store.extend(ox.Quad(ox.NamedNode(f"{BASE}s{n}"), label, text, graph) for graph in graphs)
    store.add(ox.Quad(ox.NamedNode(BASE + "größe%20x"), label, ox.Literal("x"), ox.NamedNode(BASE + "three")))
    store.flush()
    store.optimize()
    return path


@contextmanager
def serving(folder: Path, limits: Limits, workers: int = 2, queue: int = 8) -> Iterator[Endpoint]:
    """Serve the endpoint on a free loopback port until the block ends."""
    store = EmbeddedStore(folder, {"ex": BASE}, limits, workers=workers, queue=queue)

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"<title>SPARQL</title>"})

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await sparql_endpoint(scope, receive, send, store=store, browser_page=page)

    config = uvicorn.Config(
        app, "127.0.0.1", 0, lifespan="off", log_level="critical", h11_max_incomplete_event_size=256 * 1024,
    )
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])), daemon=True)
    thread.start()
    try:
        with httpx.Client(timeout=60) as client:
            yield Endpoint(port, store, client)
    finally:
        server.should_exit = True
        store.close()
        thread.join(30)
        listener.close()


@pytest.fixture(scope="module")
def endpoint(folder: Path) -> Iterator[Endpoint]:
    with serving(folder, Limits(seconds=20)) as running:
        yield running


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[Endpoint]]:
    """The means to serve with limits of one's own."""
    return serving
