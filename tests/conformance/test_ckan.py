"""The catalogue as CKAN harvests it: HEAD, GET without Accept, ckanext-dcat's RDFParser with each European profile."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conformance.deployed import Shown
from tests.conformance.pip import install
from tests.serving import PATIENCE
from wir2graph.downloads import parts

PROFILES = ["euro_dcat_ap", "euro_dcat_ap_2", "euro_dcat_ap_3"]
EU = "http://publications.europa.eu/resource/authority/"
# The formats of CKAN by Content-Type, as its harvester guesses them (ckanext.dcat.utils).
SYNTAXES = {"text/turtle": "turtle", "application/rdf+xml": "xml", "application/ld+json": "json-ld"}
PROGRAM = """
import json, sys
from ckanext.dcat.processors import RDFParser
parser = RDFParser(profiles=[sys.argv[1]])
parser.parse(sys.stdin.buffer.read(), _format=sys.argv[2])
assert parser.next_page() is None
print(json.dumps(list(parser.datasets())))
"""

Dataset = dict[str, Any]


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("ckan"), "ckan[requirements]==2.12.0", "ckanext-dcat==2.4.4")


def harvested(python: Path, shown: Shown, path: str, profile: str) -> list[Dataset]:
    """Fetch a catalogue as CKAN's harvester does, and return what its parser makes of it."""
    url = shown.at.url + path
    with httpx.Client(verify=shown.at.context, timeout=PATIENCE, trust_env=False) as client:
        del client.headers["accept"]
        assert client.head(url).status_code == httpx.codes.OK
        answer = client.get(url)
    assert answer.status_code == httpx.codes.OK
    syntax = SYNTAXES[answer.headers["content-type"].partition(";")[0]]
    done = subprocess.run([python, "-c", PROGRAM, profile, syntax], input=answer.content, capture_output=True,
                          check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: list[Dataset] = json.loads(done.stdout)
    return found


def extras(dataset: Dataset) -> dict[str, str]:
    return {entry["key"]: entry["value"] for entry in dataset["extras"]}


@pytest.mark.parametrize("profile", PROFILES)
def test_every_dataset_comes_in_with_its_files(shown: Shown, python: Path, profile: str) -> None:
    plan = shown.plan
    datasets = harvested(python, shown, f"/{plan}/catalog", profile)
    assert {extras(d)["uri"].rpartition("/")[2] for d in datasets} == set(parts())
    for dataset in datasets:
        said = extras(dataset)
        assert dataset["title"]
        assert dataset["notes"]
        assert said["identifier"] == said["uri"]
        assert said["publisher_name"] == "Verein Offene Daten Musterstadt e. V."
        assert said["publisher_type"].endswith("/NonProfitOrganisation")
        assert said["contact_email"] == "daten@musterstadt.example"
        assert f"{EU}data-theme/GOVE" in json.loads(said["theme"])
        assert said["access_rights"] == f"{EU}access-right/PUBLIC"
        assert set(json.loads(said["language"])) == {f"{EU}language/DEU", f"{EU}language/ENG"}
        assert dataset["url"].startswith(f"{shown.at.url}/{plan}/daten#datensatz-")
        assert len(dataset["tags"]) >= 4
        assert all(re.fullmatch(r"[\w .-]{2,100}", tag["name"]) for tag in dataset["tags"])
        assert len({tag["name"].lower() for tag in dataset["tags"]}) == len(dataset["tags"])
        assert len(dataset["resources"]) >= 7


@pytest.mark.parametrize("profile", PROFILES)
def test_every_resource_is_what_is_served(shown: Shown, python: Path, profile: str) -> None:
    plan = shown.plan
    datasets = harvested(python, shown, f"/{plan}/catalog.rdf", profile)
    files = 0
    for resource in (resource for dataset in datasets for resource in dataset["resources"]):
        assert resource["license"].startswith("http://dcat-ap.de/def/licenses/")
        assert resource["format"].startswith(f"{EU}file-type/")
        if "download_url" not in resource:
            assert resource["access_url"] == f"{shown.at.url}/sparql"
            continue
        assert resource["download_url"].startswith(f"{shown.at.url}/{plan}/downloads/")
        answer = shown.client.get(resource["download_url"], headers={"accept-encoding": "identity"})
        assert (int(resource["size"]), resource["hash"]) == (
            len(answer.content), hashlib.sha256(answer.content).hexdigest())
        assert resource["hash_algorithm"].endswith("sha256")
        assert resource["mimetype"].endswith(answer.headers["content-type"].partition(";")[0])
        files += 1
    assert files == len(parts()) * 7 + 1


def test_every_address_gives_the_same_datasets(shown: Shown, python: Path) -> None:
    plan = shown.plan
    found = []
    for path in (f"/{plan}/catalog", f"/{plan}/catalog.jsonld", f"/{plan}/catalog.rdf"):
        datasets = harvested(python, shown, path, "euro_dcat_ap_3")
        found.append({extras(d)["uri"]: {r["uri"] for r in d["resources"]} for d in datasets})
    assert found[0] == found[1] == found[2]
    whole = harvested(python, shown, "/catalog", "euro_dcat_ap_3")
    assert set(found[0]) <= {extras(dataset)["uri"] for dataset in whole}
