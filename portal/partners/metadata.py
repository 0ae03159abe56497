"""A partner as schema.org says it, for search engines and other machines."""

from typing import Any

from portal.core.web import address
from portal.partners.models import Partner, PartnerType

TYPES = {
    PartnerType.MUNICIPALITY: "GovernmentOrganization",
    PartnerType.REGION: "GovernmentOrganization",
    PartnerType.STATE: "GovernmentOrganization",
    PartnerType.UNIVERSITY: "CollegeOrUniversity",
    PartnerType.RESEARCH_INSTITUTE: "ResearchOrganization",
    PartnerType.COMPANY: "Corporation",
    PartnerType.ASSOCIATION: "NGO",
}


def jsonld(partner: Partner) -> dict[str, Any]:
    """An `Organization` (schema.org) or one of its kinds, with its names, seat and identifiers."""
    here = address("partners.show", slug=partner.slug)
    facts = {
        "@context": "https://schema.org",
        "@type": TYPES.get(partner.type, "Organization"),
        "@id": here,
        "url": here,
        "name": partner.called(),
        "alternateName": sorted(other_names(partner)),
        "description": str(partner.text("description")),
        "sameAs": [link for link in (partner.website, *_identities(partner)) if link],
        "taxID": partner.cvr,
        "address": _address(partner),
        "memberOf": [{"@type": "Organization", "name": one.name} for one in partner.networks],
        "knowsAbout": [one.theme.value for one in partner.themes],
    }
    return {name: value for name, value in facts.items() if value}


def other_names(partner: Partner) -> set[str]:
    """Every name it is known by besides the one on the page."""
    known = {
        partner.name,
        partner.name_da,
        partner.name_en,
        partner.acronym,
        *(one.name for one in partner.other_names),
    }
    return known - {"", partner.called()}


def _identities(partner: Partner) -> tuple[str, ...]:
    ror = f"https://ror.org/{partner.ror.removeprefix('https://ror.org/')}" if partner.ror else ""
    wikidata = f"https://www.wikidata.org/entity/{partner.wikidata}" if partner.wikidata else ""
    return ror, wikidata


def _address(partner: Partner) -> dict[str, str] | None:
    if not partner.country:
        return None
    place = {"addressLocality": str(partner.municipality.text("name"))} if partner.municipality else {}
    return {"@type": "PostalAddress", "addressCountry": partner.country, **place}
