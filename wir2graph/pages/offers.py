"""What a plan offers for download: its datasets with their files, and its catalogue for portals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wir2graph.downloads import METADATA, README, File, Part, parts, read_files
from wir2graph.formats import CSV, by_name
from wir2graph.pages.model import Reference
from wir2graph.plan import Plan
from wir2graph.represent import catalogue
from wir2graph.represent.catalogue.names import with_content
from wir2graph.represent.editions import Edition, current_edition
from wir2graph.urls import relative

if TYPE_CHECKING:
    from wir2graph.pages.index import PageIndex
    from wir2graph.pages.values import Values

FOLDER: Final = "downloads"
"""The name of the page that shows it."""


@dataclass(frozen=True)
class DatasetView:
    """One dataset that can be loaded: the anchor at which it stands, what it is, its IRI and its files."""

    anchor: str
    title: str
    about: str
    iri: str
    files: tuple[Reference, ...]


@dataclass(frozen=True)
class OffersView:
    """What a plan offers for download; `catalogue` are its documents, `catalogue_url` the address that chooses."""

    datasets: tuple[DatasetView, ...]
    catalogue: tuple[Reference, ...]
    catalogue_url: str


def offers_view(index: PageIndex, path: str, plan: Plan, values: Values) -> OffersView:
    """Return what the page at `path` offers of a plan."""
    edition = current_edition(index.release, plan)
    files = with_content(read_files(edition.folder))
    texts = index.texts[values.language]["files"]
    datasets = []
    for part in parts().values():
        own = [file for file in files if file.dataset == part.name]
        if own:
            references = tuple(_reference(edition, file, path, texts, values) for file in own)
            datasets.append(_dataset(edition, part, references, values.language))
    documents = tuple(
        Reference(item.label, relative(path, f"{edition.catalogue}.{item.name}"), media_type=item.media_type)
        for item in catalogue.FORMATS
    )
    return OffersView(tuple(datasets), documents, f"{index.release.base_url}{edition.catalogue}")


def _dataset(edition: Edition, part: Part, files: tuple[Reference, ...], language: str) -> DatasetView:
    return DatasetView(
        edition.anchor(part.name), part.title[language], part.about[language], edition.plan.dataset(part.name), files,
    )


def _reference(edition: Edition, file: File, path: str, texts: dict[str, str], values: Values) -> Reference:
    item = by_name(file.suffix)
    names = {CSV.name: texts["csv_de"], f"en.{CSV.name}": texts["csv_en"], METADATA: texts["columns"],
             README: texts["readme"]}
    text = names.get(file.suffix) or (item.label if item else file.suffix)
    return Reference(text, relative(path, f"{edition.files}/{file.name}"), media_type=file.media_type,
                     size=values.size(file.size))
