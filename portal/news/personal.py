"""What news holds about a person: the articles they wrote."""

from typing import Any

from sqlalchemy import or_, select, update

from portal.accounts.personal import Holder
from portal.core.db import db
from portal.news.models import Article


def give_out(account_id: int) -> list[dict[str, Any]]:
    """The articles that an account began or looks after."""
    theirs = or_(Article.created_by_id == account_id, Article.assignee_id == account_id)
    return [
        {
            "title": str(one.text("title")),
            "state": one.state.value,
            "written": one.created_by_id == account_id,
            "looked_after": one.assignee_id == account_id,
            "begun": one.created_at.isoformat(),
        }
        for one in db.session.scalars(select(Article).where(theirs).order_by(Article.id))
    ]


def erase(account_id: int) -> None:
    """Forget who wrote it and who had it; the text is the organisation's."""
    for column in (Article.created_by_id, Article.assignee_id):
        db.session.execute(update(Article).where(column == account_id).values({column.key: None}))


holder = Holder("articles", give_out, erase)
