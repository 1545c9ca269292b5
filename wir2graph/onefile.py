"""One RDF file as a release without a plan: its default graph and its named graphs are served as they stand."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from wir2graph import turtle
from wir2graph.dataset import Dataset
from wir2graph.findings import Finding, InputError
from wir2graph.formats import N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, split_suffix
from wir2graph.plan import Workspace
from wir2graph.release import switch, write

FORMATS: Final = (TURTLE, TRIG, N_TRIPLES, N_QUADS, RDF_XML)


def build(file: Path, workspace: Workspace, state: Path) -> None:
    """Write a release of one file into a state folder that holds no other, and switch to it.

    Relative IRIs are resolved against the file's own. Raises InputError when the file cannot be read.
    """
    data = file.read_bytes()
    store = ox.Store()
    store.extend(_quads(file, data))
    digest = hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in store)).encode()).hexdigest()
    folder = state / "releases" / digest[:16]
    write(Dataset((), store, (), (), {}), digest, workspace, folder)
    switch(state, folder)


def _quads(file: Path, data: bytes) -> list[ox.Quad]:
    _, item = split_suffix(file.name)
    if item not in FORMATS or item.rdf is None:
        known = ", ".join(f".{each.name}" for each in FORMATS)
        raise InputError([Finding(
            "FormatUnknown", None, file.name, None, None,
            f"Das Format der Datei ist am Namen nicht zu erkennen. Bekannt sind: {known}.",
            f"the name does not tell the format of the file; known are {known}",
        )])
    try:
        return list(ox.parse(data, format=item.rdf, base_iri=file.resolve().as_uri()))
    except SyntaxError as error:
        raise turtle.unreadable(error, file.name, item.label) from error
