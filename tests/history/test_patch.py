"""RDF Patch files: what is written is read again, the same bytes each time; what is broken is told by file and line."""

from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from tests.history.strategies import quads
from wir2graph.findings import Finding, InputError
from wir2graph.history.patch import Head, Patch, read_head, read_patch, write_patch

HEAD = Head("https://daten.example/releases/2", "https://daten.example/releases/1", "ab" * 32)
GOOD = f"""H id <{HEAD.iri}> .
H prev <{HEAD.previous}> .
H digest "{HEAD.digest}" .
TX .
D <a:a> <a:p> "ä\\n" <a:g> .
A <a:a> <a:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <a:g> .
TC .
"""


def finding(text: str | bytes, folder: Path) -> Finding:
    file = folder / "2.rdfp.gz"
    file.write_bytes(gzip.compress(text.encode()) if isinstance(text, str) else text)
    with pytest.raises(InputError) as raised:
        read_patch(file, "plan/releases/2.rdfp.gz")
    [found] = raised.value.findings
    assert found.file == "plan/releases/2.rdfp.gz"
    return found


@settings(deadline=None, max_examples=60)
@given(quads, quads)
def test_what_is_written_is_read_again_and_always_the_same_bytes(
    deleted: frozenset[ox.Quad], added: frozenset[ox.Quad],
) -> None:
    patch = Patch(HEAD, deleted, added)
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name / "2.rdfp.gz" for name in ("x", "y")]
        for file in files:
            write_patch(file, patch)
            assert read_patch(file, "2") == patch
            assert read_head(file, "2") == HEAD
            assert [path.name for path in file.parent.iterdir()] == ["2.rdfp.gz"]
        assert files[0].read_bytes() == files[1].read_bytes()


def test_the_file_is_rdf_patch_in_order(tmp_path: Path) -> None:
    file = tmp_path / "2.rdfp.gz"
    file.write_bytes(gzip.compress(GOOD.encode()))
    patch = read_patch(file, "2")
    assert [len(patch.deleted), len(patch.added)] == [1, 1]
    write_patch(file, patch)
    assert gzip.decompress(file.read_bytes()).decode() == GOOD
    assert file.read_bytes()[4:8] == b"\0\0\0\0", "the time of writing is in the file"


@pytest.mark.parametrize(("broken", "rule", "line"), [
    (GOOD.replace("TX .", "TX"), "HistoryBroken", 4),
    (GOOD.replace("H id", "H name"), "HistoryBroken", 1),
    (GOOD.replace('"abab', '"xbab'), "HistoryBroken", 3),
    (GOOD.replace("A <a:a>", "X <a:a>"), "HistoryBroken", 6),
    (GOOD.replace("A <a:a> <a:p>", "A <a:a> a:p"), "RDFPatchSyntax", 6),
    (GOOD.replace("D <a:a>", "D <a a>"), "RDFPatchSyntax", 5),
    (GOOD.replace("TC .\n", ""), "HistoryBroken", 7),
    ("", "HistoryBroken", 1),
])
def test_a_broken_file_is_told_by_its_line(broken: str, rule: str, line: int, tmp_path: Path) -> None:
    found = finding(broken, tmp_path)
    assert (found.rule, found.line, found.severity) == (rule, line, "violation")
    assert "itte" in found.message_de


@pytest.mark.parametrize("broken", [
    b"", b"no gzip", gzip.compress(GOOD.encode(), mtime=0)[:-20], gzip.compress(b"\xff", mtime=0),
])
def test_a_file_that_is_cut_or_no_gzip_is_told(broken: bytes, tmp_path: Path) -> None:
    assert finding(broken, tmp_path).rule in ("HistoryUnreadable", "HistoryBroken")


def test_a_blank_node_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    blank = ox.Quad(ox.BlankNode("b"), ox.NamedNode("a:p"), ox.Literal("x"), ox.NamedNode("a:g"))
    with pytest.raises(ValueError, match="blank node"):
        write_patch(tmp_path / "2.rdfp.gz", Patch(HEAD, frozenset(), frozenset([blank])))
    assert list(tmp_path.iterdir()) == []
