"""What the desk holds about a person: what they said of drafts."""

from typing import Any

from sqlalchemy import select, update

from portal.accounts.personal import Holder
from portal.core.db import db
from portal.editorial.models import DraftComment, DraftLink, Revision


def give_out(account_id: int) -> list[dict[str, Any]]:
    """What an account said of drafts."""
    mine = select(DraftComment).where(DraftComment.author_id == account_id).order_by(DraftComment.id)
    return [
        {"about": f"{one.subject_kind} {one.subject_id}", "text": one.body, "at": one.at.isoformat()}
        for one in db.session.scalars(mine)
    ]


def erase(account_id: int) -> None:
    """Forget who said it; what was said of the portal's own texts stays."""
    for model, column in ((DraftComment, "author_id"), (Revision, "author_id"), (DraftLink, "created_by_id")):
        is_theirs = getattr(model, column) == account_id
        db.session.execute(update(model).where(is_theirs).values({column: None}))


holder = Holder("draft_comments", give_out, erase)
