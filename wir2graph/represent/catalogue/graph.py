"""The catalogue of a plan as an RDF graph: DCAT-AP.de 3.0, which is DCAT-AP 3, and what older readers need of it.

It is made of settings and of the list of files that the build wrote, never read back from a store, which would rewrite
its literals. No node is blank, and nothing but a dataset is typed dcat:Dataset: portals take each such node in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Literal, URIRef
from rdflib.term import Node

from wir2graph.downloads import METADATA, README, File, parts, read_files
from wir2graph.downloads.licences import licence_name, licence_of
from wir2graph.downloads.parts import LANGUAGES, VOCABULARY, WHOLE, Part
from wir2graph.operator import Operator
from wir2graph.plan import ONTOLOGY_GRAPH
from wir2graph.represent.catalogue import texts
from wir2graph.represent.catalogue.names import SPARQL, Names, with_content
from wir2graph.represent.catalogue.terms import (
    ADMS,
    DCAT,
    DCATAP,
    DCATDE,
    EU,
    FILE_TYPES,
    GEOCODING,
    LANGUAGE_CODES,
    MEDIA_TYPES,
    SHA256,
    SPARQL_PROTOCOL,
    SPDX,
    THEMES,
    VCARD,
)
from wir2graph.represent.editions import Edition
from wir2graph.urls import ENDPOINT

_GRAPHS: Final = frozenset({"ttl", "jsonld", "rdf", "nt", "json"})


class PlanCatalogue:
    """The catalogue of one edition of a plan.

    `operator` is who publishes it, `base_url` where the site stands (no slash at its end).
    """

    def __init__(self, edition: Edition, operator: Operator, base_url: str) -> None:
        self._edition = edition
        self._plan = edition.plan
        self._operator = operator
        self._base_url = base_url
        self._versions = [(version, _datasets(version)) for version in edition.versions]
        self._names = Names(edition)
        self._triples: list[tuple[Node, Node, Node]] = []
        self._published = URIRef(f"{self._names.catalogue_of_plan}#herausgeber")
        self._contact = URIRef(f"{self._names.catalogue_of_plan}#kontakt")

    def triples(self) -> list[tuple[Node, Node, Node]]:
        """Return what the catalogue says."""
        self._triples = []
        files = with_content(read_files(self._edition.folder))
        shown = [part for part in parts().values() if any(file.dataset == part.name for file in files)]
        self._catalogue(shown)
        self._agents()
        for part in shown:
            self._dataset(part, [file for file in files if file.dataset == part.name])
        if self._edition.current:
            self._service(shown)
        return self._triples

    def _catalogue(self, shown: Sequence[Part]) -> None:
        plan, iri = self._plan, URIRef(self._names.catalogue)
        self._say(iri, (RDF.type, DCAT.Catalog))
        self._texts(iri, DCTERMS.title, {
            language: self._titled(text.format(plan=plan.title[language]), language)
            for language, text in texts.CATALOGUE.items()
        })
        self._texts(iri, DCTERMS.description, {language: f"{plan.title[language]}: {plan.subtitle[language]}."
                                               for language in LANGUAGES})
        self._common(iri)
        self._languages(iri, LANGUAGES)
        self._days(iri)
        self._licence(iri, plan.licence)
        home = self._url(f"/{plan.slug}/")
        self._say(iri, (FOAF.homepage, home), (DCAT.themeTaxonomy, THEMES))
        self._say(home, (RDF.type, FOAF.Document))
        self._say(THEMES, (RDF.type, SKOS.ConceptScheme))
        self._texts(THEMES, DCTERMS.title, texts.THEMES)
        self._space(iri)
        self._say(iri, *((DCAT.dataset, URIRef(self._names.dataset(part.name))) for part in shown))
        if self._edition.current:
            self._say(iri, (DCAT.service, URIRef(self._names.service)))

    def _agents(self) -> None:
        operator = self._operator
        if operator.name is None:
            return
        self._say(self._published, (RDF.type, FOAF.Agent), (RDF.type, FOAF.Organization),
                  (FOAF.name, Literal(operator.name)))
        if operator.kind:
            self._say(self._published, (DCTERMS.type, URIRef(operator.kind)))
        if operator.homepage:
            self._say(self._published, (FOAF.homepage, URIRef(operator.homepage)))
            self._say(URIRef(operator.homepage), (RDF.type, FOAF.Document))
        if operator.email:
            self._say(self._published, (FOAF.mbox, URIRef(f"mailto:{operator.email}")))
        if self._has_contact:
            self._say(self._contact, (RDF.type, VCARD.Kind), (VCARD.fn, Literal(operator.name)))
            if operator.email:
                self._say(self._contact, (VCARD.hasEmail, URIRef(f"mailto:{operator.email}")))
            if operator.homepage:
                self._say(self._contact, (VCARD.hasURL, URIRef(operator.homepage)))

    def _dataset(self, part: Part, files: Sequence[File]) -> None:
        plan, iri, settings = self._plan, URIRef(self._names.dataset(part.name)), self._plan.catalogue
        title = {language: f"{part.title[language]} – {plan.title[language]}" for language in LANGUAGES}
        self._say(iri, (RDF.type, DCAT.Dataset), (DCTERMS.identifier, Literal(str(iri))))
        self._texts(iri, DCTERMS.title, {name: self._titled(text, name) for name, text in title.items()})
        self._texts(iri, DCTERMS.description, {
            language: text.format(about=part.about[language], plan=plan.title[language],
                                  subtitle=plan.subtitle[language].rstrip("."))
            for language, text in texts.ABOUT.items()
        })
        self._common(iri)
        self._languages(iri, LANGUAGES)
        self._days(iri)
        self._found_by(iri, part)
        self._version(iri, part)
        if self._operator.contributor_id:
            self._say(iri, (DCATDE.contributorID, URIRef(self._operator.contributor_id)))
        if settings.regional_key:
            self._say(iri, (DCATDE.politicalGeocodingLevelURI, GEOCODING[f"Level/{settings.level}"]))
        self._space(iri)
        if settings.start or settings.end:
            period = URIRef(f"{iri}#zeitraum")
            self._say(iri, (DCTERMS.temporal, period))
            self._say(period, (RDF.type, DCTERMS.PeriodOfTime))
            for name, day in ((DCAT.startDate, settings.start), (DCAT.endDate, settings.end)):
                if day:
                    self._say(period, (name, Literal(day.isoformat(), datatype=XSD.date)))
        self._say(iri, (DCTERMS.accessRights, EU["access-right/PUBLIC"]), (DCTERMS.accrualPeriodicity,
                  EU["frequency/IRREG"]), (DCATAP.availability, EU["planned-availability/AVAILABLE"]))
        landing = self._url(self._edition.page, self._edition.anchor(part.name))
        readme = self._url(f"{self._edition.files}/{part.name}.{README}")
        self._say(iri, (DCAT.landingPage, landing), (FOAF.page, readme))
        for document in (landing, readme):
            self._say(document, (RDF.type, FOAF.Document))
        for file in files:
            if file.suffix not in (METADATA, README):
                self._distribution(iri, part, file)

    def _version(self, iri: URIRef, part: Part) -> None:
        """Say which version a dataset is and how it goes on to others, which are named by their IRIs only."""
        edition = self._edition
        if edition.version:
            self._say(iri, (DCAT.version, Literal(edition.version)))
        self._texts(iri, ADMS.versionNotes, edition.notes)
        if edition.current:
            # dcat:hasVersion may only lead to what the same document calls a dataset, and portals would take that in.
            self._say(iri, *((RDFS.seeAlso, URIRef(self._names.dataset_of(part.name, str(version.version))))
                             for version, datasets in self._versions if part.name in datasets))
            return
        self._say(iri, (DCAT.isVersionOf, URIRef(self._plan.dataset(part.name))))
        if edition.previous:
            self._say(iri, (DCAT.previousVersion, URIRef(self._names.dataset_of(part.name, edition.previous))))

    def _distribution(self, dataset: URIRef, part: Part, file: File) -> None:
        iri = URIRef(self._names.distribution(part.name, file.suffix))
        url = self._url(f"{self._edition.files}/{file.name}")
        last = file.suffix.rpartition(".")[2]
        self._say(dataset, (DCAT.distribution, iri))
        self._say(iri, (RDF.type, DCAT.Distribution), (DCAT.accessURL, url), (DCAT.downloadURL, url))
        self._texts(iri, DCTERMS.title, {language: f"{part.title[language]}: {file.name}" for language in LANGUAGES})
        self._texts(iri, DCTERMS.description, file.about)
        self._say(iri, (DCTERMS["format"], EU[f"file-type/{FILE_TYPES[last]}"]),
                  (DCAT.mediaType, MEDIA_TYPES[file.media_type]),
                  (DCAT.byteSize, Literal(str(file.size), datatype=XSD.nonNegativeInteger)),
                  (DCATAP.availability, EU["planned-availability/AVAILABLE"]),
                  (ADMS.status, EU["distribution-status/COMPLETED"]))
        checksum = URIRef(f"{iri}#sha256")
        self._say(iri, (SPDX.checksum, checksum))
        self._say(checksum, (RDF.type, SPDX.Checksum), (SPDX.algorithm, SHA256),
                  (SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)))
        self._languages(iri, file.languages)
        self._days(iri)
        self._licence(iri, file.licence)
        self._credit(iri, part, file.licence)
        self._rights(dataset, iri)
        if last == "csv":
            self._standard(iri, self._url(f"{self._edition.files}/{part.name}.{METADATA}"))
        elif last in _GRAPHS and part.name != VOCABULARY:
            self._standard(iri, URIRef(ONTOLOGY_GRAPH))

    def _service(self, shown: Sequence[Part]) -> None:
        """Say where to ask queries: as a service, and for readers without services as a distribution."""
        plan, iri = self._plan, URIRef(self._names.service)
        endpoint, description = self._url(ENDPOINT), self._url(f"{ENDPOINT}.ttl")
        title = {language: text.format(plan=plan.title[language]) for language, text in texts.SERVICE.items()}
        whole = next(part for part in shown if part.name == WHOLE)
        self._say(iri, (RDF.type, DCAT.DataService), (DCAT.endpointURL, endpoint),
                  (DCAT.endpointDescription, description), (DCTERMS.accessRights, EU["access-right/PUBLIC"]),
                  (DCATAP.availability, EU["planned-availability/AVAILABLE"]),
                  (DCTERMS["format"], EU["file-type/SPARQLQRES"]))
        self._texts(iri, DCTERMS.title, title)
        self._texts(iri, DCTERMS.description, texts.SERVICE_ABOUT)
        self._common(iri)
        self._found_by(iri, whole)
        self._licence(iri, plan.licence)
        self._standard(iri, URIRef(SPARQL_PROTOCOL))
        self._say(iri, *((DCAT.servesDataset, URIRef(self._names.dataset(part.name))) for part in shown))
        way = URIRef(self._names.distribution(WHOLE, SPARQL))
        self._say(URIRef(self._names.dataset(WHOLE)), (DCAT.distribution, way))
        self._say(way, (RDF.type, DCAT.Distribution), (DCAT.accessURL, endpoint), (DCAT.accessService, iri),
                  (DCTERMS["format"], EU["file-type/SPARQLQRES"]),
                  (DCATAP.availability, EU["planned-availability/AVAILABLE"]))
        self._texts(way, DCTERMS.title, title)
        self._texts(way, DCTERMS.description, texts.SERVICE_ABOUT)
        self._licence(way, plan.licence)
        self._credit(way, whole, plan.licence)

    @property
    def _has_contact(self) -> bool:
        operator = self._operator
        return operator.name is not None and (operator.email or operator.homepage) is not None

    def _common(self, iri: URIRef) -> None:
        """Say who publishes it and whom to ask."""
        if self._operator.name is not None:
            self._say(iri, (DCTERMS.publisher, self._published))
        if self._has_contact:
            self._say(iri, (DCAT.contactPoint, self._contact))

    def _found_by(self, iri: URIRef, part: Part) -> None:
        settings = self._plan.catalogue
        self._say(iri, *((DCAT.theme, EU[f"data-theme/{theme}"]) for theme in settings.themes))
        # Portals put the keywords of all languages into one list, in which none may stand twice.
        said: dict[str, Literal] = {}
        for language in LANGUAGES:
            for word in (*part.keywords[language], *settings.keywords.get(language, ()), *texts.KEYWORDS[language]):
                said.setdefault(word.lower(), Literal(word, lang=language))
        self._say(iri, *((DCAT.keyword, word) for word in said.values()))

    def _languages(self, iri: URIRef, languages: Iterable[str]) -> None:
        self._say(iri, *((DCTERMS.language, EU[LANGUAGE_CODES[language]]) for language in languages))

    def _days(self, iri: URIRef) -> None:
        day = Literal(self._edition.day.isoformat(), datatype=XSD.date)
        self._say(iri, (DCTERMS.issued, day), (DCTERMS.modified, day))

    def _space(self, iri: URIRef) -> None:
        if key := self._plan.catalogue.regional_key:
            place = GEOCODING[f"regionalKey/{key}"]
            self._say(iri, (DCTERMS.spatial, place))
            self._say(place, (RDF.type, DCTERMS.Location))

    def _licence(self, iri: URIRef, licence: str) -> None:
        known = licence_of(licence)
        document = URIRef(known.iri if known else licence)
        self._say(iri, (DCTERMS.license, document))
        self._say(document, (RDF.type, DCTERMS.LicenseDocument))

    def _credit(self, iri: URIRef, part: Part, licence: str) -> None:
        known = licence_of(licence)
        if self._operator.name is None or known is None or not known.attribution:
            return
        self._texts(iri, DCATDE.licenseAttributionByText, {"de": texts.CREDIT.format(
            publisher=self._operator.name, title=f"{part.title['de']} – {self._plan.title['de']}",
            iri=self._names.dataset(part.name), licence=licence_name(licence, "de"),
        )})

    def _rights(self, dataset: URIRef, iri: URIRef) -> None:
        rights = URIRef(f"{dataset}#rechte")
        self._say(iri, (DCTERMS.rights, rights))
        self._say(rights, (RDF.type, DCTERMS.RightsStatement))
        self._texts(rights, RDFS.label, self._plan.rights)

    def _standard(self, iri: URIRef, standard: URIRef) -> None:
        self._say(iri, (DCTERMS.conformsTo, standard))
        self._say(standard, (RDF.type, DCTERMS.Standard))

    def _titled(self, title: str, language: str) -> str:
        edition = self._edition
        return title if edition.current else texts.VERSION[language].format(title=title, version=edition.version)

    def _url(self, path: str, fragment: str = "") -> URIRef:
        return URIRef(self._base_url + quote(path) + (f"#{fragment}" if fragment else ""))

    def _say(self, subject: Node, *said: tuple[Node, Node]) -> None:
        self._triples += ((subject, name, value) for name, value in said)

    def _texts(self, subject: Node, name: Node, said: Mapping[str, str]) -> None:
        self._say(subject, *((name, Literal(text, lang=language)) for language, text in said.items()))


def _datasets(edition: Edition) -> set[str]:
    """Return the names of the datasets of an edition that have something in them."""
    return {file.dataset for file in with_content(read_files(edition.folder))}
