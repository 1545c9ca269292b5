"""A real server in a process of its own, for tests that go through the front door."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import httpx

FIXTURES = Path(__file__).resolve().parent / "fixtures"
PROGRAM = (sys.executable, "-m", "wir2graph")
PATIENCE = 60.0


@dataclass(frozen=True)
class Server:
    """A running server: `url` ends without a slash; `state` holds its releases."""

    url: str
    state: Path
    process: subprocess.Popen[bytes]

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a path; header names are written with `_` for `-`. Redirects are not followed."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.get(self.url + path, headers=named, timeout=PATIENCE)


def build(data: Path, state: Path, program: Sequence[str | Path] = PROGRAM) -> None:
    """Build a release through the command line; findings are the message of the failure."""
    result = subprocess.run(
        [*program, "build", "--data", data, "--state", state], capture_output=True, text=True, check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def export(state: Path, settings: Path, folder: Path) -> None:
    """Export the release of a state folder through the command line; what it said is the message of the failure."""
    command: list[str | Path] = [*PROGRAM, "export", folder, "--state", state, "--operator", settings]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@contextmanager
def serving(
    state: Path, *options: str | Path, program: Sequence[str | Path] = PROGRAM,
    cwd: Path | None = None,
) -> Iterator[Server]:
    """Serve the releases of a state folder on a free port of this machine until the block ends."""
    with TemporaryFile() as output:
        process = subprocess.Popen(
            [*program, "serve", "--state", state, "--port", "0", *options], stdout=output, stderr=subprocess.STDOUT,
            cwd=cwd,
        )
        try:
            yield Server(_ready(process, output), state, process)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _ready(process: subprocess.Popen[bytes], output: IO[bytes]) -> str:
    """Return the address that the server has told, once it answers there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if told := re.search(r"http://[^\s/]+", _said(output)):
            try:
                if httpx.get(f"{told[0]}/health", timeout=PATIENCE).status_code == httpx.codes.OK:
                    return told[0]
            except httpx.TransportError:
                pass  # it has told its address and does not listen yet
        time.sleep(0.02)
    raise AssertionError(f"the server did not start; it said:\n{_said(output)}")


def _said(output: IO[bytes]) -> str:
    # not seek and read: the position in the file is shared with the process that writes it
    return os.pread(output.fileno(), 2**20, 0).decode()
