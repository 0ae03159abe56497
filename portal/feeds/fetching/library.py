"""What is told already, here or by ourselves, kept at hand for comparing."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from portal.core.db import db, read
from portal.core.intake import chunks
from portal.feeds import addresses, ours
from portal.feeds.decide import New, Place, Sought, Source
from portal.feeds.models import EntryState, Feed, FeedEntry, Passed, Story
from portal.feeds.stories import WINDOW, Shelf, Telling, telling

MOST = 20_000
"""Entries at hand, the newest. Each takes a few kilobytes."""

OVERLAP = 400


class Library:
    """The tellings of the last month. A lane of the worker keeps it from feed to feed, and brings it up to date."""

    def __init__(self) -> None:
        self._shelf: Shelf[int] = Shelf()
        self._came: dict[int, datetime] = {}
        self._last_id = 0

    def __len__(self) -> int:
        return len(self._shelf)

    def catch_up(self, now: datetime) -> None:
        """Take in what others have stored meanwhile, and forget what is too old to be compared with."""
        columns = FeedEntry.id, FeedEntry.feed_id, FeedEntry.title, FeedEntry.excerpt, FeedEntry.fetched_at
        # A few before the last as well: numbers are given out before what bears them is committed.
        new = (FeedEntry.id > self._last_id - OVERLAP, FeedEntry.fetched_at > now - WINDOW)
        for row in read(select(*columns).where(*new).order_by(FeedEntry.id.desc()).limit(MOST)).all():
            self._put(row.id, telling(row.title, row.excerpt, row.feed_id), row.fetched_at)
        old = [id for id, came in self._came.items() if came <= now - WINDOW]
        self._forget(old or (sorted(self._came)[:-MOST] if len(self._came) > MOST else ()))

    def learn(self, stored: Iterable[tuple[int, New]]) -> None:
        """Take in what was stored just now."""
        for id, new in stored:
            self._put(id, new.told, new.values["fetched_at"])

    def desk(self, sought: Collection[Sought], source: Source, now: datetime) -> "Desk":
        """Where to look up the stories of a feed's new entries."""
        return Desk(self._shelf, sought, source, now)

    def _put(self, id: int, told: Telling, came: datetime) -> None:
        self._shelf.put(id, told)
        self._came[id] = came
        self._last_id = max(self._last_id, id)

    def _forget(self, ids: Iterable[int]) -> None:
        self._shelf.drop(ids)
        for id in ids:
            del self._came[id]


class Desk:
    """Finds the story that an entry belongs to. Ours first: what we have written ourselves needs no other telling."""

    def __init__(self, shelf: Shelf[int], sought: Collection[Sought], source: Source, now: datetime) -> None:
        self._shelf = shelf
        self._urls = _stories_at({one.url_digest for one in sought})
        self._translated = _translations(sought, source)
        self._own_urls: dict[str, tuple[str, int]] = {}
        self._own: Shelf[tuple[str, int, int]] = Shelf()
        for number, own in enumerate(ours.since(now - WINDOW)):
            self._own_urls.update({addresses.digest(addresses.canonical(url)): (own.kind, own.id) for url in own.urls})
            self._own.put((own.kind, own.id, number), telling(own.title, own.text))

    def find(self, sought: Sought, told: Telling) -> Place | None:
        """A story that is told already, or None. What stands in another language is a story of the same partner's."""
        url_digest = sought.url_digest
        if own := (self._own_urls.get(url_digest) if url_digest else None) or self._own_like(told):
            return Place(_story_of(own), Passed.OURS, own)
        story_id = self._urls.get(url_digest) if url_digest else None
        if story_id is None:
            story_id = self._translated_as(sought)
        if story_id is None and (entry_id := self._shelf.same(told)) is not None:
            story_id = db.session.scalar(select(FeedEntry.story_id).where(FeedEntry.id == entry_id))
        return None if story_id is None else Place(story_id, _passed_with(story_id))

    def _translated_as(self, sought: Sought) -> int | None:
        return sought.among(self._translated)

    def _own_like(self, told: Telling) -> tuple[str, int] | None:
        found = self._own.same(told)
        return found[:2] if found else None


def _stories_at(url_digests: Collection[str]) -> dict[str, int]:
    """Address → story of what stands there, in any feed and of any age."""
    found = {}
    for some in chunks([digest for digest in url_digests if digest]):
        rows = read(select(FeedEntry.url_digest, FeedEntry.story_id).where(FeedEntry.url_digest.in_(some)))
        found.update({row.url_digest: row.story_id for row in rows})
    return found


def _translations(sought: Collection[Sought], source: Source) -> dict[str, list[tuple[str, int]]]:
    """Digest → (language, story) of what the same feed, or one of the same partner's, has brought under it."""
    found: dict[str, list[tuple[str, int]]] = {}
    related = Feed.id == source.id if source.partner_id is None else Feed.partner_id == source.partner_id
    feeds = select(Feed.id).where(related)
    for column, digests in (
        (FeedEntry.either_digest, {one.either_digest for one in sought}),
        (FeedEntry.url_digest, {digest for one in sought for digest in one.translations}),
    ):
        for some in chunks(sorted(digests - {""})):
            columns = column.label("digest"), FeedEntry.language, FeedEntry.story_id
            rows = read(select(*columns).where(column.in_(some), FeedEntry.feed_id.in_(feeds)).order_by(FeedEntry.id))
            for row in rows:
                found.setdefault(row.digest, []).append((row.language, row.story_id))
    return found


def _story_of(own: tuple[str, int]) -> int | None:
    mine = (Story.own_kind == own[0], Story.own_id == own[1])
    return db.session.scalar(select(Story.id).where(*mine).order_by(Story.id).limit(1))


def _passed_with(story_id: int) -> Passed | None:
    """Why another entry of the story needs no look: it is ours, was taken, or an editor has passed it over."""
    if db.session.scalar(select(Story.own_kind).where(Story.id == story_id)):
        return Passed.OURS
    columns = FeedEntry.state, FeedEntry.passed
    rows = read(select(*columns).where(FeedEntry.story_id == story_id, FeedEntry.state != EntryState.WAITING)).all()
    is_decided = any(row.state is EntryState.TAKEN or row.passed is Passed.EDITOR for row in rows)
    return Passed.SAME_STORY if is_decided else None
