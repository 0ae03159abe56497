"""A municipality as schema.org says it, for search engines and other machines."""

from typing import Any

from portal.core.bilingual import text_of
from portal.core.web import address
from portal.municipalities.models import Municipality, Region


def jsonld(municipality: Municipality, region: Region | None) -> dict[str, Any]:
    """An `AdministrativeArea` (schema.org) with its code, place and region."""
    here = address("municipalities.show", slug=municipality.slug)
    facts = {
        "@context": "https://schema.org",
        "@type": "AdministrativeArea",
        "@id": here,
        "url": here,
        "name": str(municipality.text("name")),
        "identifier": {"@type": "PropertyValue", "propertyID": "kommunekode", "value": municipality.code},
        "sameAs": municipality.website,
        "geo": _place(municipality),
        "containedInPlace": _area(region) if region else None,
    }
    return {name: value for name, value in facts.items() if value}


def _place(municipality: Municipality) -> dict[str, Any] | None:
    if municipality.lat is None or municipality.lon is None:
        return None
    return {"@type": "GeoCoordinates", "latitude": municipality.lat, "longitude": municipality.lon}


def _area(region: Region) -> dict[str, str]:
    return {"@type": "AdministrativeArea", "name": str(text_of(region, "name"))}
