"""What the catalogue says in its own words, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Texts = Mapping[str, str]


def _texts(de: str, en: str) -> Texts:
    return MappingProxyType({"de": de, "en": en})


CATALOGUE: Final = _texts("Datenkatalog: {plan}", "Data catalogue: {plan}")
VERSION: Final = _texts("{title} (Ausgabe {version})", "{title} (release {version})")
ALL: Final = _texts("Datenkatalog: kommunale Pläne", "Data catalogue: municipal plans")
ALL_ABOUT: Final = _texts("Kommunale Pläne als verknüpfte offene Daten: {plans}.",
                          "Municipal plans as linked open data: {plans}.")
ABOUT: Final = _texts("{about} Teil von: {plan}. {subtitle}.", "{about} Part of: {plan}. {subtitle}.")
SERVICE: Final = _texts("SPARQL-Abfragestelle: {plan}", "SPARQL endpoint: {plan}")
SERVICE_ABOUT: Final = _texts(
    "Abfragen in SPARQL 1.1 über alle Angaben, ohne Anmeldung; Grenzen nennt die Beschreibung des Dienstes.",
    "Queries in SPARQL 1.1 over all statements, without registration; the description of the service tells its limits.",
)
CREDIT: Final = "{publisher}: {title} ({iri}), {licence}"
THEMES: Final = _texts("Datenkategorien der EU", "EU data themes")
KEYWORDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "de": ("Kommunaler Plan", "Offene Daten"), "en": ("municipal plan", "open data"),
})
"""What every dataset is found by, beside its own keywords and those of the plan."""
