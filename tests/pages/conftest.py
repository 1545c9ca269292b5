from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.pages.contested import build_contested
from tests.pages.document import Element, parse
from wir2graph.operator import Operator
from wir2graph.plan import Workspace
from wir2graph.release import Release, open_release


@pytest.fixture(scope="session")
def documents(release: Release) -> Mapping[str, Element]:
    """Every page of the fictional plans, by its address."""
    pages = [address for address in release.addresses().values() if address.kind == "page"]
    found = {address.path: parse(release.pages.html(address)) for address in pages}
    assert len(found) > 100
    return found


@pytest.fixture(scope="session")
def contested(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """A release of the fictional plans in which a further source contradicts the others."""
    folder = build_contested(workspace, tmp_path_factory.mktemp("contested"))
    opened = open_release(folder, Operator())
    yield opened
    opened.close()
