"""Load on an endpoint by wrk, which takes so little of the processors that the servers have nearly all of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")
SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Query:
    """A query of the mix; `name` is that of its file."""

    name: str
    text: str

    @property
    def is_graph(self) -> bool:
        """Tell whether the answer is a graph."""
        return any(line.startswith(GRAPH_FORMS) for line in self.text.splitlines())

    @property
    def accept(self) -> str:
        """The media type to ask for, which all servers write at about the same cost."""
        return "application/n-triples" if self.is_graph else "application/sparql-results+json"


@dataclass(frozen=True)
class Load:
    """What wrk has measured: requests in a second, median and 99th percentile of their times in seconds."""

    rate: float
    median: float
    late: float


def wrk() -> str | None:
    """Return where wrk is, or None where it is not installed."""
    return shutil.which(os.environ.get("WRK", "wrk"))


def load(endpoint: str, query: Query, *, fresh: bool, connections: int, seconds: float) -> Load:
    """Ask for one query again and again over connections that are kept open, and return how that went.

    `fresh` makes each query a text of its own. Raises AssertionError when wrk is missing or any answer is a failure.
    """
    base, slash, path = endpoint.partition("//")[2].partition("/")
    asked = {"TARGET": f"{slash}{path}?query={quote(query.text, safe='')}", "ACCEPT": query.accept}
    fresh_text = {"FRESH": uuid.uuid4().hex} if fresh else {}
    return _wrk(f"http://{base}", {**asked, **fresh_text}, connections, seconds)


def load_pages(base: str, paths: Sequence[str], *, connections: int, seconds: float) -> Load:
    """Ask for pages in turn, as a browser does, and return how that went. Raises AssertionError as `load` does."""
    asked = {"TARGET": " ".join(paths), "ACCEPT": "text/html,*/*;q=0.8", "ENCODING": "gzip, br"}
    return _wrk(base, asked, connections, seconds)


def _wrk(base: str, asked: Mapping[str, str], connections: int, seconds: float) -> Load:
    program = wrk()
    assert program, "wrk is not installed"
    command = [program, "--threads", "1", "--connections", str(connections), "--duration", f"{seconds:g}s",
               "--timeout", "30s", "--script", str(SCRIPT), base]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **asked})
    found = json.loads(done.stdout.rpartition("RESULT ")[2])
    assert not found["failed"], f"{base}{asked['TARGET'][:200]}: {found['failed']} requests failed\n{done.stdout}"
    return Load(found["rate"], found["median"], found["late"])
