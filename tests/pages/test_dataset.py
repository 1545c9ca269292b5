"""What search engines for data read: schema.org, as Google asks for it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.pages.document import parse
from wir2graph.operator import Operator
from wir2graph.pages.dataset import describe
from wir2graph.release import Release
from wir2graph.represent import represent

BASE = "https://offen.example/daten"
DATASET = "https://daten.musterstadt.example/plan/id/datensatz/gesamt"


@pytest.fixture(scope="module")
def public(release: Release) -> Release:
    operator = Operator(public_url=BASE, name="Verein", homepage="https://verein.example/")
    return replace(release, operator=operator, base_url=BASE)


def told(release: Release, path: str) -> dict[str, dict[str, Any]]:
    document = parse(represent(release, release.addresses()[path]).body.decode())
    found = [json.loads(script.text()) for script in document.find("script", type="application/ld+json")]
    assert all(item["@context"] == "https://schema.org" for item in found)
    return {item["@type"]: item for item in found}


@pytest.mark.parametrize(("path", "language"), [
    ("/musterstadt/", "de"), ("/en/musterstadt/", "en"), ("/musterstadt/daten", "de"), ("/en/musterstadt/daten", "en"),
])
def test_a_landing_page_tells_of_its_dataset(public: Release, path: str, language: str) -> None:
    dataset, plan = told(public, path)["Dataset"], public.plan("musterstadt")
    assert dataset["@id"] == dataset["identifier"] == DATASET
    assert dataset["name"] == plan.title[language]
    assert 50 <= len(dataset["description"]) <= 5000
    assert dataset["license"] == plan.licence
    assert dataset["version"] == dataset["dateModified"] == "2027-06-30"
    assert dataset["creator"] == dataset["publisher"] == {
        "@type": "Organization", "name": "Verein", "url": "https://verein.example/",
    }
    assert dataset["spatialCoverage"]["name"] in ("Stadt Musterstadt", "City of Musterstadt")
    assert dataset["url"] == f"{BASE}{'' if language == 'de' else '/en'}/musterstadt/daten"
    first, last = dataset["temporalCoverage"].split("/")
    assert "2020-01-01" < first < last < "2040-01-01"
    assert len(dataset["keywords"]) == 2
    files = {file["contentUrl"].removeprefix(BASE): file["encodingFormat"] for file in dataset["distribution"]}
    assert len(files) >= 6
    for address, media_type in files.items():
        assert public.addresses()[address].media_type.startswith(media_type)


def test_the_start_page_tells_of_the_catalogue_that_the_dataset_names(public: Release) -> None:
    found = told(public, "/musterstadt/")
    assert found["DataCatalog"]["@id"] == found["Dataset"]["includedInDataCatalog"]["@id"]
    assert found["DataCatalog"]["dataset"]["@id"] == DATASET
    assert found["DataCatalog"]["url"] == f"{BASE}/musterstadt/"
    assert set(told(public, "/musterstadt/daten")) == {"WebPage", "Dataset"}


def test_other_pages_tell_of_no_dataset(public: Release) -> None:
    for path in ("/musterstadt/massnahmen", "/musterstadt/massnahme/gruenplan-raeume-1", "/hilfe", "/"):
        assert not {"Dataset", "DataCatalog"} & set(told(public, path))


def test_without_an_operator_nobody_has_made_it(release: Release) -> None:
    assert not {"creator", "publisher"} & set(told(release, "/musterstadt/daten")["Dataset"])


@pytest.mark.parametrize(("said", "least"), [("", 50), ("Kurz.", 50), ("Wort " * 2000, 4900)])
def test_a_description_has_a_length_that_is_taken(release: Release, said: str, least: int) -> None:
    text = describe(said.strip(), release.plan("musterstadt"), "de")
    assert least <= len(text) <= 5000
    assert text.startswith(said[:20].strip())
