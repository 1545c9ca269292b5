"""The IRIs of a catalogue and of what is in it. They stand in catalogue documents only, never among the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from wir2graph.downloads import METADATA, README, File
from wir2graph.downloads.parts import WHOLE
from wir2graph.formats import N_TRIPLES
from wir2graph.represent.editions import Edition

SPARQL: Final = "sparql"
"""What stands for a suffix in the name of the endpoint as a way to the whole graph."""


class Names:
    """The IRIs of one edition of a plan: those of a version have its name at their end."""

    def __init__(self, edition: Edition) -> None:
        self._plan = edition.plan
        self._base = f"{edition.plan.namespace}id/"
        self._mark = edition.mark

    @property
    def catalogue(self) -> str:
        """The catalogue of this edition."""
        return self.catalogue_of_plan + self._mark

    @property
    def catalogue_of_plan(self) -> str:
        """The catalogue that always shows the newest."""
        return f"{self._base}katalog/{self._plan.slug}"

    @property
    def service(self) -> str:
        """The endpoint as a data service."""
        return f"{self._base}dienst/sparql"

    def dataset(self, name: str) -> str:
        """Return the IRI of a dataset of this edition."""
        return self._plan.dataset(name) + self._mark

    def dataset_of(self, name: str, version: str) -> str:
        """Return the IRI of a dataset in a version."""
        return f"{self._plan.dataset(name)}-{version}"

    def distribution(self, dataset: str, suffix: str) -> str:
        """Return the IRI of a file of a dataset of this edition."""
        return f"{self._base}distribution/{dataset}-{suffix.replace('.', '-')}{self._mark}"


def with_content(files: Sequence[File]) -> list[File]:
    """Return the files of datasets that hold something: a plan without calls offers no portal an empty dataset."""
    filled = {file.dataset for file in files if file.suffix == N_TRIPLES.name and file.size}
    return [file for file in files if file.dataset in filled]


def paths(edition: Edition, files: Sequence[File]) -> Iterator[tuple[str, str | None]]:
    """Yield the path at which each IRI of a catalogue is asked for, and the dataset that it belongs to, if any."""
    names, space, root = Names(edition), edition.plan.namespace, f"/{edition.plan.slug}/"
    named: dict[str, str | None] = {names.catalogue: None}
    if edition.current:
        named |= {names.service: None, names.distribution(WHOLE, SPARQL): WHOLE}
    for file in with_content(files):
        named[names.dataset(file.dataset)] = file.dataset
        if file.suffix not in (METADATA, README):
            named[names.distribution(file.dataset, file.suffix)] = file.dataset
    for iri, dataset in named.items():
        yield root + iri.removeprefix(space), dataset
