"""What somebody typed and could not save: kept until they come back, so that nothing typed is ever lost.

Two kinds: a form whose session had ended is known by a random token that only its browser has; a draft that a page
saves while somebody writes belongs to the account and the address.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flask import request
from sqlalchemy import JSON, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, db
from portal.core.tokens import digest_of, new_token
from portal.core.web import actor

ASKED = "kept"
DRAFT = "draft"
SENT_TO = "sent-to"
"""The field that says where a form goes which is kept for another page, the one that it stands on."""
KEPT_FOR = timedelta(days=7)
MOST_CHARACTERS = 400_000
MOST_DRAFTS = 50

Fields = list[tuple[str, str]]


class KeptForm(Model):
    """The fields of a form, as (name, value) pairs; `path` is a draft's address, or the digest of a kept form's."""

    __tablename__ = "kept_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(index=True)
    path: Mapped[str] = mapped_column(String(400))
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("account_id", "path"),)


def keep(path: str, fields: Iterable[tuple[str, str]]) -> str:
    """Keep a form in the running transaction; returns the token under which it is found again.

    Its address too is a digest: that of a mailed link opens something to whoever reads it in a copy of the database.
    """
    token = new_token()
    columns = {"token_hash": digest_of(token), "path": digest_of(path)}
    db.session.add(KeptForm(**columns, fields=_bounded(fields), saved_at=clock.now()))
    db.session.flush()
    return token


def save_draft(account_id: int, path: str, fields: Iterable[tuple[str, str]]) -> None:
    """Keep what an account is writing at an address; the last one counts. The oldest of too many is let go."""
    draft = _draft(account_id, path)
    if draft is None:
        draft = KeptForm(account_id=account_id, path=path)
        mine = select(KeptForm.id).where(KeptForm.account_id == account_id).order_by(KeptForm.saved_at.desc())
        surplus = db.session.scalars(mine.offset(MOST_DRAFTS - 1)).all()
        db.session.execute(delete(KeptForm).where(KeptForm.id.in_(surplus)))
    draft.fields, draft.saved_at = _bounded(fields), clock.now()
    db.session.add(draft)
    db.session.flush()


def drop_draft(account_id: int, path: str) -> None:
    """Throw away what an account was writing at an address."""
    db.session.execute(delete(KeptForm).where(KeptForm.account_id == account_id, KeptForm.path == path))


def drop_drafts(account_id: int) -> None:
    """Throw away everything an account was writing."""
    db.session.execute(delete(KeptForm).where(KeptForm.account_id == account_id))


def draft_at(path: str) -> datetime | None:
    """When the reader of this page last wrote at the address without saving it; none without a draft."""
    account_id = actor().account_id
    draft = _draft(account_id, path) if account_id else None
    return draft.saved_at if draft else None


def drafts_of(account_id: int) -> Sequence[KeptForm]:
    """What an account has written and not saved, the oldest first."""
    mine = select(KeptForm).where(KeptForm.account_id == account_id)
    return db.session.scalars(mine.order_by(KeptForm.saved_at)).all()


def asked_for() -> Fields | None:
    """The kept fields that the address of the page being made asks for, if they belong to it."""
    wanted = request.args.get(ASKED, "")
    if not wanted:
        return None
    account_id = actor().account_id
    if wanted == DRAFT:
        found = _draft(account_id, request.path) if account_id else None
    else:
        found = db.session.scalar(select(KeptForm).where(KeptForm.token_hash == digest_of(wanted)))
    if found is None or found.path not in (request.path, digest_of(request.path)):
        return None
    return [(name, value) for name, value in found.fields]


def forget(path: str) -> None:
    """Forget what was kept for this page, now that it is saved."""
    if account_id := actor().account_id:
        db.session.execute(delete(KeptForm).where(KeptForm.account_id == account_id, KeptForm.path == path))
    if token := request.args.get(ASKED):
        db.session.execute(delete(KeptForm).where(KeptForm.token_hash == digest_of(token)))


def sweep(now: datetime) -> None:
    """Forget what nobody came back for."""
    db.session.execute(delete(KeptForm).where(KeptForm.saved_at < now - KEPT_FOR))


def _draft(account_id: int, path: str) -> KeptForm | None:
    return db.session.scalar(select(KeptForm).where(KeptForm.account_id == account_id, KeptForm.path == path))


def _bounded(fields: Iterable[tuple[str, str]]) -> list[list[str]]:
    taken: list[list[str]] = []
    room = MOST_CHARACTERS
    for name, value in fields:
        room -= len(name) + len(value)
        if room < 0:
            break
        taken.append([name, value.replace("\x00", "")])
    return taken
