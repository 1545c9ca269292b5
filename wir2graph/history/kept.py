"""What a release keeps of the versions of a plan, read; `build.py` writes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from wir2graph.history.diff import Difference, PartChange, PropertyChange, ThingChange
from wir2graph.history.versions import Version

DOWNLOADS: Final = "downloads"
"""The folder with the files of datasets in that of a version."""


@dataclass(frozen=True)
class FeedPage:
    """One page of the feed of a plan, which counts from 1: its version and the file with what its members say."""

    number: int
    version: Version
    file: Path


@dataclass(frozen=True)
class History:
    """The versions of one plan, oldest first, and what is told of them.

    `current` is the version that the data are. `counts` tells by version how many things were added, removed and
    changed; `things` tells of each thing in which version which of that happened to it.
    """

    folder: Path
    versions: tuple[Version, ...]
    current: Version | None
    counts: Mapping[str, Mapping[str, int]]
    feed: tuple[FeedPage, ...]
    things: Mapping[str, tuple[tuple[str, str], ...]]

    @staticmethod
    def read(folder: Path) -> History:
        """Read what a release keeps. Raises OSError when it is incomplete."""
        kept = _json(folder / "versions.json")
        versions: list[Version] = []
        feed: list[FeedPage] = []
        for told in kept["versions"]:
            name: str = told["name"]
            previous = versions[-1].name if versions else None
            versions.append(Version(name, date.fromisoformat(name), told["digest"], previous))
            for number in range(1, told["pages"] + 1):
                feed.append(FeedPage(len(feed) + 1, versions[-1], folder / name / "feed" / f"{number}.nt"))
        return History(
            folder, tuple(versions), next((v for v in versions if v.name == kept["current"]), None),
            {told["name"]: told["counts"] for told in kept["versions"]}, tuple(feed),
            {iri: tuple((name, state) for name, state in told) for iri, told in _json(folder / "things.json").items()},
        )

    def folder_of(self, version: str) -> Path:
        """Return the folder with the files of a version."""
        return self.folder / version

    @cached_property
    def difference(self) -> Callable[[str], Difference]:
        """What changed with a version; read once for both languages and the feed."""
        return lru_cache(8)(lambda version: read_difference(self.folder / version))


def read_difference(folder: Path) -> Difference:
    """Return the difference that is kept in the folder of a version."""
    kept = _json(folder / "difference.json")
    return Difference(tuple(map(_thing, kept["things"])), kept["names"])


def _thing(kept: Mapping[str, Any]) -> ThingChange:
    parts = tuple(
        PartChange(part["iri"], part["state"], part["kind"], _changes(part["changes"])) for part in kept["parts"]
    )
    return ThingChange(kept["iri"], kept["state"], tuple(kept["kinds"]), tuple(kept["successors"]),
                       _changes(kept["changes"]), parts)


def _changes(kept: list[Mapping[str, Any]]) -> tuple[PropertyChange, ...]:
    return tuple(
        PropertyChange(one["property"], tuple(one["removed"]), tuple(one["added"]), one["derived"]) for one in kept
    )


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
