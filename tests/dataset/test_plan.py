"""Settings of a plan and of an operator: read whole, or refused with the setting at fault."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from wir2graph.findings import InputError
from wir2graph.operator import Operator, SparqlSettings, load_operator
from wir2graph.plan import CatalogueSettings, load_plan
from wir2graph.store.base import Capacity, Limits

GOOD = """slug = "plan"
namespace = "https://daten.example/plan/"
languages = ["de", "en"]
licence = "https://example.org/licence"
released = 2026-01-01
title = { de = "Plan", en = "Plan" }
subtitle = { de = "", en = "" }
rights = { de = "", en = "" }
"""


def write(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_good_plan_is_read(tmp_path: Path) -> None:
    plan = load_plan(write(tmp_path, GOOD))
    assert plan.graph("quelle") == "https://daten.example/plan/id/graph/quelle"
    assert plan.prefixes()["plan"] == "https://daten.example/plan/id/"


@pytest.mark.parametrize(
    ("old", "new", "setting"),
    [
        ('slug = "plan"', 'slug = "anders"', "slug"),
        ("https://daten.example/plan/", "https://daten.example/plan", "namespace"),
        ('["de", "en"]', '["fr"]', "languages"),
        ("released = 2026-01-01", 'released = "gestern"', "released"),
        ('title = { de = "Plan", en = "Plan" }', 'title = "Plan"', "title"),
        ("licence =", "lizenz =", "licence"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, old: str, new: str, setting: str) -> None:
    with pytest.raises(InputError) as caught:
        load_plan(write(tmp_path, GOOD.replace(old, new)))
    (finding,) = caught.value.findings
    assert finding.rule == "PlanSetting"
    assert f"`{setting}`" in finding.message_de


def test_what_portals_want_to_know_may_be_left_out(tmp_path: Path) -> None:
    assert load_plan(write(tmp_path, GOOD)).catalogue == CatalogueSettings()


def test_what_portals_want_to_know_is_read(tmp_path: Path) -> None:
    plan = load_plan(write(tmp_path, GOOD + """
[catalogue]
regional_key = "032410001001"
level = "administrativeDistrict"
themes = ["SOCI"]
start = 2026-01-01
end = 2030-12-31
[catalogue.keywords]
de = ["Grün- und Wasserplan 2.0"]
"""))
    assert plan.catalogue == CatalogueSettings(
        "032410001001", "administrativeDistrict", ("SOCI",), date(2026, 1, 1), date(2030, 12, 31),
        {"de": ("Grün- und Wasserplan 2.0",)},
    )


@pytest.mark.parametrize(("line", "said"), [
    ("regional_key = 32410001001", "zwölf Ziffern in Anführungszeichen"), ('regional_key = "03241"', "zwölf Ziffern"),
    ('level = "stadt"', "municipality"), ('themes = ["SOZIALES"]', "SOCI"), ("themes = []", "SOCI"),
    ('start = "2026"', "JJJJ-MM-TT"), ('keywords = { de = ["a, b"] }', "Buchstaben"),
    ('keywords = ["a"]', "Buchstaben"),
    ('keywords = { fr = ["ab"] }', "de und en"), ('keywords = { de = ["a"] }', "2 bis 100"),
    ("schluessel = 1", "Bekannt sind: end, keywords, level"), ("start = 2026-01-02\nend = 2026-01-01", "nach `end`"),
])
def test_a_wrong_setting_for_portals_is_told(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        load_plan(write(tmp_path, f"{GOOD}[catalogue]\n{line}\n"))
    (finding,) = caught.value.findings
    assert finding.rule == "PlanSetting"
    assert "[catalogue]" in finding.message_de
    assert said in finding.message_de


def test_catalogue_must_be_a_table(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_plan(write(tmp_path, GOOD + 'catalogue = "ja"\n'))
    assert "muss eine Tabelle sein" in caught.value.findings[0].message_de


def test_settings_that_are_no_toml_are_refused_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_plan(write(tmp_path, "slug = \n"))
    assert "line 1" in caught.value.findings[0].message_de


def test_an_operator_is_nobody_until_told(tmp_path: Path) -> None:
    assert load_operator(None).name is None
    path = tmp_path / "operator.toml"
    path.write_text('name = "Stelle"\npublic_url = "https://daten.example/"\n', encoding="utf-8")
    operator = load_operator(path)
    assert (operator.name, operator.public_url) == ("Stelle", "https://daten.example")


def test_an_operator_sets_the_limits_of_queries(tmp_path: Path) -> None:
    path = tmp_path / "operator.toml"
    path.write_text("""[sparql]
seconds = 5
memory_mb = 100
result_mb = 10
depth = 50
length = 60
workers = 3
queue = 0
per_client = 2
cache_mb = 1
trusted_proxies = ["127.0.0.1", "::1"]
""", encoding="utf-8")
    assert load_operator(path).sparql == SparqlSettings(
        Limits(5, 100 * 2**20, 10 * 2**20, 50, 60), Capacity(3, 0, 2), 2**20, ("127.0.0.1", "::1"),
    )
    path.write_text("[sparql]\nseconds = 5\n", encoding="utf-8")
    assert load_operator(path).sparql == SparqlSettings(Limits(seconds=5))


@pytest.mark.parametrize("text", [
    'nmae = "x"', 'public_url = "daten.example"', "public_url = 3", "sparql = 3", "[sparql]\nseconds = 0",
    "[sparql]\nseconds = true", '[sparql]\nqueue = "many"', "[sparql]\nminutes = 1",
    '[sparql]\ntrusted_proxies = ["proxy.example"]', '[sparql]\ntrusted_proxies = "127.0.0.1"',
])
def test_a_wrong_operator_setting_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "operator.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        load_operator(path)


@pytest.mark.parametrize(("text", "told"), [
    ('email = "daten at example"', "`email` ist falsch: erwartet wird eine E-Mail-Adresse."),
    ('homepage = "www.example"', "`homepage` ist falsch: erwartet wird eine vollständige Adresse (https://…)."),
    ("imprint = 3", "`imprint` muss eine Tabelle sein: [imprint]."),
    ("[imprint]\nde = 3", "`de` unter [imprint] ist falsch: erwartet wird ein Text in Anführungszeichen."),
    ('[privacy]\nfr = "…"', "Unbekannte Einstellung `fr` unter [privacy]. Bekannt sind: de, en."),
    ('[accessibility]\nstatus = "gut"',
     '`status` unter [accessibility] ist falsch: erwartet wird eines von "full", "partial", "none".'),
    ('[accessibility]\nprepared = "2027-06-30"',
     "`prepared` unter [accessibility] ist falsch: erwartet wird ein Tag wie 2027-06-30, ohne Anführungszeichen."),
    ("[accessibility]\nreviewed = 2027-06-30T10:00:00",
     "`reviewed` unter [accessibility] ist falsch: erwartet wird ein Tag wie 2027-06-30, ohne Anführungszeichen."),
    ('[accessibility.arbitration]\nurl = "schlichtung"',
     "`url` unter [accessibility.arbitration] ist falsch: erwartet wird eine vollständige Adresse (https://…)."),
    ('[accessibility]\narbitration = "Stelle"',
     "`accessibility.arbitration` muss eine Tabelle sein: [accessibility.arbitration]."),
])
def test_what_is_wrong_with_an_operator_setting_is_told_in_german(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "operator.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_operator(path)
    assert [finding.message_de for finding in caught.value.findings] == [told]


def test_all_settings_of_an_operator_are_read(operator: Operator) -> None:
    accessibility = operator.accessibility
    assert set(operator.imprint) == set(operator.privacy) == set(accessibility.exceptions) == {"de", "en"}
    assert (accessibility.status, accessibility.method) == ("partial", "self-assessment")
    assert (accessibility.prepared, accessibility.reviewed) == (date(2027, 6, 30), date(2027, 7, 31))
    assert accessibility.arbitration.name == "Schlichtungsstelle Musterland"
    assert (operator.feedback_email, operator.feedback_url) == (
        "barrieren@musterstadt.example", "https://www.musterstadt.example/barriere-melden",
    )
    left_open = [field.name for part in (operator, accessibility, accessibility.arbitration)
                 for field in fields(part) if getattr(part, field.name) in (None, {})]
    assert left_open == []


def test_an_empty_setting_is_an_open_one(tmp_path: Path) -> None:
    path = tmp_path / "operator.toml"
    path.write_text('name = ""\nemail = "daten@stelle.example"\npublic_url = ""\n[imprint]\nde = "\\n"\n'
                    '[accessibility]\nstatus = ""\nfeedback_email = ""\n', encoding="utf-8")
    assert load_operator(path) == Operator(email="daten@stelle.example")
    assert load_operator(path).feedback_email == "daten@stelle.example"
