"""Who sees, edits and confirms a partner: the question and its SQL say the same for every role and state."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.core.permissions import SYSTEM, VISITOR, Actor, Role
from portal.partners.models import Partner, PartnerState
from portal.partners.permissions import (
    confirmed_by,
    curated_by,
    edited_by,
    may_confirm,
    may_curate,
    may_edit,
    may_read_name,
    may_see,
    named_to,
    seen_by,
)

OUTSIDERS = (VISITOR, Actor(account_id=1, partner_ids=frozenset({999})))
STAFF = (SYSTEM, *(Actor(account_id=2, roles=frozenset({role})) for role in Role))
TWINS = (
    (may_see, seen_by),
    (may_read_name, named_to),
    (may_edit, edited_by),
    (may_confirm, confirmed_by),
    (may_curate, curated_by),
)


@pytest.fixture
def one_of_each(make):
    partners = [make.partner(f"Partner {state.value}", state=state) for state in PartnerState]
    merged = make.partner("Merged", state=PartnerState.LEFT, merged_into_id=partners[1].id)
    return [*partners, merged]


@pytest.mark.parametrize(("question", "sql"), TWINS)
def test_question_and_sql_agree(app, one_of_each, question, sql):
    own = [frozenset({partner.id}) for partner in one_of_each]
    members = [Actor(account_id=3, partner_ids=one) for one in own]
    admins = [Actor(account_id=4, partner_ids=one, admin_of=one) for one in own]
    applicants = [Actor(account_id=5, applicant_of=one) for one in own]
    with app.app_context():
        for actor in (*OUTSIDERS, *STAFF, *members, *admins, *applicants):
            found = set(db.session.scalars(select(Partner.id).where(sql(actor))))
            assert found == {partner.id for partner in one_of_each if question(actor, partner)}


@pytest.mark.parametrize("actor", OUTSIDERS)
def test_outsiders_see_only_what_is_public(one_of_each, actor):
    seen = {partner.state for partner in one_of_each if may_see(actor, partner)}
    assert seen == {PartnerState.PUBLISHED, PartnerState.DORMANT}


def test_a_member_sees_its_own_in_every_state_and_what_was_merged_nobody(one_of_each):
    *own, merged = one_of_each
    assert all(may_see(Actor(partner_ids=frozenset({partner.id})), partner) for partner in own)
    assert not may_see(SYSTEM, merged)


def test_who_edits(one_of_each):
    def states(actor_of):
        return {one.state for one in one_of_each if may_edit(actor_of(frozenset({one.id})), one)}

    public = {PartnerState.PUBLISHED, PartnerState.DORMANT}
    assert states(lambda own: Actor(account_id=1, partner_ids=own, admin_of=own)) == public
    assert states(lambda own: Actor(account_id=1, partner_ids=own)) == set()
    assert states(lambda own: Actor(account_id=1, applicant_of=own)) == {PartnerState.SUGGESTED}
    assert states(lambda _: Actor(account_id=1, roles=frozenset({Role.CURATOR}))) == set(PartnerState)
    assert states(lambda _: Actor(account_id=1, roles=frozenset({Role.EDITOR}))) == set()
