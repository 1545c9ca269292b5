"""Clients that look for data find it: `signposting`, `extruct`, and the Structured Data Testing Tool.

Each on a running server alone and behind nginx with TLS and a path; every address that they find is the public one.
"""

from __future__ import annotations

import json
import os
import subprocess
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.conformance.deployed import Shown
from tests.conformance.npm import install
from tests.serving import PATIENCE
from wir2graph.plan import find_workspace, load_plan

HERE: Final = Path(__file__).parent
SIGNPOSTS: Final = """
import json, sys
from signposting import find_signposting_html, find_signposting_http, find_signposting_linkset
def told(found):
    return sorted([str(s.rel), str(s.target), str(s.type) if s.type else None] for s in found)
url = sys.argv[1]
http = find_signposting_http(url)
for link in http.linksets:
    assert link.type
sets = {str(link.type): find_signposting_linkset(link.target, str(link.type)) for link in http.linksets}
print(json.dumps({
    "http": told(http), "html": told(find_signposting_html(url)),
    "linksets": {kind: told(found.for_context(url)) for kind, found in sets.items()},
    "contexts": {kind: sorted(map(str, found.other_contexts)) for kind, found in sets.items()},
}))
"""
DESCRIBES: Final = """
import json, sys
import requests
from httplink import parse_link_header
from urllib.parse import urljoin
answer = requests.get(sys.argv[1])
links = parse_link_header(answer.headers["link"]).links
print(json.dumps([[rel, urljoin(answer.url, link.target), dict(link.attributes).get("type")] for link in links
                  for rel in link.rel]))
"""
EXTRUCT: Final = """
import json, sys
import extruct, requests
page = requests.get(sys.argv[1], headers={"accept": "text/html"})
page.raise_for_status()
print(json.dumps(extruct.extract(page.text, base_url=page.url, syntaxes=["json-ld"], errors="strict")["json-ld"]))
"""
STRUCTURED: Final = """
const { structuredDataTest } = require('structured-data-testing-tool')
const { Google } = require('structured-data-testing-tool/presets')
const told = r => console.log(JSON.stringify({
  schemas: r.schemas, passed: r.passed.length,
  failed: r.failed.map(t => t.test), warnings: r.warnings.map(t => t.test) }))
structuredDataTest(require('fs').readFileSync(process.argv[2], 'utf8'), { presets: [Google] })
  .then(told).catch(e => { if (e.type !== 'VALIDATION_FAILED') throw e; told(e.res) })
"""

Run = Callable[[str, str], Any]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the clients and nothing else."""
    folder = tmp_path_factory.mktemp("clients")
    venv.create(folder, with_pip=True)
    done = subprocess.run(
        [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--requirement", HERE / "clients.txt"], capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "bin" / "python"


@pytest.fixture
def run(python: Path, shown: Shown) -> Run:
    """Run a script of a client about a page of the site and return what it prints."""
    def result(script: str, path: str) -> Any:
        names = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE") if shown.at.certificate else ()
        trusted = dict.fromkeys(names, str(shown.at.certificate))
        done = subprocess.run(
            [python, "-c", script, shown.at.url + path], capture_output=True, text=True, check=False,
            env={**os.environ, **trusted},
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return result


def licence_of(plan: str) -> str:
    folder = find_workspace().data if plan == "hannover" else HERE.parent / "fixtures"
    return load_plan(folder / plan).licence


@pytest.mark.parametrize("page", ["daten", "en"])
def test_signposts_lead_to_everything(run: Run, shown: Shown, page: str) -> None:
    path = f"/{shown.plan}/daten" if page == "daten" else f"/en/{shown.plan}/"
    found = run(SIGNPOSTS, path)
    base = shown.at.url
    targets: dict[str, set[str]] = {}
    for rel, target, _ in found["http"]:
        targets.setdefault(rel, set()).add(target)
    [cited] = targets["cite-as"]
    assert cited.endswith("/id/datensatz/gesamt")
    assert targets["license"] == {licence_of(shown.plan)}
    assert targets["author"] == {"https://www.musterstadt.example/"}
    assert targets["type"] == {"https://schema.org/AboutPage", "https://schema.org/Dataset"}
    assert targets["item"] == {
        f"{base}/{shown.plan}/dumps/{shown.plan}.{suffix}" for suffix in ("ttl", "jsonld", "rdf", "nt", "trig", "nq")
    }
    assert f"{base}/void.ttl" in targets["describedby"]
    assert len(targets["linkset"]) == 2
    # the head of the page says the same, and the linksets say no less
    assert found["html"] == found["http"]
    assert set(found["linksets"]) == {"application/linkset", "application/linkset+json"}
    for told in found["linksets"].values():
        assert {tuple(link) for link in found["http"] if link[0] != "linkset"} <= {tuple(link) for link in told}
    assert all(context.startswith(f"{base}/") for told in found["contexts"].values() for context in told)
    own = [target for rel in ("item", "describedby", "linkset") for target in targets[rel]]
    with httpx.Client(verify=shown.at.context, timeout=PATIENCE, trust_env=False) as client:
        for target in own:
            assert target.startswith(f"{base}/"), target
            assert client.head(target).status_code == 200, target


def test_files_and_metadata_lead_back(run: Run, shown: Shown) -> None:
    landing = f"{shown.at.url}/{shown.plan}/daten"
    script = SIGNPOSTS.partition("http = ")[0] + "print(json.dumps(told(find_signposting_http(url))))"
    assert ["collection", landing, "text/html"] in run(script, f"/{shown.plan}/dumps/{shown.plan}.ttl")
    # the client knows no `describes`, so that its parser is asked
    assert ["describes", landing, "text/html"] in run(DESCRIBES, "/void.ttl")


@pytest.mark.parametrize("path", ["", "daten"])
def test_data_about_the_dataset_are_what_google_asks_for(run: Run, shown: Shown, path: str) -> None:
    """https://developers.google.com/search/docs/appearance/structured-data/dataset"""
    found = {item["@type"]: item for item in run(EXTRUCT, f"/{shown.plan}/{path}")}
    dataset = found["Dataset"]
    # required, and recommended as far as the data have it
    assert dataset["name"]
    assert 50 <= len(dataset["description"]) <= 5000
    for name in ("creator", "publisher", "license", "identifier", "keywords", "spatialCoverage", "temporalCoverage",
                 "includedInDataCatalog", "version", "isAccessibleForFree", "dateModified", "url"):
        assert dataset[name], name
    assert dataset["license"].startswith("http")
    assert dataset["creator"]["@type"] == "Organization"
    with httpx.Client(verify=shown.at.context, timeout=PATIENCE, trust_env=False) as client:
        for file in dataset["distribution"]:
            assert file["@type"] == "DataDownload"
            assert file["contentUrl"].startswith(f"{shown.at.url}/")
            answer = client.head(file["contentUrl"])
            assert answer.status_code == 200
            assert answer.headers["content-type"].partition(";")[0] == file["encodingFormat"]
    assert len(dataset["distribution"]) >= 6
    if not path:
        assert found["DataCatalog"]["@id"] == dataset["includedInDataCatalog"]["@id"]
        assert found["DataCatalog"]["name"]


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the Structured Data Testing Tool is installed."""
    folder = tmp_path_factory.mktemp("sdtt")
    install(HERE / "sdtt", folder)
    (folder / "test.js").write_text(STRUCTURED, encoding="utf-8")
    return folder


def structured(tool: Path, page: str) -> Any:
    (tool / "page.html").write_text(page, encoding="utf-8")
    done = subprocess.run(["node", "test.js", "page.html"], capture_output=True, text=True, check=False, cwd=tool)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_testing_tool_finds_what_is_wrong(tool: Path) -> None:
    script = '{"@context": "https://schema.org", "@type": "ClaimReview", "url": "x"}'
    page = f'<html><head><script type="application/ld+json">{script}</script></head></html>'
    found = structured(tool, page)
    assert found["failed"] == ["ClaimReview[0].reviewRating", "ClaimReview[0].claimReviewed"]


@pytest.mark.parametrize("path", ["", "daten", "massnahmen"])
def test_the_testing_tool_knows_every_type(tool: Path, shown: Shown, path: str) -> None:
    with httpx.Client(verify=shown.at.context, timeout=PATIENCE, trust_env=False) as client:
        page = client.get(f"{shown.at.url}/{shown.plan}/{path}", headers={"accept": "text/html"})
    found = structured(tool, page.text)
    data = ["WebPage", "Dataset"]
    types = {"": [*data, "DataCatalog"], "daten": data, "massnahmen": ["CollectionPage"]}
    assert found["schemas"] == types[path]
    assert (found["failed"], found["warnings"]) == ([], [])
    assert found["passed"] >= len(types[path])
