"""The fictional plans with one source more, which says some things differently: an undated self-portrait in posts.

It says which kind of text it is, how current it is and when a place was written, whatever the vocabulary knows of that.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.serving import FIXTURES
from wir2graph.plan import Workspace
from wir2graph.release import build

_HEAD: Final = """@base <https://daten.musterstadt.example/plan/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wir: <https://w3id.org/wir2graph/def#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

_FILES: Final = {
    "beitraege/beitraege.ttl": """
<plan/gruenplan> wir:declaredFieldCount 3 ; skos:altLabel "Grünplan für alle"@de .
<oe/a-1> skos:prefLabel "Gartenamt"@de ; wir:evidence <beleg/beitraege-gartenamt> .
<massnahme/gruenplan-raeume-1> wir:contactOffice <oe/a-1> .

<angabe/beitraege-felder> a wir:Claim ;
  skos:prefLabel "Der Grünplan hat drei Handlungsfelder"@de ;
  rdf:subject <plan/gruenplan> ; rdf:predicate wir:declaredFieldCount ; rdf:object 3 ;
  wir:validUntil "2025"^^xsd:gYear ;
  wir:certainty wir:stated ; wir:evidence <beleg/beitraege-felder> , <beleg/beitraege-felder-2> .

<angabe/beitraege-gartenamt> a wir:Claim ;
  rdf:subject <oe/a-1> ; rdf:predicate skos:prefLabel ; rdf:object "Gartenamt"@de ;
  wir:validFrom "2019-04"^^xsd:gYearMonth ; wir:validUntil "2025"^^xsd:gYear ;
  wir:certainty wir:stated ; wir:evidence <beleg/beitraege-gartenamt> .

<angabe/beitraege-raeume-1-kontakt> a wir:Claim ;
  rdf:subject <massnahme/gruenplan-raeume-1> ; rdf:predicate wir:contactOffice ; rdf:object <oe/a-1> ;
  wir:validFrom "2026"^^xsd:gYear ;
  wir:certainty wir:stated ; wir:evidence <beleg/beitraege-gartenamt> .

<beleg/beitraege-felder> a wir:Evidence ; wir:source <quelle/beitraege> ;
  wir:section "2. Beitrag" ; wir:statedOn "2024-05-03"^^xsd:date ; wir:quote "Unser Plan hat drei Felder." .
<beleg/beitraege-felder-2> a wir:Evidence ; wir:source <quelle/beitraege> ;
  wir:section "10. Beitrag" ; wir:statedOn "2025-01-20"^^xsd:date ; wir:quote "Es bleibt bei drei Feldern." .
<beleg/beitraege-gartenamt> a wir:Evidence ; wir:source <quelle/beitraege> ;
  wir:section "10. Beitrag" ; wir:quote "Das Gartenamt pflegt die Parks." .
""",
    "gruenplan-2026/felder.ttl": """
<angabe/gruenplan-2026-felder> a wir:Claim ;
  skos:prefLabel "Der Grünplan hat zwei Handlungsfelder"@de , "The Green Plan has two action fields"@en ;
  rdf:subject <plan/gruenplan> ; rdf:predicate wir:declaredFieldCount ; rdf:object 2 ;
  wir:validFrom "2026-03"^^xsd:gYearMonth ;
  wir:certainty wir:stated ; wir:evidence <beleg/gruenplan-2026-umfang> .
""",
    "redaktion/beitraege.ttl": """
<quelle/beitraege> a wir:SourceDocument ;
  skos:prefLabel "Beiträge über den Grünplan"@de , "Posts about the Green Plan"@en ;
  dcterms:title "Beiträge über den Grünplan"@de ;
  wir:sourceKind <begriff/beitraege> ; wir:currency <begriff/teils-veraltet> ;
  wir:statedPeriod "2024 bis Anfang 2025" ;
  wir:earliest "2024-01-01"^^xsd:date ; wir:latest "2025-03-31"^^xsd:date ;
  wir:textDigest "00000000000000000000000000000000000000000000000000000000000000ab" .
<graph/beitraege> a sd:NamedGraph ;
  skos:prefLabel "Angaben der Beiträge"@de , "Statements of the posts"@en ; prov:wasDerivedFrom <quelle/beitraege> .
<begriff/beitraege> a skos:Concept ; skos:prefLabel "Beiträge"@de , "posts"@en ;
  skos:definition "Einzelne Beiträge, gesammelt."@de , "Single posts, collected."@en .
<begriff/teils-veraltet> a skos:Concept ; skos:prefLabel "teils veraltet"@de , "partly out of date"@en ;
  skos:definition "Manches sagen spätere Quellen anders."@de , "Later sources say some things differently."@en .

<angabe/beitraege-felder> wir:claimStatus wir:superseded .
<angabe/beitraege-gartenamt> wir:claimStatus wir:superseded .
<angabe/redaktion-felder-gezaehlt> a wir:Claim ;
  skos:prefLabel "Es sind wohl zwei Handlungsfelder"@de , "There are probably two action fields"@en ;
  rdf:subject <plan/gruenplan> ; rdf:predicate wir:declaredFieldCount ; rdf:object 2 ;
  wir:certainty wir:likely ; wir:reason "Gezählt sind zwei."@de , "Two have been counted."@en .

<widerspruch/gruenplan-felder> a wir:Contradiction ;
  skos:prefLabel "Wie viele Handlungsfelder hat der Grünplan?"@de , "How many fields has the Green Plan?"@en ;
  wir:hasClaim <angabe/gruenplan-2026-felder> , <angabe/beitraege-felder> , <angabe/redaktion-felder-gezaehlt> ;
  wir:contradictionKind wir:changeOverTime ;
  wir:reading "Ein Feld ist weggefallen."@de , "One field has been dropped."@en .
<widerspruch/gartenamt> a wir:Contradiction ;
  skos:prefLabel "Wie heißt das Amt?"@de , "What is the office called?"@en ;
  wir:hasClaim <angabe/beitraege-gartenamt> , <angabe/gruenplan-2026-raeume-2-kontakt> ;
  wir:contradictionKind wir:namingConflict .
""",
}


def build_contested(workspace: Workspace, folder: Path) -> Path:
    """Write the plans into a folder and build a release of them, unchecked; return the folder of the release."""
    data = folder / "data"
    shutil.copytree(FIXTURES, data)
    for name, text in _FILES.items():
        path = data / "musterstadt" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(_HEAD + text, encoding="utf-8")
    built = build(replace(workspace, data=data), folder / "state", lambda _: []).folder
    assert built is not None
    return built
