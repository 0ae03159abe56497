"""What feeds have brought and nobody has decided about: by story, the longest waiting first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.feeds.models import EntryState, Feed, FeedEntry
from portal.feeds.permissions import entries_decided_by
from portal.news import mentions
from portal.news.mentions import Suggestion

SHOWN = 50
LANGUAGES = ("da", "en")


@dataclass(frozen=True)
class Waiting:
    """A story that waits: the entry that told it first, the others, and whom it names."""

    entry: FeedEntry
    others: Sequence[FeedEntry]
    suggestions: Sequence[Suggestion]

    @property
    def translation(self) -> FeedEntry | None:
        return translation_of(self.entry, self.others)


@dataclass(frozen=True)
class Choice:
    """Which of the waiting entries are asked for; none of either means all."""

    feed_id: int | None = None
    language: str = ""

    def condition(self, actor: Actor) -> ColumnElement[bool]:
        waiting = entries_decided_by(actor) & (FeedEntry.state == EntryState.WAITING)
        if self.feed_id is not None:
            waiting &= FeedEntry.feed_id == self.feed_id
        return waiting & (FeedEntry.language == self.language) if self.language else waiting


def count(actor: Actor, choice: Choice = Choice()) -> int:
    """How many stories wait."""
    stmt = select(func.count(FeedEntry.story_id.distinct())).where(choice.condition(actor))
    return db.session.scalar(stmt) or 0


def oldest(actor: Actor) -> datetime | None:
    """Since when the longest waiting entry waits."""
    return db.session.scalar(select(func.min(FeedEntry.fetched_at)).where(Choice().condition(actor)))


def waiting(actor: Actor, choice: Choice) -> list[Waiting]:
    """The first stories that wait, each with all that tell it, also in feeds that were not asked for."""
    first = (
        select(FeedEntry.story_id)
        .where(choice.condition(actor))
        .group_by(FeedEntry.story_id)
        .order_by(func.min(FeedEntry.fetched_at), FeedEntry.story_id)
        .limit(SHOWN)
    )
    story_ids = db.session.scalars(first).all()
    stmt = _entries().where(Choice().condition(actor), FeedEntry.story_id.in_(story_ids))
    told: dict[int, list[FeedEntry]] = {story_id: [] for story_id in story_ids}
    for entry in db.session.scalars(stmt.order_by(FeedEntry.fetched_at, FeedEntry.id)):
        told[entry.story_id].append(entry)
    stories = [entries for entries in told.values() if entries]
    suggested = mentions.find_in_each([text_of(entries[0]) for entries in stories], actor=actor)
    return [Waiting(entries[0], entries[1:], names) for entries, names in zip(stories, suggested, strict=True)]


def sources(actor: Actor) -> list[tuple[Feed, int]]:
    """The feeds that something waits from, with how much; most first."""
    counted = (
        select(FeedEntry.feed_id, func.count().label("waiting"))
        .where(Choice().condition(actor))
        .group_by(FeedEntry.feed_id)
        .subquery()
    )
    stmt = select(Feed, counted.c.waiting).join(counted, counted.c.feed_id == Feed.id).options(joinedload(Feed.partner))
    return [(feed, number) for feed, number in db.session.execute(stmt.order_by(counted.c.waiting.desc(), Feed.id))]


def languages(actor: Actor) -> dict[str, int]:
    """Language → entries that wait in it."""
    stmt = select(FeedEntry.language, func.count()).where(Choice().condition(actor)).group_by(FeedEntry.language)
    found = {row[0]: row[1] for row in db.session.execute(stmt)}
    return {code: found[code] for code in LANGUAGES if code in found}


def by_id(entry_id: int, actor: Actor) -> FeedEntry:
    """An entry with its feed and the feed's themes and rules, in whatever state."""
    stmt = _entries().where(FeedEntry.id == entry_id, entries_decided_by(actor))
    if (entry := db.session.scalar(stmt)) is None:
        raise NotFound("entry", entry_id)
    return entry


def of_story(entry: FeedEntry, actor: Actor) -> list[FeedEntry]:
    """The other entries that tell the story of one."""
    same = (FeedEntry.story_id == entry.story_id, FeedEntry.id != entry.id, entries_decided_by(actor))
    return list(db.session.scalars(_entries().where(*same).order_by(FeedEntry.fetched_at)))


def translation_of(entry: FeedEntry, others: Iterable[FeedEntry]) -> FeedEntry | None:
    """Of the others that tell its story, the one that is the same text in the other language: from the same partner."""
    language = "en" if entry.language == "en" else "da"
    for one in others:
        is_theirs = one.feed_id == entry.feed_id or one.feed.partner_id == entry.feed.partner_id is not None
        if is_theirs and one.language in LANGUAGES and one.language != language:
            return one
    return None


def text_of(entry: FeedEntry) -> str:
    """What an entry says, for looking whom it names."""
    return f"{entry.title}.\n{entry.excerpt}"


def _entries() -> Any:
    feed = joinedload(FeedEntry.feed)
    loads = (feed.joinedload(Feed.partner), feed.selectinload(Feed.themes), feed.selectinload(Feed.rules))
    return select(FeedEntry).options(*loads, selectinload(FeedEntry.story))
