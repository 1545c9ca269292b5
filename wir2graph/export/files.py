"""Every address of a release as a file, written by several processes; compressed forms lie beside it.

    /musterstadt/massnahmen      musterstadt/massnahmen.html    a page
    /musterstadt/                musterstadt/index.html         a page whose address ends with a slash
    /musterstadt/data/x/y.ttl    musterstadt/data/x/y.ttl       anything else lies where its address says, with
                                 musterstadt/data/x/y.ttl.gz and .br beside it, where that is worth it
"""

from __future__ import annotations

import errno
import gc
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Final

from wir2graph.compress import ENDINGS
from wir2graph.export.links import template
from wir2graph.operator import Operator
from wir2graph.release import Release, open_release
from wir2graph.represent import represent
from wir2graph.represent.base import Address, Representation
from wir2graph.represent.static import StaticFiles, represent_file
from wir2graph.web.http import content_type, links_field

_PORTION: Final = 100  # addresses that a process writes at a time
_GARBAGE: Final = 50_000  # new objects after which garbage is looked for


@dataclass(frozen=True)
class Job:
    """Which release becomes files in which folder. `changed` is when the settings changed last, where that is known."""

    release: Path
    operator: Operator
    folder: Path
    changed: datetime | None


@dataclass(frozen=True)
class Written:
    """What stands at an address: its type, its language, and the template of its links as the Link field has them.

    `size` is that of its file and of the compressed forms beside it, in bytes.
    """

    path: str
    content_type: str
    language: str | None
    links: str
    size: int


def file_of(path: str, *, page: bool) -> str:
    """Return where the file of an address lies. Raises ValueError where no file can lie there."""
    name = path.removeprefix("/")
    segments = name.removesuffix("/").split("/") if name else []
    if not {"", ".", ".."}.isdisjoint(segments) or "\0" in name:
        raise ValueError(f"no file can lie at the address {path}")
    if not page:
        return name
    return f"{name}index.html" if path.endswith("/") else f"{name}.html"


@contextmanager
def writers(job: Job) -> Iterator[ProcessPoolExecutor]:
    """Start the processes that write; each opens the release itself, because an open store does not survive a fork.

    What is still to be written when the context ends by an error is not written any more.
    """
    with ProcessPoolExecutor(
        len(os.sched_getaffinity(0)), get_context("spawn"), initializer=_open, initargs=(job,),
    ) as processes:
        processes.submit(_ready)  # starts all of them, so that they open the release while their parent does
        try:
            yield processes
        except BaseException:
            processes.shutdown(cancel_futures=True)
            raise


def write_all(
    job: Job, release: Release, processes: ProcessPoolExecutor, progress: Callable[[int, int], None],
) -> Iterator[Written]:
    """Write the files of all addresses and all static files, and yield what stands there, in no order.

    `progress` is told how many addresses of how many are written.
    """
    addresses = release.addresses().values()
    done = 0
    for future in as_completed([processes.submit(_write, portion) for portion in _portions(addresses)]):
        written = future.result()
        yield from written
        done += len(written)
        progress(done, len(addresses))
    static = StaticFiles(release.site / "static")
    for path in static.addresses():
        found = static.find(path)
        assert found is not None
        yield _write_file(job, path, represent_file(found[0]), page=False)


def _portions(addresses: Iterable[Address]) -> Iterator[list[str]]:
    """Yield the paths in portions in which all that shows the same thing stands together: it is asked for once."""
    portion: list[str] = []
    last = None
    for address in sorted(addresses, key=lambda address: (_shown(address), address.path)):
        if len(portion) >= _PORTION and _shown(address) != last:
            yield portion
            portion = []
        portion.append(address.path)
        last = _shown(address)
    if portion:
        yield portion


def _shown(address: Address) -> str:
    """Return what an address shows, whatever its language."""
    if address.subject is not None:
        return address.subject
    prefix = f"/{address.language}/"
    return address.resource.removeprefix(prefix[:-1]) if address.resource.startswith(prefix) else address.resource


class _Worker:
    """What a process keeps between its portions; without a release, why it could not be opened."""

    job: Job
    release: Release | Exception


def _open(job: Job) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _Worker.job = job
    try:
        _Worker.release = open_release(job.release, job.operator)
        _Worker.release.addresses()
    except Exception as error:  # raised for the first portion, or by the parent, which opens the release, too
        _Worker.release = error
    # What the release holds stays to the end: to look through it for garbage again and again takes a twentieth longer.
    gc.freeze()
    gc.set_threshold(_GARBAGE)


def _end_with_parent() -> None:
    """End this process as soon as the one that started it has ended, however that was."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _ready() -> None:
    """Do nothing, in a process that is started for it."""


def _write(paths: Sequence[str]) -> list[Written]:
    job, release = _Worker.job, _Worker.release
    if isinstance(release, Exception):
        raise release
    found = [release.addresses()[path] for path in paths]
    return [_write_file(job, a.path, represent(release, a), page=a.kind == "page") for a in found]


@lru_cache(1024)  # to ask for each file whether its folder is there takes as long as to write it
def _make_folder(folder: str) -> None:
    os.makedirs(folder, exist_ok=True)


def _write_file(job: Job, path: str, representation: Representation, *, page: bool) -> Written:
    file = os.path.join(job.folder, file_of(path, page=page))
    _make_folder(os.path.dirname(file))
    # The server takes time and length for a strong tag, so that changed settings must change the time.
    moment = max(representation.last_modified, job.changed or representation.last_modified).timestamp()
    bodies = {"": representation.body} | {
        ENDINGS[coding]: body for coding, body in representation.compressed().items()
    }
    for ending, body in bodies.items():
        name = f"{file}{ending}"
        with open(name, "xb", buffering=0) as output:
            if output.write(body) != len(body):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)
            os.utime(output.fileno(), (moment, moment))
    links = template(path, links_field(representation, path, job.operator.public_url))
    return Written(
        path, content_type(representation.media_type), representation.language, links,
        sum(map(len, bodies.values())),
    )
