"""Who sees a project's documents and who keeps them, each as a question and as SQL.

Staff are narrower here than elsewhere: editors read what is public, curators all (it is noted), and neither writes
what a project's own people wrote.
"""

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, false, or_

from portal.core.permissions import Actor, Role, rule
from portal.projects.documents.models import Document
from portal.projects.models import Project, Visibility
from portal.projects.permissions import (
    WORKING,
    edited_by,
    entered_by,
    is_admin_in,
    may_edit,
    may_enter,
    may_manage,
    may_see,
    may_see_part,
    part_seen_by,
    seen_by,
)


@rule("document.see")
def may_see_document(actor: Actor, document: Document) -> bool:
    """Its file, its versions, its title; the document comes with its project and who takes part in it."""
    if document.deleted_at is not None or not may_see(actor, document.project):
        return False
    return document.visibility is Visibility.PUBLIC or may_see_part(_reader(actor), document, document.project)


def documents_seen_by(actor: Actor) -> ColumnElement[bool]:
    """`document.see`, said in SQL over documents joined with their projects."""
    reader = _reader(actor)
    shown = or_(
        Document.visibility == Visibility.PUBLIC,
        and_(seen_by(reader), part_seen_by(reader, Document)),
    )
    return and_(Document.deleted_at.is_(None), seen_by(actor), shown)


@rule("documents.open")
def may_open(actor: Actor, project: Project) -> bool:
    """The project's page of documents: for those who take part, and for curators."""
    return may_enter(actor, project) or actor.has(Role.CURATOR)


def opened_by(actor: Actor) -> ColumnElement[bool]:
    """`documents.open`, said in SQL."""
    return and_(seen_by(actor), or_(entered_by(actor), seen_by(actor) if actor.has(Role.CURATOR) else false()))


@rule("documents.keep")
def may_keep(actor: Actor, project: Project) -> bool:
    """Add documents, describe them, send new versions: those who edit the project, as its own people."""
    return may_edit(_as_person(actor), project)


def kept_by(actor: Actor) -> ColumnElement[bool]:
    """`documents.keep`, said in SQL."""
    return edited_by(_as_person(actor))


@rule("document.delete")
def may_delete(actor: Actor, document: Document) -> bool:
    """Who manages what the project keeps; a curator where everybody sees it."""
    is_public = document.visibility is Visibility.PUBLIC and document.project.visibility is Visibility.PUBLIC
    return may_restore(actor, document.project) or (actor.has(Role.CURATOR) and is_public)


@rule("documents.restore")
def may_restore(actor: Actor, project: Project) -> bool:
    """Bring deleted documents back: managers, and admins of the partners that work in the project."""
    person = _as_person(actor)
    return is_admin_in(person, project, WORKING) or may_manage(person, project)


def is_private_reading(actor: Actor, document: Document) -> bool:
    """Whether staff read here what is not theirs to read every day: it leaves a trace."""
    is_public = document.visibility is Visibility.PUBLIC and document.project.visibility is Visibility.PUBLIC
    return actor.is_staff and not is_public and not may_enter(actor, document.project)


def _as_person(actor: Actor) -> Actor:
    return replace(actor, roles=frozenset())


def _reader(actor: Actor) -> Actor:
    return replace(actor, roles=actor.roles - {Role.EDITOR})
