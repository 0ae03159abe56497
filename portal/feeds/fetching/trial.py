"""Testing a feed before its first run: what would come, without storing any of it. A page is asked for its feed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select

from portal.core import audit, clock
from portal.core.db import db, transaction
from portal.core.outgoing import Limits
from portal.core.permissions import SYSTEM
from portal.feeds import addresses
from portal.feeds.decide import New, Plan
from portal.feeds.fetching import store
from portal.feeds.fetching.claims import Claimed
from portal.feeds.fetching.fetch import Brought, Failed, Patience, Request, fetch
from portal.feeds.fetching.library import Library
from portal.feeds.fetching.store import Outcome
from portal.feeds.models import Feed, FeedState, Passed, Trouble
from portal.feeds.reader import Reader
from portal.feeds.reading.parsed import Candidate

SHOWN = 20
USUAL = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml")
"""Where the feed of a site often is whose page names none; asked one after the other until there is one."""

GUESSING = Patience(seconds=4.0, limits=Limits(seconds=3.0))


def run(claimed: Claimed, reader: Reader, library: Library, *, patience: Patience) -> Outcome:
    """Fetch for a look and write the report. A good test makes a suggested feed a tested one."""
    now = clock.now()
    allow = current_app.config["PORTAL_OUTGOING_ALLOW"]
    asked = claimed.request
    came = fetch(asked, reader, allow=allow, patience=patience, now=now)
    page = ""
    candidates = list(came.candidates) if isinstance(came, Failed) else []
    if claimed.state is FeedState.SUGGESTED:
        if candidates and (free := _free(candidates[0].url, claimed.id)):
            page, asked = asked.url, Request(free)
            came = fetch(asked, reader, allow=allow, patience=patience, now=now)
        elif isinstance(came, Failed) and came.trouble is Trouble.NOT_A_FEED and not candidates:
            for usual in _usual(asked.url, claimed.id):
                guessed = fetch(Request(usual), reader, allow=allow, patience=GUESSING, now=now)
                if isinstance(guessed, Brought) and guessed.parsed and guessed.parsed.items:
                    page, asked, came = asked.url, Request(usual), guessed
                    break
    if isinstance(came, Failed):
        return note_failure(claimed, came, now=now, candidates=candidates)
    made = store.planned(claimed, came, library, now=now)
    report = _begun(now, asked.url, candidates) | _said(came, made)
    with transaction():
        _write(claimed, came, asked.url, page, report, now)
    return Outcome(claimed.id, claimed.title, len(made.new), made.waiting, len(made.refreshed))


def note_failure(claimed: Claimed, failed: Failed, *, now: datetime, candidates: Sequence[Candidate] = ()) -> Outcome:
    """Write the report of a test that brought nothing."""
    report = _begun(now, claimed.request.url, candidates) | {"trouble": failed.trouble.value, "detail": failed.detail}
    with transaction():
        _write(claimed, failed, claimed.request.url, "", report, now)
    return Outcome(claimed.id, claimed.title, trouble=failed.trouble, detail=failed.detail)


def _begun(now: datetime, url: str, candidates: Sequence[Candidate]) -> dict[str, Any]:
    named = [{"url": one.url, "title": one.title} for one in candidates]
    return {"at": now.isoformat(), "url": url, "candidates": named}


def _said(came: Brought, made: Plan) -> dict[str, Any]:
    parsed = came.parsed
    if parsed is None:
        return {}
    words = {name: getattr(parsed, name) for name in ("kind", "title", "link", "language", "found", "complaint")}
    old = sum(one.values["passed"] is Passed.OLD for one in made.new)
    counts = {
        "new": len(made.new),
        "waiting": made.waiting,
        "old": old,
        "known": len(made.seen),
        "doubled": made.doubled,
    }
    return {**words, **counts, "moved_to": came.moved_to, "entries": [_entry(new) for new in made.new[:SHOWN]]}


def _entry(new: New) -> dict[str, Any]:
    published: datetime | None = new.values["published_at"]
    passed: Passed | None = new.values["passed"]
    words = {name: new.values[name] for name in ("title", "url", "excerpt", "author", "categories", "language")}
    return words | {
        "published_at": published.isoformat() if published else None,
        "passed": passed.value if passed else None,
    }


def _free(url: str, feed_id: int) -> str:
    """The address, if no other feed of ours has it."""
    taken = select(Feed.id).where(Feed.url_digest == store.digest_of(url), Feed.id != feed_id)
    return "" if db.session.scalar(taken) else url


def _usual(page: str, feed_id: int) -> list[str]:
    """The usual addresses that no feed of ours has: below a page, and at its site."""
    parts = urlsplit(page)
    site = f"{parts.scheme}://{parts.netloc}"
    there = dict.fromkeys((f"{site}{parts.path.rstrip('/')}/{USUAL[0]}", *(f"{site}/{name}" for name in USUAL)))
    return [found for one in there if (found := _free(one, feed_id))]


def _write(
    claimed: Claimed, came: Brought | Failed, url: str, page: str, report: Mapping[str, Any], now: datetime
) -> None:
    feed = db.session.get_one(Feed, claimed.id, populate_existing=True)
    values: dict[str, Any] = {"tested_at": now, "test_report": dict(report)}
    changes: dict[str, tuple[Any, Any]] = {"trouble": (None, report.get("trouble"))}
    if isinstance(came, Brought):
        if feed.state is FeedState.SUGGESTED:
            values["state"] = FeedState.TESTED
            changes["state"] = (feed.state, FeedState.TESTED)
        if page:
            values |= {"url": url, "url_digest": store.digest_of(url), "site_url": feed.site_url or page}
            changes["url"] = (page, url)
        if came.parsed:
            values |= _described(feed, came)
    claimed.columns(**values)
    audit.record(SYSTEM, "feed.tested", "feed", claimed.id, changes, now=now)
    db.session.expire(feed)


def _described(feed: Feed, came: Brought) -> dict[str, Any]:
    """What the feed says of itself, where nobody has said anything yet."""
    parsed = came.parsed
    assert parsed is not None
    language = parsed.language[:2].lower()
    said = {
        "title": parsed.title,
        "site_url": addresses.canonical(parsed.link),
        "language": language if language in ("da", "en") else "",
    }
    return {name: value for name, value in said.items() if value and not getattr(feed, name)}
