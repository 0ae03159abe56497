"""The rules of webinars and their SQL twins agree for everybody, every state and every time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.core.permissions import SYSTEM, VISITOR, Actor, Role
from portal.webinars.models import State, Webinar, WebinarPartner
from portal.webinars.permissions import (
    edited_by,
    looked_inside_by,
    may_edit,
    may_look_inside,
    may_record,
    may_see,
    recorded_by,
    seen_by,
)

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def test_the_question_and_its_sql_agree(app: Any, make: Any) -> None:
    partner = make.partner()
    member = make.account("Member", editor_of=[partner])
    for state in State:
        for publish_at in (None, NOW, NOW + timedelta(hours=1)):
            for created_by_id in (None, member.id):
                made = make.webinar(state=state, publish_at=publish_at, created_by_id=created_by_id, partners=[partner])
                with make.writing():
                    db.session.get(WebinarPartner, (made.id, partner.id)).is_host = created_by_id is not None
    ours = frozenset({partner.id})
    actors = [
        VISITOR,
        SYSTEM,
        *(Actor(account_id=90, roles=frozenset({role})) for role in Role),
        Actor(account_id=91, partner_ids=ours, admin_of=ours),
        Actor(account_id=member.id, partner_ids=ours),
        Actor(account_id=member.id),  # whose partner was suspended
    ]
    with app.app_context():
        everything = db.session.scalars(select(Webinar).options(selectinload(Webinar.partners))).all()
        for actor in actors:
            for asked, said in (
                (lambda one, who=actor: may_see(who, one, NOW), seen_by(actor, NOW)),
                (lambda one, who=actor: may_look_inside(who, one), looked_inside_by(actor)),
                (lambda one, who=actor: may_edit(who, one), edited_by(actor)),
                (lambda one, who=actor: may_record(who, one), recorded_by(actor)),
            ):
                found = set(db.session.scalars(select(Webinar.id).where(said)))
                assert found == {one.id for one in everything if asked(one)}, actor
