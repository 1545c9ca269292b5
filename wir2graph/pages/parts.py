"""The sections of a source whose quotes are too many for one page: each gets a page under a name of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from wir2graph.pages.arrange import counted

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Part:
    """One section of a source: its heading as printed, the name of its page, and how many quotes stand there."""

    section: str
    key: str
    count: int


def parts(counts: Mapping[str, int]) -> dict[str, Part]:
    """Return the parts of a source by section, as a reader counts, from the number of quotes of each.

    Names are made of the headings; where two would be the same, the later ones are numbered.
    """
    found: dict[str, Part] = {}
    taken: set[str] = set()
    for section in sorted(counts, key=lambda section: (counted(section), section)):
        name = key = key_of(section)
        number = 1
        while key in taken:
            number += 1
            key = f"{name}-{number}"
        taken.add(key)
        found[section] = Part(section, key, counts[section])
    return found


def key_of(section: str) -> str:
    """Return a heading as part of an address: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", section.lower().translate(_UMLAUTS))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-") or "abschnitt"
