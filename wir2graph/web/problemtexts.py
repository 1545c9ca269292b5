"""What the site says when it cannot give what was asked for, in German and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_TEXTS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = MappingProxyType({
    "de": {
        "bad-path": ("Adresse nicht lesbar", "Die Adresse ist kein gültiges UTF-8. Bitte den Link prüfen."),
        "missing": ("Nicht gefunden", "Unter {path} gibt es hier nichts. Bitte die Adresse prüfen."),
        "gone": ("Nicht mehr vorhanden",
                 "{path} gibt es seit dem {day} nicht mehr. Verlinkt ist, was an seine Stelle getreten ist."),
        "method": ("Methode nicht erlaubt", "{method} geht hier nicht. Erlaubt sind {allowed}."),
        "format": ("Kein passendes Format",
                   "{path} gibt es in keinem der gewünschten Formate, wohl aber in den verlinkten."),
        "parameter-missing": ("Kein Suchtext",
                              "Der Parameter {parameter} fehlt oder ist leer. Bitte in ihm angeben, was gesucht wird: "
                              "einen Namen, eine Nummer oder ein Thema."),
        "parameter-unknown": ("Unbekannter Parameter",
                              "Den Parameter {parameter} gibt es hier nicht. Es gibt: {allowed}."),
        "parameter-repeated": ("Parameter mehrfach",
                               "Der Parameter {parameter} steht mehrmals da. Bitte nur einmal angeben."),
        "parameter-wrong": ("Falscher Wert",
                            "Der Parameter {parameter} hat einen Wert, den es nicht gibt. Möglich ist: {allowed}."),
        "failed": ("Fehler im Server",
                   "Das hätte nicht geschehen dürfen; der Fehler ist vermerkt. Bitte später noch einmal."),
        "missing-file": ("Nicht gefunden", "Unter dieser Adresse gibt es hier nichts. Bitte die Adresse prüfen."),
        "method-file": ("Methode nicht erlaubt", "Diese Methode geht hier nicht. Erlaubt sind {allowed}."),
        "format-file": ("Kein passendes Format",
                        "Das gibt es in keinem der gewünschten Formate. In welchen es das gibt, steht auf der Seite."),
        "server-file": ("Das geht hier nicht",
                        "Diese Seiten liegen hier als fertige Dateien. Suche, eigene Abfragen, Auswahl nach mehreren "
                        "Merkmalen und manche Tabellen gibt nur der Server des Programms, der hier nicht läuft."),
    },
    "en": {
        "bad-path": ("Unreadable address", "The address is not valid UTF-8. Please check the link."),
        "missing": ("Not found", "There is nothing at {path}. Please check the address."),
        "gone": ("Gone", "{path} has not existed since {day}. What has taken its place is linked."),
        "method": ("Method not allowed", "{method} does not work here. Allowed are {allowed}."),
        "format": ("Not acceptable", "{path} does not exist in the formats asked for, but in those linked."),
        "parameter-missing": ("Nothing to search for",
                              "The parameter {parameter} is missing or empty. Please give in it what to search for: "
                              "a name, a number or a topic."),
        "parameter-unknown": ("Unknown parameter",
                              "There is no parameter {parameter} here. There are: {allowed}."),
        "parameter-repeated": ("Repeated parameter",
                               "The parameter {parameter} is given more than once. Please give it only once."),
        "parameter-wrong": ("Wrong value",
                            "The parameter {parameter} has a value that does not exist. Possible is: {allowed}."),
        "failed": ("Internal server error",
                   "This should not have happened; the error is logged. Please try again later."),
        "missing-file": ("Not found", "There is nothing at this address. Please check it."),
        "method-file": ("Method not allowed", "This method does not work here. Allowed are {allowed}."),
        "format-file": ("Not acceptable",
                        "This does not exist in the formats asked for. The page says in which it does."),
        "server-file": ("This does not work here",
                        "These pages are finished files. Search, queries of your own, lists narrowed by several values "
                        "and some tables come only from the program's server, which does not run here."),
    },
})


def text(name: str, language: str, **values: str) -> tuple[str, str]:
    """Return title and detail of a problem in a language ("de" or "en"), with the values filled in."""
    title, detail = _TEXTS[language][name]
    return title, detail.format(**values)


def language_of(path: str) -> str:
    """Return the language of an address: the path decides, nothing else."""
    return "en" if path == "/en" or path.startswith("/en/") else "de"
