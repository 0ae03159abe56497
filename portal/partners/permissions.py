"""Who sees and edits a partner's profile and its contact points, each as a question and as SQL."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, true

from portal.core.db import any_of
from portal.core.permissions import Actor, Role, rule
from portal.partners.models import PUBLIC_STATES, Consent, ContactPoint, Partner, PartnerState

CONTENT = (Role.EDITOR, Role.CURATOR)


@rule("partner.see")
def may_see(actor: Actor, partner: Partner) -> bool:
    """A profile that was merged into another is seen by nobody: its address leads to the other one."""
    if partner.merged_into_id is not None:
        return False
    return actor.is_staff or partner.is_public or partner.id in actor.partner_ids | actor.applicant_of


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """`partner.see`, said in SQL."""
    is_itself = Partner.merged_into_id.is_(None)
    if actor.is_staff:
        return is_itself
    own = actor.partner_ids | actor.applicant_of
    return is_itself & or_(any_of(Partner.state, PUBLIC_STATES), Partner.id.in_(own) if own else false())


@rule("partner.name")
def may_read_name(actor: Actor, partner: Partner) -> bool:
    """Where a project names it, one that has left keeps its name; all else of it is gone."""
    has_left = partner.state is PartnerState.LEFT and partner.merged_into_id is None
    return has_left or may_see(actor, partner)


def named_to(actor: Actor) -> ColumnElement[bool]:
    """`partner.name`, said in SQL."""
    return or_(and_(Partner.state == PartnerState.LEFT, Partner.merged_into_id.is_(None)), seen_by(actor))


@rule("partner.edit")
def may_edit(actor: Actor, partner: Partner) -> bool:
    """Its admins while it is public, its applicants while it waits to be, and curators always."""
    if partner.merged_into_id is not None:
        return False
    if actor.has(Role.CURATOR):
        return True
    if partner.is_public:
        return partner.id in actor.admin_of
    return partner.state is PartnerState.SUGGESTED and partner.id in actor.applicant_of


def edited_by(actor: Actor) -> ColumnElement[bool]:
    """`partner.edit`, said in SQL."""
    is_itself = Partner.merged_into_id.is_(None)
    if actor.has(Role.CURATOR):
        return is_itself
    public = Partner.state.in_(PUBLIC_STATES) & Partner.id.in_(actor.admin_of)
    suggested = (Partner.state == PartnerState.SUGGESTED) & Partner.id.in_(actor.applicant_of)
    return is_itself & or_(public, suggested)


@rule("partner.confirm")
def may_confirm(actor: Actor, partner: Partner) -> bool:
    """Whoever may edit a public profile may say that it is right."""
    return partner.is_public and may_edit(actor, partner)


def confirmed_by(actor: Actor) -> ColumnElement[bool]:
    """`partner.confirm`, said in SQL."""
    return and_(Partner.state.in_(PUBLIC_STATES), edited_by(actor))


@rule("partner.curate")
def may_curate(actor: Actor, _partner: Partner | None) -> bool:
    """Approve, reject, merge, and everything else that the directory's curators decide."""
    return actor.has(Role.CURATOR)


def curated_by(actor: Actor) -> ColumnElement[bool]:
    """`partner.curate`, said in SQL."""
    return true() if actor.has(Role.CURATOR) else false()


@rule("contact.see")
def may_see_contact(actor: Actor, contact: ContactPoint) -> bool:
    """As far as its person agreed. Before that the partner's admins and editing staff; after withdrawal nobody."""
    if contact.consent_withdrawn_at is not None:
        return False
    if actor.has(*CONTENT) or contact.partner_id in actor.admin_of | actor.applicant_of:
        return True
    if contact.consent_given_at is None:
        return False
    if contact.consent is Consent.PUBLIC:
        return True
    return contact.consent is Consent.PARTNERS and (actor.is_staff or bool(actor.partner_ids))


def contacts_seen_by(actor: Actor) -> ColumnElement[bool]:
    """`contact.see`, said in SQL."""
    in_force = ContactPoint.consent_withdrawn_at.is_(None)
    if actor.has(*CONTENT):
        return in_force
    levels = [Consent.PUBLIC, *((Consent.PARTNERS,) if actor.is_staff or actor.partner_ids else ())]
    agreed = ContactPoint.consent_given_at.is_not(None) & ContactPoint.consent.in_(levels)
    return in_force & or_(agreed, ContactPoint.partner_id.in_(actor.admin_of | actor.applicant_of))


@rule("contact.edit")
def may_edit_contact(actor: Actor, contact: ContactPoint) -> bool:
    """The partner's admins and curators, until the person withdraws: then it is the person's alone."""
    if contact.consent_withdrawn_at is not None:
        return False
    return actor.has(Role.CURATOR) or contact.partner_id in actor.admin_of | actor.applicant_of


def contacts_edited_by(actor: Actor) -> ColumnElement[bool]:
    """`contact.edit`, said in SQL."""
    in_force = ContactPoint.consent_withdrawn_at.is_(None)
    if actor.has(Role.CURATOR):
        return in_force
    mine: Any = ContactPoint.partner_id.in_(actor.admin_of | actor.applicant_of)
    return in_force & mine


@rule("contact.own")
def is_own_contact(actor: Actor, contact: ContactPoint) -> bool:
    """Whoever has proven the address of a contact point is its person: they see, correct and withdraw it."""
    return actor.email != "" and contact.email.lower() == actor.email


def contacts_owned_by(actor: Actor) -> ColumnElement[bool]:
    """`contact.own`, said in SQL."""
    return func.lower(ContactPoint.email) == actor.email if actor.email else false()


@rule("partner.propose")
def may_propose(actor: Actor, _proposal: object) -> bool:
    """Everybody who is signed in. It concerns no partner that is there, so it has no twin."""
    return actor.is_signed_in
