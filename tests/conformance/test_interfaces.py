"""The page about the interfaces: each of its lines for the command line works as it stands."""

from __future__ import annotations

import csv
import html
import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.sites import Site

NAMES = ["document", "negotiation", "table", "dump", "unchanged", "query", "excel", "service", "vocabulary", "health",
         "search"]


def examples(site: Site, prefix: str) -> dict[str, str]:
    """Return the lines of the page by the anchor of their section."""
    shown = site.server.get(f"{prefix}/schnittstellen", accept="text/html").text
    pattern = r'<h2 [^>]*id="([\w-]+)">(?:(?!<h2).)*?<pre class="sample[^>]*><code>(.*?)</code>'
    found = re.findall(pattern, shown, re.DOTALL)
    return {name: html.unescape(command) for name, command in found}


@pytest.fixture
def commands(site: Site) -> Mapping[str, str]:
    found = examples(site, "")
    assert list(found) == NAMES
    return found


def run(folder: Path, command: str) -> str:
    """Run a line as a reader does and return what it prints; an HTTP error makes it fail."""
    (folder / ".curlrc").write_text("fail-with-body\nsilent\nshow-error\n", encoding="utf-8")
    done = subprocess.run(["bash", "-ec", command], capture_output=True, text=True, check=False, cwd=folder,
                          env={"PATH": "/usr/local/bin:/usr/bin:/bin", "CURL_HOME": str(folder)})
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def subjects(text: str, form: ox.RdfFormat) -> set[str]:
    return {str(triple.subject) for triple in ox.parse(text, format=form)}


def test_both_languages_show_the_same_lines_each_in_its_language(site: Site, commands: Mapping[str, str]) -> None:
    english = examples(site, "/en")
    other = ("search", "query", "excel")
    assert {name: line for name, line in english.items() if name not in other} == {
        name: line for name, line in commands.items() if name not in other
    }
    assert "lang=en" in english["search"]
    for name in ("query", "excel"):
        assert english[name].replace('= "en"', '= "de"') == commands[name]
        assert '= "en"' in english[name]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_thing_of_the_examples_is_found(site: Site, prefix: str, tmp_path: Path) -> None:
    commands = examples(site, prefix)
    thing = commands["negotiation"].rsplit("/", 1)[1].strip("'")
    hits = json.loads(run(tmp_path, commands["search"]))["hits"]
    assert [hit for hit in hits if hit["iri"] and hit["iri"].endswith(f"/massnahme/{thing}")]
    assert set(hits[0]) >= {"title", "kind", "iri", "snippet", "href"}


def test_one_entry_is_fetched_by_suffix_and_by_accept(site: Site, commands: Mapping[str, str], tmp_path: Path) -> None:
    document = run(tmp_path, commands["document"])
    negotiated = run(tmp_path, commands["negotiation"])
    assert "/massnahme/" in commands["document"]
    slug = commands["negotiation"].rsplit("/", 1)[1].strip("'")
    for found in (subjects(document, ox.RdfFormat.TURTLE), subjects(negotiated, ox.RdfFormat.JSON_LD)):
        assert [name for name in found if name.endswith(f"/massnahme/{slug}>")]


def test_everything_is_fetched_once_and_again_only_when_it_is_new(commands: Mapping[str, str], tmp_path: Path) -> None:
    run(tmp_path, commands["dump"])
    (file,) = tmp_path.glob("*.ttl")
    whole = file.read_bytes()
    assert len(subjects(whole.decode(), ox.RdfFormat.TURTLE)) > 10
    file.unlink()
    run(tmp_path, commands["unchanged"])
    assert file.read_bytes() == whole
    file.write_bytes(b"kept")
    run(tmp_path, commands["unchanged"])
    assert file.read_bytes() == b"kept", "curl leaves the file as it is when the answer is 304"


def test_a_list_is_fetched_as_a_table(site: Site, commands: Mapping[str, str], tmp_path: Path) -> None:
    run(tmp_path, commands["table"])
    (table,) = tmp_path.glob("*.csv")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    plans = {"musterstadt": 6, "hannover": 85, "kleinstadt": 1}
    assert len(rows) - 1 == plans[commands["table"].split("/")[3]]


def test_a_query_is_answered_as_a_table_and_for_excel(commands: Mapping[str, str], tmp_path: Path) -> None:
    lines = run(tmp_path, commands["query"]).splitlines()
    assert (lines[0], len(lines)) == ("thing,name", 6)
    run(tmp_path, commands["excel"])
    (table,) = tmp_path.glob("*.csv")
    written = table.read_bytes()
    assert written.startswith(b"\xef\xbb\xbfthing;name\r\n")
    assert len(written.decode("utf-8-sig").splitlines()) == 6


def test_endpoint_vocabulary_and_server_tell_of_themselves(
    site: Site, commands: Mapping[str, str], tmp_path: Path,
) -> None:
    described = run(tmp_path, commands["service"])
    assert f"<{site.endpoint}#service>" in subjects(described, ox.RdfFormat.TURTLE)
    terms = subjects(run(tmp_path, commands["vocabulary"]), ox.RdfFormat.TURTLE)
    assert "<https://w3id.org/wir2graph/def#Measure>" in terms
    health = json.loads(run(tmp_path, commands["health"]))
    assert health["digest"] == site.server.get("/health").json()["digest"]
