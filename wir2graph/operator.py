"""Whoever runs the site: `operator.toml`, apart from any plan."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from wir2graph.findings import Finding, InputError
from wir2graph.plan import problem, read_toml
from wir2graph.store.base import Capacity, Limits

_MEGABYTE: Final = 2**20


@dataclass(frozen=True)
class SparqlSettings:
    """What strangers' queries may take, and how many there may be at a time.

    `cache_bytes` is the room for results that are kept. `trusted_proxies` are the addresses of proxies whose
    X-Forwarded-For tells who asks; it counts for the limit per client and for nothing else.
    """

    limits: Limits = field(default_factory=Limits)
    capacity: Capacity = field(default_factory=Capacity)
    cache_bytes: int = 32 * _MEGABYTE
    trusted_proxies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operator:
    """Whoever runs the site. All settings may be open (`None` or empty); nothing speaks for a city by default."""

    name: str | None = None
    kind: str | None = None
    email: str | None = None
    homepage: str | None = None
    contributor_id: str | None = None
    public_url: str | None = None
    imprint: Mapping[str, str] = field(default_factory=dict)
    sparql: SparqlSettings = field(default_factory=SparqlSettings)


def load_operator(path: Path | None) -> Operator:
    """Read `operator.toml`; without a path everything stays open. Raises InputError on an unknown or wrong setting."""
    if path is None:
        return Operator()
    settings = read_toml(path, path.name)
    wrong = [
        _wrong(path, f"Unbekannte Einstellung `{key}`. Bekannt sind: {_listed(Operator.__dataclass_fields__)}.",
               f"unknown setting `{key}`; known are {_listed(Operator.__dataclass_fields__)}")
        for key in settings if key not in Operator.__dataclass_fields__
    ]
    url = settings.get("public_url")
    if url is not None and not _is_address(url):
        wrong.append(_wrong(path, "`public_url` muss eine vollständige Adresse sein (https://…).",
                            "`public_url` must be a complete address (https://…)"))
    table = settings.pop("sparql", {})
    wrong += _wrong_in_sparql(path, table)
    if wrong:
        raise InputError(wrong)
    if isinstance(url, str):
        settings["public_url"] = url.rstrip("/")
    return Operator(**settings, sparql=_sparql(table))


def _sparql(table: Mapping[str, Any]) -> SparqlSettings:
    def given(**names: int) -> dict[str, Any]:
        return {name.removesuffix("_mb") + "_bytes" * name.endswith("_mb"): table[name] * unit
                for name, unit in names.items() if name in table}

    limits = Limits(**given(seconds=1, memory_mb=_MEGABYTE, result_mb=_MEGABYTE, depth=1, length=1))
    capacity = Capacity(**given(workers=1, queue=1, per_client=1))
    return SparqlSettings(
        limits, capacity, **given(cache_mb=_MEGABYTE), trusted_proxies=tuple(table.get("trusted_proxies", ())),
    )


def _wrong_in_sparql(path: Path, table: object) -> list[Finding]:
    """Return what is wrong with the table `[sparql]`."""
    if not isinstance(table, dict):
        return [_wrong(path, "`sparql` muss eine Tabelle sein: [sparql].", "`sparql` must be a table: [sparql]")]
    known: dict[str, tuple[Callable[[object], bool], str, str]] = {
        **dict.fromkeys(("seconds", "memory_mb", "result_mb", "depth", "length", "workers", "per_client"),
                        (_is_number, "eine ganze Zahl ab 1", "an integer from 1")),
        **dict.fromkeys(("queue", "cache_mb"),
                        (lambda value: value == 0 or _is_number(value), "eine ganze Zahl ab 0", "an integer from 0")),
        "trusted_proxies": (_are_hosts, 'eine Liste von IP-Adressen wie ["127.0.0.1"]',
                            'a list of IP addresses like ["127.0.0.1"]'),
    }
    wrong = []
    for key, value in table.items():
        if key not in known:
            wrong.append(_wrong(path, f"Unbekannte Einstellung `{key}` unter [sparql]. Bekannt sind: {_listed(known)}.",
                                f"unknown setting `{key}` under [sparql]; known are {_listed(known)}"))
        elif not known[key][0](value):
            _, want_de, want_en = known[key]
            wrong.append(_wrong(path, f"`{key}` unter [sparql] ist falsch: erwartet wird {want_de}.",
                                f"`{key}` under [sparql] is wrong; expected {want_en}"))
    return wrong


def _is_number(value: object) -> bool:
    return type(value) is int and value >= 1


def _are_hosts(value: object) -> bool:
    return isinstance(value, list) and all(_is_host(each) for each in value)


def _is_host(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ipaddress.ip_address(value))
    except ValueError:
        return False


def _is_address(value: object) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).netloc)


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names))


def _wrong(path: Path, message_de: str, message_en: str) -> Finding:
    return problem("OperatorSetting", path.name, message_de, message_en)
