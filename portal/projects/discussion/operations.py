"""What people of a project do in its discussion. The trace says that something was said, never what."""

from datetime import datetime, timedelta

from portal.accounts.notices.models import NoticeKind
from portal.accounts.notices.operations import notify
from portal.core import audit, throttle
from portal.core.db import db
from portal.core.errors import Forbidden
from portal.core.permissions import Actor, require
from portal.projects.discussion import mentions, queries
from portal.projects.discussion.models import Post, Thread
from portal.projects.discussion.permissions import may_change
from portal.projects.models import Project

POSTING = throttle.Limit("discussion", 60, timedelta(hours=1))
KIND = "discussion"


def start(project: Project, title: str, section: str, body: str, *, actor: Actor, now: datetime) -> Post:
    """Begin a thread with its first post."""
    require(actor, "discussion.write", project)
    thread = Thread(project_id=project.id, title=title, section=section, started_at=now, last_post_at=now)
    db.session.add(thread)
    db.session.flush()
    audit.record(actor, "discussion.started", KIND, thread.id, now=now)
    return _say(thread, project, body, actor=actor, now=now)


def answer(thread: Thread, project: Project, body: str, *, actor: Actor, now: datetime) -> Post:
    """Say something in a thread; whoever has written in it before is told."""
    require(actor, "discussion.write", project)
    thread.last_post_at = now
    return _say(thread, project, body, actor=actor, now=now)


def revise(post: Post, project: Project, body: str, *, actor: Actor, now: datetime) -> None:
    """Change one's own words, for a day; readers see that they were changed. Who is named anew is told."""
    require(actor, "discussion.write", project)
    if not may_change(actor, post, now):
        raise Forbidden("post.change")
    if post.body == body:
        return
    people = _reachable(project, actor)
    before = mentions.found(post.body, people)
    post.body, post.edited_at = body, now
    audit.record(actor, "discussion.revised", KIND, post.thread_id, {"post": (post.id, post.id)}, now=now)
    named = mentions.found(body, people) - before
    notify(named, NoticeKind.MENTION, ("project", project.id), post.id, now=now)


def remove(post: Post, *, actor: Actor, now: datetime) -> None:
    """Take the words of a post away; that there was one stays."""
    require(actor, "post.remove", post)
    post.body, post.removed_at = "", now
    audit.record(actor, "discussion.removed", KIND, post.thread_id, {"post": (post.id, "")}, now=now)


def _say(thread: Thread, project: Project, body: str, *, actor: Actor, now: datetime) -> Post:
    throttle.check(POSTING, str(actor.account_id), now=now)
    throttle.note(POSTING, str(actor.account_id), now=now)
    before = queries.writers(thread.id)
    post = Post(thread_id=thread.id, author_id=actor.account_id, body=body, posted_at=now)
    db.session.add(post)
    db.session.flush()
    people = _reachable(project, actor)
    named = mentions.found(body, people)
    notify(named, NoticeKind.MENTION, ("project", project.id), post.id, now=now)
    notify((before & set(people)) - named, NoticeKind.ANSWER, ("project", project.id), post.id, now=now)
    return post


def _reachable(project: Project, actor: Actor) -> dict[int, str]:
    """Everybody in the project but whoever writes."""
    return {one: name for one, name in queries.people(project.id).items() if one != actor.account_id}
