"""What people do with feeds: suggest, test, approve, change, pause, retire, have fetched, keep and block."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import audit, throttle, waking
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.intake import differences, tie
from portal.core.permissions import Actor, require
from portal.core.themes import Theme
from portal.feeds import addresses
from portal.feeds import permissions as _rules  # noqa: F401  enters what is asked for here
from portal.feeds.decide import Pattern, is_blocked
from portal.feeds.fetching import pace
from portal.feeds.models import (
    PATTERN_LENGTH,
    EntryState,
    Feed,
    FeedEntry,
    FeedRule,
    FeedState,
    FeedTheme,
    Passed,
    RuleField,
    RuleKind,
)

MOST_RULES = 50
SUGGESTING = throttle.Limit("feed_suggest", 30, timedelta(days=1))
ASKING = throttle.Limit("feed_ask", 6, timedelta(hours=1))
"""How often somebody may have one feed tested or fetched at once."""


@dataclass(frozen=True, slots=True)
class Details:
    """What people say of a feed. `url` may be a site's: the test finds its feed."""

    url: str
    title: str = ""
    language: str = ""
    title_only: bool = False
    permission_note: str = ""
    themes: tuple[Theme, ...] = ()


def suggest(details: Details, partner_id: int | None, *, actor: Actor, now: datetime) -> Feed:
    """Enter a feed, and have it tested. It brings nothing before a curator approves it. An address is entered once."""
    require(actor, "feed.suggest", partner_id)
    _count(SUGGESTING, str(actor.account_id), actor, now)
    feed = Feed(
        partner_id=partner_id,
        state=FeedState.SUGGESTED,
        created_at=now,
        suggested_by_id=actor.account_id,
        interval_s=int(pace.FIRST.total_seconds()),
        test_asked_at=now,
        themes=[],
        rules=[],
    )
    _fill(feed, details)
    db.session.add(feed)
    db.session.flush()
    changes = {"url": (None, feed.url), "partner_id": (None, partner_id)}
    audit.record(actor, "feed.suggested", "feed", feed.id, changes, now=now)
    waking.ask()
    return feed


def revise(feed: Feed, details: Details, *, actor: Actor, now: datetime) -> None:
    """Change what is said of a feed (its themes are loaded). Another address is another source, suggested anew."""
    require(actor, "feed.edit", feed)
    before = feed.url_digest
    _fill(feed, details)
    if feed.url_digest != before:
        _take_out_of_hand(feed)
        _forget_source(feed)
        feed.state, feed.test_asked_at = FeedState.SUGGESTED, now
        waking.ask()
    _record(actor, "feed.changed", feed, now)


def _fill(feed: Feed, details: Details) -> None:
    url = addresses.typed(details.url)
    if not url:
        raise Invalid("url", "is not the address of a page")
    if url != feed.url:
        digest = addresses.digest(url)
        if db.session.scalar(select(Feed.id).where(Feed.url_digest == digest, Feed.id != feed.id)):
            raise Invalid("url", "is a feed of ours already")
        feed.url, feed.url_digest = url, digest
    feed.title, feed.language = details.title, details.language
    feed.title_only, feed.permission_note = details.title_only, details.permission_note
    tie(feed.themes, "theme", details.themes, FeedTheme)


def _forget_source(feed: Feed) -> None:
    """What was known of another address says nothing of this one."""
    feed.etag = feed.last_modified = feed.body_digest = ""
    feed.approved_at, feed.approved_by_id, feed.next_fetch_at = None, None, None
    feed.tested_at, feed.test_report = None, None
    feed.failures, feed.failing_since, feed.trouble, feed.trouble_detail = 0, None, None, ""
    feed.told_failing_at, feed.silent_since, feed.told_silent_at = None, None, None


def ask_test(feed: Feed, *, actor: Actor, now: datetime) -> None:
    """Have the worker look what would come; the report stands at the feed a moment later."""
    require(actor, "feed.edit", feed)
    _count(ASKING, f"{actor.account_id} {feed.id}", actor, now)
    feed.test_asked_at = now
    audit.record(actor, "feed.test_ordered", "feed", feed.id, now=now)
    waking.ask()


def approve(feed: Feed, *, actor: Actor, now: datetime) -> None:
    """Let a tested feed bring its entries from now on. Approving twice changes nothing."""
    require(actor, "feed.approve", feed)
    if feed.is_running:
        return
    _expect(feed, FeedState.TESTED)
    feed.approved_at, feed.approved_by_id = now, actor.account_id
    _run(feed, now)
    _record(actor, "feed.approved", feed, now)


def suspend(feed: Feed, reason: str, *, actor: Actor, now: datetime) -> None:
    """Ask no more for a while. What waits stays."""
    require(actor, "feed.edit", feed)
    if feed.state is FeedState.SUSPENDED:
        return
    _expect(feed, FeedState.ACTIVE, FeedState.FAILING)
    feed.state, feed.reason, feed.next_fetch_at = FeedState.SUSPENDED, reason, None
    _take_out_of_hand(feed)
    _record(actor, "feed.suspended", feed, now)


def resume(feed: Feed, *, actor: Actor, now: datetime) -> None:
    """Go on with a feed that was paused."""
    require(actor, "feed.edit", feed)
    if feed.is_running:
        return
    _expect(feed, FeedState.SUSPENDED)
    _run(feed, now)
    _record(actor, "feed.resumed", feed, now)


def retire(feed: Feed, reason: str, *, actor: Actor, now: datetime) -> None:
    """End with a feed. Its entries stay, what was taken from them as well."""
    require(actor, "feed.edit", feed)
    if feed.state is FeedState.RETIRED:
        return
    feed.state, feed.reason, feed.ended_at = FeedState.RETIRED, reason, now
    feed.next_fetch_at, feed.test_asked_at = None, None
    _take_out_of_hand(feed)
    _record(actor, "feed.retired", feed, now)


def reopen(feed: Feed, *, actor: Actor, now: datetime) -> None:
    """Begin anew with a feed that was retired: it is tested and waits for approval."""
    require(actor, "feed.edit", feed)
    _expect(feed, FeedState.RETIRED)
    _forget_source(feed)
    feed.state, feed.reason, feed.ended_at, feed.test_asked_at = FeedState.SUGGESTED, "", None, now
    _record(actor, "feed.reopened", feed, now)
    waking.ask()


def fetch_now(feed: Feed, *, actor: Actor, now: datetime) -> None:
    """Have the worker fetch it next, whatever its turn."""
    require(actor, "feed.fetch", feed)
    _count(ASKING, f"{actor.account_id} {feed.id}", actor, now)
    feed.next_fetch_at = now
    audit.record(actor, "feed.fetch_ordered", "feed", feed.id, now=now)
    waking.ask()


def write_rule(feed: Feed, kind: RuleKind, field: RuleField, pattern: str, *, actor: Actor, now: datetime) -> FeedRule:
    """Keep or block what fits a pattern (the feed's rules are loaded), also of what waits. Twice is once."""
    require(actor, "feed.sift", feed)
    pattern = " ".join(pattern.split())
    if not pattern.replace("*", "").strip() or len(pattern) > PATTERN_LENGTH:
        raise Invalid("pattern", "is empty or too long")
    for rule in feed.rules:
        if (rule.kind, rule.field, rule.pattern) == (kind, field, pattern):
            return rule
    if len(feed.rules) >= MOST_RULES:
        raise Invalid("pattern", "is one rule too many for this feed")
    rule = FeedRule(kind=kind, field=field, pattern=pattern, created_at=now, created_by_id=actor.account_id)
    feed.rules.append(rule)
    db.session.flush()
    changes = {"rule": (None, f"{kind} {field}: {pattern}"), "passed_over": (0, _sift(feed, now))}
    audit.record(actor, "feed.rule_written", "feed", feed.id, changes, now=now)
    return rule


def remove_rule(feed: Feed, rule_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a rule back (the feed's rules are loaded). What it left out stays passed over. Twice changes nothing."""
    require(actor, "feed.sift", feed)
    for rule in [rule for rule in feed.rules if rule.id == rule_id]:
        feed.rules.remove(rule)
        changes = {"rule": (f"{rule.kind} {rule.field}: {rule.pattern}", None)}
        audit.record(actor, "feed.rule_removed", "feed", feed.id, changes, now=now)
    db.session.flush()


def _sift(feed: Feed, now: datetime) -> int:
    """Pass over what waits and is left out by the rules as they are now."""
    rules = [Pattern(rule.kind, rule.field, rule.pattern) for rule in feed.rules]
    waiting = select(FeedEntry).where(FeedEntry.feed_id == feed.id, FeedEntry.state == EntryState.WAITING)
    blocked = [entry for entry in db.session.scalars(waiting) if is_blocked(rules, _texts(entry))]
    for entry in blocked:
        entry.state, entry.passed, entry.decided_at = EntryState.PASSED_OVER, Passed.RULE, now
    db.session.flush()
    return len(blocked)


def _texts(entry: FeedEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("title", "excerpt", "author", "categories", "url")}


def _take_out_of_hand(feed: Feed) -> None:
    """Let a fetch that is under way write nothing any more."""
    feed.claim += 1
    feed.claimed_until = None


def _run(feed: Feed, now: datetime) -> None:
    feed.state, feed.reason, feed.next_fetch_at = FeedState.ACTIVE, "", now
    feed.failures, feed.failing_since, feed.told_failing_at = 0, None, None
    waking.ask()


def _count(limit: throttle.Limit, key: str, actor: Actor, now: datetime) -> None:
    if actor.is_signed_in:  # an operator's command is not counted
        throttle.check(limit, key, now=now)
        throttle.note(limit, key, now=now)


def _expect(feed: Feed, *states: FeedState) -> None:
    if feed.state not in states:
        raise Conflict


def _record(actor: Actor, action: str, feed: Feed, now: datetime) -> None:
    changes = differences(feed)
    changes.pop("test_report", None)
    db.session.flush()
    audit.record(actor, action, "feed", feed.id, changes, now=now)
