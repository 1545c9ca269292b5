"""What the operator owes: said where it is given, named as missing where it is not, and linked from every page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.pages.document import Element, parse
from tests.pages.test_html import target
from wir2graph.easy import LONGEST
from wir2graph.operator import Accessibility, Operator
from wir2graph.plan import find_workspace
from wir2graph.release import Release

Documents = Mapping[str, Element]
ROUTES = ("barrierefreiheit", "impressum", "datenschutz", "leichte-sprache", "hilfe", "schnittstellen")
MEASURE = "/musterstadt/massnahme/gruenplan-raeume-1"
MISSING = {
    "barrierefreiheit": [
        "name", "[accessibility] status", "[accessibility] prepared", "[accessibility] method",
        "[accessibility] feedback_email", "[accessibility.arbitration] name, url, contact",
    ],
    "impressum": ["[imprint] de, en"],
    "datenschutz": ["[privacy] de, en"],
    "leichte-sprache": ["[accessibility] feedback_email"],
    "hilfe": ["[accessibility] feedback_email"],
    "schnittstellen": [],
}
both_languages = pytest.mark.parametrize("prefix", ["", "/en"], ids=["de", "en"])
every_page = pytest.mark.parametrize("route", ROUTES)


def run_by(release: Release, operator: Operator) -> Release:
    """Return the release as somebody else runs it."""
    return replace(release, operator=operator, base_url=operator.public_url or release.base_url)


def page(release: Release, path: str) -> Element:
    return parse(release.pages.html(release.addresses()[path]))


def main(document: Element) -> Element:
    return document.find("main")[0]


def missing(document: Element) -> list[str]:
    return [element.find("code")[0].text() for element in document.find("p", class_="kern-body missing")]


def texts(language: str) -> dict[str, Any]:
    path = find_workspace().site / "texts" / f"{language}.toml"
    duties: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["duties"]
    return duties


@pytest.fixture(scope="module")
def complete(release: Release, operator: Operator) -> Release:
    """The release of the fictional plans, run by an operator who has said everything."""
    return run_by(release, operator)


def test_every_page_links_all_of_them_in_its_language(release: Release, documents: Documents) -> None:
    for path, document in documents.items():
        prefix = "/en" if release.addresses()[path].language == "en" else ""
        (links,) = document.find("ul", class_="footer-links footer-links--duties")
        found = [target(path, link.attributes["href"])[0] for link in links.find("a")]
        assert found == [f"{prefix}/{route}" for route in ROUTES], path
        current = [link.attributes["href"] for link in links.find("a", **{"aria-current": "page"})]
        assert len(current) == (path in found), path


@both_languages
@every_page
def test_what_the_operator_has_not_given_is_named(documents: Documents, prefix: str, route: str) -> None:
    assert missing(documents[f"{prefix}/{route}"]) == MISSING[route]


@both_languages
@every_page
def test_nothing_is_named_as_missing_where_all_is_given(complete: Release, prefix: str, route: str) -> None:
    assert missing(page(complete, f"{prefix}/{route}")) == []


def test_the_statement_says_what_the_operator_says(complete: Release) -> None:
    german, english = (main(page(complete, f"{prefix}/barrierefreiheit")).text() for prefix in ("", "/en"))
    for told in ("Verein Offene Daten Musterstadt e. V. ist bemüht", "Gleichstellungsgesetz (erfunden)",
                 "unter https://daten.musterstadt.example", "EN 301 549 teilweise vereinbar",
                 "am 30. Juni 2027 erstellt", "am 31. Juli 2027 überprüft", "Selbstbewertung", "Logo in der Fußzeile",
                 "barrieren@musterstadt.example", "https://www.musterstadt.example/barriere-melden",
                 "Schlichtungsstelle Musterland", "Telefon: 0000 000000"):
        assert told in german
    for told in ("is committed", "partially compliant", "prepared on 30 June 2027", "reviewed on 31 July 2027",
                 "self-assessment", "The logo", "Schlichtungsstelle Musterland"):
        assert told in english


@pytest.mark.parametrize(("status", "told"), [
    ("full", "vollständig vereinbar"), ("partial", "teilweise vereinbar"), ("none", "nicht vereinbar"), (None, None),
])
def test_no_status_is_claimed_but_the_operators(release: Release, status: str | None, told: str | None) -> None:
    told_so = run_by(release, Operator(accessibility=Accessibility(status=status)))
    shown = main(page(told_so, "/barrierefreiheit")).text()
    assert [word for word in ("vollständig vereinbar", "teilweise vereinbar", "nicht vereinbar") if word in shown] == (
        [told] if told else [])


@both_languages
def test_a_text_in_one_language_is_shown_and_marked_in_the_other(release: Release, prefix: str) -> None:
    document = page(run_by(release, Operator(imprint={"de": "Verein & Freunde"}, privacy={"en": "The board"})),
                    f"{prefix}/impressum")
    (text,) = [p for p in document.find("p", class_="kern-body") if p.text() == "Verein & Freunde"]
    assert text.language() == "de"
    assert ("(de)" in main(document).text()) == bool(prefix)


@both_languages
def test_the_privacy_page_has_the_operators_text_before_that_of_the_program(complete: Release, prefix: str) -> None:
    headings = [e.text() for e in main(page(complete, f"{prefix}/datenschutz")).walk() if e.tag in ("h2", "h3")]
    own = ["Verantwortlich", "Webserver"] if not prefix else ["Controller", "Web server"]
    assert headings[1:3] == own
    assert len(headings) == 3 + len(texts("de")["privacy"])


def test_easy_german_tells_of_the_plans_that_have_a_text(documents: Documents) -> None:
    german, english = (main(documents[f"{prefix}/leichte-sprache"]) for prefix in ("", "/en"))
    assert "Der Grün-Plan ist ein Plan." in german.text()
    ids = [heading.attributes["id"] for heading in german.find("h2")]
    assert [name for name in ids if name.startswith("plan-")] == ["plan-musterstadt"]
    assert "Grün-Plan" not in english.text()
    (link,) = [a for a in english.find("a") if "in easy German" in a.text()]
    assert target("/en/leichte-sprache", link.attributes["href"]) == ("/leichte-sprache", "plan-musterstadt")


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_sites_own_easy_texts_have_short_sentences(language: str) -> None:
    duties = texts(language)
    easy = [duties["easy_ours"], duties["easy_write_text"], *(section["text"] for section in duties["easy"])]
    sentences = [s for text in easy for s in re.split(r"[.:!?]\s", text) if s.strip()]
    assert len(sentences) > 20
    assert [sentence for sentence in sentences if len(sentence.split()) > LONGEST] == []


def test_the_city_speaks_for_itself_where_it_runs_the_site(release: Release) -> None:
    said = "Der Text ist kein Text von der Stadt."
    assert said in main(page(release, "/leichte-sprache")).text()
    assert said not in main(page(run_by(release, Operator(kind="LocalAuthority")), "/leichte-sprache")).text()


def test_both_languages_say_the_same_things() -> None:
    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: shape(inner) for key, inner in value.items() if key not in ("title", "text")}
        if isinstance(value, list):
            return [shape(inner) for inner in value if not isinstance(inner, str)]
        return re.findall(r"\{\w+\}", value) if isinstance(value, str) and "{" in value else type(value)

    def ids(duties: dict[str, Any]) -> list[list[str]]:
        return [[section["id"] for section in duties[name]] for name in ("imprint", "privacy", "easy", "help", "api")]

    german, english = texts("de"), texts("en")
    assert shape(german) == shape(english)
    assert ids(german) == ids(english)
    keys = [[len(entry["press"]) for entry in duties["keyboard"]] for duties in (german, english)]
    assert keys[0] == keys[1]


@both_languages
def test_a_thing_can_be_cited(release: Release, complete: Release, documents: Documents, prefix: str) -> None:
    path = prefix + MEASURE
    iri = release.addresses()[path].subject
    plan = {"": "Grünplan 2030 der Stadt Musterstadt", "/en": "Green Plan 2030 of the city of Musterstadt"}[prefix]
    day = {"": "30. Juni 2027", "/en": "30 June 2027"}[prefix]
    named = page(complete, path)
    for document, publisher in ((documents[path], ""), (named, "Verein Offene Daten Musterstadt e. V.: ")):
        (citation,) = document.find("div", class_="citation")
        heading = document.find("h1")[0].text().removesuffix(" (de)")
        text = citation.text()
        assert text.startswith(f"{publisher}{heading}. In: {plan}. ")
        for told in (day, release.digest[:12], "dl-de/by-2-0"):
            assert told in text
        assert citation.find("p", class_="iri")[0].text() == iri


@both_languages
def test_a_mistake_is_reported_to_the_operator(complete: Release, prefix: str) -> None:
    document = page(complete, prefix + MEASURE)
    (link,) = [a for a in document.find("a") if a.attributes["href"].startswith("mailto:barrieren@musterstadt.example")]
    parts = urlsplit(link.attributes["href"])
    (subject,) = parse_qs(parts.query, strict_parsing=True)["subject"]
    assert subject.endswith(": https://daten.musterstadt.example/plan/id/massnahme/gruenplan-raeume-1")
    assert "+" not in unquote(parts.query), "mail programs take a plus for a plus"


@pytest.mark.parametrize(("operator", "href", "said"), [
    (Operator(email="daten@stelle.example"), "mailto:daten@stelle.example?subject=", "E-Mail zu diesem Eintrag"),
    (Operator(accessibility=Accessibility(feedback_url="https://stelle.example/form")), "https://stelle.example/form",
     "Zum Formular"),
    (Operator(name="Stelle"), None, "Wohin man schreiben kann, ist nicht bekannt"),
])
def test_where_a_mistake_is_reported_depends_on_what_is_given(
    release: Release, operator: Operator, href: str | None, said: str,
) -> None:
    document = page(run_by(release, operator), MEASURE)
    (card,) = [section for section in document.find("section") if section.find("h2", id="fehler-melden")]
    assert said in card.text()
    assert [a.attributes["href"].partition("=")[0] + "=" * ("?" in a.attributes["href"]) for a in card.find("a")] == (
        [href] if href else [])


def test_the_interfaces_tell_the_limits_that_hold(release: Release, operator: Operator) -> None:
    settings = replace(operator.sparql, limits=replace(operator.sparql.limits, seconds=7, result_bytes=3 * 2**20),
                       capacity=replace(operator.sparql.capacity, per_client=5))
    shown = main(page(run_by(release, replace(operator, sparql=settings)), "/schnittstellen")).text()
    for told in ("darf 7 Sekunden", "darf 3 MB lang", "dürfen 5 Abfragen", "Alle Adressen beginnen mit https://daten."):
        assert told in shown
