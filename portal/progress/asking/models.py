"""That somebody asked a municipality how it got so far. What was asked is in a mail and not here."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model
from portal.municipalities.models import Municipality
from portal.progress.models import Dimension


class PeerQuestion(Model):
    """One question to a municipality. `by_partner`: people of a partner asked it."""

    __tablename__ = "peer_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_id: Mapped[int] = mapped_column(ForeignKey(Municipality.id), index=True)
    dimension_id: Mapped[int] = mapped_column(ForeignKey(Dimension.id), index=True)
    by_partner: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True)
