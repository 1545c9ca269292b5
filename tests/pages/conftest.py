from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.pages.document import Element, parse
from wir2graph.release import Release


@pytest.fixture(scope="session")
def documents(release: Release) -> Mapping[str, Element]:
    """Every page of the fictional plans, by its address."""
    pages = [address for address in release.addresses().values() if address.kind == "page"]
    found = {address.path: parse(release.pages.html(address)) for address in pages}
    assert len(found) > 100
    return found
