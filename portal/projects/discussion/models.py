"""What the people of a project say to each other."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.core.db import Model
from portal.projects.models import Project

TITLE_LENGTH = 200
SECTION_LENGTH = 60


class Thread(Model):
    """A conversation. `section` is the page of the project's desk that it is about, by its endpoint; often none."""

    __tablename__ = "discussion_thread"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    section: Mapped[str] = mapped_column(String(SECTION_LENGTH), default="")
    started_at: Mapped[datetime]
    last_post_at: Mapped[datetime] = mapped_column(index=True)

    project: Mapped[Project] = relationship(lazy="raise_on_sql")


class Post(Model):
    """One thing said, in Markdown. A removed one keeps its place and loses its words."""

    __tablename__ = "discussion_post"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey(Thread.id, ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    body: Mapped[str]
    posted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    thread: Mapped[Thread] = relationship(lazy="raise_on_sql")
    author: Mapped[Account | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
