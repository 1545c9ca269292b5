"""What a release keeps of the versions of a plan, written when it is built, so that nothing is replayed later.

    versions.json            the versions, which of them the data are, how much changed, how many pages of the feed
    things.json              for every thing in which versions it was added, changed or removed
    <version>/stamp.json     what the folder is made of: a later release with the same versions takes it over
              difference.json  <plan>.<suffix> (dumps)  downloads/  feed/<n>.nt (pages of the feed)
"""

from __future__ import annotations

import json
import os
import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from wir2graph import downloads
from wir2graph.dataset import Dataset, default_graph
from wir2graph.history.diff import ADDED, CHANGED, REMOVED, Difference, difference
from wir2graph.history.kept import DOWNLOADS, read_difference
from wir2graph.history.members import pages
from wir2graph.history.versions import Version, applied, current_version, patches, verify
from wir2graph.plan import ONTOLOGY_GRAPH, Plan
from wir2graph.program import fingerprint
from wir2graph.represent import dump

_STAMP = "stamp.json"


def write(dataset: Dataset, plan: Plan, folder: Path, earlier: Sequence[Path]) -> None:
    """Write what a release keeps into a folder, which is made; `earlier` are the folders `history` of other releases.

    Raises InputError when the history is damaged.
    """
    folder.mkdir(parents=True)
    quads: set[ox.Quad] = set()
    versions: list[dict[str, Any]] = []
    things: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for version, patch in patches(plan):
        before, quads = quads, applied(quads, patch)
        own = folder / version.name
        stamp = _stamp(plan, version, versions[-1]["digest"] if versions else None)
        if not _taken_over(own, stamp, [one / plan.slug / version.name for one in earlier]):
            verify(plan, version, quads)
            _write_version(plan, version, before, quads, own, dataset.graph(ONTOLOGY_GRAPH))
            (own / _STAMP).write_text(stamp, encoding="utf-8")
        found = read_difference(own)
        for thing in found.things:
            things[thing.iri].append((version.name, thing.state))
        versions.append(_described(version, found, len(list((own / "feed").glob("*.nt")))))
    current = current_version(dataset, plan)
    _write_json(folder / "versions.json", {"current": current.name if current else None, "versions": versions})
    _write_json(folder / "things.json", things)


def _stamp(plan: Plan, version: Version, before: str | None) -> str:
    made_of = {
        "digest": version.digest, "before": before, "namespace": plan.namespace, "program": fingerprint(),
    }
    return json.dumps(made_of, indent=1) + "\n"


def _taken_over(own: Path, stamp: str, others: Sequence[Path]) -> bool:
    """Take over the folder of a version from another release (as hard links), if there is one of the same stamp."""
    for other in others:
        if (other / _STAMP).is_file() and (other / _STAMP).read_text(encoding="utf-8") == stamp:
            shutil.copytree(other, own, copy_function=os.link)
            return True
    return False


def _write_version(
    plan: Plan, version: Version, before: set[ox.Quad], after: set[ox.Quad], folder: Path, ontology: set[ox.Triple],
) -> None:
    was, is_ = default_graph(plan, before), default_graph(plan, after)
    dump.write(plan, after, is_, folder)
    # The vocabulary has versions of its own, which the program's are.
    downloads.write(is_, replace(plan, released=version.day), folder / DOWNLOADS, ontology)
    _write_json(folder / "difference.json", asdict(difference(plan, before, after)))
    (folder / "feed").mkdir()
    for number, triples in enumerate(pages(plan, version, was, is_), 1):
        (folder / "feed" / f"{number}.nt").write_text("".join(f"{t} .\n" for t in triples), encoding="utf-8")


def _described(version: Version, found: Difference, feed_pages: int) -> dict[str, Any]:
    counts = {state: len(found.of(state)) for state in (ADDED, REMOVED, CHANGED)}
    return {"name": version.name, "digest": version.digest, "counts": counts, "pages": feed_pages}


def _write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
