"""An export without a server: every address has its file, the same release the same files, and nothing by halves."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from tests import serving
from wir2graph import export as exports
from wir2graph.compress import ENDINGS, SMALLEST
from wir2graph.export import Refused, export
from wir2graph.export.entries import read_entries
from wir2graph.export.files import Written, file_of
from wir2graph.export.links import ABOVE, NAME, parts, template
from wir2graph.operator import Operator
from wir2graph.release import Release, current, open_release
from wir2graph.represent import represent
from wir2graph.represent.static import StaticFiles, represent_file
from wir2graph.web.directory import read_directory
from wir2graph.web.http import links_field

PUBLIC = Operator(public_url="https://daten.musterstadt.example/plan")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("settings") / "operator.toml"
    file.write_text(f'public_url = "{PUBLIC.public_url}"\n', encoding="utf-8")
    os.utime(file, (10**9, 10**9))  # long before the release
    return file


@pytest.fixture(scope="module")
def folder(state: Path, settings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export") / "out"
    serving.export(state, settings, out)
    return out


@pytest.fixture(scope="module")
def public(state: Path) -> Iterator[Release]:
    """The release as its operator shows it."""
    place = current(state)
    assert place is not None
    opened = open_release(place, PUBLIC)
    yield opened
    opened.close()


def files_of(folder: Path) -> dict[str, str]:
    """Return what lies in a folder: a hash of each file."""
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in folder.rglob("*") if file.is_file()}


def test_every_address_has_its_file(public: Release, folder: Path) -> None:
    compared, expected = Counter[str](), set[str]()
    for address in public.addresses().values():
        file = folder / "files" / file_of(address.path, page=address.kind == "page")
        shown = represent(public, address)
        assert file.read_bytes() == shown.body, address.path
        assert file.stat().st_mtime == shown.last_modified.timestamp()
        compared[address.kind] += 1
        expected.add(file.relative_to(folder / "files").as_posix())
    for path in StaticFiles(public.site / "static").addresses():
        found = StaticFiles(public.site / "static").find(path)
        assert found is not None
        file = folder / "files" / file_of(path, page=False)
        assert file.read_bytes() == represent_file(found[0]).body
        expected.add(file.relative_to(folder / "files").as_posix())
    assert min(compared[kind] for kind in ("page", "table", "data")) >= 50, compared
    assert min(compared[kind] for kind in ("dump", "vocabulary", "service", "completions")) >= 1, compared
    there = {name for name in files_of(folder / "files") if not name.endswith(tuple(ENDINGS.values()))}
    assert {name for name in there if not name.startswith(".problems/")} == expected


def test_compressed_forms_lie_beside_what_is_worth_it(folder: Path) -> None:
    compressed = 0
    for name in files_of(folder / "files"):
        file = folder / "files" / name
        if name.endswith((".html", ".ttl", ".css")) and not name.startswith(".problems/"):
            beside = [file.with_name(file.name + ending) for ending in (".gz", ".br")]
            assert all(other.exists() == (file.stat().st_size >= SMALLEST) for other in beside), name
            if beside[0].exists():
                assert gzip.decompress(beside[0].read_bytes()) == file.read_bytes()
                assert brotli.decompress(beside[1].read_bytes()) == file.read_bytes()
                assert {other.stat().st_mtime for other in beside} == {file.stat().st_mtime}
                compressed += 1
    assert compressed > 100


def test_the_same_release_gives_the_same_files_in_the_place_of_the_earlier_ones(
    state: Path, settings: Path, folder: Path,
) -> None:
    first = files_of(folder)
    (folder / "files" / "musterstadt" / "zu-viel.html").write_text("von früher")
    serving.export(state, settings, folder)
    assert files_of(folder) == first
    assert len(first) > 500
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]


def test_it_tells_what_it_is_made_from(public: Release, folder: Path) -> None:
    told = json.loads((folder / exports.MARK).read_text(encoding="utf-8"))
    assert told["digest"] == public.digest
    assert told["public_url"] == PUBLIC.public_url
    assert told["addresses"] == len(public.addresses())


def test_later_settings_change_the_time_of_the_files(state: Path, tmp_path: Path) -> None:
    settings = tmp_path / "operator.toml"
    settings.write_text('public_url = "https://a.example"\n', encoding="utf-8")
    later = 4 * 10**9
    os.utime(settings, (later, later))
    serving.export(state, settings, tmp_path / "out")
    assert (tmp_path / "out" / "files" / "musterstadt" / "index.html").stat().st_mtime == later


@pytest.mark.parametrize("given", [[], ["--operator"]])
def test_without_the_public_address_it_says_what_to_do(state: Path, tmp_path: Path, given: list[str]) -> None:
    (tmp_path / "operator.toml").write_text('name = "Verein"\n', encoding="utf-8")
    options: list[str | Path] = [*given, tmp_path / "operator.toml"] if given else []
    command: list[str | Path] = [*serving.PROGRAM, "export", tmp_path / "out", "--state", state, *options]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "`public_url`" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_of_something_else_is_refused(state: Path, tmp_path: Path) -> None:
    place = current(state)
    assert place is not None
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "brief.txt").write_text("wichtig")
    with pytest.raises(Refused, match="kein früherer Export"):
        export(place, PUBLIC, tmp_path / "out")
    assert files_of(tmp_path).keys() == {"out/brief.txt"}


def test_what_fails_leaves_the_earlier_export(state: Path, tmp_path: Path, folder: Path) -> None:
    place = current(state)
    assert place is not None
    broken = Path(shutil.copytree(place, tmp_path / "broken"))
    (broken / "site" / "pages" / "law" / "page.html").write_text("{{ nichts.da }}")
    out = Path(shutil.copytree(folder, tmp_path / "out"))
    with pytest.raises(Exception, match="undefined"):
        export(broken, PUBLIC, out)
    assert files_of(out) == files_of(folder)
    assert {entry.name for entry in tmp_path.iterdir()} == {"broken", "out"}


@pytest.mark.parametrize(("path", "page", "file"), [
    ("/x/massnahmen", True, "x/massnahmen.html"), ("/x/", True, "x/index.html"), ("/", True, "index.html"),
    ("/x/oe/18.63", True, "x/oe/18.63.html"), ("/x/oe/18.csv", True, "x/oe/18.csv.html"),
    ("/x/data/oe/18.lsbtiq.ttl", False, "x/data/oe/18.lsbtiq.ttl"), ("/x/büro", True, "x/büro.html"),
])
def test_where_the_file_of_an_address_lies(path: str, page: bool, file: str) -> None:
    assert file_of(path, page=page) == file


@pytest.mark.parametrize("path", ["/x/../y", "/x//y", "/./x", "/x/..", "/x/\0"])
def test_no_file_lies_outside_of_the_folder(path: str) -> None:
    with pytest.raises(ValueError, match="no file"):
        file_of(path, page=True)


@pytest.mark.parametrize(("path", "expected"), [
    ("/x/data/oe/18.63.ttl", ("oe", "18.63")), ("/x/oe/18.lsbtiq", ("oe", "18.lsbtiq")), ("/x/oe/18.csv", ("oe", "18")),
    ("/x/", ("x", "")), ("/def", ("", "def")), ("/def.jsonld", ("", "def")), ("/", ("", "")),
])
def test_the_last_two_segments_of_a_path(path: str, expected: tuple[str, str]) -> None:
    assert parts(path) == expected


def test_links_become_templates_that_give_them_back(public: Release) -> None:
    seen, templates = 0, set[str]()
    for address in public.addresses().values():
        links = links_field(represent(public, address), address.path, PUBLIC.public_url)
        short = template(address.path, links)
        above, name = (part.encode().decode() for part in parts(address.path))
        if (above + name).isascii():
            assert short.replace(ABOVE, above).replace(NAME, name) == links
        templates.add(short)
        seen += 1
    assert len(templates) < seen / 3


def test_every_path_that_is_answered_is_known(public: Release) -> None:
    written = [Written(a.path, "text/html; charset=utf-8", a.language, "", 1) for a in public.addresses().values()]
    directory = read_directory(public)
    entries = read_entries(public, directory, written)
    assert {*(entry.path for entry in entries.entries), *entries.known} >= set(directory.paths())
    kinds = Counter(entry.kind for entry in entries.entries)
    assert kinds.keys() == {"page", "either", "data", "thing", "alias", "gone"}
    assert len(entries.menus) < 20


def test_the_configuration_names_every_address_and_no_machine(folder: Path, public: Release) -> None:
    maps = (folder / "nginx" / "maps.conf").read_text(encoding="utf-8")
    for path in public.addresses():
        assert f'"{path}"' in maps
    assert not re.search(r"@[A-Z_]+@", maps + (folder / "nginx" / "server.conf").read_text(encoding="utf-8"))
    assert str(folder) not in maps
    assert f'root "{folder}/files";' in (folder / "nginx.conf").read_text(encoding="utf-8")
