"""Giving out projects.csv and project_participants.csv, as `load` reads them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.permissions import VISITOR
from portal.partners import export as partners
from portal.projects.models import Funding, Participation, Project, Role, Visibility
from portal.projects.permissions import seen_by


def rows() -> Iterator[dict[str, Any]]:
    """A row for each project that everybody may see."""
    partner_ids = partners.ids()
    children = (Project.themes, Project.barriers, Project.funding, Project.participations)
    options = [selectinload(child) for child in children]
    for project in db.session.scalars(select(Project).where(seen_by(VISITOR)).order_by(Project.id).options(*options)):
        yield _row(project, partner_ids)


def participants() -> Iterator[dict[str, Any]]:
    """A row for each part that a public partner has in a public project."""
    project_ids, partner_ids = ids(), partners.ids()
    for one in db.session.scalars(select(Participation).order_by(Participation.id)):
        if one.project_id in project_ids and one.partner_id in partner_ids:
            yield {
                "project_id": project_ids[one.project_id],
                "partner_id": partner_ids[one.partner_id],
                "role": one.source_role or one.role,
                "source_url": one.source_url,
            }


def ids() -> dict[int, str]:
    """Project id → its id in the files, of those that everybody may see."""
    stmt = select(Project.id, Project.import_key, Project.slug).where(seen_by(VISITOR)).order_by(Project.id)
    return {id: import_key or slug for id, import_key, slug in db.session.execute(stmt)}


def _row(project: Project, partner_ids: dict[int, str]) -> dict[str, Any]:
    leads = [one.partner_id for one in project.participations if one.role is Role.COORDINATOR]
    public = [one for one in project.funding if one.visibility is Visibility.PUBLIC]
    own = [one for one in public if one.import_key] or public
    shows_costs = project.costs_visibility is Visibility.PUBLIC
    funding = own[0] if own else Funding(funder="", programme="", currency="")
    return {
        "project_id": project.import_key or project.slug,
        "name": project.title_da or project.title_en,
        "name_da": project.title_da,
        "name_en": project.title_en,
        "acronym": project.acronym,
        "start_year": project.starts,
        "end_year": project.ends,
        "status": project.source_state or project.state,
        "funder": funding.funder,
        "programme": funding.programme,
        "grant_amount": funding.amount,
        "grant_currency": funding.currency,
        "budget_amount": project.total_cost if shows_costs else None,
        "budget_currency": project.total_cost_currency if shows_costs else "",
        "lead_partner_id": next((partner_ids[id] for id in leads if id in partner_ids), ""),
        "themes": "; ".join(sorted(child.theme for child in project.themes)),
        "barriers": "; ".join(sorted(child.barrier for child in project.barriers)),
        "summary_en": project.summary_en,
        "summary_da": project.summary_da,
        "website": project.website,
        "source_url": project.source_url,
        "note": project.source_note,
        "retrieved": project.retrieved,
    }
