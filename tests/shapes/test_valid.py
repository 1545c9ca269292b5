"""The valid case of each rule breaks none; apart from the invalid ones because each takes half a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shapes.cases import NAMES, findings


@pytest.mark.parametrize("rule", NAMES)
def test_valid(rule: str, tmp_path: Path) -> None:
    assert findings(rule, "valid", tmp_path) == []
