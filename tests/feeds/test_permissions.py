"""Who sees, keeps and approves feeds and decides about entries: the question and its SQL say the same."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.core.permissions import SYSTEM, VISITOR, Actor, Role
from portal.feeds import permissions as ask
from portal.feeds.models import Feed, FeedEntry, FeedState
from tests.make import Make

TWINS = (
    (Feed, ask.may_see, ask.seen_by),
    (Feed, ask.may_edit, ask.edited_by),
    (Feed, ask.may_fetch, ask.fetched_by),
    (Feed, ask.may_approve, ask.approved_by),
    (Feed, ask.may_sift, ask.sifted_by),
    (FeedEntry, ask.may_see_entry, ask.entries_seen_by),
    (FeedEntry, ask.may_decide, ask.entries_decided_by),
)


@pytest.fixture
def actors(make: Make) -> list[Actor]:
    """Feeds and entries of two partners and of nobody, in every state; and everybody who may come."""
    ours, theirs = make.partner("Ours"), make.partner("Theirs")
    for state in FeedState:
        for partner in (ours, theirs, None):
            make.entry(make.feed(state=state, partner_id=partner.id if partner else None))
    own = frozenset({ours.id})
    people = (Actor(account_id=1, partner_ids=own), Actor(account_id=2, partner_ids=own, admin_of=own))
    applicant = Actor(account_id=3, applicant_of=own)
    staff = (Actor(account_id=4, roles=frozenset({role})) for role in Role)
    return [VISITOR, SYSTEM, applicant, *people, *staff]


def test_question_and_sql_agree(app: Flask, actors: list[Actor]) -> None:
    with app.app_context():
        things: dict[Any, Any] = {
            Feed: db.session.scalars(select(Feed)).all(),
            FeedEntry: db.session.scalars(select(FeedEntry).options(joinedload(FeedEntry.feed))).all(),
        }
        for model, question, sql in TWINS:
            for actor in actors:
                found = set(db.session.scalars(select(model.id).where(sql(actor))))
                assert found == {thing.id for thing in things[model] if question(actor, thing)}, question
