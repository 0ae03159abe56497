"""What people keep of their workspace."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Account
from portal.core.db import Model

NAME_LENGTH = 80
QUERY_LENGTH = 1000


class SavedView(Model):
    """A choice of filters, order and form of somebody's portfolio, under a name of their own."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    query: Mapped[str] = mapped_column(String(QUERY_LENGTH))
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("account_id", "name"),)
