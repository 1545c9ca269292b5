"""A build gives the same release twice, switches in one step, and leaves the last good one when it fails."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import replace
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pyoxigraph as ox
import pytest

from wir2graph import release
from wir2graph.check import check
from wir2graph.compress import SMALLEST, compressible, read_codings, write_codings
from wir2graph.findings import Finding, InputError
from wir2graph.operator import Operator
from wir2graph.plan import Workspace
from wir2graph.release import BuildResult, Release
from wir2graph.represent import files as files_of


def unchecked(_: object) -> list[Finding]:
    return []


@pytest.fixture
def copied(workspace: Workspace, tmp_path: Path) -> Workspace:
    data = tmp_path / "data"
    shutil.copytree(workspace.data, data)
    return replace(workspace, data=data)


def build(workspace: Workspace, state: Path) -> BuildResult:
    return release.build(workspace, state, unchecked)


def opened(state: Path) -> Release:
    folder = release.current(state)
    assert folder is not None
    return release.open_release(folder, Operator())


def some_turtle(workspace: Workspace) -> Path:
    return next(path for path in sorted(workspace.data.glob("*/*/*.ttl")) if path.parent.name != "redaktion")


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_data_gives_the_same_digest_and_the_same_dumps(copied: Workspace, tmp_path: Path) -> None:
    first, second = build(copied, tmp_path / "1"), build(copied, tmp_path / "2")
    assert first.digest == second.digest
    assert first.folder is not None
    assert second.folder is not None
    assert first.folder.name == second.folder.name
    dumps = files(first.folder / "dumps")
    assert dumps == files(second.folder / "dumps")
    assert len(dumps) >= 6


def test_the_digest_is_that_of_the_published_quads(copied: Workspace, tmp_path: Path) -> None:
    import hashlib

    only = copied.data / "musterstadt"
    for other in [f for f in copied.data.iterdir() if f != only]:
        shutil.rmtree(other) if other.is_dir() else other.unlink()
    result = build(copied, tmp_path / "state")
    assert result.folder is not None
    lines = (result.folder / "dumps" / "musterstadt" / "musterstadt.nq").read_bytes()
    assert hashlib.sha256(b"".join(sorted(lines.splitlines(keepends=True)))).hexdigest() == result.digest


def test_building_again_without_a_change_is_no_new_release(copied: Workspace, tmp_path: Path) -> None:
    state = tmp_path / "state"
    first = build(copied, state)
    assert first.folder is not None
    written = (first.folder / "manifest.json").stat().st_mtime_ns
    assert build(copied, state).folder == first.folder
    assert (first.folder / "manifest.json").stat().st_mtime_ns == written
    assert len(list((state / "releases").iterdir())) == 1


def test_a_change_gives_a_new_release_and_the_old_one_can_still_be_read(copied: Workspace, tmp_path: Path) -> None:
    state = tmp_path / "state"
    build(copied, state)
    old = opened(state)
    file = some_turtle(copied)
    added = '\n<http://new.example/x> <http://new.example/p> "neu"@de .\n'
    file.write_text(file.read_text(encoding="utf-8") + added, encoding="utf-8")
    result = build(copied, state)
    new = opened(state)
    try:
        assert new.digest == result.digest != old.digest
        query = "ASK { <http://new.example/x> ?p ?o }"
        assert [bool(r.store.select(f"SELECT ?p WHERE {{ {query[6:-2]} }}")) for r in (old, new)] == [False, True]
    finally:
        old.close()
        new.close()


def test_broken_turtle_leaves_the_last_good_release(copied: Workspace, tmp_path: Path) -> None:
    state = tmp_path / "state"
    good = build(copied, state).folder
    some_turtle(copied).write_text("@prefix a: <http://a.example/> .\na:b a:c .\n", encoding="utf-8")
    with pytest.raises(InputError):
        build(copied, state)
    assert release.current(state) == good


def test_a_violation_leaves_the_last_good_release_and_is_told(copied: Workspace, tmp_path: Path) -> None:
    state = tmp_path / "state"
    good = build(copied, state).folder
    finding = Finding("Rule", None, None, None, None, "falsch", "wrong")
    result = release.build(copied, state, lambda _: [finding])
    assert result.folder is None
    assert result.findings == (finding,)
    assert release.current(state) == good


def test_a_warning_does_not_forbid_a_release(copied: Workspace, tmp_path: Path) -> None:
    warning = Finding("Rule", None, None, None, None, "fehlt", "missing", "warning")
    assert release.build(copied, tmp_path, lambda _: [warning]).folder is not None


def test_only_the_newest_releases_are_kept(copied: Workspace, tmp_path: Path) -> None:
    file = some_turtle(copied)
    text = file.read_text(encoding="utf-8")
    state = tmp_path / "state"
    for number in range(release.KEPT_RELEASES + 2):
        file.write_text(f'{text}\n<http://new.example/x> <http://new.example/p> "{number}"@de .\n', encoding="utf-8")
        last = build(copied, state).folder
    assert len(list((state / "releases").iterdir())) == release.KEPT_RELEASES
    assert release.current(state) == last


def test_a_failed_write_leaves_no_remains(copied: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("wir2graph.represent.dump.write", fail)
    with pytest.raises(OSError, match="disk full"):
        build(copied, tmp_path / "state")
    assert list((tmp_path / "state" / "releases").iterdir()) == []


def test_the_fictional_plans_are_clean(workspace: Workspace) -> None:
    from wir2graph.dataset import load

    assert check(load(workspace), workspace) == []


def test_a_release_has_each_graph_and_the_default_graph_apart(release: Release) -> None:
    graphs = {str(row["g"])[1:-1] for row in release.store.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")}
    assert {"https://w3id.org/wir2graph/def", "https://w3id.org/wir2graph/shapes"} < graphs
    assert not release.store.select("SELECT ?s WHERE { ?s a <http://www.w3.org/2002/07/owl#Ontology> }")
    for plan in release.plans:
        assert {plan.graph("redaktion"), plan.graph("abgeleitet")} < graphs


def test_every_address_is_found_under_its_resource_and_gives_bytes(release: Release) -> None:
    from wir2graph.represent import represent

    addresses = release.addresses()
    assert {a.kind for a in addresses.values()} == {
        "page", "table", "data", "dump", "vocabulary", "service", "completions", "calendar", "feed", "atom",
        "download", "catalogue", "void", "sitemap", "linkset", "quality"}
    for path, address in addresses.items():
        assert path == address.path
        assert address in release.alternates(address.resource)
        shown = represent(release, address)
        assert shown.body or address.kind == "download", "only a dataset of which a plan has nothing is an empty graph"
        assert shown.media_type == address.media_type
        assert shown == represent(release, address)


def test_the_dumps_hold_what_the_store_answers(release: Release) -> None:
    plan = release.plan("musterstadt")
    dump = (release.folder / "dumps" / plan.slug / f"{plan.slug}.nt").read_bytes()
    flat = {quad.triple for quad in ox.parse(dump, format=ox.RdfFormat.N_TRIPLES)}
    inside = {
        ox.Triple(row["s"], row["p"], row["o"])  # type: ignore[arg-type]
        for row in release.store.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
    }
    assert flat <= inside
    assert len(flat) > 100


def test_the_files_of_a_release_have_their_compressed_forms_beside_them(release: Release) -> None:
    large = {
        file for file, media_type in files_of(release)
        if compressible(media_type) and file.stat().st_size >= SMALLEST
    }
    assert len(large) > 50
    for file in large:
        coded = read_codings(file)
        assert brotli.decompress(coded["br"]) == gzip.decompress(coded["gzip"]) == file.read_bytes(), file.name
    small = {file for file, _ in files_of(release)} - large
    assert small
    assert not any(read_codings(file) for file in small)


def test_files_of_the_same_content_share_their_compressed_forms(tmp_path: Path) -> None:
    body = b"Gr\xc3\xbcnplan " * 1000
    (tmp_path / "one.nt").write_bytes(body)
    (tmp_path / "two.nt").write_bytes(body)
    write_codings([(tmp_path / name, "application/n-triples") for name in ("one.nt", "two.nt")])
    for ending in (".br", ".gz"):
        assert (tmp_path / f"one.nt{ending}").samefile(tmp_path / f"two.nt{ending}")
