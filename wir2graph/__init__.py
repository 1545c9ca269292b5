"""wir2graph: publish municipal plans as checked, versioned linked open data."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
