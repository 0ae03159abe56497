"""Who sees, keeps and approves feeds, and who decides about what they bring; each as a question and as SQL."""

from sqlalchemy import ColumnElement, false, select, true

from portal.core.permissions import Actor, Role, rule
from portal.feeds.models import RUNNING, Feed, FeedEntry

CONTENT = (Role.EDITOR, Role.CURATOR)


@rule("feed.see")
def may_see(actor: Actor, feed: Feed) -> bool:
    """Staff, and the people of its partner."""
    return actor.is_staff or feed.partner_id in actor.partner_ids


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """`feed.see`, said in SQL."""
    return true() if actor.is_staff else _of_partners(actor.partner_ids)


@rule("feed.suggest")
def may_suggest(actor: Actor, partner_id: int | None) -> bool:
    """For a partner its admins, for anybody curators. It concerns no feed that is there, so it has no twin."""
    return actor.has(Role.CURATOR) or partner_id in actor.admin_of


@rule("feed.edit")
def may_edit(actor: Actor, feed: Feed) -> bool:
    """Change, test, suspend and retire: its partner's admins and curators."""
    return actor.has(Role.CURATOR) or feed.partner_id in actor.admin_of


def edited_by(actor: Actor) -> ColumnElement[bool]:
    """`feed.edit`, said in SQL."""
    return true() if actor.has(Role.CURATOR) else _of_partners(actor.admin_of)


@rule("feed.fetch")
def may_fetch(actor: Actor, feed: Feed) -> bool:
    """Have it fetched at once. How often is counted by the operation."""
    return feed.is_running and may_edit(actor, feed)


def fetched_by(actor: Actor) -> ColumnElement[bool]:
    """`feed.fetch`, said in SQL."""
    return Feed.state.in_(RUNNING) & edited_by(actor)


@rule("feed.approve")
def may_approve(actor: Actor, _feed: Feed | None) -> bool:
    """Nothing is fetched by itself before a curator said so."""
    return actor.has(Role.CURATOR)


def approved_by(actor: Actor) -> ColumnElement[bool]:
    """`feed.approve`, said in SQL."""
    return true() if actor.has(Role.CURATOR) else false()


@rule("feed.sift")
def may_sift(actor: Actor, feed: Feed) -> bool:
    """Write what to keep and what to block: editors, who look through what comes, and whoever may change the feed."""
    return actor.has(*CONTENT) or feed.partner_id in actor.admin_of


def sifted_by(actor: Actor) -> ColumnElement[bool]:
    """`feed.sift`, said in SQL."""
    return true() if actor.has(*CONTENT) else _of_partners(actor.admin_of)


@rule("entry.see")
def may_see_entry(actor: Actor, entry: FeedEntry) -> bool:
    """In every state editing staff and the admins of its feed's partner. Others read the article that comes of it."""
    return actor.has(*CONTENT) or entry.feed.partner_id in actor.admin_of


def entries_seen_by(actor: Actor) -> ColumnElement[bool]:
    """`entry.see`, said in SQL."""
    if actor.has(*CONTENT):
        return true()
    if not actor.admin_of:
        return false()
    return FeedEntry.feed_id.in_(select(Feed.id).where(_of_partners(actor.admin_of)))


@rule("entry.decide")
def may_decide(actor: Actor, _entry: FeedEntry | None) -> bool:
    """Take an entry or pass it over."""
    return actor.has(*CONTENT)


def entries_decided_by(actor: Actor) -> ColumnElement[bool]:
    """`entry.decide`, said in SQL."""
    return true() if actor.has(*CONTENT) else false()


def _of_partners(partner_ids: frozenset[int]) -> ColumnElement[bool]:
    return Feed.partner_id.in_(partner_ids) if partner_ids else false()
