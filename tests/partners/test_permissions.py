"""Who sees a partner: the question and its SQL say the same for every role and state."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.core.permissions import SYSTEM, VISITOR, Actor, Role
from portal.partners.models import Partner, PartnerState
from portal.partners.permissions import may_see, seen_by

OUTSIDERS = (VISITOR, Actor(account_id=1, partner_ids=frozenset({999})))
STAFF = (SYSTEM, *(Actor(account_id=2, roles=frozenset({role})) for role in Role))


@pytest.fixture
def one_of_each(make):
    return [make.partner(f"Partner {state.value}", state=state) for state in PartnerState]


def test_question_and_sql_agree(app, one_of_each):
    members = tuple(Actor(account_id=3, partner_ids=frozenset({partner.id})) for partner in one_of_each)
    with app.app_context():
        for actor in (*OUTSIDERS, *STAFF, *members):
            seen = set(db.session.scalars(select(Partner.id).where(seen_by(actor))))
            assert seen == {partner.id for partner in one_of_each if may_see(actor, partner)}


@pytest.mark.parametrize("actor", OUTSIDERS)
def test_outsiders_see_only_what_is_public(one_of_each, actor):
    seen = {partner.state for partner in one_of_each if may_see(actor, partner)}
    assert seen == {PartnerState.PUBLISHED, PartnerState.DORMANT}


def test_a_member_sees_its_own_in_every_state(one_of_each):
    assert all(may_see(Actor(partner_ids=frozenset({partner.id})), partner) for partner in one_of_each)
