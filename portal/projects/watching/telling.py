"""Notices about projects in words, for what their account may see when it reads them."""

from collections.abc import Mapping, Sequence

from portal.accounts.notices.models import Notice, NoticeKind
from portal.accounts.notices.telling import Place, Told, register
from portal.core.audit import AuditEntry
from portal.core.bilingual import text_of
from portal.core.labels import action_label
from portal.core.permissions import Actor
from portal.core.texts import gettext as _
from portal.projects.discussion import queries as discussion
from portal.projects.discussion.models import Post
from portal.projects.models import Project
from portal.projects.watching import queries
from portal.projects.watching.operations import is_news

FOR_ONLOOKERS = frozenset(
    {
        "project.moved",
        "project.texts_revised",
        "project.facts_revised",
        "project.place_set",
        "project.place_removed",
        "project.renamed",
    }
)
"""What those are told who watch from outside: it shows on the page that they may read anyway."""

PLACES = {"document": "documents.index"}
"""Where a thing that happened is looked at, by the first word of its action; otherwise on the project's page."""


def tell(notices: Sequence[Notice], actor: Actor) -> Mapping[int, Told]:
    """Implements `portal.accounts.notices.telling.Teller`."""
    ids = {one.subject_id for one in notices}
    projects = queries.projects_of(ids, actor)
    inside = queries.entered_of(ids, actor)
    entries = queries.entries([one.source_id for one in notices if one.kind is NoticeKind.EVENT])
    posts = discussion.standing([one.source_id for one in notices if one.kind is not NoticeKind.EVENT])
    told: dict[int, Told] = {}
    for notice in notices:
        project = projects.get(notice.subject_id)
        if project is None:
            continue
        if notice.kind is NoticeKind.EVENT:
            entry = entries.get(notice.source_id)
            if entry and is_news(entry) and (project.id in inside or entry.action in FOR_ONLOOKERS):
                told[notice.id] = _event(entry, project, is_inside=project.id in inside)
        elif (post := posts.get(notice.source_id)) and post.thread.project_id == project.id and project.id in inside:
            told[notice.id] = _post(notice, post, project)
    return told


def _event(entry: AuditEntry, project: Project, *, is_inside: bool) -> Told:
    line = action_label(entry.action)
    if called := _called(entry):
        line = _("%(what)s: %(name)s", what=line, name=called)
    if is_inside and entry.actor_name:
        line = _("%(what)s (%(who)s)", what=line, who=entry.actor_name)
    endpoint = PLACES.get(entry.action.partition(".")[0], "projects.show") if is_inside else "projects.show"
    return Told(str(text_of(project, "title")), line, Place(endpoint, {"slug": project.slug}))


def _called(entry: AuditEntry) -> str:
    """What the thing is called that something happened to, where the trace says it."""
    for word in ("document", "part"):
        if (change := entry.changes.get(word)) and (called := change[1] or change[0]):
            return str(called)
    return ""


def _post(notice: Notice, post: Post, project: Project) -> Told:
    who, thread = (post.author.name if post.author else "") or _("Somebody"), post.thread.title
    if notice.kind is NoticeKind.MENTION:
        line = _("%(name)s mentioned you in “%(thread)s”", name=who, thread=thread)
    else:
        line = _("%(name)s answered in “%(thread)s”", name=who, thread=thread)
    values = {"slug": project.slug, "thread_id": post.thread_id, "page": discussion.page_of(post)}
    return Told(str(text_of(project, "title")), line, Place("discussion.show", values, f"post-{post.id}"))


register("project", tell)
