"""Weighted request headers (RFC 9110, section 12): which media type and content coding a client prefers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
# An open quotation runs to the end, so that splitting takes one pass whatever comes.
_OPEN = r'"(?:[^"\\]|\\.)*"?'
_PARTS = re.compile(rf'(?:{_OPEN}|[^,"])+')
_RANGE = re.compile(rf"\s*({_TOKEN})(?:/({_TOKEN}))?\s*")
_PARAMETER = re.compile(rf"\s*({_TOKEN})\s*=\s*({_TOKEN}|{_QUOTED})\s*")
_SEMICOLONS = re.compile(rf'(?:{_OPEN}|[^;"])+')
# Java's URLConnection writes "q=.2": outside the grammar, but unmistakable.
_WEIGHT = re.compile(r"0?\.\d+|0\.?|1(?:\.0*)?")
_CODINGS = ("br", "gzip")
# Browsers and libraries send the same short headers again and again; longer ones are not worth the memory.
_USUAL = 400


@dataclass(frozen=True)
class _Range:
    """One media range of an Accept header; `*` stands for any type or subtype."""

    main: str
    sub: str
    parameters: tuple[tuple[str, str], ...]
    weight: float

    def rank(self, main: str, sub: str, parameters: dict[str, str]) -> tuple[int, int, int] | None:
        """How specifically this range names the offered type; None if it does not name it.

        A parameter that the offered type does not have (`charset`, `profile`) does not rule it out, as there
        is only the one variant to give; but it ranks below a range that fits exactly, and it never refuses
        the plain type.
        """
        if self.main not in ("*", main) or self.sub not in ("*", sub):
            return None
        missing = 0
        for name, value in self.parameters:
            if name not in parameters:
                missing += 1
            elif parameters[name] != value:
                return None
        if missing and self.weight == 0:
            return None
        return (self.main != "*") + (self.sub != "*"), -missing, len(self.parameters) - missing


def negotiate(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered media type that an Accept header prefers, or None if it accepts none of them.

    `offered` is in the server's order of preference; it decides between types that the client weighs the same
    and names equally precisely. No header, or one without a single well-formed part, accepts everything.
    Follows RFC 9110, section 12.5.1.
    """
    if not offered:
        return None
    if accept is None:
        return offered[0]
    choose = _remembered if len(accept) <= _USUAL else _chosen
    return choose(accept, tuple(offered))


def coding(accept_encoding: str | None) -> str | None:
    """The content coding to send: "br", "gzip" or None for the identity. Follows RFC 9110, section 12.5.3."""
    if not accept_encoding:
        return None
    weights = dict(_codings(accept_encoding))
    rest = weights.get("*", 0.0)
    best, chosen = weights.get("identity", 0.0), None
    for name in reversed(_CODINGS):
        weight = weights.get(name, rest)
        if weight > 0 and weight >= best:
            best, chosen = weight, name
    return chosen


def _chosen(accept: str, offered: tuple[str, ...]) -> str | None:
    ranges = _ranges(accept)
    if not ranges:
        return offered[0]
    best: tuple[float, int] = (0.0, 0)
    chosen: str | None = None
    for candidate in offered:
        weight, precision = _weigh(ranges, candidate)
        if weight > 0 and (weight, precision) > best:
            best, chosen = (weight, precision), candidate
    return chosen


_remembered = lru_cache(maxsize=512)(_chosen)


def _weigh(ranges: Sequence[_Range], candidate: str) -> tuple[float, int]:
    """Weight and precision of the most specific range that names the candidate; (0, 0) if none does."""
    main, sub, parameters = _media_type(candidate)
    found = [(rank, part.weight) for part in ranges if (rank := part.rank(main, sub, parameters)) is not None]
    if not found:
        return 0.0, 0
    rank, weight = max(found)
    return weight, rank[0]


@lru_cache(maxsize=256)
def _media_type(text: str) -> tuple[str, str, dict[str, str]]:
    name, *parameters = text.split(";")
    main, _, sub = name.strip().lower().partition("/")
    pairs = (parameter.partition("=") for parameter in parameters)
    return main, sub, {key.strip().lower(): value.strip().strip('"').lower() for key, _, value in pairs}


def _ranges(header: str) -> list[_Range]:
    return [part for text in _PARTS.findall(header) if (part := _range(text)) is not None]


def _range(text: str) -> _Range | None:
    name, *rest = _SEMICOLONS.findall(text) or [""]
    match = _RANGE.fullmatch(name)
    if match is None:
        return None
    main, sub = match[1].lower(), (match[2] or "").lower()
    if main == "*":
        sub = sub or "*"
    if not sub or (main == "*" and sub != "*"):
        return None
    parsed = _parameters(rest)
    if parsed is None:
        return None
    parameters, weight = parsed
    return _Range(main, sub, parameters, weight)


def _parameters(texts: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], float] | None:
    """The media type's parameters and the weight that ends them; None if one is malformed."""
    parameters: list[tuple[str, str]] = []
    for text in texts:
        match = _PARAMETER.fullmatch(text)
        if match is None:
            if text.strip():
                return None
            continue
        name, value = match[1].lower(), match[2].strip('"').replace("\\", "").lower()
        if name == "q":
            return (tuple(parameters), float(value)) if _WEIGHT.fullmatch(value) else None
        parameters.append((name, value))
    return tuple(parameters), 1.0


def _codings(header: str) -> Iterator[tuple[str, float]]:
    for text in header.split(","):
        name, *rest = text.split(";")
        parsed = _parameters(rest)
        if parsed is not None and name.strip():
            yield name.strip().lower(), parsed[1]
