"""The published versions of a plan: which there are, and what each of them said.

They lie in `<plan>/releases/<version>.rdfp.gz`, each called after its day; each is the difference to the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from wir2graph.dataset import Dataset, digest_of
from wir2graph.findings import Finding, InputError
from wir2graph.history.patch import Head, Patch, read_head, read_patch, write_patch
from wir2graph.plan import Plan

FOLDER: Final = "releases"
SUFFIX: Final = ".rdfp.gz"


@dataclass(frozen=True)
class Version:
    """One published version. `name` is its day as `YYYY-MM-DD`, `previous` the name of the one before.

    `digest` is the SHA-256 of the sorted N-Quads of the plan's data graphs.
    """

    name: str
    day: date
    digest: str
    previous: str | None


class NotLater(Exception):
    """The data of a plan have changed, but their day is not later than that of its last version."""

    def __init__(self, plan: Plan, version: str) -> None:
        super().__init__(f"{plan.slug}: {plan.released} is not later than {version}")
        self.plan = plan
        self.version = version


def read_versions(plan: Plan) -> tuple[Version, ...]:
    """Return the versions of a plan, oldest first.

    Raises InputError when one cannot be read or does not continue the one before.
    """
    found: list[Version] = []
    for path in sorted((plan.folder / FOLDER).glob(f"*{SUFFIX}")):
        name = path.name.removesuffix(SUFFIX)
        try:
            day = date.fromisoformat(name)
        except ValueError:
            day = None
        previous = found[-1].name if found else None
        head = read_head(path, _called(plan, name))
        expected = iri_of(plan, name), iri_of(plan, previous) if previous else None
        if day is None or day.isoformat() != name or (head.iri, head.previous) != expected:
            raise InputError([Finding(
                "HistoryGap", None, _called(plan, name), 1, None,
                f"Diese Ausgabe schließt nicht an die davor an ({previous or 'keine'}): Eine Datei fehlt, ist zu viel "
                "oder falsch benannt. Bitte den Ordner aus der Versionsverwaltung zurückholen.",
                f"this version does not continue the one before ({previous or 'none'}): a file is missing, one too "
                "many or called otherwise; restore the folder from version control",
            )])
        found.append(Version(name, day, head.digest, previous))
    return tuple(found)


def iri_of(plan: Plan, name: str) -> str:
    """Return the IRI of a version, under which the version is shown."""
    return f"{plan.namespace}{FOLDER}/{name}"


def patches(plan: Plan) -> Iterator[tuple[Version, Patch]]:
    """Yield the versions of a plan with their differences, oldest first. Raises InputError as they are read."""
    for version in read_versions(plan):
        yield version, read_patch(path_of(plan, version.name), _called(plan, version.name))


def replay(plan: Plan, version_name: str) -> set[ox.Quad]:
    """Return the quads of one version.

    Raises KeyError when there is no such version, InputError when the history is damaged: when something cannot be
    read, or what comes out is not what was published.
    """
    quads: set[ox.Quad] = set()
    for version, patch in patches(plan):
        quads = applied(quads, patch)
        if version.name == version_name:
            verify(plan, version, quads)
            return quads
    raise KeyError(version_name)


def applied(quads: set[ox.Quad], patch: Patch) -> set[ox.Quad]:
    """Return the version that follows one."""
    return (quads - patch.deleted) | patch.added


def verify(plan: Plan, version: Version, quads: set[ox.Quad]) -> None:
    """Raise InputError when these quads are not those that were published as the version."""
    if digest_of(quads) != version.digest:
        raise InputError([Finding(
            "HistoryChanged", None, _called(plan, version.name), None, None,
            "Aus den Dateien entsteht nicht, was als diese Ausgabe veröffentlicht wurde: Diese Datei oder eine davor "
            "wurde geändert. Bitte den Ordner aus der Versionsverwaltung zurückholen.",
            "the files do not lead to what was published as this version: this file or one before has been changed; "
            "restore the folder from version control",
        )])


def current_version(dataset: Dataset, plan: Plan) -> Version | None:
    """Return the version that the data of a plan are, None where they are not published (yet) as they are.

    Only the last version can be current. Raises InputError as `read_versions` does.
    """
    versions = read_versions(plan)
    return versions[-1] if versions and versions[-1].digest == dataset.digest(plan) else None


def next_version(dataset: Dataset, plan: Plan) -> Patch | None:
    """Return the difference of the data to the last version, None where there is none.

    Raises NotLater when the day of the data is not later than that version's, InputError when the history is damaged.
    """
    versions = read_versions(plan)
    digest = dataset.digest(plan)
    if versions and versions[-1].digest == digest:
        return None
    if versions and plan.released <= versions[-1].day:
        raise NotLater(plan, versions[-1].name)
    last = versions[-1].name if versions else None
    before = replay(plan, last) if last else set()
    after = set(dataset.quads(plan))
    head = Head(iri_of(plan, plan.released.isoformat()), iri_of(plan, last) if last else None, digest)
    return Patch(head, frozenset(before - after), frozenset(after - before))


def publish(plan: Plan, patch: Patch) -> Path:
    """Write the next version of a plan and return its file."""
    path = path_of(plan, plan.released.isoformat())
    write_patch(path, patch)
    return path


def path_of(plan: Plan, name: str) -> Path:
    """Return the file of a version."""
    return plan.folder / FOLDER / f"{name}{SUFFIX}"


def _called(plan: Plan, name: str) -> str:
    return f"{plan.slug}/{FOLDER}/{name}{SUFFIX}"
