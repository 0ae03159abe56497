"""Writing webinars: the only way their content is begun, changed, brought back and deleted."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete as sql_delete

from portal.core import audit, intake, slugs
from portal.core.db import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import SYSTEM, Actor, Role, require
from portal.editorial import operations as editorial
from portal.editorial import queries as drafts
from portal.editorial.models import Revision
from portal.municipalities.models import Municipality
from portal.partners.models import Partner
from portal.projects.models import Project
from portal.search.outbox import touch
from portal.webinars.editing.content import PLAIN, Content, content_of, from_json, to_json
from portal.webinars.models import (
    Series,
    State,
    Webinar,
    WebinarMunicipality,
    WebinarPartner,
    WebinarProject,
    WebinarTheme,
)

KIND = "webinar"
RESERVED = frozenset({"new", "preview", "registration", "review", "series"})
TIMES = ("starts_at", "ends_at", "held_on", "zone")
IN_CALENDARS = frozenset({*TIMES, "state", "title_da", "title_en"})
"""What calendars take only under a higher number."""


def subject(webinar: Webinar) -> tuple[str, int]:
    """What the editorial mechanisms know a webinar by."""
    return KIND, webinar.id


def create(content: Content, *, actor: Actor, now: datetime) -> Webinar:
    """Begin a draft; a member's is held by a partner they act for."""
    require(actor, "webinar.create", None)
    _require_own_host(content, actor, "webinar.create")
    webinar = Webinar(
        slug=free_slug(content.texts),
        state=State.DRAFT,
        uid=f"webinar-{token_hex(16)}",
        sequence=0,
        created_by_id=actor.account_id,
        created_at=now,
        updated_at=now,
        speaker_names="",
        themes=[],
        partners=[],
        projects=[],
        municipalities=[],
    )
    _write(webinar, content, now)
    db.session.add(webinar)
    db.session.flush()
    title = content.texts.get("title_da") or content.texts.get("title_en", "")
    _trace(webinar, "webinar.created", {"title": ("", title)}, content, actor, now)
    return webinar


def revise(webinar: Webinar, content: Content, *, actor: Actor, now: datetime, action: str = "webinar.revised") -> None:
    """Change what a webinar says. Nothing changed, nothing recorded."""
    require(actor, "webinar.edit", webinar)
    _require_own_host(content, actor, "webinar.edit")
    before = content_of(webinar)
    old, new = to_json(before), to_json(content)
    changes = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    if before.join_url != content.join_url:  # that it changed, never what it is
        changes["join_url"] = (bool(before.join_url), bool(content.join_url))
    if not changes:
        return
    if drafts.last_revision(subject(webinar)) is None:  # one that was loaded: what it said before is not lost
        editorial.keep(subject(webinar), old, actor=SYSTEM, now=webinar.updated_at)
    if before.starts_at != content.starts_at and before.starts_at is not None and webinar.state is not State.DRAFT:
        webinar.previous_starts_at = before.starts_at
    _write(webinar, content, now)
    number(webinar, changes)
    webinar.updated_at = now
    db.session.flush()
    _trace(webinar, action, changes, content, actor, now)


def bring_back(webinar: Webinar, revision: Revision, *, actor: Actor, now: datetime) -> None:
    """Let a webinar say again what it said in a revision, all but what is in `LEFT`."""
    present = content_of(webinar)
    old = from_json(revision.content, present)
    content = old.but(
        series_id=next(iter(drafts.still_there(Series.id, [old.series_id] if old.series_id else [])), None),
        partner_ids=tuple(
            one for one in drafts.still_there(Partner.id, old.partner_ids) if one not in present.host_ids
        ),
        project_ids=drafts.still_there(Project.id, old.project_ids),
        municipality_ids=drafts.still_there(Municipality.id, old.municipality_ids),
    )
    revise(webinar, content, actor=actor, now=now, action="webinar.brought_back")


def delete(webinar: Webinar, *, actor: Actor, now: datetime) -> None:
    """Delete what readers have never seen, with all that hangs on it."""
    require(actor, "webinar.delete", webinar)
    audit.record(actor, "webinar.deleted", KIND, webinar.id, {"title": (str(webinar.text("title")), "")}, now=now)
    editorial.forget(subject(webinar))
    touch(KIND, webinar.id)
    # By the database's own cascades: not all that hangs on it was loaded, and none of it is needed.
    db.session.flush()
    db.session.execute(sql_delete(Webinar).where(Webinar.id == webinar.id))
    db.session.expunge(webinar)


def number(webinar: Webinar, changes: Mapping[str, Any]) -> None:
    """Give the webinar its next number where calendars have to take a change."""
    if not IN_CALENDARS.isdisjoint(changes):
        webinar.sequence += 1


def note(webinar: Webinar, action: str, changes: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Leave the trace of a change, give the webinar its next version, and tell search and caches."""
    webinar.updated_at = now
    db.session.flush()
    audit.record(actor, action, KIND, webinar.id, changes, now=now)
    touch(KIND, webinar.id)


def free_slug(texts: Mapping[str, str], but: str = "") -> str:
    """An address that no webinar has or has had, but for the one in `but`."""
    title = texts.get("title_da") or texts.get("title_en") or ""
    return slugs.free(title, token_hex(3), {*slugs.in_use(KIND, Webinar.slug), *RESERVED} - {but})


def _require_own_host(content: Content, actor: Actor, action: str) -> None:
    if not actor.has(Role.EDITOR) and actor.partner_ids.isdisjoint(content.host_ids):
        raise Forbidden(action)


def _write(webinar: Webinar, content: Content, now: datetime) -> None:
    if not content.texts.get("title_da") and not content.texts.get("title_en"):
        raise Invalid("title_da", "a webinar needs a title in one language")
    if content.ends_at and (content.starts_at is None or content.ends_at <= content.starts_at):
        raise Invalid("ends_at", "is not after the beginning")
    webinar.write(now, **content.texts)
    for name in PLAIN:
        setattr(webinar, name, getattr(content, name))
    if content.starts_at is not None:
        webinar.held_on = content.starts_at.astimezone(ZoneInfo(content.zone)).date()
    webinar.languages, webinar.join_url = ";".join(content.languages), content.join_url
    named = [*content.host_ids, *(one for one in content.partner_ids if one not in content.host_ids)]
    intake.tie(webinar.partners, "partner_id", named, WebinarPartner)
    for tie in webinar.partners:
        tie.is_host = tie.partner_id in content.host_ids
    intake.tie(webinar.projects, "project_id", content.project_ids, WebinarProject)
    intake.tie(webinar.municipalities, "municipality_id", content.municipality_ids, WebinarMunicipality)
    intake.tie(webinar.themes, "theme", content.themes, WebinarTheme)


def _trace(
    webinar: Webinar, action: str, changes: Mapping[str, Any], content: Content, actor: Actor, now: datetime
) -> None:
    editorial.keep(subject(webinar), to_json(content), actor=actor, now=now)
    note(webinar, action, changes, actor=actor, now=now)
