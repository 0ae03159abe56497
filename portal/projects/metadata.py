"""A project as schema.org says it, for search engines and other machines."""

from typing import Any

from portal.core.web import address
from portal.partners.queries import called
from portal.projects.models import Project, Role


def jsonld(project: Project) -> dict[str, Any]:
    """A `ResearchProject` (schema.org) with its dates, members and funders."""
    facts = {
        "@context": "https://schema.org",
        "@type": "ResearchProject",
        "@id": address("projects.show", slug=project.slug),
        "url": address("projects.show", slug=project.slug),
        "name": str(project.text("title")),
        "alternateName": project.acronym,
        "description": str(project.text("summary")),
        "sameAs": project.website,
        "foundingDate": str(project.starts or ""),
        "dissolutionDate": str(project.ends or ""),
        "keywords": [theme.theme.value for theme in project.themes],
        "member": [_organisation(one.partner) for one in project.participations if one.role is not Role.FUNDER],
        "funder": [_organisation(one.partner) for one in project.participations if one.role is Role.FUNDER]
        + [{"@type": "Organization", "name": one.funder} for one in project.funding if one.funder],
    }
    return {name: value for name, value in facts.items() if value}


def _organisation(partner: Any) -> dict[str, str]:
    return {
        "@type": "Organization",
        "name": called(partner),
        "url": address("partners.show", slug=partner.slug),
    }
