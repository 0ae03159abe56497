"""Passing on a question to a municipality that is a step ahead."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.core import audit, throttle
from portal.core.db import db
from portal.core.permissions import Actor
from portal.partners import queries as partners
from portal.partners.contacts import operations as contacts
from portal.progress.ahead.queries import Contact, Looked
from portal.progress.asking.models import PeerQuestion

ASKING = throttle.Limit("ask_peer", 20, timedelta(days=1))
"""For each account; visitors are held back by their address, and each contact by how much reaches them."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks what: `asked` is the municipality that is ahead, `asks` the one on whose page the question was put."""

    name: str
    email: str
    message: str
    asked: Any
    asks: Any | None
    dimension: Looked


def ask(contact: Contact, question: Question, *, actor: Actor, now: datetime) -> None:
    """Mail a question to somebody whose address stays with us; the answer goes straight to who asked.

    `NotFound` for somebody the actor may not write to, `TooMany` after too much.
    """
    point = contacts.reachable(contact.partner.id, contact.row.id, actor)
    if actor.account_id is not None:
        throttle.check(ASKING, str(actor.account_id), now=now)
        throttle.note(ASKING, str(actor.account_id), now=now)
    contacts.write_to(
        point,
        partners.plain(contact.partner.id),
        question.name,
        question.email,
        question.message,
        actor=actor,
        now=now,
        template="to_peer",
        asked=question.asked,
        asks=question.asks,
        dimension=question.dimension,
    )
    db.session.add(
        PeerQuestion(
            asked_id=question.asked.id,
            dimension_id=question.dimension.id,
            by_partner=bool(actor.partner_ids),
            at=now,
        )
    )
    changes = {"dimension": (None, question.dimension.slug), "contact": (None, point.id)}
    audit.record(actor, "municipality.asked", "municipality", question.asked.id, changes, now=now)
