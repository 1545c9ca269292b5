"""How files and documents come over HTTP: types, HEAD, entity tags, CORS, compression."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wir2graph.doctor.client import Answer
from wir2graph.doctor.remark import Remark, remark
from wir2graph.doctor.site import Site
from wir2graph.formats import DUMP, VOCABULARY, split_suffix

_COMPARED: Final = ("content-type", "etag", "content-length", "last-modified")
_ORIGIN: Final = "https://notebook.example"


def types(site: Site) -> Iterator[Remark]:
    """Ask for documents whose address names their format, as harvesters do: without Accept."""
    urls = [f"{site.url}/void.{item.name}" for item in VOCABULARY]
    urls += [dump for plan in site.plans for dump in plan.dumps]
    for url in urls:
        item = split_suffix(url)[1]
        if item not in (*VOCABULARY, *DUMP):
            continue
        answer = site.client.head(url)
        if answer.ok and answer.media_type != item.media_type:
            yield remark("media-type", f"HEAD {url}", f"{answer.told()}, erwartet {item.media_type}")
        elif not answer.ok:
            yield remark("document-missing", f"HEAD {url}", answer.told())


def head(site: Site) -> Iterator[Remark]:
    """Ask by HEAD what GET shows: harvesters do so first."""
    for url, accept in _some(site):
        plain, asked = site.client.get(url, accept), site.client.head(url, accept)
        differing = [name for name in _COMPARED if asked.headers.get(name) != plain.headers.get(name)]
        if asked.status != plain.status:
            yield remark("head-refused", f"HEAD {url}", f"{asked.told()}; GET: {plain.told()}")
        elif differing:
            yield remark("head-differs", f"HEAD {url}", f"andere Kopfzeilen als bei GET: {', '.join(differing)}")


def conditional(site: Site) -> Iterator[Remark]:
    """Ask again for what is known already."""
    for url, accept in _some(site):
        asked = f"GET {url}"
        for coding in ("identity", "gzip"):
            answer = site.client.get(url, accept, accept_encoding=coding)
            tag = answer.headers.get("etag")
            if not answer.ok:
                break
            if tag is None:
                yield remark("etag-missing", f"{asked} ({coding})", "kein ETag")
            elif tag.startswith("W/"):
                yield remark("etag-weak", f"{asked} ({coding})", f"ETag: {tag}")
            else:
                again = site.client.get(url, accept, accept_encoding=coding, if_none_match=tag)
                if again.status != 304:
                    yield remark("not-modified", f"{asked} mit If-None-Match: {tag}", again.told())


def cors(site: Site) -> Iterator[Remark]:
    """Ask as a page of another site does."""
    for url, accept in (*_some(site), (site.endpoint, "text/turtle")):
        answer = site.client.get(url, accept, origin=_ORIGIN)
        allowed = answer.headers.get("access-control-allow-origin")
        if answer.ok and allowed not in ("*", _ORIGIN):
            yield remark("cors-missing", f"GET {url} mit Origin", f"Access-Control-Allow-Origin: {allowed or 'fehlt'}")
    preflight = site.client.ask("OPTIONS", site.endpoint, origin=_ORIGIN, access_control_request_method="POST",
                                access_control_request_headers="content-type")
    if not 200 <= preflight.status < 300 or "access-control-allow-methods" not in preflight.headers:
        yield remark("cors-preflight", f"OPTIONS {site.endpoint}", preflight.told())


def compression(site: Site) -> Iterator[Remark]:
    """Ask for compressed forms and compare them with the plain one."""
    for url, accept in _some(site):
        plain = site.client.get(url, accept, accept_encoding="identity")
        for coding in ("gzip", "br"):
            asked = f"GET {url} (Accept-Encoding: {coding})"
            answer = site.client.get(url, accept, accept_encoding=coding)
            if answer.headers.get("content-encoding") != coding:
                yield remark("not-compressed", asked, "unverdichtet")
            elif not _same(answer, plain):
                yield remark("compression-broken", asked, "ein anderer Inhalt als unverdichtet")


def _same(answer: Answer, plain: Answer) -> bool:
    try:
        return answer.decoded == plain.body
    except ValueError:
        return False


def _some(site: Site) -> list[tuple[str, str]]:
    """Return a document and a page and a file of each plan to try, with what is accepted."""
    found = [(f"{site.url}/void.ttl", "*/*")]
    for plan in site.plans:
        found.append((f"{plan.url}/", "text/html"))
        found += [(dump, "*/*") for dump in plan.dumps if dump.endswith(".nt")]
    return found
