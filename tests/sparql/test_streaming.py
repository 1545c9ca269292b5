"""However long an answer is, neither the server nor the worker holds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.serving import PATIENCE, Server, serving

ROWS = "SELECT ?a ?b {{ ?a ?p ?x . ?b ?q ?y }} LIMIT {limit}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("file")
    file = folder / "data.nt"
    file.write_text("".join(f"<http://e.example/{n}> <http://e.example/p> \"{n}\" .\n" for n in range(1000)))
    with serving(folder / "state", "--data", file) as running:
        yield running


def processes(process: int) -> list[int]:
    """Return a process and all that it has started."""
    children = [int(child) for task in Path(f"/proc/{process}/task").iterdir()
                for child in (task / "children").read_text(encoding="utf-8").split()]
    return [process, *(found for child in children for found in processes(child))]


def peak(server: Server) -> int:
    """Return the most memory in bytes that one of the server's living processes has had so far."""
    found = []
    for process in processes(server.process.pid):
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        found += [int(row.split()[1]) * 1024 for row in status.splitlines() if row.startswith("VmHWM:")]
    assert len(found) > 1, "the server has no workers"
    return max(found)


@pytest.mark.parametrize("coding", ["identity", "br"])
def test_a_million_rows_need_no_more_memory_than_a_thousand(server: Server, coding: str) -> None:
    used = []
    for limit in (1_000, 1_000_000):
        lines = 0
        with httpx.stream(
            "GET", f"{server.url}/sparql", params={"query": ROWS.format(limit=limit)},
            headers={"accept": "text/csv", "accept-encoding": coding}, timeout=PATIENCE,
        ) as response:
            assert response.status_code == 200
            for piece in response.iter_bytes():
                if lines <= limit * 0.9 < lines + piece.count(b"\n"):
                    used.append(peak(server))  # before the end: a worker that got fat is replaced then
                lines += piece.count(b"\n")
        assert lines == limit + 1
    assert len(used) == 2
    assert used[1] - used[0] < 12 * 2**20
