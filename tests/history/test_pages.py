"""The pages of versions: the list, what changed, the history of a thing, the news on the first page."""

from __future__ import annotations

import re

import pytest

from wir2graph.formats import ATOM
from wir2graph.history.members import member_iri
from wir2graph.release import Release

LATEST = "/musterstadt/ausgaben/2027-06-30"


def html(release: Release, path: str) -> str:
    return release.pages.html(release.addresses()[path])


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0]))


@pytest.mark.parametrize(("path", "said"), [
    ("/musterstadt/ausgaben", ["30. Juni 2027", "aktuell", "1 neu, 1 entfernt, 4 geändert", "Erste Ausgabe, mit 206"]),
    ("/en/musterstadt/ausgaben", ["30 June 2027", "current", "1 new, 1 removed, 4 changed", "First version, with 206"]),
    (LATEST, ["Ausgabe vom 30. Juni 2027", "Kontakt in der Verwaltung", "Amt für Stadtgrün",
              "vorher: Maintaining parks together", "Angabe geändert: „Bäume an jeder Straße“ ist wohl förderfähig",
              "vorher: The programme funds planting.", "Grün – ersetzt durch Großes Grün"]),
    (f"/en{LATEST}", ["Version of 30 June 2027", "contact in the administration", "Office for Urban Green",
                      "before: Maintaining parks together", "Small green – replaced by"]),
    ("/musterstadt/", ["Was ist neu? Ausgabe vom 30. Juni 2027", "Bäume an jeder Straße : Kontakt in der Verwaltung"]),
    ("/en/musterstadt/", ["What is new? Version of 30 June 2027"]),
    ("/kleinstadt/", ["Ausgabe vom 1. Mai 2025 : Erste Ausgabe"]),
    ("/musterstadt/massnahme/gruenplan-raeume-1", [
        "Geändert mit der Ausgabe vom 30. Juni 2027", "Aufgenommen mit der Ausgabe vom 30. April 2027"]),
    ("/en/musterstadt/massnahme/gruenplan-raeume-1", ["Changed with the Version of 30 June 2027"]),
    ("/musterstadt/oe/a-1", ["Aufgenommen mit der Ausgabe vom 30. April 2027"]),
])
def test_what_pages_tell(release: Release, path: str, said: list[str]) -> None:
    told = text(html(release, path))
    for words in said:
        assert words.lower() in told.lower(), words


def test_a_first_version_lists_what_there_is_by_kind(release: Release) -> None:
    told = text(html(release, "/musterstadt/ausgaben/2027-04-30"))
    assert "Maßnahme (6)" in told
    assert "Regen in Zisternen sammeln" in told


def test_a_member_of_the_feed_is_a_place_on_the_page(release: Release) -> None:
    page = html(release, LATEST)
    plan = release.plan("musterstadt")
    version = release.versions(plan)[-1]
    things = release.history(plan).difference(version.name).things
    assert len(things) == 6
    for thing in things:
        fragment = member_iri(plan, version, thing.iri).partition("#")[2]
        assert page.count(f'id="{fragment}"') == 1


def test_every_page_of_a_plan_names_its_atom_feed(release: Release) -> None:
    for path in ("/musterstadt/", "/en/musterstadt/massnahmen", "/kleinstadt/ausgaben"):
        assert f'<link rel="alternate" type="{ATOM.media_type}"' in html(release, path)
