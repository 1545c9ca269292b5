"""An export behind a real nginx with the configuration written beside it: it answers as the live server does."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import brotli  # type: ignore[import-untyped]
import httpx
import pytest

from tests import serving
from tests.serving import FIXTURES, PATIENCE, Server
from wir2graph.formats import DATA, HTML, by_media_type
from wir2graph.operator import load_operator
from wir2graph.plan import find_workspace
from wir2graph.release import Release, current, open_release
from wir2graph.represent import represent
from wir2graph.represent.static import StaticFiles, represent_file
from wir2graph.web.accept import negotiate
from wir2graph.web.headers import COMMON
from wir2graph.web.http import FOREVER, content_type, links_field
from wir2graph.web.resolve import Redirect

ORIGIN = "http://nginx.example"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
CONFIGURATION = """
{modules}
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {brotli}
  include {site};
}}
"""
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
ACCEPTS = (
    BROWSER, "*/*", "text/html", "text/turtle", "application/ld+json, */*;q=0.1", "application/json", "text/csv;q=0.5",
    "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09", "image/png",
    "text/turtle;q=0.9,application/n-triples;q=0.95", "text/*;q=0.3, text/html;q=0.2", "text/html;q=0, */*;q=0.001",
    "application/trig;q=.2, application/rdf+xml ; q=0.15", "", "nonsense", "application/n-quads",
    "text/html;charset=utf-8",
)


@dataclass(frozen=True)
class Exported:
    """An export that nginx shows: the release, where it stands, and clients of nginx and of the live server."""

    release: Release
    prefix: str
    folder: Path
    nginx: httpx.Client
    live: Server
    plan: str

    def get(self, path: str, method: str = "GET", query: str = "", **headers: str) -> httpx.Response:
        named = {"accept-encoding": "identity"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.nginx.request(method, f"{self.prefix}{quote(path)}{query}", headers=named)


def start_nginx(folder: Path, site: Path) -> tuple[subprocess.Popen[bytes], Path]:
    """Start nginx with a written site, which listens at a socket instead of port 80."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin")
    assert program, "nginx is not installed (Debian: apt-get install nginx)"
    text = site.read_text(encoding="utf-8")
    assert text.count("listen 80;") == text.count("listen [::]:80;") == 1
    own = folder / "site.conf"
    own.write_text(text.replace("listen 80;", f"listen unix:{folder}/socket;").replace("listen [::]:80;", ""))
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(
        folder=folder, site=own, modules=f"load_module {BROTLI};" if BROTLI.exists() else "",
        brotli="brotli_static on;" if BROTLI.exists() else "",
    ))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-p", folder, "-c", configuration], stderr=log)
    end = time.monotonic() + PATIENCE
    while not (folder / "socket").exists():
        assert process.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < end, "nginx does not listen"
        time.sleep(0.02)
    assert "[warn]" not in (folder / "log").read_text()
    return process, folder / "socket"


@pytest.fixture(scope="module", params=[
    ("musterstadt", "/offene/daten"), ("musterstadt", ""), ("hannover", ""),  # 34,000 addresses, once
], ids=["fictional, under a path", "fictional, at the root", "shipped, at the root"])
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    plan, prefix = request.param
    folder = tmp_path_factory.mktemp("export")
    state = folder / "state"
    serving.build(FIXTURES if plan == "musterstadt" else find_workspace().data, state)
    settings = folder / "operator.toml"
    settings.write_text(f'name = "Verein"\npublic_url = "{ORIGIN}{prefix}"\n', encoding="utf-8")
    out = folder / "out"
    serving.export(state, settings, out)
    place = current(state)
    assert place is not None
    release = open_release(place, load_operator(settings))
    process, socket = start_nginx(folder, out / "nginx.conf")
    try:
        with (
            serving.serving(state, "--operator", settings, "--root-path", prefix) as live,
            httpx.Client(transport=httpx.HTTPTransport(uds=str(socket)), base_url=ORIGIN, timeout=PATIENCE) as client,
        ):
            yield Exported(release, prefix, out, client, live, plan)
    finally:
        process.terminate()
        process.wait(20)
        release.close()


def test_every_address_has_the_bytes_that_represent_gives(exported: Exported) -> None:
    compared = Counter[str]()
    for address in exported.release.addresses().values():
        expected = represent(exported.release, address)
        answer = exported.get(address.path, accept="text/html" if address.kind == "page" else "*/*")
        told = answer.headers
        assert answer.status_code == 200, address.path
        assert answer.content == expected.body, address.path
        assert told["content-type"] == content_type(expected.media_type), address.path
        assert told.get("content-language") == expected.language, address.path
        assert told["link"] == links_field(expected, address.path, f"{ORIGIN}{exported.prefix}"), address.path
        assert told["etag"].startswith('"'), address.path
        assert told["cache-control"] == (FOREVER if expected.lasting else "no-cache"), address.path
        compared[address.kind] += 1
    least = {"page": 100, "data": 500, "table": 50, "dump": 6, "vocabulary": 8, "service": 4, "completions": 1,
             "calendar": 1, "void": 4, "sitemap": 2, "linkset": 2, "quality": 4, "download": 50, "catalogue": 6}
    least |= {"feed": 20, "atom": 2} if exported.plan == "musterstadt" else {}
    assert all(compared[kind] >= number for kind, number in least.items()), compared
    if exported.plan == "hannover":
        assert compared["page"] >= 3000
        assert compared["data"] >= 22000


def test_every_static_file_is_there_at_both_addresses(exported: Exported) -> None:
    files = StaticFiles(exported.release.site / "static")
    lasting = 0
    for path in files.addresses():
        found = files.find(path)
        assert found is not None
        expected = represent_file(found[0])
        answer = exported.get(path)
        assert (answer.status_code, answer.content) == (200, expected.body), path
        assert answer.headers["content-type"] == expected.media_type
        assert ("immutable" in answer.headers["cache-control"]) == found[1]
        lasting += found[1]
    assert lasting >= 10


def some_paths(exported: Exported) -> list[str]:
    """Return paths of each kind that there is: of each page folder, each form of address, and what is not there."""
    found: dict[object, str] = {}
    for address in exported.release.addresses().values():
        found.setdefault((address.kind, address.page, address.language, address.media_type), address.path)
        for stem in (address.resource, address.path.rpartition(".")[0]):
            found.setdefault((address.kind, address.page, stem == address.resource), stem)
    plan = exported.plan
    odd = ["/", "/en/", "/en", f"/{plan}", f"/en/{plan}", "/def/", "/sparql/", "/nix", "/en/nix", "//", f"//{plan}/",
           f"/{plan}/data", f"/{plan}/massnahmen.html", f"/{plan.upper()}/massnahmen", "/def.ttl/", "/def.ttl.gz",
           "/static/site.css/", "/.problems/missing.de.html", "/en/static/site.css", "/codelists",
           f"/{plan}/feed/1", f"/{plan}/feed/1.trig", f"/{plan}/feed/", f"/{plan}/feed/99",
           f"/{plan}/releases/2027-04-30"]
    evidence = [p.resource for p in exported.release.places.values() if p.kind == "beleg"][:3]
    places = [p for p in exported.release.places.values()
              if not p.slug.isascii() or "." in p.slug or p.slug.endswith(tuple(f.name for f in DATA))]
    named = [way for place in places[:12]
             for way in (place.resource, place.data, f"{place.data}.ttl", place.page("en"))]
    gone = [] if plan == "hannover" else [
        f"{way}massnahme/gruenplan-schule-1{suffix}" for way, suffix in (
            ("/musterstadt/", ""), ("/en/musterstadt/", ""), ("/musterstadt/id/", ""), ("/musterstadt/data/", ""),
            ("/musterstadt/data/", ".ttl"), ("/musterstadt/data/", ".ttl/"),
        )
    ]
    return [path for path in dict.fromkeys([*found.values(), *odd, *evidence, *named, *gone]) if path]


def where(prefix: str, path: str, answer: httpx.Response) -> str | None:
    """Return where an answer leads, as an address of the site."""
    if "location" not in answer.headers:
        return None
    return urljoin(f"http://x{prefix}{quote(path)}", answer.headers["location"]).removeprefix(f"http://x{prefix}")


def set_of(answer: httpx.Response, name: str) -> set[str]:
    return {part.strip().lower() for part in answer.headers.get(name, "").split(",") if part.strip()}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_answers_as_the_live_server(exported: Exported, method: str) -> None:
    statuses = Counter[int]()
    with httpx.Client(base_url=exported.live.url, timeout=PATIENCE) as live:
        for path in some_paths(exported):
            for accept in ACCEPTS:
                headers = {"accept": accept, "accept-encoding": "identity"}
                expected = live.request(method, f"{exported.prefix}{quote(path)}", headers=headers)
                answer = exported.get(path, method, accept=accept)
                case = f"{path} {accept!r}"
                assert answer.status_code == expected.status_code, case
                assert where(exported.prefix, path, answer) == where(exported.prefix, path, expected), case
                for name in ("content-language", "content-location", "cache-control", *COMMON):
                    assert answer.headers.get(name) == expected.headers.get(name), f"{case} {name}"
                assert set_of(answer, "vary") == set_of(expected, "vary"), case
                if expected.status_code in (200, 404, 406, 410):
                    assert answer.headers["content-type"] == expected.headers["content-type"], case
                if expected.status_code in (200, 410):
                    assert answer.content == expected.content, case
                    assert answer.headers["link"] == expected.headers["link"], case
                statuses[answer.status_code] += 1
    assert all(statuses[status] >= 10 for status in (200, 303, 308, 404, 406)), statuses
    assert exported.plan == "hannover" or statuses[410] >= 50


def random_accept(chance: random.Random, media_types: list[str]) -> str:
    """Return an Accept field as clients write it: some ranges, each with or without a weight of up to three digits."""
    main = sorted({name.partition("/")[0] for name in media_types})
    ranges = [*media_types, *media_types, *(f"{name}/*" for name in main), "*/*", "image/webp"]
    parts = []
    for name in chance.sample(sorted(set(ranges)), chance.randint(1, 6)):
        weight = chance.choice(["", "", f"{chance.random():.1f}", f"{chance.random():.2f}", f"{chance.random():.3f}"])
        between = chance.choice(["", " "])
        parts.append(f"{name};{between}q={weight}" if weight else name)
    return chance.choice([",", ", "]).join(parts)


def test_weights_count_to_the_third_digit(exported: Exported) -> None:
    place = next(place for place in exported.release.places.values() if place.kind == "massnahme")
    offered = [HTML.media_type, *(item.media_type for item in DATA)]
    chance = random.Random(2)
    chosen = Counter[str | None]()
    for _ in range(1000):
        accept = random_accept(chance, offered)
        expected = negotiate(accept, offered)
        answer = exported.get(place.resource, accept=accept)
        if expected is None:
            assert answer.status_code == 406, accept
        else:
            suffix = by_media_type(expected)
            assert suffix is not None
            target = place.page("de") if suffix == HTML else f"{place.data}.{suffix.name}"
            assert where(exported.prefix, place.resource, answer) == target, accept
        chosen[expected] += 1
    assert all(chosen[name] >= 20 for name in offered), chosen


def test_evidence_leads_to_its_place_on_a_page(exported: Exported) -> None:
    anchors = 0
    for place in exported.release.places.values():
        if place.kind == "beleg":
            answer = exported.get(place.resource, accept="text/html")
            target = where(exported.prefix, place.resource, answer)
            assert answer.status_code == 303
            assert target is not None
            assert target == quote(exported.release.pages.index.path_of(place.iri, "de") or "", safe="/#")
            anchors += 1
    assert anchors >= 20


def test_compressed_forms_are_what_is_asked_for(exported: Exported) -> None:
    seen = Counter[str]()
    kinds: dict[object, str] = {}
    for address in exported.release.addresses().values():
        kinds.setdefault((address.kind, address.page, address.media_type), address.path)
    for path in [*kinds.values(), "/static/site.css"]:
        plain = exported.get(path, accept="text/html, */*;q=0.5")
        for asked in ("gzip", "br", "gzip, br", "gzip;q=0", "identity"):
            answer = exported.get(path, accept="text/html, */*;q=0.5", accept_encoding=asked)
            assert answer.content == plain.content
            coding = answer.headers.get("content-encoding", "identity")
            assert coding in asked or coding == "identity"
            assert asked != "gzip;q=0" or coding == "identity"
            seen[coding] += 1
            if coding != "identity":
                assert "accept-encoding" in set_of(answer, "vary")
                assert answer.headers["etag"] != plain.headers["etag"]
                assert answer.headers["link"] == plain.headers["link"] if path != "/static/site.css" else True
    assert seen["gzip"] >= 20
    assert not BROTLI.exists() or seen["br"] >= 20


def test_compressed_files_hold_the_same_bytes(exported: Exported) -> None:
    files = list((exported.folder / "files").rglob("*.br"))
    for file in files:
        assert brotli.decompress(file.read_bytes()) == file.with_suffix("").read_bytes(), file
    assert len(files) >= 300


def test_an_answer_that_is_known_is_not_sent_again(exported: Exported) -> None:
    for path in (f"/{exported.plan}/", "/def.ttl", "/static/site.css"):
        first = exported.get(path, accept="text/html, */*;q=0.1")
        for condition in ({"if_none_match": first.headers["etag"]},
                          {"if_modified_since": first.headers["last-modified"]}):
            again = exported.get(path, accept="text/html, */*;q=0.1", **condition)
            assert (again.status_code, again.content) == (304, b""), path


@pytest.mark.parametrize(("path", "language"), [("/sparql", "de"), ("/en/sparql", "en")])
@pytest.mark.parametrize(("method", "query"), [("GET", "?query=ASK%20%7B%7D"), ("GET", "?worked=x"), ("POST", "")])
def test_what_needs_the_server_says_so(exported: Exported, path: str, language: str, method: str, query: str) -> None:
    for accept, kind in ((BROWSER, "text/html; charset=utf-8"), ("*/*", "application/problem+json")):
        answer = exported.get(path, method, query, accept=accept)
        assert answer.status_code == 501
        assert (answer.headers["content-type"], answer.headers["content-language"]) == (kind, language)
        assert ("Server" if language == "de" else "server") in answer.text


@pytest.mark.parametrize("query", ["?feld=a&stelle=b", "?sortierung=-number", "?x=1&seite=2"])
def test_a_list_asked_with_parameters_needs_the_server(exported: Exported, query: str) -> None:
    for path in ("massnahmen", "massnahmen/measures.csv", "massnahmen/measures.xlsx"):
        assert exported.get(f"/{exported.plan}/{path}", query=query, accept="*/*").status_code == 501
        assert exported.get(f"/{exported.plan}/{path}", query="?utm_source=x", accept="text/html,*/*;q=.1").is_success


def test_one_value_of_one_facet_is_sent_to_its_own_address(exported: Exported) -> None:
    addresses = exported.release.addresses().values()
    chosen = [a for a in addresses if a.kind == "page" and a.plan == exported.plan and len(a.parameters) == 1]
    assert {a.page for a in chosen} >= {"measures", "relations"}
    far = [a for a in chosen if not a.path.isascii()]
    assert far or exported.plan != "musterstadt"
    for address in {a.path: a for a in (*chosen[::7], *far)}.values():
        [(name, value)] = address.parameters
        stem = address.path.removesuffix(f"/{name}/{value}")
        for method in ("GET", "HEAD"):
            answer = exported.get(stem, method, f"?{name}={value}", accept=BROWSER)
            assert answer.status_code == 308
            assert where(exported.prefix, stem, answer) == quote(address.path)
    assert exported.get(f"/{exported.plan}/massnahmen", query="?feld=gibt-es-nicht", accept=BROWSER).status_code == 501


def test_a_search_needs_the_server(exported: Exported) -> None:
    for path in (f"/{exported.plan}/suche", f"/en/{exported.plan}/suche", "/api/search"):
        for accept, kind in ((BROWSER, "text/html; charset=utf-8"), ("application/json", "application/problem+json")):
            answer = exported.get(path, query="?q=wasser", accept=accept)
            assert (answer.status_code, answer.headers["content-type"]) == (501, kind), path
    assert exported.get(f"/{exported.plan}/suche", accept=BROWSER).status_code == 200


def test_a_table_that_is_not_published_needs_the_server(exported: Exported) -> None:
    found = exported.get(f"/{exported.plan}/massnahmen", accept=BROWSER)
    page = next(a.path for a in exported.release.addresses().values() if a.page == "measure" and a.language == "en")
    assert found.is_success
    for suffix in ("csv", "xlsx"):
        assert f"{page}/outgoing.{suffix}" not in exported.release.addresses()
        answer = exported.get(f"{page}/outgoing.{suffix}", accept=BROWSER)
        assert (answer.status_code, answer.headers["content-language"]) == (501, "en")
        assert exported.get(f"{page}x/outgoing.{suffix}", accept=BROWSER).status_code == 404
    assert exported.get(f"{page}/outgoing.ttl", accept=BROWSER).status_code == 404


@pytest.mark.parametrize(("path", "language"), [("/nix", "de"), ("/en/nix", "en")])
def test_a_problem_page_looks_like_the_site(exported: Exported, path: str, language: str) -> None:
    answer = exported.get(path, accept=BROWSER)
    assert answer.status_code == 404
    assert f'<html lang="{language}">' in answer.text
    styles = [part.partition('"')[0] for part in answer.text.split('<link rel="stylesheet" href="')[1:]]
    assert len(styles) == 3
    for style in styles:
        assert style.startswith(f"{exported.prefix}/static/")
        assert exported.get(style.removeprefix(exported.prefix)).status_code == 200


def test_options_and_other_methods(exported: Exported) -> None:
    with httpx.Client(base_url=exported.live.url, timeout=PATIENCE) as live:
        for method in ("OPTIONS", "POST", "PUT", "DELETE"):
            path = f"{exported.prefix}/{exported.plan}/"
            expected = live.request(method, path)
            answer = exported.get(f"/{exported.plan}/", method, accept="*/*")
            assert answer.status_code == expected.status_code
            names = ["allow", *COMMON, *(n for n in expected.headers if n.startswith("access-control"))]
            assert {n: answer.headers.get(n) for n in names} == {n: expected.headers.get(n) for n in names}


def test_the_address_without_the_last_slash_leads_to_the_start(exported: Exported) -> None:
    if exported.prefix:
        answer = exported.nginx.get(exported.prefix)
        assert answer.status_code == 308
        assert urlsplit(answer.headers["location"]).path == f"{exported.prefix}/"


def test_redirects_of_the_directory_are_tried(exported: Exported) -> None:
    """All that is elsewhere leads there: the IRI of every thing, for a browser."""
    from wir2graph.web.directory import read_directory

    directory = read_directory(exported.release)
    tried = 0
    for place in exported.release.places.values():
        found = directory.resolve(place.resource, BROWSER)
        assert isinstance(found, Redirect)
        answer = exported.get(place.resource, accept=BROWSER)
        assert where(exported.prefix, place.resource, answer) == quote(found.target, safe="/#!$&'()*+,=@:~")
        tried += 1
    assert tried >= 50
