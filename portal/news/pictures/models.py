"""The pictures of an article."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model
from portal.core.pictures import MIDDLE
from portal.core.uploads import DIGEST_LENGTH
from portal.news.models import Article

ALT_LENGTH = 300
CREDIT_LENGTH = 200
CAPTION_LENGTH = 300


class ArticlePicture(Model):
    """A picture: what it shows in words, its caption, whose it is, and what matters in it (per cent from left and top).

    The first one by `position` stands above the text, on lists and in feeds.
    """

    __tablename__ = "article_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey(Article.id, ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    width: Mapped[int]
    height: Mapped[int]
    alt_da: Mapped[str] = mapped_column(String(ALT_LENGTH))
    alt_en: Mapped[str] = mapped_column(String(ALT_LENGTH))
    caption_da: Mapped[str] = mapped_column(String(CAPTION_LENGTH), default="")
    caption_en: Mapped[str] = mapped_column(String(CAPTION_LENGTH), default="")
    credit: Mapped[str] = mapped_column(String(CREDIT_LENGTH), default="")
    focus_x: Mapped[int] = mapped_column(default=MIDDLE)
    focus_y: Mapped[int] = mapped_column(default=MIDDLE)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("focus_x BETWEEN 0 AND 100 AND focus_y BETWEEN 0 AND 100", name="focus"),)
