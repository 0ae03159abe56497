"""A member's proposal: handed in, taken back, taken by the desk, returned with a word, or refused with a reason.

The same for everything that members propose; `Proposals` says what differs. Its states have the words `draft`,
`submitted`, `in_review` and `refused`, and its rules are called `<kind>.submit`, `.take_back` and `.publish`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal.core import mail
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Actor, require
from portal.editorial import queries as drafts


@dataclass(frozen=True)
class Proposals:
    """One kind of thing that is proposed.

    `missing` tells what a thing lacks to be reviewed, `note` leaves the trace of a change, `address` is the page that
    whoever proposed it is led to, in their language.
    """

    kind: str
    states: type[StrEnum]
    missing: Callable[[Any, datetime], Sequence[str]]
    note: Callable[..., None]
    address: Callable[[Any, str], str]

    def submit(self, thing: Any, *, actor: Actor, now: datetime) -> None:
        """Hand a draft in. `Invalid` while something is missing that its readers need."""
        require(actor, f"{self.kind}.submit", thing)
        if lacking := self.missing(thing, now):
            raise Invalid("state", f"missing: {', '.join(lacking)}")
        self._move(thing, "submitted", "submitted", actor, now)
        thing.submitted_at, thing.answer = now, ""

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
