"""A server before the real one that changes single answers, as webservers before it do by a wrong setting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from tests.serving import PATIENCE

# Of the connection, not of the answer.
HOP = {"connection", "date", "server", "transfer-encoding", "keep-alive"}


@dataclass
class Asked:
    """One request: `path` is with its query."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Told:
    """One answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


Tamper = Callable[[Asked, Told], Told]


def unchanged(_: Asked, told: Told) -> Told:
    return told


@dataclass
class Between:
    """Passes everything on to `backend` and back, through `extra` (documents that are not there) and `tamper`."""

    url: str
    backend: str = ""
    extra: dict[str, Told] = field(default_factory=dict)
    tamper: Tamper = unchanged

    def answer(self, asked: Asked, client: httpx.Client) -> Told:
        if (made := self.extra.get(asked.path)) is not None:
            return self.tamper(asked, Told(made.status, dict(made.headers), made.body))
        headers = {name: value for name, value in asked.headers.items() if name not in ("host", "connection")}
        headers.setdefault("accept-encoding", "identity")
        request = client.build_request(asked.method, self.backend + asked.path, headers=headers, content=asked.body)
        if "accept" not in asked.headers:
            request.headers.pop("accept", None)
        answer = client.send(request, stream=True)
        body = b"".join(answer.iter_raw())
        answer.close()
        kept = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in HOP}
        return self.tamper(asked, Told(answer.status_code, kept, body))


@contextmanager
def between() -> Iterator[Between]:
    """Listen on a free port of this machine until the block ends."""
    client = httpx.Client(timeout=PATIENCE, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            told = shown.answer(asked, client)
            self.send_response(told.status)
            told.headers["content-length"] = told.headers.get("content-length", str(len(told.body)))
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD" and told.status not in (204, 304):
                self.wfile.write(told.body)

        do_GET = do_HEAD = do_POST = do_OPTIONS = handle_any

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    shown = Between(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield shown
    finally:
        server.shutdown()
        server.server_close()
        client.close()
