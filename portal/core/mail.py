"""Mail: written as rows in the transaction that causes it, sent by the worker, tried again until it is through.

The row is the job: what was committed is sent even if every process dies in between, and a request never waits for a
mail server. Between the server's "accepted" and our note of it a crash may send a mail twice; its Message-ID is the
same, by which mailboxes tell.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, has_request_context, render_template
from sqlalchemy import JSON, String, delete, event, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import bilingual, clock
from portal.core.db import Model, db, transaction
from portal.core.texts import gettext

TRY_FOR = timedelta(hours=48)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
KEPT_FOR = timedelta(days=30)
SMTP_TIMEOUT_S = 20
AT_ONCE = 50
_POSTED = "mail_posted"
_TAIL = "\n--\n"  # what comes under a mail that speaks for somebody, or to many

Wake = Callable[[], None]
_wakers: list[Wake] = []
Composer = Callable[[str], "Words | None"]
_composers: dict[str, Composer] = {}
Bounced = Callable[[str, datetime], None]
_bounced: list[Bounced] = []


class Mail(Model):
    """One mail to one address. `kind` says what it is about; `sent_at` or `failed_at` ends it.

    A mail that was sent and came back later has both. `calendar` is an entry for the reader's calendar (RFC 6047).
    """

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    address: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str]
    calendar: Mapped[str] = mapped_column(default="")
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(300), default="")
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Words:
    """What a mail says: a text template in `templates/mail/`, the reader's language, and what the template is given."""

    template: str
    language: str
    values: Mapping[str, Any]


def post(
    to: str,
    template: str,
    *,
    kind: str,
    language: str,
    headers: Mapping[str, str] | None = None,
    calendar: Callable[[], str] | None = None,
    **values: Any,
) -> Mail:
    """Write a mail into the running transaction.

    `template` is a text template in `templates/mail/`; its first line is the subject. `language` is the reader's.
    `calendar` makes an entry for their calendar, in the same language.
    """
    with bilingual.speaking(language), _addresses():
        entry = calendar() if calendar else ""
    mail = _row(to, kind, calendar=entry, headers=dict(headers or {}))
    _say(mail, Words(template, language, values))
    return _put(mail)


def promise(to: str, *, kind: str) -> Mail:
    """Write a mail into the running transaction whose words are found when it is sent, by the composer of its kind.

    For what must cost the same whether there is anything to say or not: the asking request finds out nothing.
    """
    return _put(_row(to, kind, subject="", text=""))


def compose_by(kind: str, composer: Composer) -> None:
    """Let promised mails of a kind get their words from `composer(address)`; none, and no mail goes out."""
    _composers[kind] = composer


def _row(to: str, kind: str, **columns: Any) -> Mail:
    now = clock.now()
    domain = urlsplit(str(current_app.config["PORTAL_BASE_URL"])).hostname or "localhost"
    message_id = make_msgid(domain=domain)
    return Mail(kind=kind, address=to, message_id=message_id, created_at=now, next_try_at=now, **columns)


def _put(mail: Mail) -> Mail:
    db.session.add(mail)
    db.session.flush()
    db.session.info[_POSTED] = True
    return mail


def _say(mail: Mail, words: Words) -> None:
    """Write the words, under the name that the portal has in their language."""
    with bilingual.speaking(words.language), _addresses():
        rendered = render_template(f"mail/{words.template}.txt", **words.values)
        name = gettext("Smart Society")
        regards = gettext("Kind regards")
    subject, _, text = rendered.strip().partition("\n")
    closing = "" if _TAIL in rendered else f"\n\n{regards}\n{name}"
    mail.subject, mail.text = " ".join(subject.split())[:300], f"{text.strip()}{closing}\n"
    mail.headers = {"From": formataddr((name, sender())), **(mail.headers or {})}


def deliver() -> int:
    """Send what is due; returns how many mails went out. One that fails is tried again, later and later."""
    sent = 0
    for mail_id in _due(clock.now()):
        with transaction():
            mail = db.session.get(Mail, mail_id, populate_existing=True, with_for_update=True)
            if mail is None or mail.next_try_at is None or mail.next_try_at > clock.now():
                continue  # another worker has it
            # Put off before it is tried: whoever dies while sending has not blocked the others.
            mail.tries += 1
            mail.next_try_at = clock.now() + _pause(mail.tries)
        with transaction():
            if not mail.text and not _keep_promise(mail):
                db.session.delete(mail)
                continue
        error, is_final = _try(mail)
        with transaction():
            _note(mail, error, clock.now(), is_final=is_final)
        sent += not error
    return sent


def _keep_promise(mail: Mail) -> bool:
    """Give a promised mail its words; False when there is nothing to say."""
    words = _composers[mail.kind](mail.address)
    if words is not None:
        _say(mail, words)
    return words is not None


def _due(now: datetime) -> list[int]:
    waiting = select(Mail.id).where(Mail.next_try_at <= now).order_by(Mail.next_try_at).limit(AT_ONCE)
    return list(db.session.scalars(waiting))


def _pause(tries: int) -> timedelta:
    return min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)


def _try(mail: Mail) -> tuple[str, bool]:
    """Why the mail could not be sent (empty when it was), and whether its mailbox is refused for good (RFC 5321)."""
    try:
        _transport()(message_of(mail))
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        return f"{code} {said.decode(errors='replace')}"[:300], 500 <= code < 600
    except (OSError, smtplib.SMTPException) as error:
        return f"{type(error).__name__}: {error}"[:300], False
    return "", False


def _note(mail: Mail, error: str, now: datetime, *, is_final: bool) -> None:
    mail.error = error
    if not error:
        mail.sent_at, mail.next_try_at = now, None
    elif is_final:
        _return(mail, error, now)
    elif now - mail.created_at > TRY_FOR:
        mail.failed_at, mail.next_try_at = now, None


def take_back(message_id: str, reason: str, *, now: datetime) -> bool:
    """Note that a mail we sent came back for good. False when we know of no such mail, or know it already."""
    stmt = select(Mail).where(Mail.message_id == message_id, Mail.failed_at.is_(None))
    mail = db.session.scalar(stmt)
    if mail is not None:
        _return(mail, reason, now)
    return mail is not None


def _return(mail: Mail, reason: str, now: datetime) -> None:
    mail.error, mail.failed_at, mail.next_try_at = reason[:300], now, None
    db.session.flush()
    for tell in _bounced:
        tell(mail.address, now)


def when_bounced(tell: Bounced) -> None:
    """Call `tell(address, now)`, in the same transaction, when a mailbox turns out not to be there."""
    if tell not in _bounced:
        _bounced.append(tell)


def message_of(mail: Mail) -> EmailMessage:
    """The mail as it goes out (RFC 5322); auto-submitted, so that holiday notices do not answer (RFC 3834)."""
    message = EmailMessage(policy=SMTP)
    message["To"] = mail.address
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    for name, value in {"From": sender(), **mail.headers}.items():
        message[name] = value
    message.set_content(mail.text)
    if mail.calendar:
        _add_calendar(message, mail.calendar)
    return message


def _add_calendar(message: EmailMessage, entry: str) -> None:
    """As an alternative, which mail programs offer to enter, and as a file for those that only open one."""
    found = re.search(r"^METHOD:(\w+)", entry, re.MULTILINE)
    message.add_alternative(entry, subtype="calendar", params={"method": found[1] if found else "PUBLISH"})
    message.add_attachment(entry.encode(), maintype="application", subtype="ics", filename="webinar.ics")


def sender() -> str:
    """The address that mails come from."""
    host = urlsplit(str(current_app.config["PORTAL_BASE_URL"])).hostname or "localhost"
    return str(current_app.config["PORTAL_MAIL_FROM"]) or f"portal@{host}"


def _transport() -> Callable[[EmailMessage], None]:
    url = str(current_app.config["PORTAL_SMTP_URL"])
    return (lambda message: _by_smtp(url, message)) if url else _into_folder


def _by_smtp(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    host, security = parts.hostname or "localhost", ssl.create_default_context()
    connect: Any = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    options = {"context": security} if parts.scheme == "smtps" else {}
    with connect(host, parts.port or 0, timeout=SMTP_TIMEOUT_S, **options) as server:
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=security)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _into_folder(message: EmailMessage) -> None:
    """Without a mail server: into `instance/mail/`, where a developer reads it."""
    folder = Path(current_app.instance_path) / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").replace("/", "_")
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


def waiting_count() -> int:
    """How many mails have not gone out yet."""
    return db.session.scalar(select(func.count()).select_from(Mail).where(Mail.next_try_at.is_not(None))) or 0


def sent_to(address: str) -> Sequence[Mail]:
    """The mails to an address that are still kept, the oldest first."""
    return db.session.scalars(select(Mail).where(Mail.address == address).order_by(Mail.id)).all()


def written_to(addresses: Collection[str], kind: str, *, since: datetime) -> Sequence[Mail]:
    """The mails of a kind to some addresses since a moment, the oldest first: to see what has become of them."""
    theirs = (Mail.address.in_(addresses), Mail.kind == kind, Mail.created_at >= since)
    return db.session.scalars(select(Mail).where(*theirs).order_by(Mail.created_at, Mail.id)).all()


def erase(*names: str) -> None:
    """Forget the mails to or about a person; one to others that still waits goes out without the name."""
    for name in filter(None, names):
        about = or_(Mail.address == name, Mail.subject.contains(name), Mail.text.contains(name))
        is_theirs = Mail.address == name
        db.session.execute(delete(Mail).where(about, or_(Mail.next_try_at.is_(None), is_theirs)))
        for mail in db.session.scalars(select(Mail).where(about)):
            mail.subject, mail.text = (part.replace(name, "…") for part in (mail.subject, mail.text))
    db.session.flush()


def sweep(now: datetime) -> None:
    """Forget mails that went out or failed long ago: they hold addresses and links."""
    ended = Mail.next_try_at.is_(None) & (Mail.created_at < now - KEPT_FOR)
    db.session.execute(delete(Mail).where(ended))


def when_committed(wake: Wake) -> None:
    """Call `wake` after each commit that posted a mail."""
    if wake not in _wakers:
        _wakers.append(wake)


@contextmanager
def _addresses() -> Iterator[None]:
    """Let links be made where no page is being made: in commands and in the worker."""
    if has_request_context():
        yield
        return
    with current_app.test_request_context(base_url=str(current_app.config["PORTAL_BASE_URL"])):
        yield


@event.listens_for(db.session, "after_commit")
def _wake(session: Any) -> None:
    if session.info.pop(_POSTED, False):
        for wake in _wakers:
            wake()


@event.listens_for(db.session, "after_rollback")
def _forget(session: Any) -> None:
    session.info.pop(_POSTED, None)
