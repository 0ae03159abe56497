"""The two writings of each rule about accounts and memberships say the same, for everybody."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import permissions
from portal.accounts.models import Account, Invitation, JoinRequest, Membership, MembershipRole
from portal.core.db import db
from portal.core.permissions import VISITOR, Actor, Role, allows
from portal.partners.models import Partner
from tests.make import THEN, Make

RULES: tuple[tuple[str, type[Any], Any], ...] = (
    ("account.see", Account, permissions.seen_by),
    ("account.edit", Account, permissions.edited_by),
    ("account.administer", Account, permissions.administered_by),
    ("partner.see_people", Partner, permissions.people_seen_by),
    ("partner.invite", Partner, permissions.inviting),
    ("membership.manage", Membership, permissions.managed_by),
    ("membership.leave", Membership, permissions.left_by),
    ("invitation.see", Invitation, permissions.invitation_seen_by),
    ("join_request.see", JoinRequest, permissions.request_seen_by),
    ("join_request.cancel", JoinRequest, permissions.cancelled_by),
)


def _actors(mine: Partner, theirs: Partner, admin: Account, editor: Account) -> list[Actor]:
    both = frozenset({mine.id}), frozenset({theirs.id})
    return [
        VISITOR,
        Actor(account_id=999),
        Actor(account_id=admin.id, partner_ids=both[0], admin_of=both[0]),
        Actor(account_id=editor.id, partner_ids=both[0]),
        Actor(account_id=998, partner_ids=both[1], admin_of=both[1]),
        Actor(account_id=997, applicant_of=both[0]),
        *(Actor(account_id=admin.id, roles=frozenset({role})) for role in Role),
        *(Actor(account_id=996, roles=frozenset({role})) for role in Role),
    ]


def test_question_and_sql_agree(app: Flask, make: Make) -> None:
    mine, theirs = make.partner(), make.partner()
    admin, editor = make.account(admin_of=[mine, theirs]), make.account(editor_of=[mine])
    with make.writing():
        for number, partner in enumerate((mine, theirs)):
            db.session.add(JoinRequest(account_id=editor.id, partner_id=partner.id, created_at=THEN))
            db.session.add(
                Invitation(
                    token_hash=str(number),
                    partner_id=partner.id,
                    email="a@example.org",
                    role=MembershipRole.EDITOR,
                    created_at=THEN,
                    sent_at=THEN,
                    expires_at=THEN,
                )
            )
    with app.app_context():
        for actor in _actors(mine, theirs, admin, editor):
            for name, model, in_sql in RULES:
                asked = {one.id for one in db.session.scalars(select(model)) if allows(actor, name, one)}
                assert asked == set(db.session.scalars(select(model.id).where(in_sql(actor)))), (name, actor)


@pytest.mark.sqlite_only
def test_an_administrator_decides_about_everybody_but_themselves(make: Make) -> None:
    account = make.account()
    administrator = frozenset({Role.ADMINISTRATOR})
    assert allows(Actor(account_id=account.id + 1, roles=administrator), "account.administer", account)
    assert not allows(Actor(account_id=account.id, roles=administrator), "account.administer", account)
