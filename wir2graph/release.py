"""A release: an immutable folder that holds everything a server needs, and the switch from one to the next.

    <state>/releases/<digest>-<inputs>/   manifest.json  resources.txt  tables.txt  statistics.json  quality/  store/
                                          dumps/  downloads/  history/  site/  search.sqlite  data/<plan>/plan.toml
    <state>/current                       a link to the release that is served

A build writes a new folder beside the others and then moves the link in one step, so that a failed build changes
nothing and a reader always finds a whole release.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from wir2graph import __version__, downloads, quality, represent, statistics
from wir2graph.compress import write_codings
from wir2graph.dataset import Dataset, load
from wir2graph.easy import EASY
from wir2graph.findings import Finding, violations
from wir2graph.history import build as history_build
from wir2graph.history.kept import History
from wir2graph.history.versions import FOLDER as VERSIONS
from wir2graph.history.versions import Version
from wir2graph.operator import Operator
from wir2graph.pages.labels import Labels
from wir2graph.pages.render import Pages
from wir2graph.plan import ONTOLOGY_GRAPH, SHAPES_GRAPH, TOMBSTONE, Plan, Workspace, load_plans
from wir2graph.program import fingerprint
from wir2graph.represent import Address, dump, table
from wir2graph.search import index as search_index
from wir2graph.search.entries import entries
from wir2graph.search.find import Search
from wir2graph.search.synonyms import read_synonyms
from wir2graph.store.embedded import EmbeddedStore
from wir2graph.urls import Place, place_of

KEPT_RELEASES: Final = 5
TABLES: Final = "tables.txt"

Check = Callable[[Dataset], list[Finding]]


class OtherProgram(OSError):
    """A release was built by another program than this one; the message says what to do, in German."""


@dataclass(frozen=True)
class BuildResult:
    """What a build came to: the folder of the release (None when violations forbade it) and all findings."""

    folder: Path | None
    digest: str | None
    findings: tuple[Finding, ...]


@dataclass
class Release:
    """One opened release. It owns its store; `close` it when the last request that uses it has ended.

    `tables` are those of pages that have a row, as `represent.table` names them. `base_url` is where its addresses are
    found, without a slash at the end: the operator's public URL, else where the server listens.
    """

    folder: Path
    digest: str
    built: datetime
    plans: tuple[Plan, ...]
    store: EmbeddedStore
    tables: frozenset[str]
    operator: Operator
    base_url: str

    @property
    def site(self) -> Path:
        """The folder of pages, templates, texts and static files that this release was built with."""
        return self.folder / "site"

    @cached_property
    def labels(self) -> Labels:
        """The labels of everything that the release names."""
        return Labels.read(self.store)

    @cached_property
    def pages(self) -> Pages:
        """The page folders and templates of this release, read once."""
        return Pages(self)

    @cached_property
    def search(self) -> Search:
        """The search over everything that this release has."""
        return Search(self.folder / search_index.FILE)

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Every resource of the plans by IRI, ordered by IRI."""
        iris = (self.folder / "resources.txt").read_text(encoding="utf-8").splitlines()
        found = (place_of(iri, self.plans) for iri in iris)
        return {place.iri: place for place in found if place is not None}

    @cached_property
    def statistics(self) -> statistics.Statistics:
        """What the release holds, in numbers."""
        return statistics.read(self.folder)

    @cached_property
    def quality(self) -> Mapping[str, quality.Quality]:
        """What is known of the quality of each plan's data, by slug."""
        return {plan.slug: quality.read(self.folder, plan) for plan in self.plans}

    def plan(self, slug: str) -> Plan:
        """Return the plan with this slug. Raises KeyError."""
        return {plan.slug: plan for plan in self.plans}[slug]

    def history(self, plan: Plan) -> History:
        """Return what the release keeps of a plan's versions."""
        return self._histories[plan.slug]

    @cached_property
    def _histories(self) -> Mapping[str, History]:
        return {plan.slug: History.read(self.folder / "history" / plan.slug) for plan in self.plans}

    def versions(self, plan: Plan) -> tuple[Version, ...]:
        """Return the published versions of a plan, oldest first."""
        return self.history(plan).versions

    def version(self, plan: Plan) -> Version | None:
        """Return the version that the plan's data are; None where they are not published as a version (yet)."""
        return self.history(plan).current

    @cached_property
    def _addresses(self) -> Mapping[str, Address]:
        found = list(represent.addresses(self))
        by_path = {address.path: address for address in found}
        if len(by_path) < len(found):
            raise ValueError("an address is published twice")
        return by_path

    def addresses(self) -> Mapping[str, Address]:
        """Return every address that the release publishes, by path."""
        return self._addresses

    @cached_property
    def _alternates(self) -> Mapping[str, tuple[Address, ...]]:
        groups: dict[str, list[Address]] = defaultdict(list)
        for address in self.addresses().values():
            groups[address.resource].append(address)
        return {resource: tuple(group) for resource, group in groups.items()}

    def alternates(self, resource: str) -> tuple[Address, ...]:
        """Return the addresses that show the same resource in its languages and formats."""
        return self._alternates.get(resource, ())

    @cached_property
    def description(self) -> Callable[[str], tuple[ox.Triple, ...]]:
        """What a data document says about a resource, in order; asked once for all its formats."""
        return lru_cache(8)(lambda iri: tuple(sorted(self.store.describe(iri), key=str)))

    def close(self) -> None:
        """Give the store and its workers back, and the index of the search."""
        self.store.close()
        if "search" in self.__dict__:
            self.search.close()


def build(
    workspace: Workspace, state: Path, check: Check, progress: Callable[[str], None] = lambda _: None,
) -> BuildResult:
    """Load, check and write a release, then switch to it; violations leave everything as it was.

    `check` gives the findings for the loaded dataset, `progress` is told what is being done (German). The same inputs
    give the same release. Raises InputError when the data cannot be read.
    """
    progress("Daten lesen")
    dataset = load(workspace)
    progress("Daten prüfen")
    findings = check(dataset)
    if violations(findings):
        return BuildResult(None, None, tuple(findings))
    digest = dataset.digest()
    folder = state / "releases" / f"{digest[:16]}-{_inputs(workspace)[:8]}"
    if not folder.is_dir():
        progress("Ausgabe schreiben")
        write(dataset, digest, workspace, folder, findings)
    switch(state, folder)
    _prune(state, folder)
    return BuildResult(folder, digest, tuple(findings))


def current(state: Path) -> Path | None:
    """Return the folder of the release that is to be served, or None when there is none yet."""
    link = state / "current"
    return link.resolve() if (link / "manifest.json").is_file() else None


def open_release(folder: Path, operator: Operator, listening: str = "http://localhost") -> Release:
    """Open a release folder for reading; `listening` is the URL of the server.

    Raises OtherProgram if its pages and files were made for another state of the program, OSError if it is incomplete.
    """
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if manifest.get("code") != fingerprint():
        raise OtherProgram(f"Die Ausgabe {folder} hat ein anderer Stand des Programms gebaut"
                           f" (wir2graph {manifest['program']}). Bitte mit „wir2graph build“ neu bauen; ist sie die"
                           " neuere, dann den Server neu starten.")
    plans = load_plans(folder / "data") if manifest["plans"] else ()
    prefixes: dict[str, str] = {}
    for plan in plans:
        prefixes |= plan.prefixes()
    return Release(
        folder=folder, digest=manifest["digest"], built=datetime.fromisoformat(manifest["built"]), plans=plans,
        store=EmbeddedStore(folder / "store", prefixes, operator.sparql.limits, operator.sparql.capacity),
        tables=frozenset((folder / TABLES).read_text(encoding="utf-8").splitlines()),
        operator=operator, base_url=operator.public_url or listening,
    )


def write(
    dataset: Dataset, digest: str, workspace: Workspace, folder: Path, findings: Iterable[Finding] = (),
) -> None:
    """Write a release into a new folder, whole or not at all; `findings` are what the check has to say about it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder.parent))
    try:
        store = ox.Store(str(unfinished / "store"))
        for graph in dataset.store.named_graphs():
            store.add_graph(graph)
        store.bulk_extend(dataset.store)
        store.flush()
        store.optimize()
        del store
        for plan in dataset.plans:
            dump.write(plan, dataset.quads(plan), dataset.defaults[plan.slug], unfinished / "dumps" / plan.slug)
            history_build.write(dataset, plan, unfinished / "history" / plan.slug, _earlier(folder.parent))
            downloads.write(dataset.defaults[plan.slug], plan, unfinished / "downloads" / plan.slug,
                            dataset.graph(ONTOLOGY_GRAPH), dataset.graph(SHAPES_GRAPH))
            kept = unfinished / "data" / plan.slug
            kept.mkdir(parents=True)
            shutil.copy(plan.folder / "plan.toml", kept)
            if (plan.folder / "questions").is_dir():
                shutil.copytree(plan.folder / "questions", kept / "questions")
            if (plan.folder / VERSIONS).is_dir():
                shutil.copytree(plan.folder / VERSIONS, kept / VERSIONS)
            if (plan.folder / EASY).is_file():
                (kept / EASY).parent.mkdir()
                shutil.copy(plan.folder / EASY, kept / EASY)
        resources = "".join(f"{iri}\n" for iri in _resources(dataset))
        (unfinished / "resources.txt").write_text(resources, encoding="utf-8")
        shutil.copytree(workspace.site, unfinished / "site", ignore=shutil.ignore_patterns("frontend", "node_modules"))
        manifest = {
            "digest": digest, "built": datetime.now(UTC).replace(microsecond=0).isoformat(), "program": __version__,
            "code": fingerprint(), "plans": [plan.slug for plan in dataset.plans],
        }
        (unfinished / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        statistics.write(dataset, unfinished)
        quality.write(dataset, findings, unfinished)
        _write_further(unfinished, dataset)
        unfinished.chmod(0o755)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _earlier(releases: Path) -> list[Path]:
    """Return the histories of the releases that are there, in which a version may be found as it is to be written."""
    return sorted(releases.glob("[!.]*/history"))


def _write_further(folder: Path, dataset: Dataset) -> None:
    """Write what the opened release tells: its tables, the index of the search, compressed forms of its files."""
    (folder / TABLES).touch()
    release = open_release(folder, Operator())
    try:
        with ThreadPoolExecutor(1) as beside:
            compressing = beside.submit(write_codings, list(represent.files(release)))
            tables = table.filled(release)
            (folder / TABLES).write_text("".join(f"{name}\n" for name in tables), encoding="utf-8")
            synonyms = {plan.slug: read_synonyms(plan) for plan in dataset.plans}
            search_index.write(folder / search_index.FILE, entries(release), synonyms)
            compressing.result()
    finally:
        release.close()


def _resources(dataset: Dataset) -> list[str]:
    """Return the IRIs of which the default graphs say something: to ask the store for them takes a second.

    A withdrawn identifier names nothing any more.
    """
    triples = frozenset[ox.Triple]().union(*dataset.defaults.values())
    withdrawn = {triple.subject for triple in triples if triple.object == ox.NamedNode(TOMBSTONE)}
    subjects = {triple.subject for triple in triples} - withdrawn
    return sorted(subject.value for subject in subjects if isinstance(subject, ox.NamedNode))


def _inputs(workspace: Workspace) -> str:
    """Return a hash of everything a release is made from, the program included."""
    total = hashlib.sha256(fingerprint().encode())
    for folder in (workspace.ontology, workspace.shapes, workspace.data, workspace.site):
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and "node_modules" not in p.parts):
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def switch(state: Path, folder: Path) -> None:
    """Make a release folder the current one, in one step."""
    fresh = state / f".current-{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(folder.relative_to(state))
    fresh.replace(state / "current")


def _prune(state: Path, keep: Path) -> None:
    folders: Iterable[Path] = (f for f in (state / "releases").iterdir() if not f.name.startswith("."))
    for old in sorted(folders, key=lambda f: f.stat().st_mtime, reverse=True)[KEPT_RELEASES:]:
        if old != keep:
            shutil.rmtree(old)
