"""What projects keep about people: given out to them, and taken away when they go.

What they said and uploaded belongs to the project and stays, under an account without a name.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select

from portal.accounts.notices.models import Notice
from portal.accounts.personal import Holder, enter
from portal.core.db import db
from portal.projects.discussion.models import Post
from portal.projects.documents.models import DocumentVersion
from portal.projects.models import TeamMember
from portal.projects.watching.models import Watch


def _giving(model: Any, owner: Any, *columns: Any) -> Callable[[int], Any]:
    def give_out(account_id: int) -> Any:
        rows = db.session.execute(select(*columns).where(owner == account_id).order_by(*model.__table__.primary_key))
        return [{name: str(value) for name, value in row._mapping.items()} for row in rows]  # noqa: SLF001  its own name

    return give_out


def _removing(model: Any) -> Callable[[int], None]:
    def remove(account_id: int) -> None:
        db.session.execute(delete(model).where(model.account_id == account_id))

    return remove


def _stays(_account_id: int) -> None:
    """It belongs to the project."""


for holder in (
    Holder(
        "project_teams",
        _giving(TeamMember, TeamMember.account_id, TeamMember.project_id, TeamMember.role, TeamMember.since),
        _removing(TeamMember),
    ),
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
