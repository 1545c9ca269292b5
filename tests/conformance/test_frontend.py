"""The editor is rebuilt from its sources with npm and comes out byte for byte; its grammar knows all our queries."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "site" / "frontend"
OUTPUT = ROOT / "site" / "static" / "editor"
# Prints, of the files that it is given, those in which the grammar finds an error.
PARSE = """
import { readFileSync } from "node:fs";
import { SparqlLanguage } from "codemirror-lang-sparql";
const bad = process.argv.slice(2).filter((name) => {
  let found = false;
  const tree = SparqlLanguage.parser.parse(readFileSync(name, "utf8"));
  tree.iterate({ enter: (node) => { found ||= node.type.isError; } });
  return found;
});
console.log(JSON.stringify(bad));
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Return what a program prints; its failure is that of the test, also where Node is missing."""
    if shutil.which(str(command[0])) is None:
        pytest.fail(f"{command[0]} not found; install it (Debian: apt-get install nodejs npm)")
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of sources of a fresh build; what it made lies in `../static/editor`."""
    folder = tmp_path_factory.mktemp("site") / "frontend"
    shutil.copytree(FRONTEND, folder, ignore=shutil.ignore_patterns("node_modules"))
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
    run("npm", "run", "build", cwd=folder)
    return folder


@pytest.mark.parametrize("name", ["editor.js", "LICENSES.txt"])
def test_a_build_gives_the_committed_file(rebuilt: Path, name: str) -> None:
    assert (rebuilt.parent / "static" / "editor" / name).read_bytes() == (OUTPUT / name).read_bytes()


def test_a_build_gives_the_committed_record(rebuilt: Path) -> None:
    assert (rebuilt / "built.json").read_bytes() == (FRONTEND / "built.json").read_bytes()


def test_the_grammar_finds_no_error_in_our_queries_and_one_in_a_broken_one(rebuilt: Path, tmp_path: Path) -> None:
    folders = (ROOT / folder for folder in ("site/pages", "data", "tests/fixtures"))
    queries = [str(path) for folder in folders for path in folder.rglob("*.rq")]
    assert len(queries) > 100
    broken = tmp_path / "broken.rq"
    broken.write_text("SELECT ?s WHERE { ?s a }", encoding="utf-8")
    (rebuilt / "parse.mjs").write_text(PARSE, encoding="utf-8")
    assert json.loads(run("node", "parse.mjs", *queries, str(broken), cwd=rebuilt)) == [str(broken)]
