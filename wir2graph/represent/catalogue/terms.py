"""The vocabularies and code lists of DCAT-AP 3 and DCAT-AP.de 3.0 that the catalogue uses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Namespace

# rdflib's own knows only version 2.
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
DCATDE: Final = Namespace("http://dcat-ap.de/def/dcatde/")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
PREFIXES: Final = MappingProxyType({
    "adms": ADMS, "dcat": DCAT, "dcatap": DCATAP, "dcatde": DCATDE, "dct": DCTERMS, "foaf": FOAF, "rdf": RDF,
    "rdfs": RDFS, "skos": SKOS, "spdx": SPDX, "vcard": VCARD, "xsd": XSD,
})

EU: Final = Namespace("http://publications.europa.eu/resource/authority/")
GEOCODING: Final = Namespace("http://dcat-ap.de/def/politicalGeocoding/")
MEDIA_TYPES: Final = Namespace("https://www.iana.org/assignments/media-types/")
SHA256: Final = SPDX.checksumAlgorithm_sha256
THEMES: Final = EU["data-theme"]
SPARQL_PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"
LANGUAGE_CODES: Final[Mapping[str, str]] = MappingProxyType({"de": "language/DEU", "en": "language/ENG"})
# The names of file formats in the EU's list, by the last part of a file's suffix.
FILE_TYPES: Final[Mapping[str, str]] = MappingProxyType({
    "ttl": "RDF_TURTLE", "jsonld": "JSON_LD", "rdf": "RDF_XML", "nt": "RDF_N_TRIPLES", "json": "JSON", "csv": "CSV",
    "xlsx": "XLSX",
})
