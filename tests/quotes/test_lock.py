"""The lock: what the texts prove is written once, and any quote beside it is told with its place."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wir2graph.findings import InputError
from wir2graph.quotes import Lock, Quote, make_lock, read_lock, verify_lock, verify_sources, write_lock

TEXT = "Kontakt in der Ver-\nwaltung: Bereich Gärten (7.1)\n"
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texte"
    folder.mkdir()
    (folder / "heft.txt").write_bytes(TEXT.encode())
    return folder


def quote(text: str, line: int = 4, source: str = "heft", digest: str | None = DIGEST) -> Quote:
    evidence = f"https://a.example/id/beleg/{line}"
    return Quote(evidence, source, text, "musterstadt/heft/belege.ttl", line, digest)


def test_proved_quotes_pass_both_checks(texts: Path) -> None:
    quotes = [quote("Kontakt in der Verwaltung"), quote("Bereich Gärten (7.1)", 9)]
    assert verify_sources(quotes, texts) == []
    assert verify_lock(quotes, make_lock(quotes, texts, "quotes.lock")) == []


def test_a_quote_the_text_does_not_hold_is_told_with_file_and_line(texts: Path) -> None:
    wrong = quote("Bereich Garten (7.1)", 12)
    (finding,) = verify_sources([quote("Bereich Gärten"), wrong], texts)
    assert (finding.rule, finding.subject, finding.file, finding.line) == (
        "QuoteNotInSource", wrong.evidence, "musterstadt/heft/belege.ttl", 12)
    assert "Bereich Garten (7.1)" in finding.message_de
    assert "Bereich Garten (7.1)" in finding.message_en
    (finding,) = verify_lock([wrong], make_lock([wrong], texts, "quotes.lock"))
    assert finding.rule == "QuoteNotLocked"


def test_a_changed_quote_is_not_locked_and_leaves_its_entry_unused(texts: Path, tmp_path: Path) -> None:
    write_lock(tmp_path / "quotes.lock", make_lock([quote("Bereich Gärten")], texts, "x"))
    lock = read_lock(tmp_path / "quotes.lock", "musterstadt/quotes.lock")
    findings = {finding.rule: finding for finding in verify_lock([quote("Bereich Gärten (7.1)")], lock)}
    assert set(findings) == {"QuoteNotLocked", "QuoteLockUnused"}
    unused = findings["QuoteLockUnused"]
    assert unused.file == "musterstadt/quotes.lock"
    assert unused.line is not None
    written = (tmp_path / "quotes.lock").read_text(encoding="utf-8").splitlines()
    assert written[unused.line - 1].startswith("quote\theft\t")


def test_a_source_without_quotes_leaves_its_text_unused(texts: Path) -> None:
    (finding,) = verify_lock([], Lock("quotes.lock", {"heft": DIGEST}))
    assert (finding.rule, finding.file) == ("QuoteLockUnused", "quotes.lock")


@pytest.mark.parametrize("digest", [None, "0" * 64])
def test_the_digest_in_the_data_must_be_that_of_the_text(texts: Path, digest: str | None) -> None:
    quotes = [quote("Bereich Gärten", digest=digest)]
    assert [finding.rule for finding in verify_sources(quotes, texts)] == ["TextDigest"]
    lock = make_lock(quotes, texts, "quotes.lock")
    assert [finding.rule for finding in verify_lock(quotes, lock)] == ["TextDigest"]


def test_a_missing_text_is_told_once_with_the_name_expected(texts: Path) -> None:
    (finding,) = verify_sources([quote("Eins", source="blatt"), quote("Zwei", 7, source="blatt")], texts)
    assert finding.rule == "SourceTextMissing"
    assert "blatt.txt" in finding.message_de


def test_a_text_that_is_not_utf8_is_told(texts: Path) -> None:
    (texts / "heft.txt").write_bytes("Gärten".encode("latin-1"))
    assert [finding.rule for finding in verify_sources([quote("Gärten")], texts)] == ["SourceTextMissing"]


def test_without_a_lock_file_nothing_is_locked(tmp_path: Path) -> None:
    lock = read_lock(tmp_path / "quotes.lock", "musterstadt/quotes.lock")
    assert [finding.rule for finding in verify_lock([quote("Bereich Gärten")], lock)] == ["QuoteNotLocked"]


@pytest.mark.parametrize(
    "line", ["quote heft 3 abc", "quote\theft\t-1\t" + "a" * 64, "text\theft\t" + "A" * 64, "<<<<<<< ours"],
)
def test_a_line_that_is_no_entry_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "quotes.lock").write_text(f"# Kopf\n\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_lock(tmp_path / "quotes.lock", "musterstadt/quotes.lock")
    (finding,) = caught.value.findings
    assert (finding.rule, finding.file, finding.line) == ("QuoteLockSyntax", "musterstadt/quotes.lock", 3)


_DIGESTS = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
_SOURCES = st.from_regex(r"[a-z0-9][a-z0-9.-]{0,8}", fullmatch=True)


_PLACES = st.dictionaries(_DIGESTS, st.integers(0, 10**7), max_size=4)


@given(st.dictionaries(_SOURCES, st.tuples(_DIGESTS, _PLACES), max_size=3))
def test_a_lock_is_read_as_it_was_written_and_its_bytes_do_not_depend_on_order(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, tuple[str, dict[str, int]]],
) -> None:
    path = tmp_path_factory.mktemp("lock") / "quotes.lock"
    offsets = {
        (source, digest): place for source, (_, places) in content.items() for digest, place in places.items()
    }
    texts = {source: digest for source, (digest, _) in content.items()}
    write_lock(path, Lock("x", texts, offsets))
    first = path.read_bytes()
    read = read_lock(path, "x")
    assert (dict(read.texts), dict(read.offsets)) == (texts, offsets)
    write_lock(path, Lock("x", dict(reversed(texts.items())), dict(reversed(offsets.items()))))
    assert path.read_bytes() == first
