"""What tests of all rooms share: the fictional plans, a release of them, a server, a browser."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import serving
from tests.serving import FIXTURES, Server
from tests.sites import Site
from wir2graph.operator import Operator, load_operator
from wir2graph.plan import Workspace, find_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from wir2graph.release import Release


def built_once(name: str, data: Path, factory: pytest.TempPathFactory) -> Path:
    """Return a state folder with one release of some plans, which all workers of a run share."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "current").exists():
            serving.build(data, folder)
    return folder


@pytest.fixture(scope="session")
def workspace() -> Workspace:
    """The fictional plans with the ontology, the shapes and the site of this checkout."""
    return replace(find_workspace(), data=FIXTURES)


@pytest.fixture(scope="session")
def operator() -> Operator:
    """The complete settings of a fictional operator."""
    return load_operator(FIXTURES / "operator.toml")


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with one release of the fictional plans."""
    return built_once("fictional", FIXTURES, tmp_path_factory)


@pytest.fixture(scope="session")
def release(state: Path) -> Iterator[Release]:
    """The release of the fictional plans, opened."""
    from wir2graph.release import current, open_release

    folder = current(state)
    assert folder is not None
    opened = open_release(folder, Operator())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def server(state: Path) -> Iterator[Server]:
    """A server of the fictional plans."""
    with serving.serving(state) as running:
        yield running


@pytest.fixture(scope="session")
def shipped_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the plans that this repository ships."""
    with serving.serving(built_once("shipped", find_workspace().data, tmp_path_factory)) as running:
        yield running


@pytest.fixture(scope="session", params=[("server", "musterstadt", 7), ("shipped_server", "hannover", 85)],
                ids=["fictional", "shipped"])
def site(request: pytest.FixtureRequest) -> Site:
    """The site of the two fictional plans (6 measures and 1), and that of the plans that are shipped."""
    fixture, plan, measures = request.param
    return Site(request.getfixturevalue(fixture), plan, measures)


@pytest.fixture(scope="module")  # no longer: while it is open, asyncio takes its event loop for a running one
def chromium() -> Iterator[Browser]:
    """A headless Chromium. Where none is installed, CI fails; elsewhere the test is passed over with the reason."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        message = "no Chromium found; install it (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true" or os.environ.get("WIR2GRAPH_BROWSER") == "required":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
