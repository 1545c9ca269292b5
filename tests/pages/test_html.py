from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pyoxigraph as ox
import pytest

from tests.pages.document import Element
from wir2graph.formats import HTML
from wir2graph.operator import Operator
from wir2graph.pages.model import Value
from wir2graph.pages.schema import json_ld
from wir2graph.pages.view import view
from wir2graph.release import Release
from wir2graph.represent.static import StaticFiles
from wir2graph.web.choosing import unpublished_table
from wir2graph.web.directory import read_directory
from wir2graph.web.resolve import Missing, Redirect, Show

Documents = Mapping[str, Element]


def references(documents: Documents) -> Iterator[tuple[str, str]]:
    for path, document in documents.items():
        for element in document.walk():
            for name in ("href", "src", "action"):
                if name in element.attributes:
                    yield path, element.attributes[name]


def target(page: str, reference: str) -> tuple[str, str]:
    parts = urlsplit(reference)
    folder = page.rsplit("/", 1)[0] + "/"
    path = posixpath.normpath(folder + unquote(parts.path)) if parts.path else page
    return path + ("/" if parts.path.endswith("/") and path != "/" else ""), unquote(parts.fragment)


def test_every_reference_into_the_site_leads_somewhere(release: Release, documents: Documents) -> None:
    directory, static = read_directory(release), StaticFiles(release.site / "static")
    checked = 0
    for page, reference in set(references(documents)):
        if urlsplit(reference).scheme:
            continue
        checked += 1
        assert not reference.startswith("/"), f"{page} refers to {reference}, which no prefix survives"
        path, fragment = target(page, reference)
        if path.startswith("/static/"):
            assert static.find(path) is not None, f"{page} → {reference}"
            continue
        found = directory.resolve(path, HTML.media_type if path in documents else None)
        if isinstance(found, Missing):
            assert unpublished_table(release, path) is not None, f"{page} → {reference}"
        if fragment:
            shown = found.target if isinstance(found, Redirect) else path
            ids = {element.attributes.get("id") for element in documents[shown].walk()}
            assert fragment in ids, f"{page} → {reference}"
    assert checked > 1000


def test_iris_of_the_plans_lead_to_pages_and_evidence_to_its_place(release: Release, documents: Documents) -> None:
    directory = read_directory(release)
    for place in release.places.values():
        found = directory.resolve(place.resource, HTML.media_type)
        assert isinstance(found, Redirect), place.iri
        path, _, anchor = found.target.partition("#")
        assert isinstance(directory.resolve(path, HTML.media_type), Show)
        if place.kind == "beleg":
            assert anchor == f"beleg-{place.slug}"
            assert [element for element in documents[path].walk() if element.attributes.get("id") == anchor]


def test_references_to_other_sites_are_only_links(documents: Documents) -> None:
    for path, document in documents.items():
        for element in document.walk():
            for name in ("href", "src", "action"):
                if urlsplit(element.attributes.get(name, "")).netloc:
                    # none of these is fetched by a browser
                    told = element.attributes.get("rel") in ("author", "cite-as", "license", "type")
                    assert element.tag == "a" or (element.tag == "link" and told), f"{path}: <{element.tag} {name}>"


def test_a_page_has_one_heading_unique_ids_and_its_language(release: Release, documents: Documents) -> None:
    for path, document in documents.items():
        address = release.addresses()[path]
        assert [element.attributes["lang"] for element in document.find("html")] == [address.language]
        assert len(document.find("h1")) == 1, path
        assert document.find("h1")[0].text(), path
        assert document.find("title")[0].text(), path
        ids = Counter(element.attributes["id"] for element in document.walk() if "id" in element.attributes)
        assert not [name for name, count in ids.items() if count > 1], path
        named = [e.attributes[n] for e in document.walk() for n in ("aria-labelledby", "aria-describedby", "for")
                 if n in e.attributes]
        assert set(named) <= set(ids), path


def test_headings_leave_no_level_out(documents: Documents) -> None:
    for path, document in documents.items():
        levels = [int(e.tag[1]) for e in document.walk() if e.tag in ("h1", "h2", "h3", "h4")]
        assert levels[0] == 1, path
        assert all(after - before <= 1 for before, after in pairwise(levels)), f"{path}: {levels}"


def test_tables_have_captions_headings_and_even_rows(documents: Documents) -> None:
    tables = [(path, table) for path, document in documents.items() for table in document.find("table")]
    assert len(tables) > 50
    for path, table in tables:
        assert len(table.find("caption")) == 1, path
        assert table.find("caption")[0].text(), path
        width = len(table.find("thead")[0].find("th", scope="col"))
        assert width, path
        for row in [row for body in table.find("tbody") for row in body.find("tr")]:
            cells = [cell for cell in row.content if isinstance(cell, Element)]
            assert sum(int(cell.attributes.get("colspan", "1")) for cell in cells) == width, path
            assert [cell for cell in cells if cell.tag == "th"], path


def test_every_table_shows_the_query_behind_it(documents: Documents) -> None:
    told_otherwise = ("/daten", "/ausgaben", "/qualitaet")
    by_query = {path: document for path, document in documents.items() if not path.endswith(told_otherwise)}
    for path, document in by_query.items():
        tables, queries = document.find("table"), document.find("details", class_="query")
        assert len(queries) >= len(tables), path
        for query in queries:
            text, link = query.find("code")[0].text(), query.find("a")[0].attributes["href"]
            asked = parse_qs(urlsplit(link).query)
            assert " ".join(asked["query"][0].split()) == text
            assert "<this>" not in text
            assert "<plan>" not in text


def test_no_style_and_no_script_stands_in_a_page(documents: Documents) -> None:
    for path, document in documents.items():
        for script in document.find("script"):
            if script.attributes["type"] == "application/ld+json":
                continue
            assert set(script.attributes) == {"type", "src"}, path
            assert script.content == [], path
            assert target(path, script.attributes["src"])[0].startswith("/static/"), path
        assert not document.find("style"), path
        names = {name for element in document.walk() for name in element.attributes}
        assert not [name for name in names if name == "style" or name.startswith("on")], path


def test_the_language_switch_stays_on_the_page(release: Release, documents: Documents) -> None:
    for path, document in documents.items():
        links = [e for e in document.find("a") if "hreflang" in e.attributes]
        assert len(links) == 1, path
        other, _ = target(path, links[0].attributes["href"])
        here, there = release.addresses()[path], release.addresses()[other]
        assert (here.resource, here.page) == (there.resource, there.page)
        assert links[0].attributes["hreflang"] == there.language != here.language


def test_pages_of_resources_link_all_their_data(release: Release, documents: Documents) -> None:
    for path, document in documents.items():
        address = release.addresses()[path]
        data = {a.path for a in release.alternates(address.resource) if a.kind in ("data", "vocabulary")}
        linked = {target(path, e.attributes["href"])[0] for e in document.find("a") if "href" in e.attributes}
        assert data <= linked, path
        assert address.subject is None or len(data) == 7


PRINTED = """SELECT DISTINCT ?text WHERE {
  ?thing wir:section|wir:qualifier|wir:period|wir:statedPeriod|wir:contactText|wir:workingTitle ?text }"""


def literals(release: Release, query: str, variable: str) -> set[str]:
    return {term.value for row in release.store.select(query) if isinstance(term := row[variable], ox.Literal)}


def test_words_of_a_source_are_in_its_language_on_english_pages(release: Release, documents: Documents) -> None:
    printed = literals(release, PRINTED, "text")
    assert len(printed) > 20
    names = literals(release, "SELECT ?name WHERE { ?thing skos:prefLabel ?name }", "name")
    found = 0
    for path, document in documents.items():
        if release.addresses()[path].language != "en":
            continue
        [main] = document.find("main")
        for element in main.walk():
            if element.tag in ("pre", "code", "textarea", "script"):  # queries
                continue
            for piece in element.content:
                if isinstance(piece, str) and (text := piece.strip()) in printed - names and not text.isdigit():
                    found += 1
                    assert element.language() == "de", f"{path}: {text}"
    assert found > 50


@pytest.mark.parametrize("language", ["de", "en"])
def test_text_in_another_language_is_marked(release: Release, documents: Documents, language: str) -> None:
    marked = 0
    for path, document in documents.items():
        if release.addresses()[path].language == language:
            for tag in document.find("span", class_="tag"):
                marked += 1
                assert tag.language() == language
                wanted = tag.text().strip("()")
                assert tag.parent is not None
                around = [e.attributes.get("lang") for e in (tag.parent, *tag.parent.walk())]
                assert wanted in around, f"{path}: {tag.parent.text()}"
    assert marked


def test_every_page_says_to_machines_what_it_is(release: Release, documents: Documents) -> None:
    for path, document in documents.items():
        script, *_ = document.find("script", type="application/ld+json")
        told = json.loads(script.text())
        assert told["url"] == release.base_url + quote(path)
        assert told["inLanguage"] == document.find("html")[0].attributes["lang"]
        trail = [entry["item"].removeprefix(release.base_url) for entry in told["breadcrumb"]["itemListElement"]]
        assert trail[-1] == quote(path)
        assert all(unquote(place) in release.addresses() for place in trail), path
        subject = release.addresses()[path].subject
        assert told.get("about", {}).get("@id") == subject


def test_a_title_cannot_end_the_data_of_a_page(release: Release) -> None:
    address = next(a for a in release.addresses().values() if a.kind == "page" and a.plan)
    page = replace(view(release.pages.index, address), title=Value("</script><b>"))
    written = json_ld(page, "https://daten.example", Operator())
    assert "<" not in written
    assert json.loads(written)["name"] == "</script><b>"


def test_a_page_of_a_thing_says_its_kind_and_what_it_is_about_in_its_head(
    release: Release, documents: Documents,
) -> None:
    described = 0
    for path, document in documents.items():
        plain = view(release.pages.index, release.addresses()[path])
        title = document.find("head")[0].find("title")[0]
        if plain.iri is not None and plain.classes:
            kind = plain.classes[0].text
            assert f" – {kind[:1].upper()}{kind[1:]}" in title.text(), path
        for about in document.find("meta", name="description"):
            described += 1
            said = {entry.value.text for entry in plain.said["dcterms:description"] if not entry.value.lang}
            assert any(text.startswith(about.attributes["content"].removesuffix("...")) for text in said), path
    assert described > 10


def test_a_citation_has_one_mark_at_the_end_of_the_name(documents: Documents) -> None:
    cited = [box.text() for document in documents.values() for box in document.find("div", class_="citation")]
    assert len(cited) > 100
    assert [text for text in cited if re.search(r"[.?!]\.", text.partition(" In: ")[0])] == []
    assert any("?" in text.partition(" In: ")[0] for text in cited)
