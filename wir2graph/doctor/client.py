"""A small client for HTTP that shows answers as they come: it follows and decodes nothing unless asked to."""

from __future__ import annotations

import gzip
import http.client
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import brotli  # type: ignore[import-untyped]

_MOST_REDIRECTS: Final = 8
_NO_ANSWER: Final = (502, 503, 504)
_LINK: Final = re.compile(r'<([^>]*)>((?:\s*;\s*[\w-]+\*?\s*=\s*(?:"[^"]*"|[^";,\s]*))*)')
_PARAMETER: Final = re.compile(r'([\w-]+)\s*=\s*(?:"([^"]*)"|([^";,\s]*))')

Address = tuple[str, int]


class Unreachable(Exception):
    """No answer came; the message says why. `certificate`: the server's certificate is not accepted."""

    def __init__(self, message: str, *, certificate: bool = False) -> None:
        super().__init__(message)
        self.certificate = certificate


@dataclass(frozen=True)
class Link:
    """One link of a Link field; `target` is complete."""

    target: str
    rel: str
    media_type: str | None


@dataclass(frozen=True)
class Answer:
    """One answer. `headers` are by lower-case name, repeated ones joined; `body` is as it was sent."""

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Tell whether there is what was asked for."""
        return self.status == 200

    @property
    def media_type(self) -> str:
        """Return the media type without parameters, "" where none is told."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def location(self) -> str | None:
        """Return where a redirect leads, as a complete URL."""
        return urljoin(self.url, self.headers["location"]) if "location" in self.headers else None

    @property
    def decoded(self) -> bytes:
        """Return the body without its content coding. Raises ValueError where it is not what its coding says."""
        coding = self.headers.get("content-encoding", "identity")
        try:
            if coding == "gzip":
                return gzip.decompress(self.body)
            if coding == "br":
                return bytes(brotli.decompress(self.body))
        except (OSError, EOFError, brotli.error) as fault:
            raise ValueError(f"not {coding}: {fault}") from fault
        if coding != "identity":
            raise ValueError(f"unknown coding {coding}")
        return self.body

    @property
    def links(self) -> list[Link]:
        """Return the links of the Link field (RFC 8288), one for each relation."""
        found = []
        for target, parameters in _LINK.findall(self.headers.get("link", "")):
            told = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(parameters)}
            found += [Link(urljoin(self.url, target), rel, told.get("type")) for rel in told.get("rel", "").split()]
        return found

    def told(self) -> str:
        """Return the answer in a few words."""
        kind = f", {self.headers['content-type']}" if "content-type" in self.headers else ""
        to = f", nach {self.location}" if self.location else ""
        return f"Status {self.status}{kind}{to}"


class Client:
    """Asks servers. `connect_to` leads from a host and port to where it is reached instead (as curl's option does)."""

    def __init__(
        self, timeout: float = 30, context: ssl.SSLContext | None = None,
        connect_to: Mapping[Address, Address] | None = None,
    ) -> None:
        self._timeout = timeout
        self._context = context or ssl.create_default_context()
        self._connect_to = dict(connect_to or {})
        self.failed: list[Answer] = []
        """The answers of webservers that did not get one from the program (502, 503, 504)."""

    def get(self, url: str, accept: str | None = None, **headers: str) -> Answer:
        """Ask for a URL; without `accept` no Accept field is sent. Header names are written with `_` for `-`."""
        return self.ask("GET", url, accept, None, **headers)

    def head(self, url: str, accept: str | None = None, **headers: str) -> Answer:
        """Ask for the header fields only."""
        return self.ask("HEAD", url, accept, None, **headers)

    def follow(self, url: str, accept: str | None = None, method: str = "GET", **headers: str) -> Answer:
        """Ask, and go where redirects lead. Raises Unreachable where they do not end."""
        for _ in range(_MOST_REDIRECTS):
            answer = self.ask(method, url, accept, None, **headers)
            if answer.status not in (301, 302, 303, 307, 308) or answer.location is None:
                return answer
            url = answer.location
        raise Unreachable(f"mehr als {_MOST_REDIRECTS} Weiterleitungen, zuletzt nach {url}")

    def ask(
        self, method: str, url: str, accept: str | None = None, body: bytes | None = None, **headers: str,
    ) -> Answer:
        """Send a request and return the answer. Raises Unreachable when none comes."""
        parts = urlsplit(url)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        fields = {"user-agent": "wir2graph-doctor", "host": parts.netloc.rpartition("@")[2], **fields}
        if accept is not None:
            fields["accept"] = accept
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
            try:
                connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
                for name, value in fields.items():
                    connection.putheader(name, value)
                if body is not None:
                    connection.putheader("content-length", str(len(body)))
                connection.endheaders(body)
                answer = connection.getresponse()
                told = Answer(method, url, answer.status, _fields(answer), answer.read())
                if told.status in _NO_ANSWER:
                    self.failed.append(told)
                return told
            finally:
                connection.close()
        except ssl.SSLCertVerificationError as fault:
            reason = f"das Zertifikat wird nicht anerkannt ({fault.verify_message})"
            raise Unreachable(reason, certificate=True) from fault
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise Unreachable(f"keine Antwort ({type(fault).__name__}: {fault})") from fault

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        asked = (host, port or (443 if scheme == "https" else 80))
        reached = self._connect_to.get(asked, asked)
        if scheme != "https":
            return http.client.HTTPConnection(*reached, timeout=self._timeout)
        return _Secure(reached, host, self._context, self._timeout)


class _Secure(http.client.HTTPSConnection):
    """A connection by TLS to a server that is asked under another name than the one by which it is reached."""

    def __init__(self, reached: Address, host: str, context: ssl.SSLContext, timeout: float) -> None:
        super().__init__(*reached, context=context, timeout=timeout)
        self._name = host
        self._told = context

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._told.wrap_socket(self.sock, server_hostname=self._name)


def _fields(answer: http.client.HTTPResponse) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in answer.getheaders():
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
