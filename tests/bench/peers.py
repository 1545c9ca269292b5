"""The endpoints that are measured side by side: ours, native Oxigraph and rdflib-endpoint, each with the same quads."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyoxigraph as ox

from tests.serving import PATIENCE, serving

# The command of rdflib-endpoint merges all graphs into the default graph; as a library it serves the quads as they are.
RDFLIB_PROGRAM = """
import sys
import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint

dataset = Dataset(default_union=False)
dataset.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=dataset, path="/sparql"), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


TRIFID_CONFIGURATION = """
server:
  listener: {{host: 127.0.0.1, port: {port}}}
  logLevel: warn
globals:
  datasetBaseUrl: {namespace}
  endpoints:
    default: {{url: /query}}
plugins:
  entity-renderer:
    module: "@zazuko/trifid-entity-renderer"
  fetch-handler:
    module: trifid-handler-fetch
    paths: /query
    config: {{url: {quads}, contentType: application/n-quads}}
"""


@dataclass(frozen=True)
class Endpoint:
    """A running endpoint: its name, its address, and the process that was started for it."""

    name: str
    url: str
    process: int


def oxigraph() -> str | None:
    """Return where the program `oxigraph` is (OXIGRAPH names it), or None."""
    return shutil.which(os.environ.get("OXIGRAPH", "oxigraph"))


def rdflib_endpoint() -> str | None:
    """Return where the program `rdflib-endpoint` is (RDFLIB_ENDPOINT names it), or None."""
    return shutil.which(os.environ.get("RDFLIB_ENDPOINT", "rdflib-endpoint"))


@contextmanager
def ours(state: Path) -> Iterator[Endpoint]:
    """Serve the release of a state folder."""
    with serving(state) as server:
        yield Endpoint("wir2graph", f"{server.url}/sparql", server.process.pid)


@contextmanager
def native(program: str, quads: Path, folder: Path) -> Iterator[Endpoint]:
    """Serve a file of N-Quads with native Oxigraph, loaded and optimised as its manual says."""
    place = ["--location", str(folder / "oxigraph")]
    for command in (["load", *place, "--file", str(quads)], ["optimize", *place]):
        subprocess.run([program, *command], check=True, capture_output=True)
    port = _free_port()
    command = [program, "serve-read-only", *place, "--bind", f"127.0.0.1:{port}"]
    with _started("oxigraph", command, f"http://127.0.0.1:{port}/query") as endpoint:
        yield endpoint


@contextmanager
def rdflib(program: str, quads: Path) -> Iterator[Endpoint]:
    """Serve a file of N-Quads with rdflib-endpoint, by the Python that it is installed for."""
    port = _free_port()
    command = [str(Path(program).with_name("python")), "-c", RDFLIB_PROGRAM, str(quads), str(port)]
    with _started("rdflib-endpoint", command, f"http://127.0.0.1:{port}/sparql") as endpoint:
        yield endpoint


def trifid() -> str | None:
    """Return where the program `trifid` of npm is (TRIFID names it), or None."""
    return shutil.which(os.environ.get("TRIFID", "trifid"))


@contextmanager
def trifid_pages(program: str, quads: Path, namespace: str, page: str, folder: Path) -> Iterator[Endpoint]:
    """Serve the pages of a namespace's things with Trifid, from a file of N-Quads; `page` is the path of one."""
    port = _free_port()
    configuration = folder / "trifid.yaml"
    configuration.write_text(TRIFID_CONFIGURATION.format(port=port, namespace=namespace, quads=quads), encoding="utf-8")
    command = [program, "--config", str(configuration)]
    with _started("Trifid", command, f"http://127.0.0.1:{port}", page) as endpoint:
        yield endpoint


def dump(store: Path, file: Path) -> None:
    """Write all quads of the store of a release, default graph and named graphs, as N-Quads."""
    ox.Store.read_only(str(store)).dump(str(file), ox.RdfFormat.N_QUADS)


@contextmanager
def _started(name: str, command: Sequence[str], url: str, tried: str = "?query=ASK%20%7B%7D") -> Iterator[Endpoint]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PATIENCE
        while not _answers(url + tried):
            assert process.poll() is None, f"{name} did not start: {' '.join(command)}"
            assert time.monotonic() < end, f"{name} does not answer"
            time.sleep(0.1)
        yield Endpoint(name, url, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=PATIENCE).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
