"""A project as schema.org says it, for search engines and other machines."""

from typing import Any

from portal.core.bilingual import text_of
from portal.core.web import address
from portal.partners.queries import called
from portal.projects.models import Role
from portal.projects.page.queries import ProjectPage


def jsonld(page: ProjectPage) -> dict[str, Any]:
    """A `ResearchProject` (schema.org) with its dates, members and funders."""
    project = page.project
    here = address("projects.show", slug=project.slug)
    facts = {
        "@context": "https://schema.org",
        "@type": "ResearchProject",
        "@id": here,
        "url": here,
        "name": str(text_of(project, "title")),
        "alternateName": project.acronym,
        "description": str(text_of(project, "summary")),
        "sameAs": project.website,
        "foundingDate": str(page.starts or ""),
        "dissolutionDate": str(page.ends or ""),
        "keywords": [theme.value for theme in page.themes],
        "member": [_organisation(one) for one in page.participations if one.role is not Role.FUNDER],
        "funder": [_organisation(one) for one in page.participations if one.role is Role.FUNDER]
        + [{"@type": "Organization", "name": one.funder} for one in page.funding if one.funder],
    }
    return {name: value for name, value in facts.items() if value}


def _organisation(partner: Any) -> dict[str, str]:
    page = {"url": address("partners.show", slug=partner.slug)} if partner.has_page else {}
    return {"@type": "Organization", "name": called(partner), **page}
