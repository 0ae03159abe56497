"""What projects keep about people: given out to them, and taken away when they go.

What they said and uploaded belongs to the project and stays, under an account without a name.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select, update

from portal.accounts.models import Account, AskState
from portal.accounts.notices.models import Notice
from portal.accounts.personal import Holder, enter
from portal.core.db import db
from portal.projects.discussion.models import Post
from portal.projects.documents.models import DocumentVersion
from portal.projects.models import Project, TeamMember
from portal.projects.team.models import ProjectInvitation
from portal.projects.watching.models import Watch
from portal.search.outbox import touch


def _giving(model: Any, owner: Any, *columns: Any) -> Callable[[int], Any]:
    def give_out(account_id: int) -> Any:
        rows = db.session.execute(select(*columns).where(owner == account_id).order_by(*model.__table__.primary_key))
        return [{name: str(value) for name, value in row._mapping.items()} for row in rows]  # noqa: SLF001  its own name

    return give_out


def _removing(model: Any) -> Callable[[int], None]:
    def remove(account_id: int) -> None:
        db.session.execute(delete(model).where(model.account_id == account_id))

    return remove


def _teams(account_id: int) -> list[dict[str, Any]]:
    stmt = select(Project.slug, TeamMember.role, TeamMember.since).join(Project, Project.id == TeamMember.project_id)
    rows = db.session.execute(stmt.where(TeamMember.account_id == account_id).order_by(TeamMember.id))
    return [{"project": slug, "role": role.value, "since": since.isoformat()} for slug, role, since in rows]


def _leave_teams(account_id: int) -> None:
    mine = TeamMember.account_id == account_id
    for project_id in db.session.scalars(select(TeamMember.project_id).where(mine)):
        touch("project", project_id)
    db.session.execute(delete(TeamMember).where(mine))


def _invitations(account_id: int) -> list[dict[str, Any]]:
    """Only to the address that the account has proven: another's are not its to read."""
    stmt = (
        select(Project.slug, ProjectInvitation.role, ProjectInvitation.state, ProjectInvitation.created_at)
        .join(Project, Project.id == ProjectInvitation.project_id)
        .join(Account, Account.email == ProjectInvitation.email)
        .where(Account.id == account_id, Account.email_verified_at.is_not(None))
        .order_by(ProjectInvitation.id)
    )
    return [
        {"project": slug, "role": role.value, "state": state.value, "at": at.isoformat()}
        for slug, role, state, at in db.session.execute(stmt)
    ]


def _forget_invitations(account_id: int) -> None:
    to_them = ProjectInvitation.email == select(Account.email).where(Account.id == account_id).scalar_subquery()
    db.session.execute(delete(ProjectInvitation).where(to_them, ProjectInvitation.state == AskState.PENDING))
    db.session.execute(update(ProjectInvitation).where(to_them).values(email=""))


def _stays(_account_id: int) -> None:
    """It belongs to the project."""


for holder in (
    Holder("project_teams", _teams, _leave_teams),
    Holder("project_invitations", _invitations, _forget_invitations),
    Holder(
        "watched_projects",
        _giving(Watch, Watch.account_id, Watch.project_id, Watch.is_on, Watch.since),
        _removing(Watch),
    ),
    Holder(
        "notices",
        _giving(Notice, Notice.account_id, Notice.kind, Notice.subject_kind, Notice.subject_id, Notice.at),
        _removing(Notice),
    ),
    Holder("posts", _giving(Post, Post.author_id, Post.thread_id, Post.body, Post.posted_at), _stays),
    Holder(
        "uploads",
        _giving(
            DocumentVersion,
            DocumentVersion.uploaded_by_id,
            DocumentVersion.document_id,
            DocumentVersion.name,
            DocumentVersion.note,
            DocumentVersion.uploaded_at,
        ),
        _stays,
    ),
):
    enter(holder)
