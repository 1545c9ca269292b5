"""Programs of the npm registry, installed as a lock says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def install(packages: Path, folder: Path) -> None:
    """Install what the lock file in `packages` names into another folder. Fails where npm or Node is missing."""
    for program in ("node", "npm"):
        assert shutil.which(program), f"{program} is not installed (Debian: apt-get install nodejs npm)"
    for file in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(packages / file, folder)
    installed = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        capture_output=True, text=True, check=False, cwd=folder,
    )
    assert installed.returncode == 0, installed.stderr
