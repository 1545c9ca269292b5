"""Whether a site is there at all, and by TLS."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from wir2graph.doctor.client import Unreachable
from wir2graph.doctor.remark import Remark, remark
from wir2graph.doctor.site import Site

_REDIRECTS = (301, 302, 307, 308)


def reachable(site: Site) -> Iterator[Remark]:
    """Ask for the start page."""
    asked = f"GET {site.url}/"
    try:
        answer = site.client.follow(f"{site.url}/", "text/html")
    except Unreachable as fault:
        yield remark("certificate" if fault.certificate else "unreachable", asked, str(fault))
        return
    if answer.status >= 500:
        yield remark("server-error", asked, answer.told())
    elif not answer.ok or answer.media_type != "text/html":
        yield remark("no-start-page", asked, answer.told())


def gateway(site: Site) -> Iterator[Remark]:
    """Tell of all answers in this examination that came from a webserver which got none from the program."""
    if site.client.failed:
        first = site.client.failed[0]
        came = f"{first.told()}; {len(site.client.failed)} Anfragen sind so ausgegangen"
        yield remark("bad-gateway", f"{first.method} {first.url}", came)


def https(site: Site) -> Iterator[Remark]:
    """See whether the site speaks TLS, and whether plain HTTP leads there."""
    if urlsplit(site.url).scheme == "http":
        if not site.is_local:
            yield remark("no-https", site.url, "HTTP ohne Verschlüsselung")
        return
    if urlsplit(site.url).port not in (None, 443):
        return  # which port plain HTTP would have is not known
    plain = "http" + site.url.removeprefix("https") + "/"
    try:
        answer = site.client.get(plain)
    except Unreachable as fault:
        yield remark("no-http", f"GET {plain}", str(fault))
        return
    if answer.status not in _REDIRECTS or not (answer.location or "").startswith(f"{site.url}/"):
        yield remark("no-redirect-to-https", f"GET {plain}", answer.told())
