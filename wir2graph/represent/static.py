"""Static files of a release: style sheets, scripts, fonts and pictures under `/static/`.

`/static/<version>/<name>` never changes and may be kept for ever; the version is a hash over all files, so
that what they refer to among themselves moves along. `/static/<name>` is the same file, asked for anew each
time.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from wir2graph.represent.base import Representation, strong_etag

ROOT: Final = "/static/"
_VERSION_LENGTH: Final = 12
# The system's table of types differs from machine to machine.
_TYPES: Final = {
    ".css": "text/css; charset=utf-8", ".ico": "image/x-icon", ".js": "text/javascript; charset=utf-8",
    ".json": "application/json", ".md": "text/markdown; charset=utf-8", ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8", ".woff2": "font/woff2",
}


def version_of(folder: Path) -> str:
    """Return the version of a folder of static files: a hash over their names and contents."""
    total = hashlib.sha256()
    for path in _files(folder):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:_VERSION_LENGTH]


class StaticFiles:
    """The static files of one release; only what lies in the folder when it is opened is ever served."""

    def __init__(self, folder: Path) -> None:
        self.version = version_of(folder)
        self._files = {path.relative_to(folder).as_posix(): path for path in _files(folder)}

    def has(self, name: str) -> bool:
        """Tell whether there is a file of this name."""
        return name in self._files

    def address(self, name: str) -> str:
        """Return the lasting address of a file. Raises KeyError when there is no such file."""
        if name not in self._files:
            raise KeyError(name)
        return f"{ROOT}{self.version}/{name}"

    def addresses(self) -> Iterator[str]:
        """Yield every address of a file, the lasting one and the other."""
        for name in self._files:
            yield self.address(name)
            yield f"{ROOT}{name}"

    def find(self, path: str) -> tuple[Path, bool] | None:
        """Return the file of an address and whether that address lasts; None where there is no such file."""
        name = path.removeprefix(ROOT)
        version, _, rest = name.partition("/")
        if version == self.version and rest in self._files:
            return self._files[rest], True
        return (self._files[name], False) if name in self._files else None


def represent_file(file: Path) -> Representation:
    """Return a static file as a representation. Raises OSError when it cannot be read."""
    body = file.read_bytes()
    media_type = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    modified = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    return Representation(media_type, None, body, strong_etag(body), modified)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
