"""Programs of the Python package index, installed in pinned versions into an environment of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def install(folder: Path, *packages: str) -> Path:
    """Install packages (`name==version`) into a new environment in a folder, and return its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
        capture_output=True, text=True, check=False,
    )
    assert installed.returncode == 0, installed.stderr
    return python
