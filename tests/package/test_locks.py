"""The locks pin every dependency with its hashes and name no place to fetch it from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"^([a-z0-9-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    return {name: version for name, version, _ in PIN.findall((ROOT / lock).read_text(encoding="utf-8"))}


def wanted(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    texts = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    texts += [text for extra in extras for text in project["project"]["optional-dependencies"][extra]]
    return {re.split(r"[^A-Za-z0-9-]", text, maxsplit=1)[0].lower() for text in texts}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_with_hashes_or_a_comment(lock: str) -> None:
    left = PIN.sub("", (ROOT / lock).read_text(encoding="utf-8"))
    assert len(pins(lock)) > 20
    assert [line for line in left.splitlines() if line.strip() and not line.lstrip().startswith("#")] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_line_names_a_place(lock: str) -> None:
    assert not re.search(r"https?:|file:|--(index|find|trusted)|[\s=]/", (ROOT / lock).read_text(encoding="utf-8"))


def test_the_locks_hold_what_the_project_asks_for() -> None:
    assert wanted() <= set(pins("requirements.txt"))
    assert wanted("test") <= set(pins("requirements-dev.txt"))


def test_the_locks_agree() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()
