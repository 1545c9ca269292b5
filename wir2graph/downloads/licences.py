"""Licences as portals know them: the IRI of DCAT-AP.de's list, a name, and whether naming the source is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

_LIST: Final = "http://dcat-ap.de/def/licenses/"


@dataclass(frozen=True)
class Licence:
    """One licence: its IRI in the list (http://dcat-ap.de/def/licenses), its name by language, who must be named."""

    iri: str
    names: Mapping[str, str]
    attribution: bool


def _licence(name: str, de: str, en: str, *, attribution: bool) -> Licence:
    return Licence(_LIST + name, MappingProxyType({"de": de, "en": en}), attribution)


_KNOWN: Final[Mapping[str, Licence]] = MappingProxyType({
    "govdata.de/dl-de/by-2-0": _licence(
        "dl-by-de/2.0", "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        "Data licence Germany – attribution – version 2.0", attribution=True,
    ),
    "govdata.de/dl-de/zero-2-0": _licence(
        "dl-zero-de/2.0", "Datenlizenz Deutschland – Zero – Version 2.0", "Data licence Germany – Zero – version 2.0",
        attribution=False,
    ),
    "creativecommons.org/licenses/by/4.0": _licence(
        "cc-by/4.0", "Creative Commons Namensnennung 4.0 International",
        "Creative Commons Attribution 4.0 International", attribution=True,
    ),
    "creativecommons.org/licenses/by-sa/4.0": _licence(
        "cc-by-sa/4.0", "Creative Commons Namensnennung – Weitergabe unter gleichen Bedingungen 4.0 International",
        "Creative Commons Attribution-ShareAlike 4.0 International", attribution=True,
    ),
    "creativecommons.org/publicdomain/zero/1.0": _licence(
        "cc-zero", "Creative Commons CC Zero 1.0", "Creative Commons CC Zero 1.0", attribution=False,
    ),
})


def licence_of(iri: str) -> Licence | None:
    """Return what portals know of a licence, or None; scheme, `www.` and a slash at the end do not matter."""
    return _KNOWN.get(iri.partition("://")[2].removeprefix("www.").rstrip("/"))


def licence_name(iri: str, language: str) -> str:
    """Return the name of a licence in a language; of an unknown one its IRI."""
    found = licence_of(iri)
    return found.names[language] if found else iri
