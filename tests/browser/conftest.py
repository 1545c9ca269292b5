from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import expect

from wir2graph.release import Release


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """What is expected may take a while on a busy machine."""
    expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def kinds(release: Release) -> Mapping[tuple[str, str], str]:
    """Of every kind of page, in each language, the address of its longest."""
    longest: dict[tuple[str, str], tuple[int, str]] = {}
    for address in release.addresses().values():
        if address.kind == "page" and address.page and address.language:
            key = (address.page, address.language)
            longest[key] = max(longest.get(key, (0, "")), (len(release.pages.html(address)), address.path))
    return {key: path for key, (_, path) in longest.items()}
