"""Calendars (iCalendar, RFC 5545): the deadlines of a plan's calls, to subscribe to in each language.

Every call whose deadline is stated is one event of a whole day. Its UID is the IRI of the call, and its time stamp is
the day of which the data are: the same release always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox
from icalendar import Calendar, Event

from wir2graph.formats import ICS
from wir2graph.pages.labels import Text, choose
from wir2graph.plan import PREFIXES, WIR, Plan
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.represent.rdf import named
from wir2graph.urls import localised

if TYPE_CHECKING:
    from wir2graph.release import Release

_FOLDER: Final = "calls"
_DEADLINES: Final = f"""SELECT ?call ?deadline ?programme WHERE {{
  ?call a <{WIR}Call> ; <{WIR}deadline> ?deadline . OPTIONAL {{ ?call <{WIR}inProgramme> ?programme }}
}} ORDER BY ?deadline STR(?call) STR(?programme)"""
_DESCRIPTIONS: Final = f"SELECT ?text WHERE {{ <this> <{PREFIXES['dcterms']}description> ?text }}"


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the calendars: that of the list of calls with a suffix, where a plan has a deadline."""
    for plan in release.plans:
        if not _deadlines(release, plan):
            continue
        resource = f"/{plan.slug}/{release.pages.index.folders[_FOLDER].route}.{ICS.name}"
        for language in plan.languages:
            yield Address(
                localised(resource, language), "calendar", ICS.media_type, resource, language=language, plan=plan.slug,
            )


def represent(release: Release, address: Address) -> Representation:
    """Return a calendar. Raises ValueError for an address that is not a calendar's."""
    if address.kind != "calendar" or address.plan is None or address.language is None:
        raise ValueError(f"not the address of a calendar: {address.path}")
    body = _calendar(release, release.plan(address.plan), address.language).to_ical()
    return Representation(
        address.media_type, address.language, body, strong_etag(body), release.built, links(release, address),
    )


def _calendar(release: Release, plan: Plan, language: str) -> Calendar:
    texts = release.pages.index.texts[language]
    folder = release.pages.index.folders[_FOLDER]
    calendar = Calendar()
    calendar.add("prodid", f"-//wir2graph//{plan.slug}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # RFC 7986; programs that do not know it read the older X-WR-CALNAME.
    for name in ("name", "x-wr-calname"):
        calendar.add(name, f"{plan.title[language]}: {folder.title[language]}")
    calendar.add("url", _url(release, localised(f"/{plan.slug}/{folder.route}", language)))
    for iri, (deadline, programmes) in _deadlines(release, plan).items():
        event = Event()
        event.add("uid", iri)
        event.add("dtstamp", datetime.combine(plan.released, time(), UTC))
        event.add("dtstart", deadline)
        label = release.labels.of(iri, language)
        event.add("summary", texts["calendar"]["deadline"].format(call=label.text), _language(label, language))
        names = (release.labels.of(programme, language).text for programme in programmes)
        text = _description(release, iri, language)
        lines = [*([text.text] if text else []), *(f"{texts['funding']['programme']}: {name}" for name in names)]
        if lines:
            event.add("description", "\n".join(lines), _language(text, language))
        path = release.pages.index.path_of(iri, language)
        if path is not None:
            event.add("url", _url(release, path))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar


def _deadlines(release: Release, plan: Plan) -> dict[str, tuple[date, tuple[str, ...]]]:
    """Return the calls of a plan that have a deadline, by their IRI: the deadline and the programmes they belong to."""
    found: dict[str, tuple[date, tuple[str, ...]]] = {}
    for row in release.store.select(_DEADLINES):
        call, deadline, programme = named(row["call"]).value, row["deadline"], row.get("programme")
        if call.startswith(plan.namespace) and isinstance(deadline, ox.Literal):
            day, programmes = found.get(call, (date.fromisoformat(deadline.value), ()))
            found[call] = day, (*programmes, *([programme.value] if isinstance(programme, ox.NamedNode) else ()))
    return found


def _description(release: Release, iri: str, language: str) -> Text | None:
    rows = release.store.select(_DESCRIPTIONS.replace("<this>", f"<{iri}>"))
    return choose(((row["text"].value, row["text"].language) for row in rows if isinstance(row["text"], ox.Literal)),
                  language)


def _language(text: Text | None, language: str) -> dict[str, str]:
    return {"LANGUAGE": (text.language if text else None) or language}


def _url(release: Release, path: str) -> str:
    return release.base_url + quote(path)
