"""Notices about projects in words, for what their account may see when it reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.accounts.notices.models import Notice, NoticeKind
from portal.accounts.notices.telling import Place, Told, register
from portal.core.audit import AuditEntry
from portal.core.bilingual import text_of
from portal.core.labels import action_label
from portal.core.parts import anchor
from portal.core.permissions import Actor
from portal.core.texts import gettext as _
from portal.projects.discussion import queries as discussion
from portal.projects.discussion.models import Post
from portal.projects.models import Project
from portal.projects.watching import queries
from portal.projects.watching.operations import FOR_ONLOOKERS, FOR_ONLOOKERS_TO_READ, is_news, numbers, part_id

DESKS = {
    "work_package": "plan.index",
    "milestone": "plan.index",
    "deliverable": "plan.index",
    "update": "updates.index",
    "funding": "money.index",
    "result": "results.index",
    "barrier": "barriers.index",
}
"""The page on which those who edit the project find a part, by the first word of the action."""

INSIDE = {
    "partnership": "partnerships.index",
    "document": "documents.index",
    "project.moved": "lifecycle.index",
    "project.health_said": "lifecycle.index",
    "project.person_set": "team.index",
    "project.person_removed": "team.index",
}
"""Where everybody who takes part sees what happened, by the action or its first word."""

SECTIONS = {
    "work_package": "progress",
    "milestone": "progress",
    "deliverable": "deliverables",
    "update": "news",
    "funding": "money",
    "project.cost_revised": "money",
    "project.shares_revised": "money",
    "result": "results",
    "barrier": "barriers",
    "document": "documents",
    "partnership": "partners",
    "project.lessons_revised": "lessons",
}
"""The section of the project's public page that shows it."""


@dataclass(frozen=True)
class Reader:
    """What somebody may see of the projects that they are told about."""

    projects: Mapping[int, Project]
    inside: set[int]
    editing: set[int]
    updates: Mapping[int, Any]
    documents: Mapping[int, Any]

    def is_told(self, entry: AuditEntry, project: Project) -> bool:
        if project.id in self.inside:
            return True
        about = self.about(entry)
        return entry.action in FOR_ONLOOKERS or (entry.action in FOR_ONLOOKERS_TO_READ and about is not None)

    def about(self, entry: AuditEntry) -> Any:
        """The update or document that an entry is about, if the reader may see it."""
        noun = entry.action.partition(".")[0]
        known = {"update": self.updates, "document": self.documents}.get(noun, {})
        return known.get(part_id(entry))


def tell(notices: Sequence[Notice], actor: Actor) -> Mapping[int, Told]:
    """Implements `portal.accounts.notices.telling.Teller`."""
    ids = {one.subject_id for one in notices}
    entries = queries.entries([one.source_id for one in notices if one.kind is NoticeKind.EVENT])
    posts = discussion.standing([one.source_id for one in notices if one.kind is not NoticeKind.EVENT])
    reader = Reader(
        projects=queries.projects_of(ids, actor),
        inside=queries.entered_of(ids, actor),
        editing=queries.edited_of(ids, actor),
        updates=queries.updates_of(numbers(entries.values(), "update"), actor),
        documents=queries.documents_of(numbers(entries.values(), "document"), actor),
    )
    told: dict[int, Told] = {}
    for notice in notices:
        project = reader.projects.get(notice.subject_id)
        if project is None:
            continue
        if notice.kind is NoticeKind.EVENT:
            entry = entries.get(notice.source_id)
            if entry and is_news(entry) and reader.is_told(entry, project):
                told[notice.id] = _event(entry, project, reader)
        elif (post := posts.get(notice.source_id)) and post.thread.project_id == project.id in reader.inside:
            told[notice.id] = _post(notice, post, project)
    return told


def _event(entry: AuditEntry, project: Project, reader: Reader) -> Told:
    is_inside = project.id in reader.inside
    about = reader.about(entry)
    line = action_label(entry.action)
    # What it is called now, where that is known: a title may have been for fewer people than the thing is.
    if called := str(text_of(about, "title")) if about is not None else (_called(entry) if is_inside else ""):
        line = _("%(what)s: %(name)s", what=line, name=called)
    if is_inside and entry.actor_name:
        line = _("%(what)s (%(who)s)", what=line, who=entry.actor_name)
    return Told(str(text_of(project, "title")), line, _place(entry, project, reader))


def _place(entry: AuditEntry, project: Project, reader: Reader) -> Place:
    """Where what happened is seen, as near as the reader gets to it."""
    noun, here = entry.action.partition(".")[0], {"slug": project.slug}
    is_there = not entry.action.endswith(".removed")
    if noun in DESKS and project.id in reader.editing:
        return Place(DESKS[noun], here, anchor(noun, part_id(entry)) if part_id(entry) and is_there else "")
    if noun == "update" and reader.about(entry) is not None:
        return Place("updates.show", {**here, "update_id": part_id(entry)})
    if project.id in reader.inside:
        if noun == "document" and reader.about(entry) is not None:
            return Place("documents.show", {**here, "document_id": part_id(entry)})
        if desk := INSIDE.get(entry.action) or INSIDE.get(noun):
            return Place(desk, here)
    return Place("projects.show", here, SECTIONS.get(entry.action) or SECTIONS.get(noun, ""))


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
