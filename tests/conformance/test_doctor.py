"""The doctor before a real nginx: set right it finds nothing, and each wrong setting has its remark."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.conformance.deployed import NAME, PREFIX, Deployed, behind_nginx
from tests.serving import PROGRAM
from wir2graph.doctor import Client, examine

AT_THE_ROOT = {"robots-elsewhere"}
PUBLIC = f"https://{NAME}{PREFIX}"


def client(at: Deployed, *, plain: bool = True) -> Client:
    """A client that finds the public name on this machine."""
    ways = {(NAME, 443): ("127.0.0.1", at.port)} | ({(NAME, 80): ("127.0.0.1", at.plain)} if plain else {})
    return Client(context=at.context, connect_to=ways)


def names(at: Deployed, url: str = PUBLIC) -> set[str]:
    return {remark.name for remark in examine(url, client=client(at)).remarks} - AT_THE_ROOT


def test_a_deployment_under_its_name_is_set_right(state: Path, tmp_path: Path) -> None:
    with behind_nginx(state, tmp_path, url=PUBLIC) as at:
        # The namespace of one plan begins with the name, but another path; the other one's name is not known at all.
        assert names(at) == {"namespace-elsewhere", "namespace-unreachable"}


def test_a_namespace_that_is_redirected_here_is_well(state: Path, tmp_path: Path) -> None:
    w3id = "location /plan/ { rewrite ^/plan/(.*)$ /offene/daten/musterstadt/$1 redirect; }"
    with behind_nginx(state, tmp_path, url=PUBLIC, server=f"large_client_header_buffers 4 64k; {w3id}") as at:
        assert names(at) == {"namespace-unreachable"}


_INTERCEPTED = "proxy_intercept_errors on; error_page {} =200 /offene/daten/kleinstadt/;"
WRONG = {
    "the prefix is not known": ({"root_path": "", "url": f"https://{NAME}"}, {"foreign-address"}),
    "the name is that of the machine": ({"url": "http://10.0.0.7:8000"}, {"foreign-address"}),
    "HEAD is not let through": ({"location": "limit_except GET POST { deny all; }"}, {"cors-preflight"}),
    "HEAD is refused": ({"location": "if ($request_method = HEAD) { return 405; }"}, {
        "head-refused", "document-missing", "sitemap-page", "signpost-broken"}),
    "POST is refused": ({"location": "if ($request_method = POST) { return 403; }"}, {"sparql-post"}),
    "ETag is hidden": ({"location": "proxy_hide_header ETag;"}, {"etag-missing"}),
    "nginx compresses by itself": ({
        "location": 'proxy_set_header Accept-Encoding ""; gzip on; gzip_types *; gzip_proxied any;',
    }, {"etag-weak", "not-compressed"}),
    "nothing is compressed": ({"location": 'proxy_set_header Accept-Encoding "";'}, {"not-compressed"}),
    "all is plain text": ({"location": "proxy_hide_header Content-Type; add_header Content-Type text/plain always;"}, {
        "no-start-page"}),
    "files are plain text": ({
        "server": "location ~ [.](ttl|nt|rdf)$ { rewrite ^/offene/daten(/.*)$ $1 break; proxy_pass %backend%;"
                  " proxy_hide_header Content-Type; add_header Content-Type text/plain; }",
    }, {"media-type", "signpost-broken"}),
    "CORS is hidden": ({"location": "proxy_hide_header Access-Control-Allow-Origin;"}, {"cors-missing"}),
    "CORS is set twice": ({"location": "add_header Access-Control-Allow-Origin *;"}, {"cors-missing"}),
    "Link is hidden": ({"location": "proxy_hide_header Link;"}, {"signposts-missing"}),
    "Accept is replaced": ({"location": "proxy_set_header Accept text/html;"}, {
        "negotiation", "service-description", "sparql-get"}),
    "conditions are dropped": ({"location": 'proxy_set_header If-None-Match "";'}, {"not-modified"}),
    "error pages of its own": ({"location": _INTERCEPTED.format("404 410")}, {
        "not-found", "gone"}),
    "errors of queries become pages": ({"location": _INTERCEPTED.format("400")}, {
        "sparql-error"}),
    "long lines are cut": ({"server": ""}, {"sparql-long"}),
    "too little room for header fields": ({"location": "proxy_buffer_size 1k; proxy_buffers 8 1k;"}, {"bad-gateway"}),
    "hidden files are closed": ({"server": "location ~ /[.] { deny all; }"}, {"void-missing"}),
    "the program is not there": ({"backend": "http://127.0.0.1:1"}, {"server-error"}),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_setting_has_its_remark(state: Path, tmp_path: Path, fault: str) -> None:
    settings, wanted = WRONG[fault]
    with behind_nginx(state, tmp_path, **{"url": PUBLIC, **settings}) as at:
        found = names(at)
    assert wanted <= found, found


def test_plain_http_must_lead_to_tls(state: Path, tmp_path: Path) -> None:
    with behind_nginx(state, tmp_path, url=PUBLIC) as at:
        elsewhere = Client(context=at.context, connect_to={
            (NAME, 443): ("127.0.0.1", at.port), (NAME, 80): ("127.0.0.1", at.port),
        })
        assert "no-redirect-to-https" in {r.name for r in examine(PUBLIC, client=elsewhere).remarks}
        closed = Client(context=at.context, connect_to={
            (NAME, 443): ("127.0.0.1", at.port), (NAME, 80): ("127.0.0.1", 1),
        })
        assert "no-http" in {r.name for r in examine(PUBLIC, client=closed).remarks}


def test_a_certificate_that_nobody_knows_is_an_error(state: Path, tmp_path: Path) -> None:
    with behind_nginx(state, tmp_path, url=PUBLIC) as at:
        stranger = Client(connect_to={(NAME, 443): ("127.0.0.1", at.port)})
        [remark] = examine(PUBLIC, client=stranger).remarks
        assert (remark.name, remark.severity) == ("certificate", "error")


def test_the_command_trusts_what_the_machine_trusts(state: Path, tmp_path: Path) -> None:
    with behind_nginx(state, tmp_path) as at:
        done = subprocess.run(
            [*PROGRAM, "doctor", at.url, "--operator", tmp_path / "operator.toml"], capture_output=True, text=True,
            check=False, env={**os.environ, "SSL_CERT_FILE": str(at.certificate)},
        )
        assert "[certificate]" not in done.stdout
        assert "[robots-elsewhere]" in done.stdout
        assert f"{at.url}: " in done.stdout
