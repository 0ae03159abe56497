"""What is said of an article's pictures, as its versions keep it."""

from typing import Any

from sqlalchemy import select

from portal.core.db import read
from portal.news.pictures.models import ArticlePicture

KEPT = ("alt_da", "alt_en", "caption_da", "caption_en", "credit")


def words_of(article_id: int) -> list[dict[str, Any]]:
    """A picture's words each, in the order in which they stand."""
    columns = [getattr(ArticlePicture, name) for name in KEPT]
    mine = select(*columns).where(ArticlePicture.article_id == article_id)
    rows = read(mine.order_by(ArticlePicture.position, ArticlePicture.id))
    return [dict(zip(KEPT, row, strict=True)) for row in rows]


def said(pictures: list[dict[str, Any]]) -> str:
    """The same as a text to be compared, a line for each picture."""
    lines = ([word for name in KEPT if (word := one.get(name))] for one in pictures)
    return "\n".join(" · ".join(line) for line in lines)
