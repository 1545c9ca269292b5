"""Reading `operator.toml`: each setting is known and as it must be, or all that is wrong is told."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from wir2graph.findings import Finding, InputError
from wir2graph.operator.model import MEGABYTE, Accessibility, Arbitration, Operator, SparqlSettings
from wir2graph.plan import problem, read_toml
from wir2graph.store.base import Capacity, Limits


@dataclass(frozen=True)
class _Kind:
    """What the value of a setting must be: a test for it and its name in both languages."""

    fits: Callable[[object], bool]
    de: str
    en: str


def _is_number(value: object, least: int = 1) -> bool:
    return type(value) is int and value >= least


def _is_host(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ipaddress.ip_address(value))
    except ValueError:
        return False


def _is_address(value: object) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).netloc)


def _is_email(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[^@\s<>?&]+@[^@\s<>?&]+", value) is not None


def _one_of(*words: str) -> _Kind:
    told = ", ".join(f'"{word}"' for word in words)
    return _Kind(lambda value: value in words, f"eines von {told}", f"one of {told}")


_TEXT: Final = _Kind(lambda value: isinstance(value, str), "ein Text in Anführungszeichen", "a text in quotation marks")
_EMAIL: Final = _Kind(_is_email, "eine E-Mail-Adresse", "an e-mail address")
_ADDRESS: Final = _Kind(_is_address, "eine vollständige Adresse (https://…)", "a complete address (https://…)")
_DAY: Final = _Kind(lambda value: type(value) is date, "ein Tag wie 2027-06-30, ohne Anführungszeichen",
                    "a day like 2027-06-30, without quotation marks")
_COUNT: Final = _Kind(_is_number, "eine ganze Zahl ab 1", "an integer from 1")
_COUNT_OR_NONE: Final = _Kind(lambda value: _is_number(value, 0), "eine ganze Zahl ab 0", "an integer from 0")
_HOSTS: Final = _Kind(lambda value: isinstance(value, list) and all(_is_host(each) for each in value),
                      'eine Liste von IP-Adressen wie ["127.0.0.1"]', 'a list of IP addresses like ["127.0.0.1"]')
_TEXTS: Final = {"de": _TEXT, "en": _TEXT}

_Table = Mapping[str, "_Kind | _Table"]
_KNOWN: Final[_Table] = {
    "name": _TEXT, "kind": _TEXT, "email": _EMAIL, "homepage": _ADDRESS, "contributor_id": _ADDRESS,
    "public_url": _ADDRESS, "imprint": _TEXTS, "privacy": _TEXTS,
    "accessibility": {
        "status": _one_of("full", "partial", "none"), "method": _one_of("self-assessment", "third-party"),
        "prepared": _DAY, "reviewed": _DAY, "law": _TEXT, "feedback_email": _EMAIL, "feedback_url": _ADDRESS,
        "exceptions": _TEXTS, "arbitration": {"name": _TEXT, "url": _ADDRESS, "contact": _TEXT},
    },
    "sparql": {
        **dict.fromkeys(("seconds", "memory_mb", "result_mb", "depth", "length", "workers", "per_client"), _COUNT),
        "queue": _COUNT_OR_NONE, "cache_mb": _COUNT_OR_NONE, "trusted_proxies": _HOSTS,
    },
}


def load_operator(path: Path | None) -> Operator:
    """Read `operator.toml`; without a path everything stays open, and so does what is the empty text.

    Raises InputError on an unknown or wrong setting.
    """
    if path is None:
        return Operator()
    settings = _given(read_toml(path, path.name))
    wrong = _wrong_in(path, settings, _KNOWN, "")
    if wrong:
        raise InputError(wrong)
    if url := settings.get("public_url"):
        settings["public_url"] = url.rstrip("/")
    accessibility = settings.pop("accessibility", {})
    arbitration = Arbitration(**accessibility.pop("arbitration", {}))
    return Operator(
        **{**settings, "sparql": _sparql(settings.get("sparql", {}))},
        accessibility=Accessibility(**accessibility, arbitration=arbitration),
    )


def _given(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table without the texts that are empty: a setting that is left open."""
    return {key: _given(value) if isinstance(value, dict) else value for key, value in table.items()
            if not isinstance(value, str) or value.strip()}


def _sparql(table: Mapping[str, Any]) -> SparqlSettings:
    def given(**names: int) -> dict[str, Any]:
        return {name.removesuffix("_mb") + "_bytes" * name.endswith("_mb"): table[name] * unit
                for name, unit in names.items() if name in table}

    limits = Limits(**given(seconds=1, memory_mb=MEGABYTE, result_mb=MEGABYTE, depth=1, length=1))
    capacity = Capacity(**given(workers=1, queue=1, per_client=1))
    return SparqlSettings(
        limits, capacity, **given(cache_mb=MEGABYTE), trusted_proxies=tuple(table.get("trusted_proxies", ())),
    )


def _wrong_in(path: Path, table: Mapping[str, Any], known: _Table, name: str) -> list[Finding]:
    """Return what is wrong with a table; `name` is empty for the file as a whole."""
    wrong = []
    under_de, under_en = (f" {word} [{name}]" if name else "" for word in ("unter", "under"))
    for key, value in table.items():
        full = f"{name}.{key}" if name else key
        wanted = known.get(key)
        if wanted is None:
            names = ", ".join(sorted(known))
            wrong.append(_wrong(path, f"Unbekannte Einstellung `{key}`{under_de}. Bekannt sind: {names}.",
                                f"unknown setting `{key}`{under_en}; known are {names}"))
        elif isinstance(wanted, _Kind):
            if not wanted.fits(value):
                wrong.append(_wrong(path, f"`{key}`{under_de} ist falsch: erwartet wird {wanted.de}.",
                                    f"`{key}`{under_en} is wrong; expected {wanted.en}"))
        elif isinstance(value, dict):
            wrong += _wrong_in(path, value, wanted, full)
        else:
            wrong.append(_wrong(path, f"`{full}` muss eine Tabelle sein: [{full}].",
                                f"`{full}` must be a table: [{full}]"))
    return wrong


def _wrong(path: Path, message_de: str, message_en: str) -> Finding:
    return problem("OperatorSetting", path.name, message_de, message_en)
