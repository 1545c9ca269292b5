"""`python -m wir2graph` is the command `wir2graph`."""

from __future__ import annotations

from wir2graph.cli import main

main()
