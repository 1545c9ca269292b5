"""README, CHANGELOG and docs are true: commands and options exist, links lead somewhere, the version is right."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.serving import Server
from wir2graph import __version__

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=[document.name for document in DOCUMENTS])


def code(document: Path) -> str:
    """Return what a document sets as code, blocks and spans, a line each."""
    found = re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", document.read_text(encoding="utf-8"), re.DOTALL)
    return "\n".join(block or span for block, span in found)


@cache
def options(command: str) -> set[str]:
    """Return the options that a command of wir2graph knows; its help fails when there is no such command."""
    shown = subprocess.run(
        [sys.executable, "-m", "wir2graph", command, "--help"], capture_output=True, text=True, check=True,
        env={"COLUMNS": "200", "TERM": "dumb"},
    )
    return set(re.findall(r"--[a-z][a-z-]*", shown.stdout))


def test_there_are_documents() -> None:
    assert {"README.md", "CHANGELOG.md", "staff.md", "researchers.md", "portals.md", "data.md", "publishing.md"} <= {
        document.name for document in DOCUMENTS}


@every_document
def test_each_make_target_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", code(document))) <= targets


@every_document
def test_each_command_and_option_exists(document: Path) -> None:
    for command, rest in re.findall(r"\bwir2graph ([a-z]+)([^\n]*)", code(document)):
        assert set(re.findall(r"--[a-z][a-z-]*", rest)) <= options(command), command


@every_document
def test_each_link_leads_to_a_file(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (document.parent / target).exists(), target


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == __version__


def test_each_address_that_the_documents_show_answers(shipped_server: Server) -> None:
    address = re.compile(r"(?<![\w.])(/(?:en/)?hannover/[^\s`)\"<]*)")
    shown = {path for document in DOCUMENTS for path in address.findall(code(document))}
    assert len(shown) >= 10
    for path in sorted(shown):
        assert shipped_server.get(path).status_code in (200, 303), path
