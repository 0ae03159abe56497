"""The projects as the interface for programs gives them out: what their pages show everybody, part by part."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, select

from portal.api.resources import Kind, More, Property, Resource, filters_of
from portal.api.telling import (
    CONFIRMATION,
    LANGUAGE_STATES,
    NAMED,
    OWN_RIGHTS,
    PARTNER,
    PLACE,
    SOURCES,
    THEMES,
    TITLED,
    gathered,
    pair,
    partner_of,
    place_of,
    plain,
    slugs_of_places,
    states_of,
    together,
    words,
)
from portal.core import slugs
from portal.core.dates import PartialDate
from portal.core.db import AnySelect, joined
from portal.core.permissions import VISITOR
from portal.core.web import address
from portal.municipalities.models import Municipality
from portal.partners.models import Partner
from portal.partners.permissions import named_to
from portal.partners.permissions import seen_by as partner_seen_by
from portal.projects import queries
from portal.projects.documents import queries as documents
from portal.projects.models import (
    BarrierNote,
    Deliverable,
    Funding,
    Milestone,
    Participation,
    Project,
    ProjectBarrier,
    ProjectMunicipality,
    ProjectRelation,
    ProjectTheme,
    Result,
    Update,
    WorkPackage,
)
from portal.projects.money.permissions import shares_seen_by
from portal.projects.page import queries as page
from portal.projects.permissions import costs_seen_by, lessons_seen_by, seen_by

PARTICIPATION = {
    **NAMED,
    "role": Kind.TEXT,
    "source_role": Kind.TEXT,
    "has_left": Kind.FLAG,
    "budget_share": Kind.NUMBER,
    "currency": Kind.TEXT,
}
MONEY = {
    "funder": Kind.TEXT,
    "programme": Kind.TEXT,
    "amount": Kind.NUMBER,
    "currency": Kind.TEXT,
    "kind": Kind.TEXT,
    "state": Kind.TEXT,
}
WORK_PACKAGE = {
    "number": Kind.TEXT,
    "title": Kind.PAIR,
    "description": Kind.PAIR,
    "lead": NAMED,
    "starts_on": Kind.DAY,
    "ends_on": Kind.DAY,
    "progress": Kind.WHOLE,
}
MILESTONE = {"title": Kind.PAIR, "verification": Kind.PAIR, "due_on": Kind.DAY, "done_on": Kind.DAY}
DELIVERABLE = {
    "title": Kind.PAIR,
    "type": Kind.TEXT,
    "due_on": Kind.DAY,
    "delivered_on": Kind.DAY,
    "url": Kind.ADDRESS,
}
UPDATE = {"dated": Kind.DAY, "title": Kind.PAIR, "body": Kind.PAIR}
RESULT = {
    "claim": Kind.PAIR,
    "indicator": Kind.PAIR,
    "baseline": Kind.NUMBER,
    "value": Kind.NUMBER,
    "unit": Kind.TEXT,
    "evidence_url": Kind.ADDRESS,
}
BARRIER_NOTE = {"barrier": Kind.TEXT, "note": Kind.PAIR, "severity": Kind.TEXT, "state": Kind.TEXT}
DOCUMENT = {
    "title": Kind.PAIR,
    "description": Kind.PAIR,
    "url": Kind.ADDRESS,
    "media_type": Kind.TEXT,
    "size": Kind.WHOLE,
    "uploaded_at": Kind.MOMENT,
}
TEXTS = ("title", "summary", "challenge", "objective", "expected_change")
LESSONS = ("lessons_failed", "lessons_copy")


def _for_all(shown: ColumnElement[bool], column: str, hidden: Any) -> Any:
    """A project's column where its section is for everybody, and nothing where it is not."""
    return case((shown, getattr(Project, column)), else_=hidden).label(column)


def _projects() -> AnySelect:
    texts = [getattr(Project, f"{name}_{language}") for name in TEXTS for language in ("da", "en")]
    texts += [_for_all(lessons_seen_by(VISITOR), f"{name}_{code}", "") for name in LESSONS for code in ("da", "en")]
    money = [
        _for_all(costs_seen_by(VISITOR), column, "" if column.endswith("currency") else None)
        for column in ("total_cost", "total_cost_currency", "actual_cost", "actual_cost_currency")
    ]
    return select(
        Project.id,
        Project.slug,
        Project.acronym,
        *texts,
        Project.kind,
        Project.state,
        Project.source_state,
        Project.starts_on,
        Project.starts_precision,
        Project.ends_on,
        Project.ends_precision,
        *money,
        Project.website,
        Project.confirmed_at,
        Project.confirmed_by,
        Project.source_url,
        Project.source_note,
        Project.retrieved,
        joined(ProjectTheme.theme).where(ProjectTheme.project_id == Project.id).label("themes"),
        joined(ProjectBarrier.barrier).where(ProjectBarrier.project_id == Project.id).label("barriers"),
        *states_of(Project),
    ).where(seen_by(VISITOR))


def _starts(row: Any) -> str | None:
    day = PartialDate.of(row.starts_on, row.starts_precision)
    return str(day) if day else None


def _ends(row: Any) -> str | None:
    day = PartialDate.of(row.ends_on, row.ends_precision)
    return str(day) if day else None


def _more(rows: Sequence[Any]) -> More:
    ids = [row.id for row in rows]
    return together(
        rows,
        partners=_participations(ids),
        municipalities=_municipalities(ids),
        funding=_part(Funding, ids, MONEY),
        work_packages=_work_packages(ids),
        milestones=_part(Milestone, ids, MILESTONE),
        deliverables=_part(Deliverable, ids, DELIVERABLE),
        updates=_part(Update, ids, UPDATE),
        results=_part(Result, ids, RESULT),
        barrier_notes=_part(BarrierNote, ids, BARRIER_NOTE),
        documents=_documents(rows),
        relations=_relations(ids),
    )


def _part(part: Any, ids: Sequence[int], told: Mapping[str, Kind]) -> dict[int, list[Any]]:
    """What of a part of these projects their pages show, by the names of its columns and pairs."""
    pairs = [name for name, kind in told.items() if kind is Kind.PAIR]
    alone = [name for name in told if name not in pairs]
    columns = [getattr(part, f"{name}_{language}") for name in pairs for language in ("da", "en")]
    statement = (
        select(part.project_id.label("owner"), *(getattr(part, name) for name in alone), *columns)
        .where(part.project_id.in_(ids), *page.shown(part, VISITOR))
        .order_by(*page.order_of(part))
    )
    return gathered(
        statement,
        lambda row: {name: pair(row, name) if name in pairs else plain(getattr(row, name)) for name in told},
    )


def _participations(ids: Sequence[int]) -> dict[int, list[Any]]:
    """Who takes part; one that has left the directory is named and has no id. Shares as far as they are public."""
    statement = (
        select(
            Participation.project_id.label("owner"),
            Participation.role,
            Participation.source_role,
            Participation.left_at,
            Participation.budget_share,
            Project.shares_currency,
            shares_seen_by(VISITOR).label("shows_share"),
            partner_seen_by(VISITOR).label("has_page"),
            *PARTNER,
        )
        .join(Partner, Participation.partner_id == Partner.id)
        .join(Project, Participation.project_id == Project.id)
        .where(Participation.project_id.in_(ids), named_to(VISITOR))
        .order_by(Partner.sort_key)
    )
    found = gathered(statement, _participation)
    return {id: sorted(partners, key=lambda one: page.PLACE_OF_ROLE[one["role"]]) for id, partners in found.items()}


def _participation(row: Any) -> dict[str, Any]:
    share = plain(row.budget_share) if row.shows_share and row.has_page else None
    return {
        **(partner_of(row) or {}),
        "id": row.slug if row.has_page else None,
        "role": row.role,
        "source_role": row.source_role,
        "has_left": row.left_at is not None,
        "budget_share": share,
        "currency": row.shares_currency if share is not None else None,
    }


def _municipalities(ids: Sequence[int]) -> dict[int, list[Any]]:
    statement = (
        select(ProjectMunicipality.project_id.label("owner"), ProjectMunicipality.role, *PLACE)
        .join(Municipality, ProjectMunicipality.municipality_id == Municipality.id)
        .where(ProjectMunicipality.project_id.in_(ids))
        .order_by(Municipality.sort_key)
    )
    return gathered(statement, lambda row: {**place_of(row), "role": row.role})


def _work_packages(ids: Sequence[int]) -> dict[int, list[Any]]:
    statement = (
        select(
            WorkPackage.project_id.label("owner"),
            WorkPackage.number,
            WorkPackage.title_da,
            WorkPackage.title_en,
            WorkPackage.description_da,
            WorkPackage.description_en,
            WorkPackage.starts_on,
            WorkPackage.ends_on,
            WorkPackage.progress,
            *PARTNER,
        )
        .outerjoin(Partner, (WorkPackage.lead_id == Partner.id) & partner_seen_by(VISITOR))
        .where(WorkPackage.project_id.in_(ids), *page.shown(WorkPackage, VISITOR))
        .order_by(*page.order_of(WorkPackage))
    )
    return gathered(
        statement,
        lambda row: {
            "number": row.number,
            "title": pair(row, "title"),
            "description": pair(row, "description"),
            "lead": partner_of(row),
            "starts_on": plain(row.starts_on),
            "ends_on": plain(row.ends_on),
            "progress": row.progress,
        },
    )


def _documents(rows: Sequence[Any]) -> dict[int, list[Any]]:
    found = documents.shown_in([row.id for row in rows], VISITOR)
    return {row.id: [_document(row.slug, one) for one in found[row.id]] for row in rows if row.id in found}


def _document(slug: str, one: Any) -> dict[str, Any]:
    return {
        "title": pair(one, "title"),
        "description": pair(one, "description"),
        "url": address("documents.download", slug=slug, document_id=one.id, number=one.number),
        "media_type": one.media_type,
        "size": one.size,
        "uploaded_at": plain(one.uploaded_at),
    }


def _relations(ids: Sequence[int]) -> dict[int, list[Any]]:
    """What they continue, are part of or were adopted from."""
    statement = (
        select(ProjectRelation.project_id.label("owner"), ProjectRelation.kind, *page.LINK)
        .join(Project, ProjectRelation.related_id == Project.id)
        .where(ProjectRelation.project_id.in_(ids), seen_by(VISITOR))
        .order_by(ProjectRelation.kind, Project.sort_key)
    )
    return gathered(statement, lambda row: {"kind": row.kind, "id": row.slug, "title": pair(row, "title")})


PROJECTS = Resource(
    "projects",
    _l("Projects of the smart society"),
    _l("Projects with their themes, barriers, state, years, partners and grants, as their sources tell of them."),
    _projects,
    lambda key: Project.slug == key,
    lambda row: row.slug,
    (
        Property("title", Kind.PAIR, _l("Title"), term="name"),
        Property("url", Kind.ADDRESS, _l("Page"), lambda row: address("projects.show", slug=row.slug), "url"),
        Property("acronym", Kind.TEXT, _l("Acronym"), term="alternateName"),
        Property("summary", Kind.PAIR, _l("Summary"), term="description"),
        Property("challenge", Kind.PAIR, _l("The challenge")),
        Property("objective", Kind.PAIR, _l("What it sets out to do")),
        Property("expected_change", Kind.PAIR, _l("What is to change")),
        Property("lessons_failed", Kind.PAIR, _l("What did not work")),
        Property("lessons_copy", Kind.PAIR, _l("What others need to copy it")),
        Property("kind", Kind.TEXT, _l("Kind")),
        Property("state", Kind.TEXT, _l("State")),
        Property("source_state", Kind.TEXT, _l("The source’s word for the state")),
        Property("starts", Kind.TEXT, _l("Start"), _starts, "foundingDate"),
        Property("ends", Kind.TEXT, _l("End"), _ends, "dissolutionDate"),
        THEMES,
        Property("barriers", Kind.WORDS, _l("Barriers"), lambda row: words(row.barriers)),
        Property("total_cost", Kind.NUMBER, _l("Total cost")),
        Property("total_cost_currency", Kind.TEXT, _l("Currency of the total cost")),
        Property("actual_cost", Kind.NUMBER, _l("Actual cost")),
        Property("actual_cost_currency", Kind.TEXT, _l("Currency of the actual cost")),
        Property("website", Kind.ADDRESS, _l("Website"), term="sameAs"),
        LANGUAGE_STATES,
        *CONFIRMATION,
        *SOURCES,
    ),
    filters_of(lambda: queries.PLAN, {"municipality": slugs_of_places}),
    plan=lambda: queries.PLAN,
    more=_more,
    details=(
        Property("partners", Kind.LIST, _l("Who takes part"), holds=PARTICIPATION),
        Property("municipalities", Kind.LIST, _l("Municipalities"), holds={**NAMED, "role": Kind.TEXT}),
        Property("funding", Kind.LIST, _l("Money"), holds=MONEY),
        Property("work_packages", Kind.LIST, _l("Work packages"), holds=WORK_PACKAGE),
        Property("milestones", Kind.LIST, _l("Milestones"), holds=MILESTONE),
        Property("deliverables", Kind.LIST, _l("What it delivers"), holds=DELIVERABLE),
        Property("updates", Kind.LIST, _l("News from the project"), holds=UPDATE),
        Property("results", Kind.LIST, _l("What came of it"), holds=RESULT),
        Property("barrier_notes", Kind.LIST, _l("What stands in the way"), holds=BARRIER_NOTE),
        Property("documents", Kind.LIST, _l("Documents"), holds=DOCUMENT),
        Property(
            "relations",
            Kind.LIST,
            _l("Projects it continues, is part of or was adopted from"),
            holds={**TITLED, "kind": Kind.TEXT},
        ),
    ),
    missing=lambda slug: slugs.missing("project", slug),
    sheet="projects",
    kind="project",
    term="ResearchProject",
    rights=OWN_RIGHTS,
    themes=("TECH", "ENVI", "ENER"),
)
