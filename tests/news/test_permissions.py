"""The rule and its SQL twin agree for everybody, every state and every time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.core.permissions import SYSTEM, VISITOR, Actor, Role, allows
from portal.news.models import Article, State
from portal.news.permissions import (
    edited_by,
    is_public,
    looked_inside_by,
    may_edit,
    may_look_inside,
    may_see,
    seen_by,
    was_public,
)

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TIMES = (
    (None, None),
    (NOW - HOUR, None),
    (NOW, None),
    (NOW + HOUR, None),
    (NOW - 2 * HOUR, NOW - HOUR),
    (NOW - HOUR, NOW),
    (NOW - HOUR, NOW + HOUR),
)


def _actors(partner_id: int) -> list[Actor]:
    return [
        VISITOR,
        SYSTEM,
        *(Actor(account_id=1, roles=frozenset({role})) for role in Role),
        Actor(account_id=2, partner_ids=frozenset({partner_id})),
        Actor(account_id=3, partner_ids=frozenset({partner_id}), admin_of=frozenset({partner_id})),
        Actor(account_id=4, partner_ids=frozenset({partner_id + 1}), admin_of=frozenset({partner_id + 1})),
    ]


def test_the_question_and_its_sql_agree(app: Any, make: Any) -> None:
    partner = make.partner()
    member = make.account("Member", editor_of=[partner])
    for state in State:
        for publish_at, expire_at in TIMES:
            for author_id in (None, partner.id):
                make.article(state=state, publish_at=publish_at, expire_at=expire_at, author_id=author_id)
        for author_id in (None, partner.id):
            make.article(state=state, publish_at=None, author_id=author_id, created_by_id=member.id)
    actors = [
        *_actors(partner.id),
        Actor(account_id=member.id, partner_ids=frozenset({partner.id})),
        Actor(account_id=member.id),  # whose partner was suspended
    ]
    with app.app_context():
        everything = db.session.scalars(select(Article)).all()
        for actor in actors:
            for asked, said in (
                (lambda one, who=actor: may_see(who, one, NOW), seen_by(actor, NOW)),
                (lambda one, who=actor: may_look_inside(who, one), looked_inside_by(actor)),
                (lambda one, who=actor: may_edit(who, one), edited_by(actor)),
            ):
                found = set(db.session.scalars(select(Article.id).where(said)))
                assert found == {article.id for article in everything if asked(article)}, actor


def test_the_rule_is_registered_by_its_name() -> None:
    article = Article(state=State.DRAFT, author_id=None)
    assert not allows(VISITOR, "article.see", article)
    assert allows(SYSTEM, "article.see", article)


def test_what_was_public_is_gone_and_what_never_was_is_unknown() -> None:
    def article(state: State, publish_at: datetime | None, expire_at: datetime | None = None) -> Article:
        return Article(state=state, publish_at=publish_at, expire_at=expire_at)

    assert was_public(article(State.WITHDRAWN, NOW - HOUR), NOW)
    assert was_public(article(State.WITHDRAWN, None), NOW)
    assert was_public(article(State.PUBLISHED, NOW - 2 * HOUR, NOW - HOUR), NOW)
    assert not was_public(article(State.WITHDRAWN, NOW + HOUR), NOW)
    assert not was_public(article(State.SCHEDULED, NOW + HOUR), NOW)
    assert not was_public(article(State.DRAFT, NOW - HOUR), NOW)
    assert not was_public(article(State.IN_REVIEW, None), NOW)


def test_an_embargo_ends_at_its_moment_without_any_job() -> None:
    scheduled = Article(state=State.SCHEDULED, publish_at=NOW, expire_at=None)
    assert not is_public(scheduled, NOW - timedelta(microseconds=1))
    assert is_public(scheduled, NOW)


def test_what_is_scheduled_needs_a_date() -> None:
    assert not is_public(Article(state=State.SCHEDULED, publish_at=None, expire_at=None), NOW)
    assert is_public(Article(state=State.PUBLISHED, publish_at=None, expire_at=None), NOW)
