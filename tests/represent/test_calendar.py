"""The calendar of a plan's deadlines, through the front door."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar, Component

from tests.serving import Server
from tests.sites import Site
from wir2graph.release import Release
from wir2graph.represent import represent

FEED = "/musterstadt/ausschreibungen.ics"
CALLS = "https://daten.musterstadt.example/plan/id/ausschreibung/"


def events(body: bytes) -> list[Component]:
    calendar = Calendar.from_ical(body.decode())
    assert not calendar.errors
    return list(calendar.walk("VEVENT"))


def test_every_call_with_a_stated_deadline_is_an_event_and_no_other(server: Server) -> None:
    answer = server.get(FEED)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-language"] == "de"
    found = {str(event["uid"]): event for event in events(answer.content)}
    # The deadline that the editors assume for the raised beds is no statement of a source.
    assert {uid: event.decoded("dtstart") for uid, event in found.items()} == {
        CALLS + "offene-baeche-2026": date(2026, 6, 30), CALLS + "kleines-gruen-2027": date(2027, 8, 31)}
    small = found[CALLS + "kleines-gruen-2027"]
    assert str(small["summary"]) == "Antragsschluss: Ausschreibung „Kleines Grün“ zu den Wasserdetektiven"
    assert str(small["description"]).endswith("Förderprogramm: Musterstadt blüht")
    assert str(small["url"]) == f"{server.url}/musterstadt/ausschreibung/kleines-gruen-2027"
    assert server.get("/musterstadt/ausschreibung/kleines-gruen-2027").status_code == 200


def test_time_stamps_are_of_the_day_of_the_data(server: Server) -> None:
    stamps = {event.decoded("dtstamp") for event in events(server.get(FEED).content)}
    assert stamps == {datetime(2027, 6, 30, tzinfo=UTC)}


def test_the_english_calendar_speaks_english_of_the_same_events(server: Server) -> None:
    german, english = (events(server.get(path).content) for path in (FEED, f"/en{FEED}"))
    assert [event["uid"] for event in german] == [event["uid"] for event in english]
    assert all(str(event["summary"]).startswith("Deadline for applications: ") for event in english)
    assert all("/en/musterstadt/ausschreibung/" in str(event["url"]) for event in english)


@pytest.mark.parametrize(("path", "language"), [(FEED, "de"), (f"/en{FEED}", "en")])
def test_texts_carry_their_language(server: Server, path: str, language: str) -> None:
    assert [event["summary"].params["LANGUAGE"] for event in events(server.get(path).content)] == [language] * 2


def test_lines_are_folded_and_marks_escaped(release: Release) -> None:
    address = release.addresses()[FEED]
    body = represent(release, address).body
    assert represent(release, address).body == body
    lines = body.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert any(line.startswith(b" ") for line in lines)
    assert b"\n" not in body.replace(b"\r\n", b"")


def test_a_plan_without_deadlines_has_no_calendar(server: Server, release: Release) -> None:
    assert {a.path for a in release.addresses().values() if a.kind == "calendar"} == {FEED, f"/en{FEED}"}
    assert server.get("/kleinstadt/ausschreibungen.ics").status_code == 404
    assert ".ics" not in server.get("/kleinstadt/ausschreibungen").text


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_list_of_calls_leads_to_the_calendar(site: Site, language: str) -> None:
    page = site.server.get(f"{language}/{site.plan}/ausschreibungen").text
    assert page.count('href="ausschreibungen.ics"') == 2
    answer = site.server.get(f"{language}/{site.plan}/ausschreibungen.ics")
    assert len(events(answer.content)) >= 2
    assert f'/{site.plan}/ausschreibungen.ics' in answer.headers["link"]
