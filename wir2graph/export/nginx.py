"""The configuration with which nginx serves an export as the live server serves the release.

Tables (maps) hold what each path has to offer; regular expressions work out what the client likes best. Only modules
that Debian's nginx brings are needed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from wir2graph.export.entries import Entries, Entry
from wir2graph.export.links import ABOVE, NAME, SUFFIXES, parts
from wir2graph.formats import HTML, JSON, TABLES
from wir2graph.represent import feed
from wir2graph.urls import ENDPOINT
from wir2graph.web.headers import COMMON, METHODS, preflight
from wir2graph.web.http import FOREVER
from wir2graph.web.problems import MEDIA_TYPE

_HERE: Final = Path(__file__).parent
_PROBLEM: Final = "problem"
# nginx reads its configuration in pieces of 4 KB, and no word may be longer.
_LONGEST: Final = 4000
_ROOM: Final = 512  # bytes of a table's compartment: what the longest key needs

_WEIGHT: Final = r"0?\.\d+|0\.?|1(?:\.0*)?"
_PARAMETER: Final = r"(?:;(?![ \t]*q[ \t]*=)[^,;]*)"
_GREATER: Final = r"(\d)(?=[^|]*\|\d*\{place}\d*\{number})"


def maps(
    entries: Entries, asks: Mapping[str, tuple[str, ...]], chosen: Iterable[tuple[str, str]], static_version: str,
    public_url: str,
) -> str:
    """Return the tables for the http block.

    `asks` are the parameters that only the server can answer, by path; `chosen` are those with a value that have
    addresses of their own; `public_url` is where the site stands.
    """
    prefix = urlsplit(public_url).path
    groups = {names: number for number, names in enumerate(dict.fromkeys(asks.values()))}
    types = {**entries.types, HTML.name: HTML.media_type, JSON.name: JSON.media_type, _PROBLEM: MEDIA_TYPE}
    segments = {part for path in entries.known for part in parts(path)}
    segments |= {path.rstrip("/").rpartition("/")[2] for path in entries.known}
    menus = list(enumerate(entries.menus))
    return _filled("maps.conf", public_url, {
        "PREFIX_MAP": f'"~^{re.escape(prefix)}(/.*)$" $1; default "";' if prefix else "default $uri;",
        "ENCODED": _rows((segment, quote(segment)) for segment in sorted(segments) if quote(segment) != segment),
        "ENTRIES": _rows((_bare(entry.path), _entry(entry)) for entry in entries.entries),
        "WEIGHTS": "\n".join(_weights(name, media_type) for name, media_type in sorted(types.items())),
        "OFFERS": "\n    ".join(f'{number} "{_offer(first)}";' for number, (first, _) in menus),
        "FURTHER": "\n    ".join(f'{number} "{_offer(further)}";' for number, (_, further) in menus if further),
        "CHOOSE": f'"{_choose()}" $1;',
        "KNOWN": _rows((path, f"{place} {language or ''}".strip())
                       for path, (place, language) in sorted(entries.known.items())),
        "PARTS": rf"(?:.*/)?([^/]*)/([^/]*?)(?:\.(?:{'|'.join(SUFFIXES)}))?/?",
        "LINKS": "\n    ".join(f"{place} {_links(text)};" for place, text in enumerate(entries.links) if text),
        "ASKS": _rows((_bare(path), str(groups[names])) for path, names in sorted(asks.items())),
        "ASKED": "\n    ".join(
            f'"~^{number}\\?(?:.*&)?(?:{"|".join(map(re.escape, names))})=[^&]" yes;'
            for names, number in groups.items()
        ),
        "VALUES": _rows((f"/{name}/{quote(value)}", f"/{name}/{value}")
                        for name, value in sorted(chosen) if quote(value) != value),
        "ENDPOINT": ENDPOINT, "LASTING": f"/static/{static_version}/",
        "LASTING_PAGES": feed.LASTING, "FOREVER": FOREVER,
        "TABLES": "|".join(item.name for item in TABLES),
        "METHODS": ", ".join(METHODS),
        "ALLOW_HEADERS": preflight()["access-control-allow-headers"],
        "MAX_AGE": preflight()["access-control-max-age"],
    })


def server(content_types: Mapping[str, str], public_url: str) -> str:
    """Return what the server block includes; `content_types` are the types of files by suffix."""
    prefix = urlsplit(public_url).path
    return _filled("server.conf", public_url, {
        "PREFIX": prefix,
        "REDIRECT": f"location = {prefix} {{ return 308 {prefix}/; }}\n" if prefix else "",
        "TYPES": "\n        ".join(f'"{kind}" {suffix};' for suffix, kind in sorted(content_types.items())),
        "COMMON": "\n    ".join(f'add_header {name} "{value}" always;' for name, value in COMMON.items()),
    })


def site(folder: Path, entries: Entries, public_url: str) -> str:
    """Return a whole site that serves the export in a folder."""
    size = 1024
    while size < 2 * len(entries.known):
        size *= 2
    values = {"FOLDER": str(folder), "HOST": urlsplit(public_url).hostname or "_", "SIZE": str(size),
              "BUCKET": str(_ROOM)}
    return _filled("site.conf", public_url, values)


def _filled(name: str, public_url: str, values: Mapping[str, str]) -> str:
    """Return a file of this folder with its values; variables get a name of their own, as a server may have several."""
    text = (_HERE / name).read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text.replace("wir_", f"wir_{sha256(public_url.encode()).hexdigest()[:6]}_")


def _bare(path: str) -> str:
    return path.rstrip("/") or "/"


def _entry(entry: Entry) -> str:
    slash = "/" if entry.path.endswith("/") and entry.path != "/" else "-"
    menu = "-" if entry.menu is None else str(entry.menu)
    return f"{entry.kind} {slash} {menu} {entry.page} {entry.data} {_bare(entry.path)}"


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    """Return the rows of a table. Keys that differ only in capitals are regular expressions, which tell them apart."""
    found = list(rows)
    alike = Counter(key.lower() for key, _ in found)

    def key_of(key: str) -> str:
        plain = alike[key.lower()] == 1 and key[0] not in "~\\"
        return _word(key if plain else f"~^{re.escape(key)}$")

    return "\n    ".join(f"{key_of(key)} {_word(value)};" for key, value in found)


def _word(text: str) -> str:
    """Return a text as one word of the configuration. Raises ValueError where it is too long for nginx."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "${wir_dollar}")
    if len(quoted.encode()) > _LONGEST:
        raise ValueError(f"too long for a server's configuration: {text[:100]}…")
    return f'"{quoted}"'


def _links(template: str) -> str:
    return _word(template).replace(NAME, "${wir_name}").replace(ABOVE, "${wir_above}")


def _offer(names: Iterable[str]) -> str:
    return ",".join(f"{name}=$wir_weight_{name}" for name in names)


def _choose() -> str:
    """Return the expression that finds the first name of which no other has a greater number."""
    greater = [
        "".join(rf"\{place}" for place in range(2, digit)) + _GREATER.format(place=digit, number=digit + 5)
        for digit in range(2, 7)
    ]
    return rf"~^(?:[^;]*?,)??([a-z0-9]+)=(?!0000)(\d)(\d)(\d)(\d)(\d)(?!.*=(?:{'|'.join(greater)}))"


def _weights(name: str, media_type: str) -> str:
    """Return the tables that read the weight of a media type from the Accept field, and write it as five digits."""
    main, _, sub = media_type.partition("/")
    ranges = (re.escape(f"{main}/{sub}"), rf"{re.escape(main)}/\*", r"\*(?:/\*)?")
    rows = []
    for precision, named in zip((2, 1, 0), ranges, strict=True):
        start = rf"~*(?:^|,)[ \t]*{named}[ \t]*{_PARAMETER}*"
        rows.append(rf'"{start};[ \t]*q[ \t]*=[ \t]*({_WEIGHT})[ \t]*(?:[;,]|$)" "{precision}:$1";')
        rows.append(f'"{start}(?:,|$)" "{precision}:1";')
    return "\n".join((
        f"map $wir_accept $wir_asked_{name} {{", '    default "";', '    "" "0:1";',
        *(f"    {row}" for row in rows), "}",
        f"map $wir_asked_{name} $wir_weight_{name} {{", "    default 00000;", r'    "~^(\d):1" "1000$1";',
        r'    "~^(\d):0?\.(\d\d\d)" "0$2$1";', r'    "~^(\d):0?\.(\d\d)$" "0$20$1";',
        r'    "~^(\d):0?\.(\d)$" "0$200$1";', "}",
    ))
