"""The tables and their metadata (CSV on the Web), read by PyPI's `csvw` on a running site as the metadata say."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest

from tests.conformance.pip import install
from tests.sites import Site
from wir2graph.downloads import METADATA, parts

# Reads each table as its metadata say; what is wrong with a cell raises, and the number of rows is printed.
PROGRAM = """
import json, sys
from csvw import TableGroup
group = TableGroup.from_file(sys.argv[1])
found = {}
for table in group.tables:
    rows = list(table.iterdicts(strict=True))
    found[str(table.url)] = [len(rows), len(table.tableSchema.columns)]
group.check_referential_integrity()
print(json.dumps(found))
"""


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("csvw"), "csvw==4.1.1")


def load(site: Site, name: str, folder: Path) -> Path:
    """Load the metadata of a dataset, and what they refer to, into a folder."""
    base = f"/{site.plan}/downloads"
    document = site.server.get(f"{base}/{name}.{METADATA}")
    (folder / f"{name}.{METADATA}").write_bytes(document.content)
    for table in document.json()["tables"]:
        answer = site.server.get(f"{base}/{table['url']}")
        assert f'<{name}.{METADATA}>; rel="describedby"; type="application/csvm+json"' in answer.headers["link"]
        (folder / table["url"]).write_bytes(answer.content)
    return folder / f"{name}.{METADATA}"


@pytest.mark.parametrize("name", list(parts()))
def test_every_table_is_as_its_metadata_say(site: Site, python: Path, name: str, tmp_path: Path) -> None:
    metadata = load(site, name, tmp_path)
    done = subprocess.run([python, "-c", PROGRAM, metadata], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == {f"{name}.csv", f"{name}.en.csv"}
    for file, (rows, columns) in found.items():
        table = list(csv.reader(io.StringIO((tmp_path / file).read_bytes().decode(), newline="")))
        assert (rows, columns) == (len(table) - 1, len(table[0]))
        assert rows > 0


def test_a_cell_that_is_not_as_the_metadata_say_is_found(site: Site, python: Path, tmp_path: Path) -> None:
    metadata = load(site, "massnahmen", tmp_path)
    table = tmp_path / "massnahmen.csv"
    rows = list(csv.reader(io.StringIO(table.read_bytes().decode(), newline="")))
    rows[1][rows[0].index("nummer")] = "eins"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    done = subprocess.run([python, "-c", PROGRAM, metadata], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "nummer: Invalid value" in done.stderr
