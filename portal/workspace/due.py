"""What waits for somebody, the oldest first, and what comes next: a thing, why it waits, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from portal.accounts.models import Account, AskState, JoinRequest
from portal.accounts.people import queries as people
from portal.core import clock
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
from portal.projects.models import Deliverable, Milestone, Project, State, Update, Visibility
from portal.projects.partnerships import queries as partnerships
from portal.projects.permissions import edited_by, managed_by, part_seen_by
from portal.projects.team import queries as teams
from portal.webinars.proposals import queries as webinars
from portal.workspace import drafts

SILENT = timedelta(days=90)
AHEAD = timedelta(days=14)
"""How far the workspace looks ahead."""
PLANNED: tuple[tuple[str, Any, Any], ...] = (
    ("milestones", Milestone, Milestone.done_on),
    ("deliverables", Deliverable, Deliverable.delivered_on),
)
"""What a plan has that falls due: its name in addresses, what it is, and the column that says when it was done."""


@dataclass(frozen=True)
class Due:
    """One thing that waits. `since` orders it; nothing is as old as what has no date.

    `url` is where it is settled and `do` what that is called; `about` leads to what it belongs to. `done` is where one
    press of a button settles it.
    """

    what: str
    title: str | Shown
    why: str
    url: str
    since: date | None = None
    do: str = ""
    about: str = ""
    done: str = ""


@dataclass(frozen=True)
class Coming:
    """A milestone or deliverable that is due within the next days."""

    on: date
    title: Shown
    project: Shown
    url: str


def waiting_for(actor: Actor, now: datetime) -> list[Due]:
    """Everything that waits for the actor in person: what staff may do to everything has its own desk."""
    person = replace(actor, roles=frozenset())
    today = now.astimezone(clock.COPENHAGEN).date()
    found = [
        *_invitations(person, now),
        *_questions(person),
        *_requests_to_join(person),
        *_overdue(person, today),
        *_unconfirmed_partners(person, now),
        *_unconfirmed_projects(person, now),
        *_silent_projects(person, today),
        *_returned_articles(person),
        *_returned_webinars(person),
        *_stages_to_confirm(person),
        *_drafts(person),
    ]
    return sorted(found, key=lambda one: one.since or date.min)


def coming_to(actor: Actor, now: datetime) -> list[Coming]:
    """What falls due in the projects that the actor works in within two weeks, the next first."""
    person = replace(actor, roles=frozenset())
    today = now.astimezone(clock.COPENHAGEN).date()
    found = [
        Coming(row.due_on, text_of(row, "title"), text_of(row, "project_title"), _place(kind, row))
        for kind, model, done in PLANNED
        for row in read(_planned(model, done, person).where(model.due_on >= today, model.due_on <= today + AHEAD))
    ]
    return sorted(found, key=lambda one: one.on)


def _invitations(actor: Actor, now: datetime) -> Iterator[Due]:
    for one in people.invitations_to(actor, now=now):
        url = path_for("accounts.own_invitation", invitation_id=one.id)
        why = _("Asks you to act for it; open until %(date)s", date=day(one.expires_at))
        yield Due(_("Invitation"), one.partner.called(), why, url, one.sent_at.date(), _("Answer"))
    for asked in teams.invitations_to(actor, now):
        url = path_for("team.shared_with_me", invitation_id=asked.id)
        why = _("Open until %(day)s.", day=day(asked.expires_at))
        title, since = asked.project.text("title"), asked.created_at.date()
        yield Due(_("A project is shared with you"), title, why, url, since, _("Answer"))


def _questions(actor: Actor) -> Iterator[Due]:
    for one in partnerships.waiting_for(actor):
        url = path_for("partnerships.show", proposal_id=one.id)
        why = _("Asked on %(date)s: %(what)s", date=day(one.created_at), what=label(one.wish))
        title, since = one.project.text("title"), one.created_at.date()
        yield Due(_("Question about a project"), title, why, url, since, _("Answer"))


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
        yield Due(_("Request to join"), row.name, why, url, row.created_at.date(), _("Answer"))


def _overdue(actor: Actor, today: date) -> Iterator[Due]:
    words = {"milestones": _("Overdue milestone"), "deliverables": _("Overdue deliverable")}
    for kind, model, done in PLANNED:
        for row in read(_planned(model, done, actor).where(model.due_on < today)):
            project = str(text_of(row, "project_title"))
            yield Due(
                words[kind],
                text_of(row, "title"),
                _("Was due on %(date)s in %(project)s", date=day(row.due_on), project=project),
                path_for(f"plan.{model.__tablename__}_edit", slug=row.slug, part_id=row.id),
                row.due_on,
                _("Move the date"),
                _place(kind, row),
                path_for("workspace.done", kind=kind, part_id=row.id),
            )


def _planned(model: Any, done: Any, actor: Actor) -> Any:
    """What is not done yet of one kind, in open projects that the actor works in."""
    titles = (Project.title_da.label("project_title_da"), Project.title_en.label("project_title_en"))
    return (
        select(model.id, model.title_da, model.title_en, model.due_on, Project.slug, *titles)
        .join(Project, model.project_id == Project.id)
        .where(done.is_(None), edited_by(actor), part_seen_by(actor, model), _is_open())
    )


def _place(kind: str, row: Any) -> str:
    """Where it stands in its project's plan."""
    return f"{path_for('plan.index', slug=row.slug)}#{kind.removesuffix('s')}-{row.id}"


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
        since = last.date() if last else None
        yield Due(_("Confirm the profile"), partners.called(row), why, url, since, _("Look and confirm"))


def _unconfirmed_projects(actor: Actor, now: datetime) -> Iterator[Due]:
    rows = select(Project.slug, Project.title_da, Project.title_en, Project.confirmed_at).where(
        Project.visibility == Visibility.PUBLIC, managed_by(actor), needs_confirmation(Project, now)
    )
    for row in read(rows):
        last = row.confirmed_at
        why = _("Last confirmed on %(date)s.", date=day(last)) if last else _("Nobody has confirmed it yet.")
        url = f"{path_for('lifecycle.index', slug=row.slug)}#confirm"
        since = last.date() if last else None
        page = path_for("projects.show", slug=row.slug)
        yield Due(_("Confirm the project"), text_of(row, "title"), why, url, since, _("Look and confirm"), page)


def _silent_projects(actor: Actor, today: date) -> Iterator[Due]:
    told = Update.project_id == Project.id, Update.withdrawn_at.is_(None)
    last = select(func.max(Update.dated)).where(*told).correlate(Project).scalar_subquery().label("last")
    rows = select(Project.slug, Project.title_da, Project.title_en, Project.starts_on, Project.created_at, last).where(
        Project.state == State.RUNNING, edited_by(actor)
    )
    for row in read(rows):
        # One that has just begun, or has just come to the portal, has not been silent yet.
        since = row.last or max(row.starts_on or date.min, row.created_at.date())
        if since >= today - SILENT:
            continue
        why = _("Last update on %(date)s", date=day(row.last)) if row.last else _("No update has been written yet")
        url = path_for("updates.add", slug=row.slug)
        page = path_for("projects.show", slug=row.slug)
        yield Due(_("Silent project"), text_of(row, "title"), why, url, since, _("Write an update"), page)


def _returned_articles(actor: Actor) -> Iterator[Due]:
    for row in proposals.answered(actor):
        url = path_for("proposals.show", article_id=row.id)
        why = _("Returned by the news desk on %(date)s", date=day(row.updated_at))
        yield Due(_("Article to work over"), text_of(row, "title"), why, url, row.updated_at.date(), _("Go on"))


def _returned_webinars(actor: Actor) -> Iterator[Due]:
    for row in webinars.returned(actor):
        url = path_for("webinar_states.index", slug=row.slug)
        why = _("Returned by the staff on %(date)s", date=day(row.updated_at))
        yield Due(_("Webinar to work over"), text_of(row, "title"), why, url, row.updated_at.date(), _("Go on"))


def _stages_to_confirm(actor: Actor) -> Iterator[Due]:
    for row in replies.waiting_for(actor):
        why = _("To be answered before %(date)s", date=day(row.answer_by))
        url = path_for("reply.show", token=replying.token_of(row))
        yield Due(_("Stages to confirm or dispute"), text_of(row, "name"), why, url, row.sent_at.date(), _("Answer"))


def _drafts(actor: Actor) -> Iterator[Due]:
    for one in drafts.of_actor(actor):
        why = _("Written on %(date)s and not saved", date=day(one.saved_at))
        why = f"{one.about} · {why}" if one.about else why
        yield Due(_("Draft"), one.title, why, one.url, one.saved_at.date(), _("Go on"))


def _is_open() -> Any:
    return or_(Project.state.is_(None), Project.state.not_in((State.COMPLETED, State.CLOSED, State.CANCELLED)))
