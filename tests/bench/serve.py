"""Prints how soon `serve` answers on a built release, and the memory of the server and of each worker."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from tests.bench.report import line
from tests.serving import Server, build, serving
from wir2graph.plan import find_workspace

QUERY = "SELECT ?s (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?s ORDER BY DESC(?n) LIMIT 10"


def resident(process: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return next(int(row.split()[1]) for row in status.splitlines() if row.startswith("VmRSS:")) / 1024


def children(process: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    own = [int(child) for task in Path(f"/proc/{process}/task").iterdir()
           for child in (task / "children").read_text(encoding="utf-8").split()]
    return own + [grandchild for child in own for grandchild in children(child)]


def used(server: Server, plan: str) -> None:
    """Ask for pages, data and queries, as readers do, so that memory is measured after use."""
    for path in ("/", f"/{plan}/", f"/{plan}/massnahmen", f"/en/{plan}/massnahmen", "/def"):
        answer = server.get(path, accept_encoding="gzip")
        assert answer.status_code in (200, 303), f"{path}: {answer.status_code}"
    for _ in range(20):
        answer = server.get(f"/sparql?query={quote(QUERY)}", accept="application/sparql-results+json")
        assert answer.status_code == 200, answer.text


def main() -> None:
    """Measure and print."""
    data = find_workspace().data
    plan = sorted(file.parent.name for file in data.glob("*/plan.toml"))[0]
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        build(data, state)
        start = time.perf_counter()
        with serving(state) as server:
            print(line("serve answers /health after", time.perf_counter() - start, "s", 1.5))
            assert server.get(f"/{plan}/").status_code == 200
            print(line("serve has shown its first page after", time.perf_counter() - start, "s", 1.5))
            used(server, plan)
            print(line("server process", resident(server.process.pid), "MB", 200))
            workers = children(server.process.pid)
            assert workers, "the server has no workers"
            for number, worker in enumerate(workers, 1):
                print(line(f"worker {number}", resident(worker), "MB", 60))


if __name__ == "__main__":
    main()
