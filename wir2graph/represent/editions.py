"""The editions of a plan whose files can be loaded: the current one, and the versions that were released before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from wir2graph.history.kept import DOWNLOADS
from wir2graph.plan import Plan

if TYPE_CHECKING:
    from wir2graph.release import Release


@dataclass(frozen=True)
class Edition:
    """The files of a plan at one place. `folder` is where `downloads.write` put them.

    `version` is the name of the version that they are of (None: data that are not yet released), `previous` that of
    the one before it, `notes` what changed, by language. `current`: the addresses that always show the newest, and
    `versions` are then all that were released, oldest first; others have the version in their addresses and in the IRIs
    of their datasets.
    """

    plan: Plan
    version: str | None
    folder: Path
    current: bool = True
    previous: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    versions: tuple[Edition, ...] = ()

    @property
    def files(self) -> str:
        """The address of the folder of its files, without a slash at the end."""
        return f"/{self.plan.slug}/downloads" if self.current else f"/{self.plan.slug}/releases/{self.version}"

    @property
    def catalogue(self) -> str:
        """The address of its catalogue document, without a suffix."""
        return f"/{self.plan.slug}/catalog" if self.current else f"{self.files}/catalog"

    @property
    def page(self) -> str:
        """The address of the page that shows its datasets."""
        return f"/{self.plan.slug}/daten"

    @property
    def day(self) -> date:
        """The day of which its data are: a version is named after it."""
        return self.plan.released if self.version is None else date.fromisoformat(self.version)

    def anchor(self, dataset: str) -> str:
        """Return the fragment of its page at which a dataset is shown."""
        return f"datensatz-{dataset}"

    @property
    def mark(self) -> str:
        """What stands at the end of the IRIs of its catalogue, datasets and distributions."""
        return "" if self.current else f"-{self.version}"


def current_edition(release: Release, plan: Plan) -> Edition:
    """Return the edition that the addresses without a version show."""
    version = release.version(plan)
    return Edition(
        plan, version.name if version else None, release.folder / DOWNLOADS / plan.slug,
        versions=tuple(_released(release, plan)),
    )


def editions(release: Release) -> Iterator[Edition]:
    """Yield all editions of all plans: of each the current one, then its versions, oldest first."""
    for plan in release.plans:
        current = current_edition(release, plan)
        yield current
        yield from current.versions


def _released(release: Release, plan: Plan) -> Iterator[Edition]:
    for version in release.versions(plan):
        folder = release.history(plan).folder_of(version.name) / DOWNLOADS
        yield Edition(plan, version.name, folder, current=False, previous=version.previous)
