"""What a worker can still do once it is confined: read its store, and nothing else."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest


def test_a_confined_process_can_do_nothing_but_read() -> None:
    program = (
        "import os, socket, sys\n"
        "from pathlib import Path\n"
        "from wir2graph.store.worker import Confinement\n"
        "import encodings.idna\n"
        "Confinement().lock(1)\n"
        "attempts = {\n"
        "    'socket': lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),\n"
        "    'local socket': lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),\n"
        "    'pair': socket.socketpair,\n"
        "    'program': lambda: os.execv(sys.executable, [sys.executable, '-c', '']),\n"
        "    'many files': lambda: [open('/proc/self/statm') for _ in range(50)],\n"
        "}\n"
        "for name, attempt in attempts.items():\n"
        "    try:\n        attempt()\n        print(name, 'worked')\n"
        "    except OSError:\n        pass\n"
        "print(len(Path('/proc/self/statm').read_text().split()))\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert result.stdout == "7\n"


def test_a_confined_process_reaches_no_network() -> None:
    """Even where the text of the query gives nothing away, SERVICE cannot open a socket."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        program = (
            "import pyoxigraph as ox\n"
            "from wir2graph.store.worker import Confinement\n"
            f"query = 'SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}'\n"
            "store = ox.Store()\n"
            "Confinement().lock(0)\n"
            "try:\n    list(store.query(query))\n"
            "except OSError:\n    print('refused')\n"
        )
        result = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=True)
        assert result.stdout == b"refused\n"
        with pytest.raises(BlockingIOError):
            server.accept()
