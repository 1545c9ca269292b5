"""feedparser, the reader of feeds in Python, reads the Atom feed of a plan without a complaint."""

from __future__ import annotations

import json
import subprocess
import venv
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urljoin

import pytest

from tests.serving import Server

FEEDPARSER: Final = "feedparser==6.0.14"
PROGRAM: Final = """import feedparser, json, sys
read = feedparser.parse(sys.argv[1])
print(json.dumps({"bozo": bool(read.bozo), "version": read.version, "status": read.status, "title": read.feed.title,
    "id": read.feed.id, "author": read.feed.author, "updated": read.feed.updated_parsed[:3],
    "links": [[one.rel, one.href] for one in read.feed.links],
    "entries": [{"id": one.id, "title": one.title, "updated": one.updated_parsed[:3], "summary": one.summary,
                 "link": one.link} for one in read.entries]}))
"""

Read = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Install feedparser in an environment of its own; gives a function that reads a feed with it."""
    folder = tmp_path_factory.mktemp("feedparser")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    installed = subprocess.run([python, "-m", "pip", "install", "--quiet", FEEDPARSER], capture_output=True, text=True,
                               check=False)
    assert installed.returncode == 0, installed.stderr

    def run(url: str) -> dict[str, Any]:
        done = subprocess.run([python, "-c", PROGRAM, url], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


def test_a_reader_of_feeds_takes_every_version(server: Server, read: Read) -> None:
    url = f"{server.url}/musterstadt/feed.atom"
    feed = read(url)
    assert (feed["bozo"], feed["version"], feed["status"]) == (False, "atom10", 200)
    assert (feed["title"], feed["updated"]) == ("Grünplan 2030 der Stadt Musterstadt", [2027, 6, 30])
    assert ["self", url] in feed["links"]
    newest, oldest = feed["entries"]
    assert newest["id"] == "https://daten.musterstadt.example/plan/releases/2027-06-30"
    assert newest["link"] == f"{server.url}/musterstadt/ausgaben/2027-06-30"
    assert newest["updated"] == [2027, 6, 30]
    assert "1 neu, 1 entfernt, 4 geändert." in newest["summary"]
    assert "1 new, 1 removed, 4 changed." in newest["summary"]
    assert "Erste Ausgabe, mit 206 Einträgen." in oldest["summary"]


def test_the_links_of_a_feed_are_answered(server: Server, read: Read) -> None:
    feed = read(f"{server.url}/kleinstadt/feed.atom")
    links = [href for _, href in feed["links"]] + [entry["link"] for entry in feed["entries"]]
    assert len(links) == 4
    for link in links:
        assert server.get(link.removeprefix(server.url)).status_code == 200


def test_a_page_leads_a_reader_to_the_feed(server: Server, read: Read) -> None:
    address = f"{server.url}/musterstadt/ausgaben/2027-06-30"
    page = server.get("/musterstadt/ausgaben/2027-06-30").text
    [href] = [part.partition('"')[0] for part in page.split('type="application/atom+xml" title="Ausgaben" href="')[1:]]
    assert read(urljoin(address, href))["version"] == "atom10"
