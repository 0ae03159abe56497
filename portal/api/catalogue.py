"""The catalogue of open data in DCAT-AP 3: the resources of the interface, and the spreadsheets that pages offer."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import current_app
from flask_babel import lazy_gettext as _l
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef

from portal.api.formats import ROOT, in_both, where
from portal.api.resources import Resource
from portal.core import clock, generations
from portal.core.bilingual import LANGUAGES
from portal.core.web import absolute, address

AUTHORITY = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
DCATAP = Namespace("http://data.europa.eu/r5r/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
KINDS: Mapping[str, str] = {
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
_WRITERS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "pretty-xml"}
_FORMATS = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": ("JSON", "application/json"),
    "jsonld": ("JSON_LD", "application/ld+json"),
}
_LANGUAGES = {"da": "DAN", "en": "ENG"}


TITLE = _l("Open data of Smart Society")
ABOUT = _l("How far Denmark’s municipalities have come, who works on it with whom, and what comes of it.")


_OF_ADDRESSES = ":/?#[]@!$&'()*+,;=%~"
"""What stands in an address as it is. A source was written by people, and one wrong sign would cost the catalogue."""


def written(resources: Sequence[Resource], ending: str) -> bytes:
    """The catalogue in one of its formats."""
    return graph(resources).serialize(format=_WRITERS[ending], encoding="utf-8")


def jsonld(resources: Sequence[Resource]) -> dict[str, Any]:
    """The catalogue as schema.org says it, for search engines that look for data."""
    return {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "name": str(TITLE),
        "description": str(ABOUT),
        "url": address("open_data.index"),
        "dataset": [
            {
                "@type": "Dataset",
                "@id": where(one),
                "name": str(one.title),
                "description": str(one.about),
                "isAccessibleForFree": True,
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "encodingFormat": _FORMATS[name][1],
                        "contentUrl": where(one, ending=f".{name}"),
                    }
                    for name in ("csv", "jsonld")
                ],
            }
            for one in resources
        ],
    }


def graph(resources: Sequence[Resource]) -> Graph:
    """The catalogue as triples."""
    made = Graph()
    for prefix, namespace in (("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("vcard", VCARD), ("dcatap", DCATAP)):
        made.bind(prefix, namespace)
    us, publisher = URIRef(absolute("/catalog")), URIRef(absolute("/catalog#publisher"))
    made.add((us, RDF.type, DCAT.Catalog))
    _say(made, us, DCTERMS.title, TITLE)
    _say(made, us, DCTERMS.description, ABOUT)
    _publisher(made, publisher)
    made.add((us, DCTERMS.publisher, publisher))
    made.add((us, FOAF.homepage, URIRef(address("open_data.index", language="en"))))
    made.add((us, DCTERMS.modified, _moment()))
    made.add((us, DCTERMS.spatial, URIRef(f"{AUTHORITY}/country/DNK")))
    made.add((us, DCAT.themeTaxonomy, URIRef(f"{AUTHORITY}/data-theme")))
    _languages(made, us)
    service = _service(made, us, publisher)
    for one in resources:
        node = _dataset(made, us, publisher, one)
        made.add((service, DCAT.servesDataset, node))
        for url in one.sources():
            made.add((node, DCTERMS.source, URIRef(quote(url, safe=_OF_ADDRESSES))))
        for name in ("csv", "json", "jsonld"):
            link = where(one) if name == "json" else where(one, ending=f".{name}")
            described = where(one, ending=".csv-metadata.json") if name == "csv" else ""
            _distribution(made, node, name, link, one.rights, described)
        for language in LANGUAGES if one.sheet else ():
            _distribution(made, node, "xlsx", absolute(f"/{language}/{one.sheet}.xlsx"), one.rights, language=language)
    return made


def _say(made: Graph, node: URIRef | BNode, predicate: URIRef, text: Any) -> None:
    for language, said in in_both(text).items():
        made.add((node, predicate, Literal(said, lang=language)))


def _languages(made: Graph, node: URIRef, only: str = "") -> None:
    for language, code in _LANGUAGES.items():
        if not only or language == only:
            made.add((node, DCTERMS.language, URIRef(f"{AUTHORITY}/language/{code}")))


def _publisher(made: Graph, node: URIRef) -> None:
    made.add((node, RDF.type, FOAF.Agent))
    _say(made, node, FOAF.name, _l("Smart Society"))
    made.add((node, FOAF.homepage, URIRef(address("overview.about", language="en"))))


def _contact(made: Graph, node: URIRef) -> None:
    contact = BNode()
    made.add((node, DCAT.contactPoint, contact))
    made.add((contact, RDF.type, VCARD.Organization))
    _say(made, contact, VCARD.fn, _l("Smart Society"))
    mail = current_app.config["PORTAL_MAIL_FROM"]
    if mail:
        made.add((contact, VCARD.hasEmail, URIRef(f"mailto:{mail}")))
    made.add((contact, VCARD.hasURL, URIRef(address("overview.about", language="en"))))


def _service(made: Graph, us: URIRef, publisher: URIRef) -> URIRef:
    node = URIRef(absolute("/catalog#api"))
    made.add((us, DCAT.service, node))
    made.add((node, RDF.type, DCAT.DataService))
    _say(made, node, DCTERMS.title, _l("Interface for programs"))
    made.add((node, DCAT.endpointURL, URIRef(absolute(ROOT))))
    made.add((node, DCAT.endpointDescription, URIRef(absolute(f"{ROOT}/openapi.json"))))
    made.add((node, DCTERMS.publisher, publisher))
    _contact(made, node)
    return node


def _dataset(made: Graph, us: URIRef, publisher: URIRef, one: Resource) -> URIRef:
    node = URIRef(absolute(f"/catalog#{one.name}"))
    made.add((us, DCAT.dataset, node))
    made.add((node, RDF.type, DCAT.Dataset))
    made.add((node, DCTERMS.identifier, Literal(str(node))))
    _say(made, node, DCTERMS.title, one.title)
    _say(made, node, DCTERMS.description, one.about)
    made.add((node, DCTERMS.publisher, publisher))
    made.add((node, DCTERMS.modified, _moment()))
    made.add((node, DCTERMS.spatial, URIRef(f"{AUTHORITY}/country/DNK")))
    made.add((node, DCTERMS.accrualPeriodicity, URIRef(f"{AUTHORITY}/frequency/IRREG")))
    made.add((node, DCTERMS.accessRights, URIRef(f"{AUTHORITY}/access-right/PUBLIC")))
    made.add((node, DCAT.landingPage, URIRef(address("open_data.index", language="en"))))
    for theme in one.themes:
        made.add((node, DCAT.theme, URIRef(f"{AUTHORITY}/data-theme/{theme}")))
    _languages(made, node)
    _contact(made, node)
    provenance = BNode()
    made.add((node, DCTERMS.provenance, provenance))
    made.add((provenance, RDF.type, DCTERMS.ProvenanceStatement))
    _say(made, provenance, RDFS.label, one.rights)
    return node


def _distribution(
    made: Graph, dataset: URIRef, name: str, link: str, rights: Any, described: str = "", language: str = ""
) -> None:
    node = URIRef(f"{dataset}-{f'{language}-' if language else ''}{name}")
    kind, media = _FORMATS[name]
    made.add((dataset, DCAT.distribution, node))
    made.add((node, RDF.type, DCAT.Distribution))
    _say(made, node, DCTERMS.title, kind.replace("_", "-"))
    made.add((node, DCAT.accessURL, URIRef(link)))
    if name != "json":
        made.add((node, DCAT.downloadURL, URIRef(link)))
    made.add((node, DCTERMS["format"], URIRef(f"{AUTHORITY}/file-type/{kind}")))
    made.add((node, DCAT.mediaType, URIRef(f"{IANA}/{media}")))
    made.add((node, DCATAP.availability, URIRef(f"{AUTHORITY}/planned-availability/STABLE")))
    if described:
        made.add((node, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/tabular-metadata/")))
        made.add((node, FOAF.page, URIRef(described)))
    _languages(made, node, language)
    statement = BNode()
    made.add((node, DCTERMS.rights, statement))
    made.add((statement, RDF.type, DCTERMS.RightsStatement))
    _say(made, statement, RDFS.label, rights)


def _moment() -> Literal:
    return Literal(generations.last_modified(clock.now()).isoformat(), datatype=XSD.dateTime)
