"""What the newsletter asks: what came out in a period, what an edition holds, who reads it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from portal.accounts.models import Account
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import VISITOR, Actor, require
from portal.core.themes import Theme
from portal.news import permissions as news_rules
from portal.news import queries as news
from portal.news.models import Article
from portal.news.models import State as ArticleState
from portal.newsletter.models import (
    Delivery,
    Edition,
    EditionItem,
    EditionState,
    Frequency,
    Subscriber,
    SubscriberState,
)
from portal.webinars import permissions as webinar_rules
from portal.webinars import queries as webinars
from portal.webinars.models import State as WebinarState
from portal.webinars.models import Webinar

ARTICLE, WEBINAR = "article", "webinar"
OLDEST_NEWS = timedelta(days=30)
"""What is dated before is no news, whenever it was entered here."""

COMING = (WebinarState.ANNOUNCED, WebinarState.OPEN)
SHOWN = 30


@dataclass(frozen=True)
class Told:
    """A thing of an edition, as everybody may see it now, with its themes."""

    item: EditionItem
    subject: Article | Webinar
    themes: frozenset[Theme]

    def is_for(self, chosen: frozenset[Theme]) -> bool:
        """Whether a reader who chose these themes is told; who chose none is told everything."""
        return not chosen or bool(chosen & self.themes)


def came_out(since: datetime, until: datetime) -> list[int]:
    """The ids of the articles that readers got in a period, the newest first."""
    # What is taken from a feed carries the date of its source and came out here when it was taken.
    at = func.coalesce(Article.publish_at, Article.created_at)
    here = or_(
        (at > since) & (at <= until),
        (at <= since) & (at > since - OLDEST_NEWS) & (Article.created_at > since) & (Article.created_at <= until),
    )
    stmt = select(Article.id).where(news_rules.seen_by(VISITOR, until), here, Article.state != ArticleState.ARCHIVED)
    return list(db.session.scalars(stmt.order_by(at.desc(), Article.id.desc())))


def coming_webinars(until: datetime, ahead: timedelta) -> list[int]:
    """The ids of the webinars of the next days, the first first."""
    soon = (Webinar.starts_at > until, Webinar.starts_at <= until + ahead, Webinar.state.in_(COMING))
    stmt = select(Webinar.id).where(webinar_rules.seen_by(VISITOR, until), *soon)
    return list(db.session.scalars(stmt.order_by(Webinar.starts_at, Webinar.id)))


def told(edition: Edition, now: datetime) -> list[Told]:
    """What an edition tells, in its order. What was withdrawn since it was composed is not in it any more."""
    found: dict[tuple[str, int], Article | Webinar] = {}
    themes: dict[tuple[str, int], list[Theme]] = {}
    for kind, model, rule, themes_of in (
        (ARTICLE, Article, news_rules.seen_by, news.themes_of),
        (WEBINAR, Webinar, webinar_rules.seen_by, webinars.themes_of),
    ):
        ids = [item.subject_id for item in edition.items if item.kind == kind]
        things: Sequence[Any] = db.session.scalars(select(model).where(model.id.in_(ids), rule(VISITOR, now))).all()
        found |= {(kind, one.id): one for one in things}
        themes |= {(kind, one): named for one, named in themes_of(ids).items()}
    return [
        Told(item, found[key], frozenset(themes[key]))
        for item in edition.items
        if (key := (item.kind, item.subject_id)) in found
    ]


def last(frequency: Frequency) -> Edition | None:
    """The edition whose period ends last."""
    stmt = select(Edition).where(Edition.frequency == frequency).order_by(Edition.until.desc()).limit(1)
    return db.session.scalar(stmt)


def editions(actor: Actor) -> Sequence[Edition]:
    """The newest editions."""
    require(actor, "newsletter.manage", None)
    return db.session.scalars(select(Edition).order_by(Edition.until.desc(), Edition.id.desc()).limit(SHOWN)).all()


def edition(edition_id: int, actor: Actor) -> Edition:
    """An edition with its items."""
    require(actor, "newsletter.manage", None)
    found = db.session.scalar(select(Edition).where(Edition.id == edition_id).options(selectinload(Edition.items)))
    if found is None:
        raise NotFound("edition", edition_id)
    return found


def due(now: datetime) -> Sequence[int]:
    """The editions that are to be sent now, or whose sending was interrupted."""
    going = (Edition.state.in_((EditionState.COMPOSED, EditionState.SENDING)), Edition.send_at <= now)
    return db.session.scalars(select(Edition.id).where(*going).order_by(Edition.send_at)).all()


def left_to_write(edition: Edition, limit: int) -> Sequence[Subscriber]:
    """The next readers whom an edition was not written to, with their themes."""
    written = select(Delivery.subscriber_id).where(Delivery.edition_id == edition.id)
    theirs = (
        Subscriber.state == SubscriberState.CONFIRMED,
        Subscriber.frequency == edition.frequency,
        # Whoever joined later waits for the next one.
        Subscriber.confirmed_at <= edition.send_at,
        Subscriber.id.not_in(written),
    )
    stmt = select(Subscriber).where(*theirs).order_by(Subscriber.id).limit(limit)
    return db.session.scalars(stmt.options(selectinload(Subscriber.themes))).all()


def of_email(email: str) -> Subscriber | None:
    """The subscriber of an address, with their themes."""
    stmt = select(Subscriber).where(Subscriber.email == email.strip().lower())
    return db.session.scalar(stmt.options(selectinload(Subscriber.themes)))


def of_confirmation(digest: str) -> Subscriber | None:
    """The subscriber whose confirmation has this digest, with their themes."""
    stmt = select(Subscriber).where(Subscriber.confirm_digest == digest)
    return db.session.scalar(stmt.options(selectinload(Subscriber.themes)))


def by_id(subscriber_id: int) -> Subscriber | None:
    """A subscriber with their themes; by the link that their mailbox has."""
    stmt = select(Subscriber).where(Subscriber.id == subscriber_id)
    return db.session.scalar(stmt.options(selectinload(Subscriber.themes)))


def readers(actor: Actor) -> Counter[tuple[SubscriberState, Frequency, str]]:
    """How many there are in each state, rhythm and language; no addresses."""
    require(actor, "newsletter.manage", None)
    columns = (Subscriber.state, Subscriber.frequency, Subscriber.language)
    rows = db.session.execute(select(*columns, func.count()).group_by(*columns))
    return Counter({(row[0], row[1], row[2]): row[3] for row in rows})


def mailed(edition: Edition) -> int:
    """How many readers it was written to."""
    stmt = select(func.count()).where(Delivery.edition_id == edition.id, Delivery.has_mail)
    return db.session.scalar(stmt) or 0


def own_address(actor: Actor) -> str:
    """Where the actor reads mail."""
    return db.session.scalar(select(Account.email).where(Account.id == actor.account_id)) or ""
