"""A deployment as it should be: the server alone, or behind a real nginx that speaks TLS and shows it under a path."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.serving import FIXTURES, PATIENCE, serving

PREFIX = "/offene/daten"
NAME = "daten.musterstadt.example"
_CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{plain};
    return 308 https://$host$request_uri;
  }}
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    {server}
    location {prefix}/ {{
      proxy_pass {backend}/;
      proxy_http_version 1.1;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      {location}
    }}
  }}
}}
"""
GOOD = "large_client_header_buffers 4 64k;"
_PUBLIC = "https://daten.musterstadt.example"  # in the settings of the fictional operator


@dataclass(frozen=True)
class Deployed:
    """Where a deployment stands: its public URL, its certificate, the ports of nginx with TLS and without."""

    url: str
    certificate: Path | None = None
    port: int = 0
    plain: int = 0

    @property
    def context(self) -> ssl.SSLContext:
        """What trusts its certificate."""
        return ssl.create_default_context(cafile=str(self.certificate) if self.certificate else None)


@dataclass(frozen=True)
class Shown:
    """A deployment with a client that trusts it, and the plan to look at."""

    at: Deployed
    plan: str
    client: httpx.Client

    def get(self, path: str, accept: str = "*/*") -> httpx.Response:
        """Return what stands at a path of the deployment; it must be there."""
        answer = self.client.get(f"{self.at.url}{path}", headers={"accept": accept})
        assert answer.status_code == httpx.codes.OK, path
        return answer


def settings_for(url: str, folder: Path) -> Path:
    """Write the settings of the fictional operator for a deployment at this address into a file."""
    text = (FIXTURES / "operator.toml").read_text(encoding="utf-8")
    assert text.count(_PUBLIC) == 1
    settings = folder / "operator.toml"
    settings.write_text(text.replace(_PUBLIC, url), encoding="utf-8")
    return settings


def free_ports(number: int) -> list[int]:
    """Return ports that are free now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def certify(folder: Path) -> Path:
    """Make a certificate for this machine and for the name of the fictional city, signed by itself."""
    assert shutil.which("openssl"), "openssl is not installed (Debian: apt-get install openssl)"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost",
         "-addext", f"subjectAltName=DNS:localhost,DNS:{NAME},IP:127.0.0.1",
         "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
        capture_output=True, text=True, check=False,
    )
    assert made.returncode == 0, made.stderr
    return folder / "certificate.pem"


@contextmanager
def deployed(state: Path, folder: Path) -> Iterator[Deployed]:
    """Serve a release on this machine, with all settings of an operator, and nothing before it."""
    [port] = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    with serving(state, "--operator", settings_for(url, folder), "--port", str(port)):
        yield Deployed(url)


@contextmanager
def behind_nginx(
    state: Path, folder: Path, *, url: str | None = None, root_path: str = PREFIX, prefix: str = PREFIX,
    backend: str | None = None, server: str = GOOD, location: str = "",
) -> Iterator[Deployed]:
    """Serve a release behind nginx with TLS under a path.

    `url` is what the program takes for its public URL (without it the right one), `backend` where nginx looks for it;
    the others are directives of nginx, in which `%backend%` stands for the address of the program.
    """
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin")
    assert program, "nginx is not installed (Debian: apt-get install nginx)"
    certificate = certify(folder)
    port, plain = free_ports(2)
    public = f"https://localhost:{port}{prefix}"
    settings = settings_for(url or public, folder)
    options = ["--root-path", root_path] if root_path else []
    with serving(state, "--operator", settings, *options) as running:
        configuration = folder / "nginx.conf"
        configuration.write_text(_CONFIGURATION.format(
            folder=folder, server=server, location=location, port=port, plain=plain, prefix=prefix,
            backend=backend or running.url,
        ).replace("%backend%", running.url), encoding="utf-8")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([program, "-p", folder, "-c", configuration], stderr=log)
        try:
            _wait(port, process, folder / "log")
            yield Deployed(url or public, certificate, port, plain)
        finally:
            process.terminate()
            process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, "nginx does not listen"
            time.sleep(0.02)
