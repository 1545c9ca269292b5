"""One plan folder and the operator's settings: where everything lies and what it is called."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from wir2graph.findings import Finding, InputError

WIR: Final = "https://w3id.org/wir2graph/def#"
ONTOLOGY_GRAPH: Final = "https://w3id.org/wir2graph/def"
SHAPES_GRAPH: Final = "https://w3id.org/wir2graph/shapes"
CODELIST_GRAPH: Final = "https://w3id.org/wir2graph/codelists"
TOMBSTONE: Final = f"{WIR}Tombstone"

PREFIXES: Final[Mapping[str, str]] = MappingProxyType({
    "wir": WIR,
    "wsh": "https://w3id.org/wir2graph/shapes#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "org": "http://www.w3.org/ns/org#",
    "cv": "http://data.europa.eu/m8g/",
    "qb": "http://purl.org/linked-data/cube#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "vann": "http://purl.org/vocab/vann/",
})

# http://dcat-ap.de/def/politicalGeocoding/Level and http://publications.europa.eu/resource/authority/data-theme
LEVELS: Final = ("international", "european", "federal", "state", "administrativeDistrict", "municipality")
THEMES: Final = ("AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "OP_DATPRO", "REGI", "SOCI",
                 "TECH", "TRAN")
KEYWORD: Final = re.compile(r"[\w .-]{2,100}")
"""What a keyword may be for harvesters: CKAN refuses a whole dataset for a comma in one."""

SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


@dataclass(frozen=True)
class Workspace:
    """The four folders that a build reads; nothing else is read."""

    ontology: Path
    shapes: Path
    data: Path
    site: Path


@dataclass(frozen=True)
class CatalogueSettings:
    """What the catalogue says of a plan beyond its title; all may be open.

    `regional_key` is the municipality's Regionalschlüssel (12 digits), `level` the political level, both as
    DCAT-AP.de's lists have them. `themes` are codes of the EU's data themes. `start` and `end` are the days between
    which the plan holds. `keywords` come, by language, to those that every dataset has.
    """

    regional_key: str | None = None
    level: str = "municipality"
    themes: tuple[str, ...] = ("GOVE",)
    start: date | None = None
    end: date | None = None
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """One plan: `folder` holds a folder of Turtle per source; `namespace` is the base of its IRIs and ends in `/`."""

    slug: str
    folder: Path
    namespace: str
    languages: tuple[str, ...]
    licence: str
    released: date
    title: Mapping[str, str]
    subtitle: Mapping[str, str]
    rights: Mapping[str, str]
    catalogue: CatalogueSettings = field(default_factory=CatalogueSettings)

    def graph(self, source: str) -> str:
        """Return the IRI of the named graph of a source folder (or of `redaktion`, `abgeleitet`)."""
        return f"{self.namespace}id/graph/{source}"

    def dataset(self, name: str) -> str:
        """Return the IRI of a dataset of the catalogue (`massnahmen`, `gesamt` …)."""
        return f"{self.namespace}id/datensatz/{name}"

    def prefixes(self) -> dict[str, str]:
        """Return the prefixes for queries and Turtle: the common ones and the plan's own (named by its slug)."""
        return {**PREFIXES, self.slug.replace("-", ""): f"{self.namespace}id/"}


def find_workspace(data: Path | None = None) -> Workspace:
    """Return the folders of this installation: beside the package in a checkout, inside it when installed.

    `data` replaces the folder of plans. Raises InputError when a folder is missing.
    """
    package = Path(__file__).resolve().parent
    root = package / "share" if (package / "share").is_dir() else package.parent
    workspace = Workspace(root / "ontology", root / "shapes", data or root / "data", root / "site")
    missing = [
        folder for folder in (workspace.ontology, workspace.shapes, workspace.data, workspace.site)
        if not folder.is_dir()
    ]
    if missing:
        raise InputError(
            problem("FolderMissing", str(folder), "Ordner fehlt. Bitte anlegen oder den Pfad berichtigen.",
                     "folder is missing; create it or correct the path")
            for folder in missing
        )
    return workspace


def load_plans(data: Path) -> tuple[Plan, ...]:
    """Return the plans under a data folder (each a folder with a `plan.toml`), ordered by slug.

    Raises InputError when there is none, or when one cannot be read.
    """
    plans = tuple(load_plan(file.parent) for file in sorted(data.glob("*/plan.toml")))
    if not plans:
        raise InputError([problem(
            "PlanMissing", str(data), "Kein Plan gefunden: erwartet wird <Ordner>/<plan>/plan.toml.",
            "no plan found; expected <folder>/<plan>/plan.toml",
        )])
    spaces = [plan.namespace for plan in plans]
    if len(set(spaces)) < len(spaces):
        raise InputError([problem(
            "NamespaceUnique", str(data), "Zwei Pläne haben denselben Namensraum. Bitte `namespace` ändern.",
            "two plans share one namespace; change `namespace`",
        )])
    return plans


def load_plan(folder: Path) -> Plan:
    """Read `plan.toml` of one plan folder. Raises InputError naming the file, the line or the setting at fault."""
    path = folder / "plan.toml"
    name = f"{folder.name}/plan.toml"
    settings = read_toml(path, name)
    wrong = [
        problem("PlanSetting", name, f"Einstellung `{key}` fehlt oder ist falsch: erwartet wird {want}.",
                 f"setting `{key}` is missing or wrong; expected {want}")
        for key, want, good in (
            ("slug", f'"{folder.name}" (der Name des Ordners)', lambda v: v == folder.name and SLUG.match(v)),
            ("namespace", '"https://…/"', _is_namespace),
            ("languages", '["de", "en"]', lambda v: v == ["de", "en"]),
            ("licence", '"https://…"', lambda v: isinstance(v, str) and v.startswith("http")),
            ("released", "JJJJ-MM-TT", lambda v: type(v) is date),
            ("title", "[title] de, en", is_bilingual),
            ("subtitle", "[subtitle] de, en", is_bilingual),
            ("rights", "[rights] de, en", is_bilingual),
        )
        if not good(settings.get(key))
    ]
    wrong += _wrong_for_catalogue(settings.get("catalogue", {}), name)
    if wrong:
        raise InputError(wrong)
    return Plan(
        slug=settings["slug"], folder=folder, namespace=settings["namespace"], languages=tuple(settings["languages"]),
        licence=settings["licence"], released=settings["released"], title=settings["title"],
        subtitle=settings["subtitle"], rights=settings["rights"],
        catalogue=_catalogue(settings.get("catalogue", {})),
    )


def _catalogue(table: Mapping[str, Any]) -> CatalogueSettings:
    lists = {key: tuple(table[key]) for key in ("themes",) if key in table}
    keywords = {language: tuple(words) for language, words in table.get("keywords", {}).items()}
    return CatalogueSettings(**{**table, **lists, "keywords": keywords})


def _wrong_for_catalogue(table: object, name: str) -> Iterator[Finding]:
    """Yield what is wrong with the settings under [catalogue], all of which may be left out."""
    if not isinstance(table, dict):
        yield problem("PlanSetting", name, "`catalogue` muss eine Tabelle sein: [catalogue].",
                      "`catalogue` must be a table: [catalogue]")
        return
    known: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
        "regional_key": ('der Regionalschlüssel, zwölf Ziffern in Anführungszeichen',
                         lambda v: isinstance(v, str) and re.fullmatch(r"[0-9]{12}", v) is not None),
        "level": (f"eines von {', '.join(LEVELS)}", lambda v: v in LEVELS),
        "themes": (f"eine Liste aus {', '.join(THEMES)}",
                   lambda v: isinstance(v, list) and bool(v) and set(map(str, v)) <= set(THEMES)),
        "start": ("JJJJ-MM-TT ohne Anführungszeichen", lambda v: type(v) is date),
        "end": ("JJJJ-MM-TT ohne Anführungszeichen", lambda v: type(v) is date),
        "keywords": ("[catalogue.keywords] mit Listen de und en aus Wörtern von 2 bis 100 Zeichen (Buchstaben, "
                     "Ziffern, Leerzeichen, _ - .)", _are_keywords),
    }
    names = ", ".join(sorted(known))
    for key, value in table.items():
        if key not in known:
            yield problem("PlanSetting", name,
                          f"Unbekannte Einstellung `{key}` unter [catalogue]. Bekannt sind: {names}.",
                          f"unknown setting `{key}` under [catalogue]; known are {names}")
        elif not known[key][1](value):
            yield problem("PlanSetting", name,
                          f"`{key}` unter [catalogue] ist falsch: erwartet wird {known[key][0]}.",
                          f"`{key}` under [catalogue] is wrong; expected {known[key][0]}")
    start, end = table.get("start"), table.get("end")
    if type(start) is date and type(end) is date and start > end:
        yield problem("PlanSetting", name, "Unter [catalogue] liegt `start` nach `end`. Bitte berichtigen.",
                      "under [catalogue] `start` is later than `end`")


def _are_keywords(value: object) -> bool:
    return isinstance(value, dict) and set(value) <= {"de", "en"} and all(
        isinstance(words, list) and all(isinstance(word, str) and KEYWORD.fullmatch(word) for word in words)
        for words in value.values()
    )


def read_toml(path: Path, name: str) -> dict[str, Any]:
    """Read a TOML file, called `name` in findings. Raises InputError when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([problem(
            "SettingsUnreadable", name, f"Die Datei ist nicht lesbar. Bitte berichtigen (TOML in UTF-8): {error}",
            f"the file cannot be read; correct it (TOML in UTF-8): {error}",
        )]) from error


def _is_namespace(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"https?://[^\s#?]+/", value) is not None


def is_bilingual(value: object) -> bool:
    """Tell whether a setting has a text in German and one in English."""
    return isinstance(value, dict) and all(isinstance(value.get(lang), str) for lang in ("de", "en"))


def problem(rule: str, file: str, message_de: str, message_en: str) -> Finding:
    """Return a finding about a file of settings as a whole."""
    return Finding(rule, None, file, None, None, message_de, message_en)
