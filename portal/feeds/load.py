"""Taking in feeds.csv: sources that were found elsewhere, each with what is known of it. None is asked by itself."""

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core import intake, tables
from portal.core.db import db
from portal.core.intake import Intake
from portal.core.tables import Column, Row, Table
from portal.core.themes import Theme
from portal.feeds import addresses
from portal.feeds.fetching import pace
from portal.feeds.models import Feed, FeedState, FeedTheme, Standing
from portal.partners.load import PARTNERS
from portal.partners.models import Partner

KIND = "feed"
STANDINGS = {
    "in_use_2026-10": Standing.IN_USE,
    "convention_unverified": Standing.UNVERIFIED,
    "listed_2026_unverified": Standing.UNVERIFIED,
    "html_news_page": Standing.NO_FEED,
}
_TITLE_ONLY = "show title and link only"

FEEDS = Table(
    "feeds.csv",
    (
        Column("feed_id", tables.key(), required=True),
        Column("partner_id", tables.key(), blank=""),
        Column("owner", tables.text(200), required=True),
        Column("url", tables.address, required=True),
        Column("kind", tables.text(20), blank=""),
        Column("language", tables.word({"da": "da", "en": "en"}), blank=""),
        Column("theme", tables.text(200), blank=""),
        Column("status", tables.word(STANDINGS), required=True),
        Column("note", tables.text(), blank=""),
        Column("source_url", tables.addresses, blank=""),
        Column("retrieved", tables.text(200), blank=""),
    ),
    key=("feed_id",),
)


def load_feeds(rows: Sequence[Row], at: Intake) -> None:
    """Add or update feeds. New ones are suggested; an existing one's state is left as it is here."""
    partners = intake.keys_of(Partner, Partner.slug)
    rows = at.resolve(rows, "partner_id", partners, "partner", PARTNERS.file)
    there = intake.existing(Feed, rows, Feed.url_digest, selectinload(Feed.themes))
    rows = _each_address_once(rows, {feed.id: key for key, feed in there.items()}, at)

    def fill(feed: Feed, row: Row) -> None:
        feed.partner_id = partners[row["partner_id"]] if row["partner_id"] else None
        feed.url = addresses.canonical(row["url"])
        feed.url_digest = addresses.digest(feed.url)
        feed.standing = row["status"]
        feed.subject, feed.source_note = row["theme"], row["note"]
        feed.title_only = _TITLE_ONLY in row["note"]
        for column in ("owner", "language", "source_url", "retrieved"):
            setattr(feed, column, row[column])
        words = (re.sub(r"\W+", "_", word.strip().lower()) for word in row["theme"].split(";"))
        intake.tie(feed.themes, "theme", [Theme(word) for word in words if word in set(Theme)], FeedTheme)

    outcomes = at.upsert(rows, there, lambda _row: _new(at), fill)
    at.record(KIND, outcomes)


def _new(at: Intake) -> Feed:
    interval = int(pace.FIRST / timedelta(seconds=1))
    return Feed(state=FeedState.SUGGESTED, created_at=at.now, interval_s=interval, themes=[], rules=[])


def _each_address_once(rows: Sequence[Row], keys: dict[int, str], at: Intake) -> list[Row]:
    """Without the rows whose address is that of another feed."""
    taken = {row.url_digest: keys.get(row.id, "") for row in db.session.execute(select(Feed.id, Feed.url_digest))}
    good = []
    for row in rows:
        digest = addresses.digest(addresses.canonical(row["url"]))
        if taken.setdefault(digest, row.key) == row.key:
            good.append(row)
        else:
            at.reject(row, "url", "is the address of another feed")
    return good
