"""What pages ask about a project's discussion; for those who take part in the project alone."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account, Membership
from portal.core import paging
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.paging import Part
from portal.partners.models import PUBLIC_STATES, Partner
from portal.projects.discussion.models import Post, Thread
from portal.projects.models import Participation, Project, TeamMember

THREADS = 20
POSTS = 30


def threads(project: Project, page: int) -> Part:
    """The threads of one page, the liveliest first, each with its number of posts and who wrote last."""
    standing = (Post.thread_id == Thread.id, Post.removed_at.is_(None))
    posts = select(func.count()).where(*standing).scalar_subquery()
    last = select(Account.name).join(Post, Post.author_id == Account.id).where(*standing).order_by(Post.id.desc())
    statement = (
        select(
            Thread.id,
            Thread.title,
            Thread.last_post_at,
            posts.label("posts"),
            last.limit(1).scalar_subquery().label("last_name"),
        )
        .where(Thread.project_id == project.id)
        .order_by(Thread.last_post_at.desc(), Thread.id.desc())
    )
    return paging.read(statement, page, THREADS)


def thread(project: Project, thread_id: int) -> Thread:
    """One of the project's threads, or `NotFound`."""
    found = db.session.scalar(select(Thread).where(Thread.id == thread_id, Thread.project_id == project.id))
    if found is None:
        raise NotFound("thread", thread_id)
    return found


def posts(of: Thread, page: int) -> Part:
    """What was said, in order, one page of it."""
    statement = select(Post).where(Post.thread_id == of.id).order_by(Post.id).options(joinedload(Post.author))
    return paging.read(statement, page, POSTS)


def post(of: Thread, post_id: int, project: Project) -> Post:
    """One of the thread's posts, with its thread and project, or `NotFound`."""
    statement = select(Post).where(Post.id == post_id, Post.thread_id == of.id, Post.removed_at.is_(None))
    found = db.session.scalar(statement.options(joinedload(Post.thread).joinedload(Thread.project)))
    if found is None or found.thread.project.id != project.id:
        raise NotFound("post", post_id)
    return found


def page_of(post: Post) -> int:
    """The page of its thread that a post stands on."""
    before = select(func.count()).where(Post.thread_id == post.thread_id, Post.id < post.id)
    return (db.session.scalar(before) or 0) // POSTS + 1


def standing(ids: Collection[int]) -> Mapping[int, Post]:
    """Those of the posts that have not been removed, with author and thread."""
    statement = select(Post).where(Post.id.in_(ids), Post.removed_at.is_(None))
    return {
        one.id: one for one in db.session.scalars(statement.options(joinedload(Post.author), joinedload(Post.thread)))
    }


def people(project_id: int) -> dict[int, str]:
    """Account → name of everybody who takes part in the project: its team and those who act for its partners today."""
    team = select(TeamMember.account_id).where(TeamMember.project_id == project_id)
    partners = select(Participation.partner_id).where(
        Participation.project_id == project_id, Participation.left_at.is_(None)
    )
    members = (
        select(Membership.account_id)
        .join(Partner, Partner.id == Membership.partner_id)
        .where(Membership.partner_id.in_(partners), Partner.state.in_(PUBLIC_STATES))
    )
    active = (Account.suspended_at.is_(None), Account.erased_at.is_(None), Account.name != "")
    statement = select(Account.id, Account.name).where(or_(Account.id.in_(team), Account.id.in_(members)), *active)
    return dict(db.session.execute(statement.order_by(Account.name, Account.id)).all())


def writers(thread_id: int) -> set[int]:
    """Everybody who has said something in a thread."""
    statement = select(Post.author_id).where(Post.thread_id == thread_id, Post.removed_at.is_(None))
    return {one for one in db.session.scalars(statement) if one is not None}
