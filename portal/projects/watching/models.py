"""Who wants to be told what happens in a project."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Account
from portal.core.db import Model
from portal.projects.models import Project


class Watch(Model):
    """What an account said: it watches or it does not. Without a row, those of the team watch and others do not."""

    __tablename__ = "project_watch"

    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True)
    is_on: Mapped[bool]
    since: Mapped[datetime]
