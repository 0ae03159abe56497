"""What feeds leave behind and nobody needs."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists

from portal.core.db import db
from portal.feeds.models import FeedEntry, Story

KEPT = timedelta(days=1)


def sweep(now: datetime) -> None:
    """Forget stories that no entry tells any more."""
    told = exists().where(FeedEntry.story_id == Story.id)
    db.session.execute(delete(Story).where(Story.created_at < now - KEPT, ~told))
