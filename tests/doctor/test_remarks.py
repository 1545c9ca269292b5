"""Every remark of the doctor, by the fault that it is made for: a real server with one answer changed at a time."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from tests import serving
from tests.doctor.tampering import Asked, Between, Tamper, Told, between, unchanged
from wir2graph.doctor import CHECKS, Client, Remark, Site, examine
from wir2graph.doctor.examination import run
from wir2graph.doctor.remark import SEVERITIES, advice
from wir2graph.formats import JSON_LD, RDF_XML, TURTLE
from wir2graph.operator import Operator

FILE = b"massnahme;stelle\r\n"
PLANS = ("musterstadt", "kleinstadt")
MADE = {"access-control-allow-origin": "*", "etag": '"1"'}
COMPLETE = Operator(
    name="Verein", kind="http://purl.org/adms/publishertype/NonProfitOrganisation", email="a@verein.example",
    contributor_id="http://dcat-ap.de/def/contributors/musterstadt",
)


def catalogue(url: str) -> str:
    return f"""
      @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
      @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix spdx: <http://spdx.org/rdf/terms#> .
      <https://x.example/id/katalog/x> a dcat:Catalog ; dct:publisher <https://x.example/p> ;
        dcat:dataset <https://x.example/id/datensatz/massnahmen> .
      <https://x.example/p> a foaf:Agent ; foaf:name "Verein" ; dct:type <https://x.example/kind> .
      <https://x.example/id/datensatz/massnahmen> a dcat:Dataset ; dct:publisher <https://x.example/p> ;
        dcat:landingPage <{url}/musterstadt/daten> ; dcat:contactPoint <https://x.example/c> ;
        <http://dcat-ap.de/def/dcatde/contributorID> <https://x.example/contributor> ;
        dcat:distribution <https://x.example/id/distribution/massnahmen-csv> .
      <https://x.example/id/distribution/massnahmen-csv> a dcat:Distribution ;
        dct:license <http://dcat-ap.de/def/licenses/dl-by-de/2.0> ;
        dcat:accessURL <{url}/musterstadt/downloads/made.csv> ;
        dcat:downloadURL <{url}/musterstadt/downloads/made.csv> ; dcat:byteSize {len(FILE)} ;
        dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ;
        spdx:checksum <https://x.example/sum> .
      <https://x.example/sum> spdx:checksumValue "{sha256(FILE).hexdigest()}" ."""


def documents(url: str) -> dict[str, Told]:
    """A catalogue with one file, and a feed of two pages, as the doctor wants them."""
    graph = Graph().parse(data=catalogue(url), format="turtle")
    found = {"/musterstadt/downloads/made.csv": Told(200, {"content-type": "text/csv", **MADE}, FILE)}
    suffixes = {"": TURTLE, ".ttl": TURTLE, ".rdf": RDF_XML, ".jsonld": JSON_LD}
    for suffix, item in suffixes.items():
        media_type = item.media_type
        body = graph.serialize(format=media_type).encode()
        found[f"/catalog{suffix}"] = Told(200, {"content-type": media_type, **MADE}, body)
    for plan in PLANS:
        feed = f"{url}/{plan}/feed"
        first = f"<{feed}> <https://w3id.org/tree#relation> <#r> . <#r> <https://w3id.org/tree#node> <{feed}/1> ."
        page = f"<{feed}> <https://w3id.org/tree#member> <urn:x:1> ."
        for path, text in ((f"/{plan}/feed", first), (f"/{plan}/feed/1", page)):
            found[path] = Told(200, {"content-type": "text/turtle", **MADE}, text.encode())
    return found


@pytest.fixture(scope="module")
def shown(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Between]:
    """A real server of the fictional plans behind one that changes its answers."""
    with between() as front:
        settings = tmp_path_factory.mktemp("doctor") / "operator.toml"
        settings.write_text(f'name = "Verein"\npublic_url = "{front.url}"\n', encoding="utf-8")
        with serving.serving(state, "--operator", settings) as server:
            front.backend = server.url
            front.extra = documents(front.url)
            yield front


def names(shown: Between, tamper: Tamper, operator: Operator | None = None) -> set[str]:
    """Return the names of the remarks on the site with its answers changed."""
    shown.tamper = tamper
    try:
        return {remark.name for remark in examine(shown.url, operator).remarks}
    finally:
        shown.tamper = unchanged


def changed(path: str, method: str | None = None, **fields: object) -> Tamper:
    """Change the answer to a path that begins so: status, body, or header fields (None takes one away)."""

    def tamper(asked: Asked, told: Told) -> Told:
        if not asked.path.startswith(path) or method not in (None, asked.method):
            return told
        headers = dict(told.headers)
        body = told.body
        for name, value in fields.items():
            if name == "body":
                assert isinstance(value, bytes)
                body = value
                headers.pop("content-length", None)
                headers.pop("content-encoding", None)
            elif name != "status":
                headers.pop(name.replace("_", "-"), None)
                if value is not None:
                    headers[name.replace("_", "-")] = str(value)
        status = fields.get("status", told.status)
        assert isinstance(status, int)
        return Told(status, headers, body)

    return tamper


def replaced(path: str, old: bytes, new: bytes) -> Tamper:
    """Change what stands in a document."""

    def tamper(asked: Asked, told: Told) -> Told:
        if asked.path == path and told.body and asked.headers.get("accept-encoding", "identity") == "identity":
            assert old in told.body
            told.headers.pop("content-length", None)
            return Told(told.status, told.headers, told.body.replace(old, new))
        return told

    return tamper


def test_a_site_that_is_set_right_gives_no_remark(shown: Between) -> None:
    assert names(shown, unchanged) == set()
    operator = replace(COMPLETE, public_url=shown.url)
    assert names(shown, unchanged, operator) == set()


FAULTS: dict[str, tuple[Tamper, set[str]]] = {
    "the program is down": (changed("/", status=502), {"server-error"}),
    "another site": (changed("/", status=404), {"no-start-page"}),
    "no void": (changed("/.well-known/void", status=403), {"void-missing"}),
    "void is a page": (changed("/void", body=b"<p>", content_type="text/html"), {
        "void-unreadable", "media-type"}),
    "the program ends in between": (changed("/sparql", status=504), {"bad-gateway", "sparql-get"}),
    "void without plans": (changed("/void", body=b"", content_type="text/turtle"), {"no-plan"}),
    "no sitemap": (changed("/sitemap.xml", status=404), {"sitemap-missing"}),
    "the sitemap is cut": (changed("/sitemap.xml", body=b"<urlset>"), {"sitemap-unreadable"}),
    "pages of the sitemap are missing": (changed("/en/", status=404), {"sitemap-page"}),
    "no robots.txt": (changed("/robots.txt", status=404), {"robots-missing"}),
    "another robots.txt": (changed("/robots.txt", body=b"User-agent: *\nDisallow: /\n"), {"robots-missing"}),
    "Link is removed": (changed("/musterstadt/", link=None), {"signposts-missing"}),
    "a linkset is missing": (changed("/musterstadt/links", status=404), {"signpost-broken"}),
    "303 becomes 302": (changed("/musterstadt/id/", status=302), {"negotiation"}),
    "Accept is ignored": (changed("/musterstadt/id/", location="../../massnahmen"), {"negotiation"}),
    "Vary is removed": (changed("/musterstadt/id/", vary=None), {"vary-missing"}),
    "everything is found": (changed("/musterstadt/id/massnahme/das-gibt", status=200), {"not-found"}),
    "what is gone is missing": (changed("/musterstadt/id/massnahme/gruenplan-schule-1", status=404), {"gone"}),
    "files are plain text": (changed("/musterstadt/dumps/", content_type="text/plain"), {
        "media-type", "signpost-broken"}),
    "dumps are missing": (changed("/musterstadt/dumps/", status=404), {"document-missing", "signpost-broken"}),
    "HEAD is refused": (changed("/musterstadt/", "HEAD", status=405), {
        "head-refused", "signpost-broken", "document-missing", "sitemap-page", "catalogue-link"}),
    "HEAD says less": (changed("/kleinstadt/", "HEAD", etag=None), {"head-differs"}),
    "no ETag": (changed("/void.ttl", etag=None), {"etag-missing"}),
    "weak ETag": (changed("/void.ttl", etag='W/"1"'), {"etag-weak"}),
    "no CORS": (changed("/void.ttl", access_control_allow_origin=None), {"cors-missing"}),
    "no OPTIONS": (changed("/sparql", "OPTIONS", status=405), {"cors-preflight"}),
    "the endpoint is down": (changed("/sparql?query=ASK", status=502), {"sparql-get", "sparql-long"}),
    "POST is refused": (changed("/sparql", "POST", status=403), {"sparql-post"}),
    "errors of queries are 200": (changed("/sparql?query=SELECT+%3F", status=200, body=b"<p>"), {"sparql-error"}),
    "files without the program": (changed("/sparql?", status=501), {"sparql-static"}),
    "no service description": (changed("/sparql", "GET", content_type="text/html"), {
        "service-description", "sparql-get", "sparql-long"}),
    "no catalogue": (changed("/catalog", status=404), {"catalogue-missing"}),
    "the catalogue is a page": (changed("/catalog", content_type="text/html"), {"catalogue-type", "catalogue-format"}),
    "no HEAD for the catalogue": (changed("/catalog", "HEAD", status=405), {"catalogue-head"}),
    "a format of the catalogue is missing": (changed("/catalog.rdf", status=404), {"catalogue-format"}),
    "formats of the catalogue differ": (
        changed("/catalog.jsonld", body=b'{"@id": "urn:x:1", "@type": "urn:x:2"}'), {"catalogue-differs"}),
    "a file is missing": (changed("/musterstadt/downloads/", status=404), {"catalogue-link"}),
    "a landing page is missing": (changed("/musterstadt/daten", status=404), {"catalogue-link"}),
    "a file is longer": (changed("/musterstadt/downloads/", body=FILE + b"x"), {
        "distribution-size", "distribution-checksum"}),
    "a file is another": (changed("/musterstadt/downloads/", body=FILE.upper()), {"distribution-checksum"}),
    "a file has another type": (changed("/musterstadt/downloads/", content_type="text/plain"), {"distribution-type"}),
    "no feed": (changed("/musterstadt/feed", status=404), {"feed-missing"}),
    "an empty feed": (changed("/musterstadt/feed", body=b"<urn:x:1> a <urn:x:2> ."), {"feed-empty"}),
    "a page of the feed is missing": (changed("/musterstadt/feed/", status=404), {"feed-page"}),
    "a page of the feed is empty": (changed("/musterstadt/feed/", body=b"<urn:x:1> a <urn:x:2> ."), {"feed-page"}),
    "a feed that is no RDF": (changed("/musterstadt/feed", body=b"{"), {"check-unexpected"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named(shown: Between, fault: str) -> None:
    tamper, wanted = FAULTS[fault]
    found = names(shown, tamper)
    assert wanted <= found, found
    assert len(found - wanted) <= 4, found  # a fault shows in few other places


def test_an_address_of_somewhere_else_is_told_with_an_example(shown: Between) -> None:
    for path in ("/sitemap.xml", "/robots.txt", "/void.ttl", "/catalog.ttl", "/sparql.ttl",
                 "/musterstadt/links.linksetjson"):
        shown.tamper = replaced(path, shown.url.encode(), b"http://intern:8000")
        try:
            found = [r for r in examine(shown.url).remarks if r.name == "foreign-address" and path in r.asked]
        finally:
            shown.tamper = unchanged
        assert len(found) == 1 or path == "/void.ttl", path
        assert all("http://intern:8000" in remark.came and shown.url in remark.advice for remark in found)


def test_a_wrong_canonical_link_is_a_foreign_address(shown: Between) -> None:
    link = '<http://intern:8000/musterstadt/>; rel="canonical"'
    assert "foreign-address" in names(shown, changed("/musterstadt/", link=link))


def test_what_comes_compressed_must_be_the_same(shown: Between) -> None:
    def twice(asked: Asked, told: Told) -> Told:
        if asked.path == "/void.ttl" and told.headers.get("content-encoding") == "gzip":
            told.body = told.body[:-20]
            told.headers.pop("content-length", None)
        return told

    assert "compression-broken" in names(shown, twice)
    shown.tamper = unchanged
    plain = shown.extra
    shown.extra = {**plain, "/void.ttl": Told(200, {"content-type": "text/turtle", **MADE}, b"<urn:x:1> a <urn:x:2> .")}
    try:
        assert {"not-compressed", "not-modified"} <= names(shown, unchanged)
    finally:
        shown.extra = plain


@pytest.mark.parametrize(("key", "name"), [
    ("name", "operator-name"), ("kind", "operator-kind"), ("contributor_id", "operator-contributor"),
    ("email", "operator-contact"), ("public_url", "operator-url"),
])
def test_what_the_operator_has_not_said_is_named(shown: Between, key: str, name: str) -> None:
    operator = replace(COMPLETE, **{"public_url": shown.url, key: None})  # type: ignore[arg-type]
    assert names(shown, unchanged, operator) == {name}


@pytest.mark.parametrize(("name", "predicate"), [
    ("operator-name", "http://xmlns.com/foaf/0.1/name"), ("operator-kind", "http://purl.org/dc/terms/type"),
    ("operator-contributor", "http://dcat-ap.de/def/dcatde/contributorID"),
    ("operator-contact", "http://www.w3.org/ns/dcat#contactPoint"),
    ("operator-licence", "http://purl.org/dc/terms/license"),
])
def test_what_the_catalogue_does_not_say_of_the_operator_is_named(shown: Between, name: str, predicate: str) -> None:
    without = Graph().parse(data=shown.extra["/catalog.ttl"].body, format="turtle")
    without.remove((None, URIRef(predicate), None))
    body = without.serialize(format="turtle").encode()
    assert names(shown, changed("/catalog.ttl", body=body)) == {name, "catalogue-differs"}


def test_another_public_url_is_an_error(shown: Between) -> None:
    assert "public-url" in names(shown, unchanged, replace(COMPLETE, public_url="https://anders.example"))


def test_a_site_without_tls_is_warned_of_where_others_can_see_it(shown: Between) -> None:
    port = int(shown.url.rpartition(":")[2])
    client = Client(connect_to={("daten.example", 80): ("127.0.0.1", port)})
    found = {remark.name for remark in examine("http://daten.example", client=client).remarks}
    assert {"no-https", "foreign-address", "namespace-unreachable"} <= found


def test_a_namespace_that_leads_here_gives_no_remark_and_one_that_leads_elsewhere_does(shown: Between) -> None:
    site = Site(shown.url, Client())
    site.is_local = False
    [plan] = [plan for plan in site.plans if plan.url.endswith("/musterstadt")]
    iri = plan.example or ""
    for target, wanted in ((plan.local(iri), set[str]()), (f"{shown.url}/nix", {"namespace-elsewhere"})):
        with between() as w3id:
            # A namespace that is asked by HTTP here, as w3id.org is by HTTPS.
            moved = replace(plan, namespace=f"{w3id.url}/plan/", examples=(f"{w3id.url}/plan/id/massnahme/x",))
            w3id.extra = {"/plan/id/massnahme/x": Told(302, {"location": target}, b"")}
            site.plans = (moved,)
            assert {remark.name for remark in run("namespace", CHECKS["namespace"], site)} == wanted


def test_a_site_under_a_path_is_told_to_name_its_sitemap_at_the_root(shown: Between) -> None:
    site = Site(f"{shown.url}/daten", Client())
    [remark] = run("robots", CHECKS["robots"], site)
    assert (remark.name, remark.severity) == ("robots-elsewhere", "hint")
    assert f"{shown.url}/daten/robots.txt" in remark.advice


def test_nobody_there() -> None:
    [remark] = examine("http://127.0.0.1:1").remarks
    assert (remark.name, remark.severity) == ("unreachable", "error")


def test_no_check_crashes_the_examination(shown: Between) -> None:
    """Whatever the site answers to everything but its start page, each check ends with remarks."""
    def first(asked: Asked) -> bool:
        return asked.path in ("/", "/musterstadt/", "/plaene")

    strange: list[Callable[[Told], Told]] = [
        lambda told: Told(200, {"content-type": "text/turtle"}, b"\xff\xfe"),
        lambda told: Told(200, {"content-type": "application/json"}, b"[]"),
        lambda told: Told(200, {"content-type": "text/html", "content-encoding": "br"}, b"no"),
        lambda told: Told(302, {"location": "/"}, b""),
        lambda told: Told(302, {"location": "http://["}, b""),
        lambda told: Told(200, {"link": "<x; rel=", "content-type": ";;;"}, b""),
        lambda told: Told(418, {}, b""),
    ]
    for make in strange:
        def tamper(asked: Asked, told: Told, make: Callable[[Told], Told] = make) -> Told:
            return told if first(asked) else make(told)
        found = names(shown, tamper)
        assert found, make


def test_a_check_that_fails_is_a_remark(shown: Between) -> None:
    def broken(_: Site) -> Iterator[Remark]:
        raise RuntimeError("so war das nicht gedacht")

    [remark] = run("x", broken, Site(shown.url, Client()))
    assert (remark.name, remark.severity) == ("check-unexpected", "error")
    assert "so war das nicht gedacht" in remark.came


def test_every_remark_of_the_program_has_an_advice_and_every_advice_a_remark() -> None:
    folder = Path(examine.__code__.co_filename).parent
    used = set()
    for file in folder.glob("*.py"):
        used |= {node.value for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
                 if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    known = [name for severity in SEVERITIES for name in advice()[severity]]
    assert len(known) == len(set(known))
    assert set(known) <= used
    assert json.dumps(advice()).count("public_url") >= 2
