"""A guard against a conformance run that ran next to nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.conformance.deployed import Shown, behind_nginx, deployed
from tests.serving import PATIENCE, Server

FEWEST = {
    "test_atom": 3, "test_catalogue": 49, "test_ckan": 28, "test_comunica": 34, "test_csvw": 18, "test_discovery": 33,
    "test_doctor": 26, "test_export": 75, "test_frontend": 4, "test_interfaces": 16, "test_ldes": 6, "test_nginx": 15,
    "test_proxy": 36, "test_r": 3, "test_researchers": 9, "test_vnu": 3, "test_w3c_sparql": 43, "test_wheel": 5,
}
"""The fewest cases of a module that must have passed in a run of the whole folder."""



@pytest.fixture(scope="module", params=["fictional", "shipped"])
def served(request: pytest.FixtureRequest, state: Path) -> tuple[str, Path]:
    """A plan and the state folder with its release."""
    if request.param == "fictional":
        return "musterstadt", state
    shipped: Server = request.getfixturevalue("shipped_server")
    return "hannover", shipped.state


@pytest.fixture(scope="module", params=["direct", "behind nginx"])
def shown(
    request: pytest.FixtureRequest, served: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shown]:
    """Each plan on a server alone, and on one behind nginx with TLS and a path."""
    plan, state = served
    deploy = deployed if request.param == "direct" else behind_nginx
    with (
        deploy(state, tmp_path_factory.mktemp("deployed")) as at,
        httpx.Client(verify=at.context, timeout=PATIENCE, trust_env=False) as client,
    ):
        yield Shown(at, plan, client)


PASSED: pytest.StashKey[Counter[str]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[PASSED] = Counter()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.passed:
        item.config.stash[PASSED][item.path.stem] += 1
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    here = Path(__file__).parent
    whole = [Path(argument).resolve() for argument in session.config.args] == [here]
    if not whole or session.config.getoption("keyword") or session.config.getoption("collectonly"):
        return
    passed = session.config.stash[PASSED]
    few = [f"{name}: {passed[name]} of at least {least}" for name, least in FEWEST.items() if passed[name] < least]
    if few:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        assert reporter is not None
        reporter.write_line(f"\nfewer conformance cases passed than there must be: {'; '.join(few)}", red=True)
