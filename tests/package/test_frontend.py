"""The built editor is what its sources were last built into: neither was edited without the other."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "site" / "frontend"
OUTPUT = ROOT / "site" / "static" / "editor"
BUILT = json.loads((FRONTEND / "built.json").read_text(encoding="utf-8"))
REBUILD = "edited without `make frontend`"


def hashes(folder: Path, files: list[Path]) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_sources_are_those_it_was_built_from() -> None:
    sources = [FRONTEND / name for name in ("build.mjs", "package.json", "package-lock.json", "tsconfig.json")]
    sources += (FRONTEND / "src").iterdir()
    assert len(sources) > 8
    assert hashes(FRONTEND, sources) == BUILT["sources"], REBUILD


def test_the_files_are_those_that_were_built() -> None:
    assert hashes(OUTPUT, list(OUTPUT.iterdir())) == BUILT["outputs"], REBUILD
    assert set(BUILT["outputs"]) == {"editor.js", "LICENSES.txt"}


def test_every_package_is_pinned_and_the_lock_names_no_place() -> None:
    lock = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(lock)["packages"]
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    wanted = package["devDependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert "codemirror" not in wanted
    assert all(entry["integrity"].startswith("sha512-") for name, entry in packages.items() if name)
    assert not re.search(r"https?://|\"resolved\"", re.sub(r'"(url|funding)": .*', "", lock))


def test_the_licence_of_every_package_lies_beside_it() -> None:
    texts = (OUTPUT / "LICENSES.txt").read_text(encoding="utf-8")
    told = dict(re.findall(r"^(@?[a-z0-9/-]+) (\d[\d.]+) \(MIT\)\n\n(?=MIT License|Copyright)", texts, re.MULTILINE))
    packages = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert len(told) == texts.count("-" * 80) >= 10
    assert all(packages[f"node_modules/{name}"]["version"] == version for name, version in told.items())
    assert "LICENSES.txt" in (ROOT / "site" / "static" / "THIRD-PARTY.md").read_text(encoding="utf-8")
