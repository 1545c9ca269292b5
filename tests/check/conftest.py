"""What tests of the check share: the fictional plans, free to be edited, and their texts in one folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from wir2graph.plan import Workspace

Edit = Callable[[str, str, str], None]


@pytest.fixture
def copy(workspace: Workspace, tmp_path: Path) -> Workspace:
    """The fictional plans, free to be edited: without their histories, from which every edit would differ."""
    data = shutil.copytree(workspace.data, tmp_path / "data", ignore=shutil.ignore_patterns("releases"))
    return replace(workspace, data=Path(data))


@pytest.fixture
def edit(copy: Workspace) -> Edit:
    """Replace the first occurrence of a text in a file of the copy."""
    def replace_in(file: str, old: str, new: str) -> None:
        path = copy.data / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace_in


@pytest.fixture
def texts(copy: Workspace, tmp_path: Path) -> Path:
    """The source texts of all fictional plans in one folder, free to be edited."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for text in copy.data.glob("*/texts/*.txt"):
        shutil.copy(text, folder)
    return folder
