"""People ask for the newsletter, confirm, change and end it; editions are composed, looked over and sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from portal.core import audit, waking
from portal.core.db import db, transaction
from portal.core.errors import Conflict, NotFound
from portal.core.intake import tie
from portal.core.permissions import SYSTEM, Actor, require
from portal.core.themes import Theme
from portal.core.tokens import digest_of, new_token
from portal.newsletter import permissions as _rules  # noqa: F401  enters what is asked for here
from portal.newsletter import queries
from portal.newsletter.calendar import RHYTHMS
from portal.newsletter.letters import write
from portal.newsletter.models import (
    Delivery,
    Edition,
    EditionItem,
    EditionState,
    Frequency,
    Subscriber,
    SubscriberState,
    SubscriberTheme,
)

CONFIRM_WITHIN = timedelta(days=7)
ASK_AGAIN_AFTER = timedelta(minutes=10)
KEPT_EDITIONS = timedelta(days=400)
AT_ONCE = 50
OPEN = (EditionState.COMPOSED, EditionState.HELD)


@dataclass(frozen=True)
class Wish:
    """What a reader wants: in which language, how often, about which themes (none: all)."""

    language: str
    frequency: Frequency
    themes: tuple[Theme, ...] = ()


# --- Readers


def subscribe(email: str, wish: Wish, *, now: datetime) -> None:
    """Ask the mailbox whether it is meant. Who reads it already is told so: the page says the same to everybody."""
    email = email.strip().lower()
    reader = queries.of_email(email)
    is_written_to = reader is not None and reader.state is not SubscriberState.BOUNCED
    if reader is not None and is_written_to and now - reader.asked_at < ASK_AGAIN_AFTER:
        return  # what there is to say is in the mailbox; nobody floods it from here
    if reader is not None and reader.state is SubscriberState.CONFIRMED:
        reader.asked_at = now
        write(reader, "newsletter_already", kind="newsletter_confirm")
        return
    if reader is None:
        reader = Subscriber(email=email, themes=[])
        db.session.add(reader)
    token = new_token()
    reader.state, reader.confirm_digest, reader.asked_at = SubscriberState.PENDING, digest_of(token), now
    _choose(reader, wish)
    db.session.flush()
    write(reader, "newsletter_confirm", kind="newsletter_confirm", token=token)


def confirm(token: str, *, now: datetime) -> Subscriber:
    """Take the mailbox's yes. `NotFound` for a link that is too old, was used, or is none of ours."""
    reader = waiting(token, now)
    reader.state, reader.confirmed_at, reader.bounced_at = SubscriberState.CONFIRMED, now, None
    reader.confirm_digest = None
    db.session.flush()
    return reader


def waiting(token: str, now: datetime) -> Subscriber:
    """Whose confirmation a link is; `NotFound` as for `confirm`."""
    reader = queries.of_confirmation(digest_of(token))
    if reader is None or now - reader.asked_at > CONFIRM_WITHIN:
        raise NotFound("confirmation", "newsletter")
    return reader


def change(reader: Subscriber, wish: Wish) -> None:
    """Change what a reader gets (their themes are loaded)."""
    _choose(reader, wish)
    db.session.flush()


def unsubscribe(reader: Subscriber) -> None:
    """Forget the reader: nothing of them is kept."""
    db.session.delete(reader)
    db.session.flush()


def note_bounce(address: str, now: datetime) -> None:
    """Write no more to a mailbox that is not there. It may ask for the newsletter again."""
    reader = queries.of_email(address)
    if reader is not None and reader.state is not SubscriberState.BOUNCED:
        reader.state, reader.bounced_at, reader.confirm_digest = SubscriberState.BOUNCED, now, None
        db.session.flush()


def _choose(reader: Subscriber, wish: Wish) -> None:
    reader.language, reader.frequency = wish.language, wish.frequency
    tie(reader.themes, "theme", wish.themes, SubscriberTheme)


# --- Editions


def compose(now: datetime) -> None:
    """Put together the editions whose hour has come. Each period once; what was missed is made up for in one."""
    for frequency, rhythm in RHYTHMS.items():
        until = rhythm.last(now)
        before = queries.last(frequency)
        if before is not None and before.until >= until:
            continue
        since = before.until if before else until - rhythm.period
        articles = [(queries.ARTICLE, one) for one in queries.came_out(since, until)]
        webinars = [(queries.WEBINAR, one) for one in queries.coming_webinars(until, rhythm.ahead)]
        items = articles + webinars
        # Webinars alone are told once a week: every day would be the same mail.
        is_empty = not (items if frequency is Frequency.WEEKLY else articles)
        edition = Edition(
            frequency=frequency,
            since=since,
            until=until,
            send_at=rhythm.sent(until),
            state=EditionState.EMPTY if is_empty else EditionState.COMPOSED,
            composed_at=now,
            items=[
                EditionItem(kind=kind, subject_id=subject_id, position=position)
                for position, (kind, subject_id) in enumerate(items)
            ],
        )
        db.session.add(edition)
        db.session.flush()
        audit.record(SYSTEM, "edition.composed", "edition", edition.id, {"items": (0, len(items))}, now=now)


def revise(
    edition: Edition, texts: Mapping[str, str], left_out: Collection[int], *, actor: Actor, now: datetime
) -> None:
    """Write subject and words, and leave items out. `Conflict` once it is being sent."""
    _require_open(edition, actor)
    before = {name: getattr(edition, name) for name in texts}
    edition.write(now, **texts)
    changes: dict[str, tuple[object, object]] = {
        name: (before[name], text) for name, text in texts.items() if before[name] != text
    }
    out = {item.id for item in edition.items if item.is_left_out}
    if out != set(left_out):
        changes["left_out"] = (sorted(out), sorted(left_out))
        for item in edition.items:
            item.is_left_out = item.id in left_out
    db.session.flush()
    if changes:
        audit.record(actor, "edition.revised", "edition", edition.id, changes, now=now)


def hold(edition: Edition, *, actor: Actor, now: datetime) -> None:
    """Keep it from going out at its hour. Twice changes nothing."""
    _require_open(edition, actor)
    _move(edition, EditionState.HELD, "edition.held", actor, now)


def release(edition: Edition, *, actor: Actor, now: datetime) -> None:
    """Let it go out at its hour, or now if that is past."""
    _require_open(edition, actor)
    _move(edition, EditionState.COMPOSED, "edition.released", actor, now)
    waking.ask()


def send_now(edition: Edition, *, actor: Actor, now: datetime) -> None:
    """Let it go out at once."""
    _require_open(edition, actor)
    edition.send_at = min(edition.send_at, now)
    _move(edition, EditionState.COMPOSED, "edition.released", actor, now)
    waking.ask()


def try_out(edition: Edition, email: str, language: str, *, actor: Actor, now: datetime) -> bool:
    """Write it to the actor's own mailbox, whole. False when there is nothing in it."""
    require(actor, "newsletter.manage", None)
    reader = Subscriber(id=0, email=email, language=language, frequency=edition.frequency, themes=[])
    things = [one for one in queries.told(edition, now) if not one.item.is_left_out]
    if things:
        write(reader, "newsletter", kind="newsletter_try", edition=edition, things=things, is_trial=True)
    return bool(things)


def send(now: datetime) -> int:
    """Write the editions that are due, some readers at a time; returns how many mails were written.

    Each lot is a transaction of its own with its deliveries: a worker that dies goes on where it stopped.
    """
    written = 0
    for edition_id in queries.due(now):
        while True:
            with transaction():
                lot, mails = _write_lot(edition_id, now)
            written += mails
            if not lot:
                break
    return written


def _write_lot(edition_id: int, now: datetime) -> tuple[int, int]:
    """How many readers were seen to, and to how many there was something to write."""
    stmt = select(Edition).where(Edition.id == edition_id).options(selectinload(Edition.items)).with_for_update()
    edition = db.session.scalar(stmt.execution_options(populate_existing=True))
    if edition is None or edition.state not in (EditionState.COMPOSED, EditionState.SENDING):
        return 0, 0
    edition.state = EditionState.SENDING
    things = [one for one in queries.told(edition, now) if not one.item.is_left_out]
    readers = queries.left_to_write(edition, AT_ONCE)
    mails = 0
    for reader in readers:
        chosen = frozenset(tie.theme for tie in reader.themes)
        theirs = [one for one in things if one.is_for(chosen)]
        if theirs:
            write(reader, "newsletter", kind="newsletter", edition=edition, things=theirs, is_trial=False)
            mails += 1
        db.session.add(Delivery(edition_id=edition.id, subscriber_id=reader.id, has_mail=bool(theirs), at=now))
    if not readers:
        edition.state, edition.sent_at = EditionState.SENT, now
        changes = {"mails": (0, queries.mailed(edition))}
        audit.record(SYSTEM, "edition.sent", "edition", edition.id, changes, now=now)
    db.session.flush()
    return len(readers), mails


def sweep(now: datetime) -> None:
    """Forget who never said yes, and editions of long ago with whom they went to."""
    late = (Subscriber.state == SubscriberState.PENDING, Subscriber.asked_at < now - CONFIRM_WITHIN)
    db.session.execute(delete(Subscriber).where(*late))
    db.session.execute(delete(Edition).where(Edition.until < now - KEPT_EDITIONS))


def _require_open(edition: Edition, actor: Actor) -> None:
    require(actor, "newsletter.manage", None)
    if edition.state not in OPEN:
        raise Conflict


def _move(edition: Edition, to: EditionState, action: str, actor: Actor, now: datetime) -> None:
    changes = {"state": (edition.state, to)}
    edition.state = to
    db.session.flush()
    audit.record(actor, action, "edition", edition.id, changes, now=now)
