"""The site under a path behind nginx: links, redirects and queries work, whether nginx passes the path on or not."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
import pytest

from tests.serving import PATIENCE, serving

PREFIX = "/daten"
ORIGIN = "http://nginx.example"
CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen unix:{folder}/socket;
    location {prefix}/ {{ proxy_pass {backend}; }}
  }}
}}
"""


class Links(HTMLParser):
    """Collects what a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src", "action") and value]


@pytest.fixture(scope="module", params=["stripped", "passed on", "stripped, path not told"])
def proxy(
    request: pytest.FixtureRequest, state: Path, tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[httpx.Client]:
    """A client that talks to nginx, which shows the fictional plans under a path."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin")
    assert program, "nginx is not installed (Debian: apt-get install nginx)"
    folder = tmp_path_factory.mktemp("nginx")
    options = [] if request.param == "stripped, path not told" else ["--root-path", PREFIX]
    with serving(state, *options) as server:
        backend = server.url + ("" if request.param == "passed on" else "/")
        configuration = folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, prefix=PREFIX, backend=backend), encoding="utf-8")
        process = subprocess.Popen([program, "-p", folder, "-c", configuration], stderr=subprocess.DEVNULL)
        try:
            transport = httpx.HTTPTransport(uds=str(_socket(folder, process)))
            with httpx.Client(transport=transport, base_url=ORIGIN, timeout=PATIENCE) as client:
                yield client
        finally:
            process.terminate()
            process.wait(20)


def _socket(folder: Path, process: subprocess.Popen[bytes]) -> Path:
    end = time.monotonic() + PATIENCE
    while not (folder / "socket").exists():
        assert process.poll() is None, "nginx did not start"
        assert time.monotonic() < end, "nginx does not listen"
        time.sleep(0.02)
    return folder / "socket"


def links(page: httpx.Response) -> set[str]:
    """Return the addresses within the site that a page refers to."""
    parser = Links()
    parser.feed(page.text)
    targets = (urldefrag(urljoin(str(page.url), reference)).url for reference in parser.found)
    return {target for target in targets if target.startswith(ORIGIN)}


def test_every_link_of_every_page_stays_under_the_path_and_answers(proxy: httpx.Client) -> None:
    waiting, seen, pages = [f"{ORIGIN}{PREFIX}/"], set[str](), 0
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        assert urlsplit(address).path.startswith(f"{PREFIX}/"), address
        answer = proxy.get(address, headers={"accept": "text/html,*/*;q=0.1"}, follow_redirects=True)
        assert answer.status_code == httpx.codes.OK, address
        assert answer.url.path.startswith(f"{PREFIX}/"), f"{address} leads to {answer.url}"
        if answer.headers["content-type"].startswith("text/html") and not urlsplit(address).query:
            pages += 1
            waiting += links(answer)
    assert pages >= 40
    assert len(seen) >= 200


def test_an_iri_leads_to_its_page_and_to_its_data(proxy: httpx.Client) -> None:
    iri = f"{PREFIX}/musterstadt/id/massnahme/gruenplan-raeume-1"
    for accept, media_type in (("text/html", "text/html"), ("text/turtle", "text/turtle")):
        answer = proxy.get(iri, headers={"accept": accept})
        assert answer.status_code == httpx.codes.SEE_OTHER
        shown = proxy.get(urljoin(str(answer.url), answer.headers["location"]))
        assert shown.status_code == httpx.codes.OK
        assert shown.headers["content-type"].split(";")[0] == media_type


def test_a_name_outside_ascii_is_found(proxy: httpx.Client) -> None:
    answer = proxy.get(f"{PREFIX}/musterstadt/oe/büro-für-ökologie")
    assert answer.status_code == httpx.codes.OK
    assert "Büro für Ökologie" in answer.text


def test_a_query_is_answered(proxy: httpx.Client) -> None:
    query = "SELECT ?m WHERE { ?m a <https://w3id.org/wir2graph/def#Measure> }"
    accept = {"accept": "application/sparql-results+json"}
    answer = proxy.post(f"{PREFIX}/sparql", data={"query": query}, headers=accept)
    assert answer.status_code == httpx.codes.OK
    assert len(answer.json()["results"]["bindings"]) == 7


def test_an_answer_that_is_known_is_not_sent_again(proxy: httpx.Client) -> None:
    first = proxy.get(f"{PREFIX}/musterstadt/")
    again = proxy.get(f"{PREFIX}/musterstadt/", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == httpx.codes.NOT_MODIFIED
    assert again.content == b""
