"""Telling the curators, once, that a feed has failed for two days or has fallen silent against its habit."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts import queries as accounts
from portal.core import mail
from portal.core.db import db
from portal.core.permissions import Role
from portal.feeds.fetching.claims import TABLE
from portal.feeds.models import Feed, FeedState

AFTER = timedelta(days=2)


def tell(now: datetime) -> None:
    """One mail to each curator about all feeds that nobody has been told of."""
    with_partner = joinedload(Feed.partner)
    failing = (Feed.state == FeedState.FAILING, Feed.failing_since <= now - AFTER, Feed.told_failing_at.is_(None))
    silent = (Feed.state == FeedState.ACTIVE, Feed.silent_since.is_not(None), Feed.told_silent_at.is_(None))
    order = (Feed.owner, Feed.id)
    those_failing = db.session.scalars(select(Feed).where(*failing).options(with_partner).order_by(*order)).all()
    those_silent = db.session.scalars(select(Feed).where(*silent).options(with_partner).order_by(*order)).all()
    curators = accounts.with_role(Role.CURATOR) if those_failing or those_silent else ()
    if not curators:
        return
    for curator in curators:
        mail.post(
            str(curator.email),
            "feeds_in_trouble",
            kind="feed",
            language=curator.locale,
            name=curator.name,
            failing=those_failing,
            silent=those_silent,
        )
    for feeds, column in ((those_failing, "told_failing_at"), (those_silent, "told_silent_at")):
        ids = [feed.id for feed in feeds]
        db.session.execute(TABLE.update().where(TABLE.c.id.in_(ids)).values({column: now}))
