"""A member's proposal: handed in, taken back, taken by the desk, returned with a word, or refused with a reason.

The same for everything that members propose; `Proposals` says what differs. Its states have the words `draft`,
`submitted`, `in_review` and `refused`, and its rules are called `<kind>.submit`, `.take_back` and `.publish`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from portal.accounts import queries as accounts
from portal.accounts.notices.models import Notice, NoticeKind
from portal.accounts.notices.operations import notify
from portal.accounts.notices.telling import Place, Told
from portal.core import mail
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.labels import action_label
from portal.core.permissions import Actor, Role, allows, require
from portal.core.texts import gettext as _
from portal.editorial import queries as drafts


@dataclass(frozen=True)
class Proposals:
    """One kind of thing that is proposed, of `model`.

    `missing` tells what a thing lacks to be reviewed, `note` leaves the trace of a change, `address` is the page that
    whoever proposed it is led to, in their language, `place` the one that editors are.
    """

    kind: str
    model: Any
    states: type[StrEnum]
    missing: Callable[[Any, datetime], Sequence[str]]
    note: Callable[..., None]
    address: Callable[[Any, str], str]
    place: Callable[[Any], Place]

    def submit(self, thing: Any, *, actor: Actor, now: datetime) -> None:
        """Hand a draft in, and tell the editors. `Invalid` while something is missing that its readers need."""
        require(actor, f"{self.kind}.submit", thing)
        if lacking := self.missing(thing, now):
            raise Invalid("state", f"missing: {', '.join(lacking)}")
        self._move(thing, "submitted", "submitted", actor, now)
        thing.submitted_at, thing.answer = now, ""
        editors = {one.id for one in accounts.with_role(Role.EDITOR)} - {actor.account_id}
        source_id = drafts.trace_of((self.kind, thing.id), f"{self.kind}.submitted")
        notify(editors, NoticeKind.EVENT, (self.kind, thing.id), source_id, now=now)

    def tell(self, notices: Sequence[Notice], actor: Actor) -> Mapping[int, Told]:
        """Notices of proposals that still wait, in words for editors (`portal.accounts.notices.telling.Teller`).

        Who is written to has no platform roles then: an editor is told that something waits, and what in a session.
        """
        if actor.account_id not in {one.id for one in accounts.with_role(Role.EDITOR)}:
            return {}
        is_in_session = allows(actor, f"{self.kind}.publish", None)
        mine = self.model.id.in_({one.subject_id for one in notices}), self.model.state == "submitted"
        things = {one.id: one for one in db.session.scalars(select(self.model).where(*mine))}
        line = action_label(f"{self.kind}.submitted")
        return {
            one.id: Told(str(thing.text("title")) if is_in_session else _("At the desk"), line, self.place(thing))
            for one in notices
            if (thing := things.get(one.subject_id))
        }

    def take_back(self, thing: Any, *, actor: Actor, now: datetime) -> None:
        """Have it back as a draft, as long as nobody has taken it."""
        require(actor, f"{self.kind}.take_back", thing)
        self._move(thing, "draft", "taken_back", actor, now)
        thing.submitted_at = None

    def take(self, thing: Any, *, actor: Actor, now: datetime) -> None:
        """Make it the desk's: staff edit it from now on, and whoever takes it has it. `Conflict` where none waits."""
        require(actor, f"{self.kind}.publish", thing)
        if thing.state != "submitted":
            raise Conflict
        thing.assignee_id = actor.account_id
        self._move(thing, "in_review", "taken", actor, now)

    def give_back(self, thing: Any, answer: str, *, actor: Actor, now: datetime) -> None:
        """Return it to be worked over; whoever wrote it is told what is missing."""
        self._answer(thing, answer, "draft", "returned", actor, now)
        thing.submitted_at = thing.assignee_id = None

    def refuse(self, thing: Any, answer: str, *, actor: Actor, now: datetime) -> None:
        """Turn it down for good; whoever wrote it is told why."""
        self._answer(thing, answer, "refused", "refused", actor, now)

    def _answer(self, thing: Any, answer: str, to: str, outcome: str, actor: Actor, now: datetime) -> None:
        require(actor, f"{self.kind}.publish", thing)
        if thing.submitted_at is None or thing.state not in ("submitted", "in_review"):
            raise Conflict
        if not answer:
            raise Invalid("reason", "a word to whoever wrote it")
        thing.answer = answer
        self._move(thing, to, outcome, actor, now, answer)
        if thing.created_by_id is None:
            return
        account = drafts.account(thing.created_by_id)
        if account.email and account.is_active:
            mail.post(
                account.email,
                f"proposal_{outcome}",
                kind=f"proposal_{outcome}",
                language=account.locale,
                name=account.name,
                title=thing.text("title", "en" if account.locale == "en" else "da"),
                answer=answer,
                link=self.address(thing, account.locale),
            )

    def _move(self, thing: Any, to: str, done: str, actor: Actor, now: datetime, reason: str = "") -> None:
        changes: Mapping[str, tuple[object, object]] = {"state": (thing.state, to)}
        if reason:
            changes = {**changes, "reason": ("", reason)}
        thing.state, thing.updated_at = self.states(to), now
        self.note(thing, f"{self.kind}.{done}", changes, actor=actor, now=now)
