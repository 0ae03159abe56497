"""Who reads and writes in a project's discussion. Staff do not, unless they take part themselves."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement

from portal.core.permissions import Actor, rule
from portal.projects.discussion.models import Post
from portal.projects.models import Project, TeamRole
from portal.projects.permissions import entered_by, may_edit, may_enter, may_manage

EDITABLE_FOR = timedelta(hours=24)


@rule("discussion.open")
def may_open(actor: Actor, project: Project) -> bool:
    return may_enter(actor, project)


def opened_by(actor: Actor) -> ColumnElement[bool]:
    """`discussion.open`, said in SQL."""
    return entered_by(actor)


@rule("discussion.write")
def may_write(actor: Actor, project: Project) -> bool:
    """Those who take part, but for readers: who is in a project only to read along."""
    reads_only = any(one.account_id == actor.account_id and one.role is TeamRole.READER for one in project.team)
    return may_enter(actor, project) and (not reads_only or may_edit(as_person(actor), project))


def as_person(actor: Actor) -> Actor:
    """The actor without platform roles."""
    return replace(actor, roles=frozenset())


def may_change(actor: Actor, post: Post, now: datetime) -> bool:
    """Change what one wrote, for a day."""
    return _is_own(actor, post) and post.removed_at is None and now - post.posted_at < EDITABLE_FOR


@rule("post.remove")
def may_remove(actor: Actor, post: Post) -> bool:
    """Its author, and whoever manages the project."""
    return post.removed_at is None and (_is_own(actor, post) or may_manage(as_person(actor), post.thread.project))


def _is_own(actor: Actor, post: Post) -> bool:
    return actor.is_signed_in and post.author_id == actor.account_id
