"""Notices are made where something happens, read by their account, and mailed as it chose."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from portal.accounts.models import Account, MailChoice
from portal.accounts.notices import queries
from portal.accounts.notices.models import Notice, NoticeKind
from portal.accounts.notices.telling import told
from portal.accounts.notices.unsubscribing import headers_for, token_for
from portal.core import audit, mail, waking
from portal.core.db import db, insert_of, transaction
from portal.core.labels import name_actions
from portal.core.permissions import SYSTEM, Actor

KEPT_FOR = timedelta(days=90)

name_actions({"account.unsubscribed": _l("Took itself off the mail about projects")})


def notify(
    account_ids: Collection[int], kind: NoticeKind, subject: tuple[str, int], source_id: int, *, now: datetime
) -> None:
    """Tell accounts, in the running transaction, that something happened. Twice tells once."""
    subject_kind, subject_id = subject
    rows: list[dict[str, Any]] = [
        {
            "account_id": account_id,
            "kind": kind,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "source_id": source_id,
            "at": now,
        }
        for account_id in sorted(set(account_ids))
    ]
    if rows:
        db.session.execute(insert_of(Notice).values(rows).on_conflict_do_nothing())
        waking.ask()


def mark_read(actor: Actor, notice_ids: Collection[int] | None, *, now: datetime) -> None:
    """Note that the actor has read some of their notices, or all."""
    mine = (Notice.account_id == actor.account_id, Notice.read_at.is_(None))
    some = (Notice.id.in_(notice_ids),) if notice_ids is not None else ()
    db.session.execute(update(Notice).where(*mine, *some).values(read_at=now))


def send_digests(now: datetime) -> int:
    """Write the mails that are due; returns how many. Each in a transaction of its own with what it tells: a worker
    that dies in between has written it or has not, and never does so twice."""
    sent = 0
    for account_id, until in queries.waiting(now):
        with transaction():
            sent += _send(account_id, until, now)
    return sent


def _send(account_id: int, until: datetime, now: datetime) -> bool:
    account, actor = queries.person(account_id)
    due = select(Notice).where(Notice.account_id == account_id, Notice.settled_at.is_(None), Notice.at <= until)
    notices = db.session.scalars(due.order_by(Notice.id).with_for_update()).all()
    for notice in notices:
        notice.settled_at = now
    unread = [one for one in notices if one.read_at is None]
    groups = told(unread, actor, "da" if account.locale == "da" else "en")
    shown = {notice.id for group in groups for notice, _words in group.items}
    for notice in unread:
        if notice.id not in shown:
            notice.read_at = now  # it may not be seen any more: nothing to read waits there
    if account.mail_choice is MailChoice.OFF or not _is_reachable(account):
        return False
    if not groups:
        return False  # never an empty mail: what is left of it may not be seen any more, or was read
    mail.post(
        str(account.email),
        "digest",
        kind="digest",
        language=account.locale,
        headers=headers_for(account),
        groups=groups,
        number=sum(len(group.items) for group in groups),
        choice=account.mail_choice,
        locale=account.locale,
        token=token_for(account),
    )
    return True


def unsubscribe(account: Account, *, now: datetime) -> None:
    """No more mail about what happens. Twice does nothing more."""
    if account.mail_choice is MailChoice.OFF:
        return
    before, account.mail_choice = account.mail_choice, MailChoice.OFF
    changes = {"mail_choice": (before, MailChoice.OFF)}
    # By a link that only its mailbox has, not in a session: nobody is signed in.
    audit.record(SYSTEM, "account.unsubscribed", "account", account.id, changes, now=now)


def sweep(now: datetime) -> None:
    """Forget what happened long ago."""
    db.session.execute(delete(Notice).where(Notice.at < now - KEPT_FOR))


def _is_reachable(account: Account) -> bool:
    return account.is_active and account.email is not None and account.email_verified_at is not None
