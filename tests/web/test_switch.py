"""From one release to the next while readers are there."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.serving import FIXTURES, PATIENCE, Server, serving
from wir2graph.operator import Operator
from wir2graph.plan import Workspace
from wir2graph.release import build
from wir2graph.store.base import DatasetClause
from wir2graph.web.served import Service

PAGE = "/musterstadt/massnahme/gruenplan-raeume-1"
TITLE = "Bäume an jeder Straße"
ALL = "SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"


@pytest.fixture
def own_state(tmp_path: Path, state: Path) -> Path:
    """A state folder of its own with the release of the fictional plans."""
    copy = tmp_path / "state"
    shutil.copytree(state, copy, symlinks=True)
    return copy


@pytest.fixture(scope="module")
def renamed(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The fictional plans with another title for one measure."""
    data = tmp_path_factory.mktemp("renamed") / "data"
    shutil.copytree(FIXTURES, data)
    file = data / "musterstadt" / "gruenplan-2026" / "massnahmen.ttl"
    text = file.read_text(encoding="utf-8")
    assert text.count(f'skos:prefLabel "{TITLE}"@de') == 1
    file.write_text(text.replace(f'skos:prefLabel "{TITLE}"@de', 'skos:prefLabel "Umbenannt"@de'), encoding="utf-8")
    return replace(workspace, data=data)


@pytest.fixture
def running(own_state: Path) -> Iterator[Server]:
    with serving(own_state) as server:
        yield server


def switch(workspace: Workspace, state: Path) -> None:
    assert build(workspace, state, lambda _: []).folder is not None


def until(server: Server, digest: str) -> None:
    end = time.monotonic() + PATIENCE
    while server.get("/health").json()["digest"] != digest:
        assert time.monotonic() < end, "the new release is not served"
        time.sleep(0.05)


def digest_of(state: Path) -> str:
    digest: str = json.loads((state / "current" / "manifest.json").read_text())["digest"]
    return digest


def test_every_request_during_a_switch_is_answered_from_one_release(running: Server, renamed: Workspace) -> None:
    paths = [PAGE, f"{PAGE.replace('/massnahme', '/data/massnahme')}.json", f"/sparql?query={quote(ALL)}"]
    stop = threading.Event()
    answers: list[tuple[str, int, bytes]] = []

    def read() -> None:
        with httpx.Client(timeout=PATIENCE) as client:
            while not stop.is_set():
                for path in paths:
                    answer = client.get(running.url + path)
                    answers.append((path, answer.status_code, answer.content))

    def whole() -> dict[str, bytes]:
        return {path: running.get(path).content for path in paths}

    before = whole()
    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        switch(renamed, running.state)
        until(running, digest_of(running.state))
        after = whole()
        enough = len(answers) + 30
        end = time.monotonic() + PATIENCE
        while len(answers) < enough and time.monotonic() < end:
            time.sleep(0.01)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert {status for _, status, _ in answers} == {200}
    for path in paths:
        bodies = {body for asked, _, body in answers if asked == path}
        assert before[path] != after[path]
        assert bodies == {before[path], after[path]}


def exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_old_release_lives_until_its_last_request_has_ended(own_state: Path, renamed: Workspace) -> None:
    async def scenario() -> None:
        service = Service(own_state, Operator())
        try:
            async with service.pin() as first, service.pin() as again:
                assert first is again
                assert not await service.switch()
                switch(renamed, own_state)
                assert await service.switch()
                async with service.pin() as second:
                    assert second.release.digest == digest_of(own_state) != first.release.digest
                store = first.release.store
                answer = b"".join([piece async for piece in store.stream(ALL, DatasetClause(), "text/csv")])
                assert TITLE.encode() in answer
                store.warm()
                async with asyncio.timeout(PATIENCE):
                    while not (workers := store.pool.idle):
                        await asyncio.sleep(0.02)
                assert all(exists(worker) for worker in workers)
            assert not any(exists(worker) for worker in workers)
        finally:
            service.close()

    asyncio.run(scenario())


def test_a_release_that_cannot_be_opened_is_not_served(
    own_state: Path, renamed: Workspace, caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario() -> None:
        service = Service(own_state, Operator())
        try:
            broken = own_state / "releases" / "broken"
            broken.mkdir()
            (broken / "manifest.json").write_text('{"digest": "x", "built": "2026-01-01T00:00:00+00:00"}')
            (own_state / "next").symlink_to("releases/broken")
            (own_state / "next").replace(own_state / "current")
            assert not await service.switch()
            assert not await service.switch()
            assert [record.getMessage().partition(";")[0] for record in caplog.records] == [
                "release broken cannot be opened",
            ]
            switch(renamed, own_state)
            assert await service.switch()
            async with service.pin() as served:
                assert served.release.digest == digest_of(own_state)
        finally:
            service.close()

    asyncio.run(scenario())


def test_a_release_of_another_program_is_not_served(
    own_state: Path, renamed: Workspace, caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario() -> None:
        service = Service(own_state, Operator())
        try:
            before = digest_of(own_state)
            switch(renamed, own_state)
            manifest = own_state / "current" / "manifest.json"
            written = json.loads(manifest.read_text())
            manifest.write_text(json.dumps({**written, "code": "of tomorrow"}))
            assert not await service.switch()
            assert "den Server neu starten" in caplog.text
            async with service.pin() as served:
                assert served.release.digest == before != written["digest"]
        finally:
            service.close()

    asyncio.run(scenario())


def test_there_is_nothing_to_serve_without_a_release(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no release"):
        Service(tmp_path, Operator())
