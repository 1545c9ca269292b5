"""A source with many quotes: each section has a page of its own, and evidence leads there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.document import Element, parse
from wir2graph.formats import HTML
from wir2graph.operator import Operator
from wir2graph.pages import index
from wir2graph.pages.parts import key_of, parts
from wir2graph.release import Release, current, open_release
from wir2graph.represent import represent
from wir2graph.web.directory import read_directory
from wir2graph.web.resolve import Redirect

SOURCE = "/musterstadt/quelle/gruenplan-anhang-2026"


@pytest.fixture(scope="module")
def split(state: Path) -> Iterator[Release]:
    """A release in which a source has too many quotes for one page."""
    place = current(state)
    assert place is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "MOST_QUOTES", 30)
        opened = open_release(place, Operator())
        [source] = opened.pages.index.parts
        assert opened.places[source].page("de") == SOURCE
        yield opened
        opened.close()


def page(release: Release, path: str) -> Element:
    return parse(represent(release, release.addresses()[path]).body.decode())


def test_the_page_of_the_source_leads_to_its_sections(split: Release) -> None:
    for language in ("", "/en"):
        source = page(split, language + SOURCE)
        [listed] = source.find("ul", class_="plain parts")
        counted = 0
        for entry in listed.find("li"):
            [link] = entry.find("a")
            [number] = entry.find("span", class_="number")
            path = f"{language}/musterstadt/quelle/{link.attributes['href']}"
            section = page(split, path)
            assert section.find("h1")[0].text().startswith(link.text())
            lines = [li for ul in section.find("ul", class_="quotes") for li in ul.find("li")]
            assert len(lines) == int(number.text())
            counted += len(lines)
        assert counted == 31
        assert not source.find("ul", class_="quotes")


def test_evidence_leads_to_its_line_on_the_page_of_its_section(split: Release) -> None:
    directory = read_directory(split)
    seen = 0
    for place in split.places.values():
        if place.kind == "beleg":
            found = directory.resolve(place.resource, HTML.media_type)
            assert isinstance(found, Redirect)
            path, _, anchor = found.target.partition("#")
            assert [e for e in page(split, path).walk() if e.attributes.get("id") == anchor], place.iri
            seen += path.startswith(f"{SOURCE}/zitate/")
    assert seen == 31


def test_a_section_names_its_source_and_stays_in_the_language(split: Release) -> None:
    path = next(a.path for a in split.addresses().values() if a.section and a.kind == "page" and a.language == "en")
    shown = page(split, path)
    crumbs = [a.attributes["href"] for nav in shown.find("nav", class_="breadcrumb wrap") for a in nav.find("a")]
    assert "../../gruenplan-anhang-2026" in crumbs
    links = represent(split, split.addresses()[path]).links
    assert [link.target for link in links if link.rel == "alternate"] == [path.removeprefix("/en")]
    assert not [link for link in links if link.rel == "cite-as"]


def test_names_of_sections() -> None:
    assert key_of("Handlungsfeld Bildung – Maßnahmen") == "handlungsfeld-bildung-massnahmen"
    assert key_of("„…“") == "abschnitt"
    found = parts({"A b": 1, "a-B": 2, "a b 2": 3})
    assert [(part.section, part.key, part.count) for part in found.values()] == [
        ("A b", "a-b", 1), ("a b 2", "a-b-2", 3), ("a-B", "a-b-3", 2)]
    assert list(parts({"10. Teil": 1, "2. Teil": 1, "Anhang": 1})) == ["2. Teil", "10. Teil", "Anhang"]
