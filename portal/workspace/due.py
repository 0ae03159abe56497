"""What waits for somebody, the oldest first: each a thing, why it waits, and where to settle it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from portal.accounts.models import Account, AskState, JoinRequest
from portal.accounts.people import queries as people
from portal.core import clock, kept
from portal.core.bilingual import Shown, text_of
from portal.core.db import read
from portal.core.freshness import needs_confirmation
from portal.core.labels import label
from portal.core.permissions import Actor
from portal.core.templating import day
from portal.core.texts import gettext as _
from portal.core.web import path_for
from portal.news.proposals import queries as proposals
from portal.partners import queries as partners
from portal.partners.models import PUBLIC_STATES, Partner
from portal.progress.reply import operations as replying
from portal.progress.reply import queries as replies
from portal.projects.models import Milestone, Project, State, Update
from portal.projects.partnerships import queries as partnerships
from portal.projects.permissions import edited_by
from portal.projects.team import queries as teams
from portal.webinars.proposals import queries as webinars

SILENT = timedelta(days=90)


@dataclass(frozen=True)
class Due:
    """One thing that waits. `since` orders it; nothing is as old as what has no date."""

    what: str
    title: str | Shown
    why: str
    url: str
    since: date | None = None


def waiting_for(actor: Actor, now: datetime) -> list[Due]:
    """Everything that waits for the actor."""
    today = now.astimezone(clock.COPENHAGEN).date()
    found = [
        *_invitations(actor, now),
        *_questions(actor),
        *_requests_to_join(actor),
        *_overdue_milestones(actor, today),
        *_unconfirmed_partners(actor, now),
        *_silent_projects(actor, today),
        *_returned_articles(actor),
        *_returned_webinars(actor),
        *_stages_to_confirm(actor),
        *_drafts(actor),
    ]
    return sorted(found, key=lambda one: one.since or date.min)


def _invitations(actor: Actor, now: datetime) -> Iterator[Due]:
    for one in people.invitations_to(actor, now=now):
        url = path_for("accounts.own_invitation", invitation_id=one.id)
        why = _("Asks you to act for it; open until %(date)s", date=day(one.expires_at))
        yield Due(_("Invitation"), one.partner.called(), why, url, one.sent_at.date())
    for asked in teams.invitations_to(actor, now):
        url = path_for("team.shared_with_me", invitation_id=asked.id)
        why = _("Open until %(day)s.", day=day(asked.expires_at))
        yield Due(_("A project is shared with you"), asked.project.text("title"), why, url, asked.created_at.date())


def _questions(actor: Actor) -> Iterator[Due]:
    for one in partnerships.waiting_for(actor):
        url = path_for("partnerships.show", proposal_id=one.id)
        why = _("Asked on %(date)s: %(what)s", date=day(one.created_at), what=label(one.wish))
        yield Due(_("Question about a project"), one.project.text("title"), why, url, one.created_at.date())


def _requests_to_join(actor: Actor) -> Iterator[Due]:
    rows = (
        select(JoinRequest.created_at, Account.name, Partner.slug, Partner.name.label("partner"))
        .join(JoinRequest.account)
        .join(JoinRequest.partner)
        .where(JoinRequest.state == AskState.PENDING, JoinRequest.partner_id.in_(actor.admin_of))
    )
    for row in read(rows):
        url = path_for("accounts.people", slug=row.slug)
        why = _("Asks since %(date)s to act for %(partner)s", date=day(row.created_at), partner=row.partner)
        yield Due(_("Request to join"), row.name, why, url, row.created_at.date())


def _overdue_milestones(actor: Actor, today: date) -> Iterator[Due]:
    rows = (
        select(
            Milestone.title_da,
            Milestone.title_en,
            Milestone.due_on,
            Project.slug,
            Project.title_da.label("project_title_da"),
            Project.title_en.label("project_title_en"),
        )
        .join(Project, Milestone.project_id == Project.id)
        .where(Milestone.done_on.is_(None), Milestone.due_on < today, edited_by(actor), _is_open())
    )
    for row in read(rows):
        project = str(text_of(row, "project_title"))
        why = _("Was due on %(date)s in %(project)s", date=day(row.due_on), project=project)
        url = path_for("plan.index", slug=row.slug)
        yield Due(_("Overdue milestone"), text_of(row, "title"), why, url, row.due_on)


def _unconfirmed_partners(actor: Actor, now: datetime) -> Iterator[Due]:
    rows = select(Partner.slug, Partner.name, Partner.name_da, Partner.name_en, Partner.confirmed_at).where(
        Partner.id.in_(actor.admin_of),
        Partner.state.in_(PUBLIC_STATES),
        needs_confirmation(Partner, now),
    )
    for row in read(rows):
        last = row.confirmed_at
        why = _("Last confirmed on %(date)s", date=day(last)) if last else _("Nobody has confirmed the profile yet")
        url = path_for("partners.show", slug=row.slug)
        yield Due(_("Confirm the profile"), partners.called(row), why, url, last.date() if last else None)


def _silent_projects(actor: Actor, today: date) -> Iterator[Due]:
    last = select(func.max(Update.dated)).where(Update.project_id == Project.id).correlate(Project).scalar_subquery()
    rows = (
        select(Project.slug, Project.title_da, Project.title_en, last.label("last"))
        .where(Project.state == State.RUNNING, edited_by(actor))
        .where(or_(last.is_(None), last < today - SILENT))
    )
    for row in read(rows):
        why = _("Last update on %(date)s", date=day(row.last)) if row.last else _("No update has been written yet")
        url = path_for("updates.add", slug=row.slug)
        yield Due(_("Silent project"), text_of(row, "title"), why, url, row.last)


def _returned_articles(actor: Actor) -> Iterator[Due]:
    for row in proposals.answered(actor):
        url = path_for("proposals.show", article_id=row.id)
        why = _("Returned by the news desk on %(date)s", date=day(row.updated_at))
        yield Due(_("Article to work over"), text_of(row, "title"), why, url, row.updated_at.date())


def _returned_webinars(actor: Actor) -> Iterator[Due]:
    for row in webinars.returned(actor):
        url = path_for("webinar_states.index", slug=row.slug)
        why = _("Returned by the staff on %(date)s", date=day(row.updated_at))
        yield Due(_("Webinar to work over"), text_of(row, "title"), why, url, row.updated_at.date())


def _stages_to_confirm(actor: Actor) -> Iterator[Due]:
    for row in replies.waiting_for(actor):
        why = _("To be answered before %(date)s", date=day(row.answer_by))
        url = path_for("reply.show", token=replying.token_of(row))
        yield Due(_("Stages to confirm or dispute"), text_of(row, "name"), why, url, row.sent_at.date())


def _drafts(actor: Actor) -> Iterator[Due]:
    for draft in kept.drafts_of(actor.account_id) if actor.account_id else ():
        why = _("Written on %(date)s and not saved", date=day(draft.saved_at))
        url = f"{draft.path}?{kept.ASKED}={kept.DRAFT}"
        yield Due(_("Draft"), draft.path.removeprefix("/da").removeprefix("/en"), why, url, draft.saved_at.date())


def _is_open() -> Any:
    return or_(Project.state.is_(None), Project.state.not_in((State.COMPLETED, State.CLOSED, State.CANCELLED)))
