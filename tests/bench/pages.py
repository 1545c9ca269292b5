"""Prints how fast pages come: from memory beside Trifid with the same quads, cold; how large; how long to export.

Trifid makes the page of a thing from the same triples, by the same Oxigraph (trifid-handler-fetch). Both are asked for
the pages of the same measures in turn, by wrk, with one connection for each processor.
"""

from __future__ import annotations

import gc
import os
import random
import tempfile
import time
from pathlib import Path

import httpx

from tests.bench import peers
from tests.bench.load import load_pages
from tests.bench.report import aim, line
from tests.serving import PATIENCE, Server, build, export, serving
from wir2graph.operator import Operator
from wir2graph.plan import find_workspace
from wir2graph.release import Release, current, open_release

CONNECTIONS = os.cpu_count() or 1
SECONDS = 5
LEAST_PER_SECOND, LEAST_RATIO = 5000, 50
MOST_MILLISECONDS, MOST_KILOBYTES, MOST_SECONDS = 50, 150, 30


def cold(server: Server, paths: list[str]) -> None:
    """Ask for every page once, in no order, and print the slowest and the largest as sent."""
    times: list[tuple[float, str]] = []
    sizes: list[tuple[int, str]] = []
    gc.disable()  # the client's own search for garbage, in a process that has opened the release, too, is 50 ms long
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        for path in random.Random(1).sample(paths, len(paths)):
            start = time.perf_counter()
            with client.stream("GET", path, headers={"accept": "text/html", "accept-encoding": "gzip"}) as answer:
                assert answer.status_code == httpx.codes.OK, path
                sizes.append((sum(map(len, answer.iter_raw())), path))
            times.append((time.perf_counter() - start, path))
    gc.enable()
    times.sort(reverse=True)
    print(line("slowest page cold", times[0][0] * 1000, "ms", MOST_MILLISECONDS))
    print(f"{len(times)} pages, half of them within {times[len(times) // 2][0] * 1000:.1f} ms; the slowest:")
    for seconds, path in times[:10]:
        print(f"  {seconds * 1000:7.1f} ms  {path}")
    size, path = max(sizes)
    print(line("largest page as sent (gzip)", size / 1000, "KB", MOST_KILOBYTES), path)


def from_memory(release: Release, server: Server, paths: list[str], folder: Path) -> None:
    """Print how many pages come in a second from memory, here and from Trifid."""
    for path in paths:
        assert server.get(path, accept="text/html").status_code == httpx.codes.OK
    ours = load_pages(server.url, paths, connections=CONNECTIONS, seconds=SECONDS).rate
    print(f"{'pages a second from memory':<44}{ours:>9.0f}     aim    {LEAST_PER_SECOND:>6}     "
          f"{'ok' if ours >= LEAST_PER_SECOND else 'MISSED'}")
    program = peers.trifid()
    if program is None:
        print("Trifid is not installed, so nothing is compared (npm install trifid; TRIFID names the program)")
        return
    quads = folder / "all.nq"
    peers.dump(release.folder / "store", quads)
    plan = release.plans[0]
    things = [f"/id{path.removeprefix(f'/{plan.slug}')}" for path in paths]
    with peers.trifid_pages(program, quads, plan.namespace, things[0], folder) as peer:
        load_pages(peer.url, things, connections=CONNECTIONS, seconds=1)
        theirs = load_pages(peer.url, things, connections=CONNECTIONS, seconds=SECONDS).rate
        again = load_pages(server.url, paths, connections=CONNECTIONS, seconds=SECONDS).rate
    print(f"{'pages a second from Trifid':<44}{theirs:>9.1f}")
    print(aim("pages a second, as many times as Trifid", min(ours, again) / theirs, LEAST_RATIO))


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        state = folder / "state"
        build(find_workspace().data, state)
        place = current(state)
        assert place is not None
        release = open_release(place, Operator())
        addresses = release.addresses().values()
        pages = [address.path for address in addresses if address.kind == "page"]
        measures = [a.path for a in addresses if a.kind == "page" and a.page == "measure" and a.language == "de"]
        assert len(measures) >= 50
        with serving(state) as server:
            cold(server, pages)
            from_memory(release, server, measures, folder)
        release.close()
        settings = folder / "operator.toml"
        settings.write_text('public_url = "https://daten.example"\n', encoding="utf-8")
        start = time.perf_counter()
        export(state, settings, folder / "export")
        print(line(f"export of {len(addresses)} addresses", time.perf_counter() - start, "s", MOST_SECONDS))


if __name__ == "__main__":
    main()
