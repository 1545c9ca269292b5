"""Every module can be the first that is imported: none needs another to have come before it."""

from __future__ import annotations

import subprocess
import sys

ALONE = """
import importlib, pkgutil, sys
import wir2graph
names = [module.name for module in pkgutil.walk_packages(wir2graph.__path__, "wir2graph.")
         if not module.name.endswith("__main__")]
for name in names:
    for loaded in [loaded for loaded in sys.modules if loaded.partition(".")[0] == "wir2graph"]:
        del sys.modules[loaded]
    try:
        importlib.import_module(name)
    except ImportError as error:
        print(f"{name}: {error}")
print(len(names))
"""


def test_every_module_can_be_imported_first() -> None:
    result = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    *failed, count = result.stdout.splitlines()
    assert failed == []
    assert int(count) > 100
