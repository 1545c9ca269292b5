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

from wir2graph.sparql.endpoint import Endpoint
from wir2graph.sparql.request import QueryRequest
from wir2graph.sparql.results import worked_name
from wir2graph.store.base import Capacity, Limits
from wir2graph.store.embedded import EmbeddedStore
from wir2graph.web.client import client_of
from wir2graph.web.http import Answer, Receive, Scope, Send
from wir2graph.web.protocol import Protocol

BASE = "http://example.org/"
WORKED = "SELECT ?o { ?s ?p ?o } LIMIT 3"


@dataclass(frozen=True)
class Running:
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
def serving(folder: Path, limits: Limits, workers: int = 2, queue: int = 8, per_client: int = 32) -> Iterator[Running]:
    """Serve the endpoint on a free loopback port until the block ends."""
    store = EmbeddedStore(folder, {"ex": BASE}, limits, Capacity(workers, queue, per_client))
    answering = Endpoint(store, "a release", {worked_name(WORKED): WORKED}, 2**20)

    async def page(request: QueryRequest) -> Answer:
        return Answer(200, ((b"content-type", b"text/html"),), b"<title>SPARQL</title>")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if (remembered := answering.remembered(scope)) is not None:
            await remembered(scope, receive, send)
            return
        client = client_of(scope, ["127.0.0.1"])
        await answering.answer(scope, receive, send, page=page, client=client)

    config = uvicorn.Config(app, "127.0.0.1", 0, http=Protocol, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])), daemon=True)
    thread.start()
    try:
        with httpx.Client(timeout=60) as client:
            yield Running(port, store, client)
    finally:
        server.should_exit = True
        store.close()
        thread.join(30)
        listener.close()


@pytest.fixture(scope="module")
def endpoint(folder: Path) -> Iterator[Running]:
    with serving(folder, Limits(seconds=20)) as running:
        yield running


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[Running]]:
    """The means to serve with limits of one's own."""
    return serving
