"""Prints how long checking and building the shipped data take, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

from tests.bench.report import line


def seconds(*arguments: str) -> float:
    """Return the time that a command of wir2graph takes; ends the run when the command fails."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "wir2graph", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    print(line("check", seconds("check"), "s", 10))
    with tempfile.TemporaryDirectory() as state:
        print(line("build (checks, too)", seconds("build", "--state", state), "s", 20))
        print(line("build without a change", seconds("build", "--state", state), "s", 20))


if __name__ == "__main__":
    main()
