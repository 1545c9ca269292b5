"""A release as a folder of files that a web server can serve without the program.

    <folder>/export.json     what it is made from
             files/          a file for every address, compressed forms beside it; .problems/ for the rest
             nginx/          maps.conf and server.conf, to be included
             nginx.conf      a whole site that includes them

The folder is written beside its place and then moved there: it is whole, or nothing has changed.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from wir2graph import __version__
from wir2graph.export import nginx
from wir2graph.export.entries import read_entries
from wir2graph.export.files import Job, Written, write_all, writers
from wir2graph.export.problems import problem_files
from wir2graph.operator import Operator
from wir2graph.pages.index import LANGUAGES
from wir2graph.release import Release, open_release
from wir2graph.represent.static import StaticFiles
from wir2graph.urls import ENDPOINT, localised
from wir2graph.web.choosing import parameters_of
from wir2graph.web.directory import read_directory

MARK: Final = "export.json"
_QUERY: Final = ("query", "worked")


class Refused(Exception):
    """The export cannot be written as asked; the message says why and what to do, in German."""


@dataclass(frozen=True)
class Exported:
    """What was written: how many addresses of the release, and how many bytes all files have."""

    addresses: int
    size: int


def export(
    release_folder: Path, operator: Operator, folder: Path, progress: Callable[[int, int], None] = lambda *_: None,
    changed: datetime | None = None,
) -> Exported:
    """Write a release into a folder, which is made or, if it is an earlier export, replaced.

    `progress` is told how many addresses of how many are written; `changed` is when the operator's settings changed
    last. The same release and settings give the same files. Raises Refused, and OSError when something cannot be read
    or written.
    """
    if operator.public_url is None:
        raise Refused("Der Export braucht die Adresse, unter der die Seiten stehen werden: bitte `public_url` in "
                      "operator.toml eintragen und die Datei mit --operator angeben.")
    folder = folder.resolve()
    if folder.exists() and not _is_replaceable(folder):
        raise Refused(f"{folder} gibt es schon, und es ist kein früherer Export. Bitte einen anderen Ordner nennen "
                      "oder diesen vorher selbst wegräumen.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder.parent))
    try:
        job = Job(release_folder, operator, unfinished / "files", changed)
        with writers(job) as processes:
            release = open_release(release_folder, operator)
            try:
                done = _write(job, release, folder, processes, progress)
            finally:
                release.close()
        unfinished.chmod(0o755)
        _move(unfinished, folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return done


def _write(
    job: Job, release: Release, folder: Path, processes: ProcessPoolExecutor, progress: Callable[[int, int], None],
) -> Exported:
    public_url = job.operator.public_url
    assert public_url is not None
    unfinished = job.folder.parent
    written = list(write_all(job, release, processes, progress))
    entries = read_entries(release, read_directory(release), written)
    static = StaticFiles(release.site / "static")
    problems = dict(problem_files(entries.gone, static, release.pages.index, public_url))
    (job.folder / ".problems").mkdir()
    for name, body in problems.items():
        (job.folder / ".problems" / name).write_bytes(body)
    (unfinished / "nginx").mkdir()
    chosen = {pair for address in release.addresses().values() for pair in address.parameters}
    texts = {
        "nginx/maps.conf": nginx.maps(entries, _asks(release), chosen, static.version, public_url),
        "nginx/server.conf": nginx.server(_content_types(written), public_url),
        "nginx.conf": nginx.site(folder, entries, public_url),
        MARK: json.dumps({
            "digest": release.digest, "built": release.built.isoformat(), "program": __version__,
            "public_url": public_url, "addresses": len(release.addresses()),
        }, indent=2) + "\n",
    }
    for name, text in texts.items():
        (unfinished / name).write_text(text, encoding="utf-8")
    size = sum(item.size for item in written) + sum(map(len, problems.values()))
    return Exported(len(release.addresses()), size)


def _asks(release: Release) -> dict[str, tuple[str, ...]]:
    """Return the parameters that only the live server can answer, by path."""
    found = {path: parameters_of(release, address) for path, address in release.addresses().items()}
    found |= {localised(ENDPOINT, language): _QUERY for language in LANGUAGES}
    return {path: names for path, names in found.items() if names}


def _content_types(written: list[Written]) -> dict[str, str]:
    """Return the content types of all files by suffix. Raises ValueError where a suffix stands for two."""
    found = {"html": "text/html; charset=utf-8"}
    for item in written:
        suffix = item.path.rpartition(".")[2]
        if item.content_type != found["html"] and found.setdefault(suffix, item.content_type) != item.content_type:
            raise ValueError(f"{item.path}: .{suffix} stands for {found[suffix]} elsewhere")
    return found


def _is_replaceable(folder: Path) -> bool:
    return folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))


def _move(unfinished: Path, folder: Path) -> None:
    """Put the new folder in the place of the old one."""
    if not folder.exists():
        unfinished.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=".replaced-", dir=folder.parent))
    folder.rename(old)
    try:
        unfinished.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    shutil.rmtree(old)
