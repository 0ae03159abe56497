"""Who sees an assessment, who writes it and moves it on, and who writes the framework, as questions and as SQL."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from portal.core.db import any_of
from portal.core.permissions import Actor, Role, rule
from portal.partners.models import Partner, PartnerType
from portal.progress.models import Assessment, Framework, State

OUT = (State.PUBLISHED, State.SUPERSEDED)
"""What everybody reads: what holds, and what held before."""

CONTENT = (Role.EDITOR, Role.CURATOR)


@rule("assessment.see")
def may_see(actor: Actor, assessment: Assessment) -> bool:
    """Everybody what holds or held; the editors all of it; a municipality's people what they wrote themselves."""
    return assessment.state in OUT or actor.has(*CONTENT) or assessment.partner_id in actor.partner_ids


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """`assessment.see`, said in SQL."""
    if actor.has(*CONTENT):
        return true()
    out = any_of(Assessment.state, OUT)
    return or_(out, Assessment.partner_id.in_(actor.partner_ids)) if actor.partner_ids else out


@rule("assessment.edit")
def may_edit(actor: Actor, assessment: Assessment) -> bool:
    """Write it and move it on, until the next one has taken its place."""
    return actor.has(Role.CURATOR) and assessment.state is not State.SUPERSEDED


def edited_by(actor: Actor) -> ColumnElement[bool]:
    """`assessment.edit`, said in SQL."""
    return (Assessment.state != State.SUPERSEDED) & (true() if actor.has(Role.CURATOR) else ~true())


@rule("assessment.own")
def may_own(actor: Actor, assessment: Assessment) -> bool:
    """Write a municipality's own assessment and hand it in, for its own people."""
    return assessment.state is State.DRAFT and assessment.partner_id in actor.partner_ids


def owned_by(actor: Actor) -> ColumnElement[bool]:
    """`assessment.own`, said in SQL."""
    mine = Assessment.partner_id.in_(actor.partner_ids) if actor.partner_ids else false()
    return and_(Assessment.state == State.DRAFT, mine)


@rule("partner.assess")
def may_assess(actor: Actor, partner: Partner) -> bool:
    """Judge how far a municipality has come, as somebody who acts for it."""
    is_municipality = partner.type is PartnerType.MUNICIPALITY and partner.municipality_id is not None
    return is_municipality and partner.id in actor.partner_ids


def assessed_by(actor: Actor) -> ColumnElement[bool]:
    """`partner.assess`, said in SQL."""
    mine = Partner.id.in_(actor.partner_ids) if actor.partner_ids else false()
    return and_(Partner.type == PartnerType.MUNICIPALITY, Partner.municipality_id.is_not(None), mine)


@rule("framework.see")
def may_see_framework(actor: Actor, framework: Framework) -> bool:
    """A draft is for the editors alone."""
    return not framework.is_draft or actor.has(*CONTENT)


def framework_seen_by(actor: Actor) -> ColumnElement[bool]:
    """`framework.see`, said in SQL."""
    return true() if actor.has(*CONTENT) else Framework.valid_from.is_not(None)


@rule("framework.edit")
def may_edit_framework(actor: Actor, framework: Framework) -> bool:
    """Only a draft is written; what has been in force stays as it was."""
    return framework.is_draft and actor.has(Role.CURATOR)


def framework_edited_by(actor: Actor) -> ColumnElement[bool]:
    """`framework.edit`, said in SQL."""
    return Framework.valid_from.is_(None) if actor.has(Role.CURATOR) else false()
