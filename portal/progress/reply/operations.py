"""The right of reply: a municipality is sent its cells, and confirms or disputes each by a mailed link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload, selectinload

from portal.core import audit, clock, mail
from portal.core.bilingual import Language
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import SYSTEM, Actor, require
from portal.core.tokens import signed_for
from portal.municipalities.models import Municipality
from portal.progress.assessing.operations import require_grounds
from portal.progress.models import Assessment, Basis, Dispute, Reply, ReplyRequest, State
from portal.progress.operations import put_in_force, step, trace

ANSWER_WITHIN = timedelta(days=30)
REMIND_BEFORE = timedelta(days=7)
NAMES_KEPT = timedelta(days=365)
AT_ONCE = 20
LONGEST_REASON = 4000
MOST_ADDRESSES = 5
PURPOSE = "assessment.reply"
SENDABLE = (State.DRAFT, State.SENT, State.PUBLISHED)

THE_MUNICIPALITY = Actor(name="the municipality, by its mailed link")


@dataclass(frozen=True)
class Answer:
    """What a municipality says to one cell: it agrees, or `reason` says why not. `stage` is where it sees itself."""

    is_confirmed: bool
    reason: str = ""
    stage: int | None = None
    urls: Sequence[str] = ()


def token_of(request: ReplyRequest) -> str:
    """The secret part of the link to a request. Whoever has it has the mail."""
    return signed_for(PURPOSE, request.id)


def awaits(assessment: Assessment, request: ReplyRequest) -> bool:
    """Whether a cell that was sent has not been answered yet."""
    return assessment.state in (State.SENT, State.PUBLISHED) and (
        assessment.replied_at is None or assessment.replied_at < request.sent_at
    )


def may_send(assessment: Assessment) -> bool:
    """Whether a municipality can be asked about it. A dispute is answered first."""
    return assessment.state in SENDABLE and assessment.basis is not Basis.SELF and assessment.dispute is None


def send(
    municipality: Municipality,
    assessments: Sequence[Assessment],
    email: str,
    language: Language,
    message: str,
    *,
    actor: Actor,
    now: datetime,
) -> ReplyRequest:
    """Mail a municipality some of its cells: drafts wait for its answer, what is in force stands meanwhile.

    A cell that was sent before is sent anew: the link of the mail before does not show it any more.
    """
    if not assessments:
        raise Invalid("cells", "nothing was chosen")
    request = ReplyRequest(
        municipality_id=municipality.id,
        email=email,
        language=language,
        message=message,
        sent_at=now,
        sent_by_id=actor.account_id,
        answer_by=now.astimezone(clock.COPENHAGEN).date() + ANSWER_WITHIN,
    )
    db.session.add(request)
    db.session.flush()
    for assessment in assessments:
        require(actor, "assessment.edit", assessment)
        if assessment.municipality_id != municipality.id or not may_send(assessment):
            raise Conflict("this cell cannot be sent")
        require_grounds(assessment)
        assessment.request_id = request.id
        if assessment.state is State.DRAFT:
            step(assessment, State.SENT, actor=actor, now=now)
        else:
            trace(assessment, "asked", {"request": (None, request.id)}, actor=actor, now=now)
    db.session.flush()
    audit.record(
        actor, "municipality.asked", "municipality", municipality.id, {"cells": (0, len(assessments))}, now=now
    )
    _close_empty(municipality.id, now)
    _mail(request, municipality, len(assessments), is_reminder=False)
    return request


def remind(request: ReplyRequest, *, actor: Actor, now: datetime) -> None:
    """Mail the link once more. `request` comes with its municipality and assessments."""
    waiting = [one for one in request.assessments if awaits(one, request)]
    if request.closed_at is not None or not waiting:
        raise Conflict("nothing waits for an answer")
    for one in waiting:
        require(actor, "assessment.edit", one)
    request.reminded_at = now
    audit.record(actor, "municipality.reminded", "municipality", request.municipality_id, now=now)
    _mail(request, request.municipality, len(waiting), is_reminder=True)


def answer(
    request: ReplyRequest, answers: dict[int, Answer], name: str, language: Language, *, now: datetime
) -> list[Assessment]:
    """Take what a municipality says by its link, cell by cell (by the assessment's number); returns those answered.

    What it confirms holds from now on. What it disputes waits for the editors; where it is in force already it stays,
    with the dispute beside it. A cell that has been answered meanwhile is left as it is.
    """
    if request.closed_at is not None:
        raise Conflict("this was closed")
    taken = []
    for one in request.assessments:
        said = answers.get(one.id)
        if said is not None and awaits(one, request):
            _take(one, said, language, now)
            taken.append(one)
    if taken:
        request.replied_at, request.replied_by = now, name
    if not any(awaits(one, request) for one in request.assessments):
        request.closed_at = now
    db.session.flush()
    return taken


def _take(assessment: Assessment, said: Answer, language: Language, now: datetime) -> None:
    assessment.replied_at = now
    if said.is_confirmed:
        assessment.reply = Reply.CONFIRMED
        if assessment.state is State.SENT:
            step(assessment, State.CONFIRMED, actor=THE_MUNICIPALITY, now=now)
            put_in_force(assessment, actor=THE_MUNICIPALITY, now=now)
        else:
            trace(assessment, "confirmed", {"reply": (None, Reply.CONFIRMED)}, actor=THE_MUNICIPALITY, now=now)
        return
    if not said.reason or len(said.reason) > LONGEST_REASON:
        raise Invalid("reason", "is missing or too long")
    assessment.reply = Reply.DISPUTED
    _dispute(assessment, said, language, now)
    if assessment.state is State.SENT:
        step(assessment, State.DISPUTED, actor=THE_MUNICIPALITY, now=now)
    else:
        trace(assessment, "disputed", {"reply": (None, Reply.DISPUTED)}, actor=THE_MUNICIPALITY, now=now)


def _dispute(assessment: Assessment, said: Answer, language: Language, now: datetime) -> None:
    urls = "\n".join(said.urls[:MOST_ADDRESSES])
    assessment.dispute = Dispute(reason=said.reason, stage=said.stage, language=language, urls=urls, at=now)
    db.session.flush()


def note(assessment: Assessment, note_da: str, note_en: str, *, actor: Actor, now: datetime) -> None:
    """Keep an assessment against a dispute, with a public note of why. One that waited for that holds from now on."""
    require(actor, "assessment.edit", assessment)
    dispute = assessment.dispute
    if dispute is None:
        raise Conflict("nobody disputes this")
    if not (note_da or note_en):
        raise Invalid("note_da", "is missing")
    changes = {"note_da": (dispute.note_da, note_da), "note_en": (dispute.note_en, note_en)}
    dispute.note_da, dispute.note_en, dispute.noted_at = note_da, note_en, now
    db.session.flush()
    trace(assessment, "dispute_answered", changes, actor=actor, now=now)
    if assessment.state is State.DISPUTED:
        put_in_force(assessment, actor=actor, now=now)


def note_bounce(address: str, now: datetime) -> None:
    """A mailbox is not there: who was written to in it was not asked, and no time runs until it is sent anew."""
    open_ = (ReplyRequest.closed_at.is_(None), ReplyRequest.replied_at.is_(None), ReplyRequest.bounced_at.is_(None))
    mine = select(ReplyRequest).where(func.lower(ReplyRequest.email) == address.lower(), *open_)
    for request in db.session.scalars(mine).all():
        request.bounced_at = now
        audit.record(SYSTEM, "municipality.mail_returned", "municipality", request.municipality_id, now=now)
    db.session.flush()


def keep_time(now: datetime) -> None:
    """Remind whoever has a week left, and note where the time went by without a reply."""
    today = now.astimezone(clock.COPENHAGEN).date()
    for request in _open(ReplyRequest.answer_by < today):
        for one in request.assessments:
            if awaits(one, request):
                _no_reply(one, now)
        request.closed_at = now
    soon = (ReplyRequest.answer_by <= today + REMIND_BEFORE, ReplyRequest.reminded_at.is_(None))
    for request in _open(*soon):
        waiting = [one for one in request.assessments if awaits(one, request)]
        request.reminded_at = now
        if waiting:
            _mail(request, request.municipality, len(waiting), is_reminder=True)
    db.session.flush()


def _no_reply(assessment: Assessment, now: datetime) -> None:
    if assessment.reply is None:
        assessment.reply = Reply.NONE
    if assessment.state is State.SENT:
        step(assessment, State.NO_REPLY, actor=SYSTEM, now=now)
    else:
        trace(assessment, "no_reply", {"reply": (None, Reply.NONE)}, actor=SYSTEM, now=now)


def _open(*which: object) -> Sequence[ReplyRequest]:
    reached = (ReplyRequest.closed_at.is_(None), ReplyRequest.bounced_at.is_(None))
    statement = select(ReplyRequest).where(*reached, *which)  # type: ignore[arg-type]
    asked = selectinload(ReplyRequest.assessments)
    loads = (asked.joinedload(Assessment.dispute), joinedload(ReplyRequest.municipality))
    return db.session.scalars(statement.order_by(ReplyRequest.id).limit(AT_ONCE).options(*loads)).all()


def _close_empty(municipality_id: int, now: datetime) -> None:
    """A request whose every cell has been sent anew shows nothing any more."""
    used = select(Assessment.request_id).where(Assessment.request_id.is_not(None))
    mine = (ReplyRequest.municipality_id == municipality_id, ReplyRequest.closed_at.is_(None))
    emptied = update(ReplyRequest).where(*mine, ReplyRequest.id.not_in(used)).values(closed_at=now)
    db.session.execute(emptied.execution_options(synchronize_session="fetch"))


def _mail(request: ReplyRequest, municipality: Municipality, count: int, *, is_reminder: bool) -> None:
    language: Language = "en" if request.language == "en" else "da"
    mail.post(
        request.email,
        "reply_asked",
        kind="reply",
        language=language,
        municipality=str(municipality.text("name", language)),
        count=count,
        token=token_of(request),
        answer_by=request.answer_by,
        message=request.message,
        is_reminder=is_reminder,
    )


def sweep(now: datetime) -> None:
    """Forget who was asked and who answered, a year after it was closed."""
    old = (ReplyRequest.closed_at < now - NAMES_KEPT, ReplyRequest.email != "")
    db.session.execute(update(ReplyRequest).where(*old).values(email="", replied_by=""))
