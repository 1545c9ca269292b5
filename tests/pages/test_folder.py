from __future__ import annotations

import re
import tomllib
from datetime import date
from inspect import getsource
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from wir2graph.pages import markup
from wir2graph.pages.folder import GENERIC, Folder, read_folders, selected
from wir2graph.plan import PREFIXES, find_workspace

SITE = find_workspace().site
FOLDERS = read_folders(SITE / "pages")
QUERIES = [(folder, name) for folder in FOLDERS for name in folder.queries]
GENERIC_QUERIES = next(folder.queries for folder in FOLDERS if folder.name == GENERIC)
TEMPLATES = sorted([*SITE.glob("templates/**/*.html"), *SITE.glob("pages/*/page.html")])


def texts(language: str) -> dict[str, Any]:
    return tomllib.loads((SITE / "texts" / f"{language}.toml").read_text(encoding="utf-8"))


def keys(settings: dict[str, Any]) -> set[str]:
    return {
        f"{name}.{inner}" if inner else name
        for name, value in settings.items() for inner in (value if isinstance(value, dict) else [""])
    }


def test_the_site_has_its_pages() -> None:
    names = {folder.name for folder in FOLDERS}
    assert {"start", "measures", "measure", "fields", "field", "offices", "office", "sources", "source", "downloads",
            "resource", "sparql", "vocabulary", "shapes", "plans", "topics", "goals", "goal", "recommendations",
            "recommendation", "guidance", "theme", "bodies", "body", "seat", "programmes", "programme", "line",
            "figures", "figure", "laws", "law", "other-plans", "offers", "organisations", "target-groups",
            "places", "timeline", "decision", "event", "change", "report", "plan-part", "calls", "call", "projects",
            "project", "claim", "contradiction", "contradictions", "questions", "question"} <= names


@pytest.mark.parametrize(("folder", "name"), QUERIES, ids=lambda value: getattr(value, "name", value))
def test_a_query_is_valid_names_what_it_selects_and_no_instance(folder: Folder, name: str) -> None:
    query = folder.queries[name]
    written = ox.Store().query(query.text, base_iri="https://example.org/", prefixes=dict(PREFIXES))
    assert isinstance(written, ox.QuerySolutions)
    assert query.variables == tuple(variable.value for variable in written.variables)
    iris = set(re.findall(r"<([^<>\s]+)>", query.text)) - {"this", "plan", "classes", "released", "section"}
    assert all(iri.startswith("https://w3id.org/wir2graph/") and iri.count("/") == 4 for iri in iris)


@pytest.mark.parametrize(("folder", "name"), QUERIES, ids=lambda value: getattr(value, "name", value))
def test_the_complete_query_stands_on_its_own(folder: Folder, name: str) -> None:
    this, plan = "https://example.org/this", "https://example.org/plan/x"
    filled = folder.queries[name].filled(PREFIXES, this, plan, folder.lists, date(2027, 6, 30), "Ein Abschnitt")
    ox.Store().query(filled)
    assert "<this>" not in filled
    assert "<plan>" not in filled
    assert "<classes>" not in filled
    assert "<released>" not in filled
    assert "<section>" not in filled
    assert "{  }" not in filled


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_tables_show_what_their_query_selects_in_both_languages(folder: Folder) -> None:
    assert folder.records <= set(folder.queries)
    assert set(folder.ahead) <= set(folder.queries)
    # The pages of resources may show what the generic page asks in tables of their own.
    asked = {**({} if folder.route is not None else GENERIC_QUERIES), **folder.queries}
    for name, table in folder.tables.items():
        variables = asked[name].variables
        assert set(table.row) <= set(variables)
        assert all(column.variable in variables for column in table.columns)
        assert all(text.strip() for column in table.columns for text in column.heading.values())
        assert sum(column.header for column in table.columns) == (1 if table.columns else 0)
    assert (SITE / "pages" / folder.template / "page.html").is_file()


# Groups of texts that the program uses, not a template.
IN_CODE = (
    "terms", "incoming", "truth", "voices", "failures", "chart", "triple", "calendar", "columns", "files", "found",
    "measured", "assumed",
)


def test_both_languages_have_the_same_texts_and_none_is_idle() -> None:
    german, english = texts("de"), texts("en")
    assert keys(german) == keys(english)
    assert all(str(value).strip() for value in german.values())
    used = {match for path in TEMPLATES for match in re.findall(r"\bt\.(\w+\.\w+)", path.read_text(encoding="utf-8"))}
    used |= {f"{group}.{name}" for group, name in re.findall(r'_texts\["(\w+)"\]\["(\w+)"\]', getsource(markup))}
    groups = {key for key in keys(german) if "." in key and key.partition(".")[0] not in IN_CODE}
    assert used == groups


def test_templates_ask_for_properties_that_exist() -> None:
    ontology = (find_workspace().ontology / "wir.ttl").read_text(encoding="utf-8")
    known = set(re.findall(r"^wir:\w+", ontology, re.M))
    asked = {match for path in TEMPLATES
             for match in re.findall(r'm\.(?:stated|rejected)\([^"()]*"([^"]+)"', path.read_text(encoding="utf-8"))}
    asked |= {column.said for folder in FOLDERS for table in folder.tables.values() for column in table.columns
              if column.said and not column.said.startswith("?")}
    short = {name.replace(PREFIXES["wir"], "wir:") for name in asked}
    assert {"wir:inField", "wir:contactOffice", "org:classification"} <= short
    assert {name for name in short if name.startswith("wir:")} <= known
    assert {name.partition(":")[0] for name in short} <= set(PREFIXES)


def test_nothing_of_a_plan_is_in_the_site() -> None:
    plans = {path.parent.name for path in find_workspace().data.glob("*/plan.toml")}
    assert plans
    for path in [*TEMPLATES, *SITE.glob("pages/**/*.rq"), *SITE.glob("**/*.toml"), *SITE.glob("static/*.*")]:
        text = path.read_text(encoding="utf-8").lower()
        assert not [plan for plan in plans if plan in text], path


def test_no_page_carries_style_or_script() -> None:
    """Scripts are files of our own: `<script … src="{{ static(…) }}">` and nothing in it; data are no script."""
    scripts = 0
    for path in TEMPLATES:
        text, found = re.subn(
            r"""<script type="module" src="\{\{ static\('[\w/.-]+'\) \}\}"></script>""", "",
            path.read_text(encoding="utf-8"),
        )
        scripts += found
        text = text.replace('<script type="application/ld+json">{{ json_ld }}</script>', "")
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", text), path
    assert scripts


@pytest.mark.parametrize(("query", "variables"), [
    ("SELECT ?a ?b WHERE { ?a ?b ?c }", ("a", "b")),
    ("SELECT DISTINCT ?a (COUNT(DISTINCT ?b) AS ?n) { ?a ?p ?b }", ("a", "n")),
    ("SELECT (IF(BOUND(?x), (1+?y), 2) AS ?z) ?w WHERE { }", ("z", "w")),
    ("# SELECT ?no\nSELECT ?yes WHERE { { SELECT ?inner WHERE { } } }", ("yes",)),
])
def test_the_variables_of_a_query_are_read_from_its_first_select(query: str, variables: tuple[str, ...]) -> None:
    assert selected(query) == variables


def test_a_query_that_selects_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="must name the variables"):
        selected("SELECT * WHERE { ?a ?b ?c }")


@pytest.mark.parametrize(("settings", "message"), [
    ("", "exactly one of `route`, `class` and `part`"),
    ('route = "x"\nclass = ["wir:Plan"]', "exactly one of `route`, `class` and `part`"),
    ('class = ["unknown:Plan"]', "unknown"),
    ('route = "x"\n[tables.t]\nde = "T"\nen = "T"\n[[tables.t.columns]]\nvariable = "v"\nde = "V"\nen = "V"\n'
     'said = "unknown:name"', "unknown"),
    ('class = ["wir:Plan"]\n[tables.t]\nlike = "nowhere"', "nowhere"),
    ("route = ", "broken"),
])
def test_a_wrong_page_folder_is_named(tmp_path: Path, settings: str, message: str) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "page.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(ValueError, match=f"page folder broken.*|{message}") as caught:
        read_folders(tmp_path)
    assert "broken" in str(caught.value)
    assert message in str(caught.value)
