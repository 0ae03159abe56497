"""What pages ask about the people of a partner, and about those who may become so."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account, AskState, Invitation, JoinRequest, Membership, MembershipRole
from portal.accounts.permissions import invitation_seen_by, people_seen_by, request_seen_by
from portal.core import mail
from portal.core.db import db
from portal.core.errors import NotFound, Spent
from portal.core.mail import Mail
from portal.core.permissions import Actor
from portal.core.tokens import digest_of
from portal.partners.models import PUBLIC_STATES, Partner

ENDED_SHOWN = 20


def partner_of(slug: str, actor: Actor) -> Partner:
    """The partner whose people the actor may see."""
    found = db.session.scalar(select(Partner).where(Partner.slug == slug, people_seen_by(actor)))
    if found is None:
        raise NotFound("partner", slug)
    return found


def members_of(partner_id: int) -> Sequence[Membership]:
    """Who acts for the partner, admins first, then by name."""
    theirs = select(Membership).where(Membership.partner_id == partner_id).join(Account)
    order = (Membership.role != MembershipRole.ADMIN, Account.name, Membership.id)
    return db.session.scalars(theirs.order_by(*order).options(joinedload(Membership.account))).all()


def membership(slug: str, membership_id: int, actor: Actor) -> Membership:
    """One of a partner's people."""
    stmt = select(Membership).join(Partner).where(Membership.id == membership_id, Partner.slug == slug)
    loads = (joinedload(Membership.account), joinedload(Membership.partner))
    found = db.session.scalar(stmt.where(people_seen_by(actor)).options(*loads))
    if found is None:
        raise NotFound("membership", membership_id)
    return found


def invitations_of(partner_id: int, actor: Actor) -> Sequence[Invitation]:
    """Open invitations, and the last of those that were answered or ended; the newest first."""
    stmt = select(Invitation).where(Invitation.partner_id == partner_id, invitation_seen_by(actor))
    is_over = Invitation.state != AskState.PENDING
    return db.session.scalars(stmt.order_by(is_over, Invitation.sent_at.desc()).limit(100)).all()


def mails_of(invitations: Sequence[Invitation]) -> dict[int, Mail]:
    """The mail that each open invitation went out with, as long as it is kept."""
    waiting = [one for one in invitations if one.state is AskState.PENDING]
    if not waiting:
        return {}
    letters = mail.written_to({one.email for one in waiting}, "invitation", since=min(one.sent_at for one in waiting))
    return {
        one.id: letter
        for one in waiting
        for letter in reversed(letters)  # the first that came after stands
        if letter.address == one.email and letter.created_at >= one.sent_at
    }


def requests_of(partner_id: int, actor: Actor) -> Sequence[JoinRequest]:
    """Who asks to join and has no answer yet, the longest wait first."""
    waits = (JoinRequest.partner_id == partner_id, JoinRequest.state == AskState.PENDING, request_seen_by(actor))
    stmt = select(JoinRequest).where(*waits).order_by(JoinRequest.created_at)
    return db.session.scalars(stmt.options(joinedload(JoinRequest.account))).all()


def invitation(slug: str, invitation_id: int, actor: Actor) -> Invitation:
    """An invitation of a partner that the actor may see."""
    stmt = select(Invitation).join(Partner).where(Invitation.id == invitation_id, Partner.slug == slug)
    found = db.session.scalar(stmt.where(invitation_seen_by(actor)).options(joinedload(Invitation.partner)))
    if found is None:
        raise NotFound("invitation", invitation_id)
    return found


def request(request_id: int, actor: Actor) -> JoinRequest:
    """A request to join that the actor may see, with who asks and whom."""
    loads = (joinedload(JoinRequest.account), joinedload(JoinRequest.partner))
    stmt = select(JoinRequest).where(JoinRequest.id == request_id, request_seen_by(actor))
    found = db.session.scalar(stmt.options(*loads))
    if found is None:
        raise NotFound("join request", request_id)
    return found


def by_token(token: str, *, now: datetime) -> Invitation:
    """The invitation that a mailed link opens; `Spent` when it was used, has expired, was taken back or never was."""
    is_open = (Invitation.state == AskState.PENDING, Invitation.expires_at > now)
    stmt = select(Invitation).where(Invitation.token_hash == digest_of(token), *is_open)
    found = db.session.scalar(stmt.options(joinedload(Invitation.partner)))
    if found is None or not found.partner.is_public:
        raise Spent
    return found


def invitations_to(actor: Actor, *, now: datetime) -> Sequence[Invitation]:
    """The open invitations to the address that the actor has proven, the oldest first."""
    is_open = (Invitation.state == AskState.PENDING, Invitation.expires_at > now, Partner.state.in_(PUBLIC_STATES))
    stmt = select(Invitation).join(Partner).where(_is_to(actor), *is_open).order_by(Invitation.sent_at, Invitation.id)
    return db.session.scalars(stmt.options(joinedload(Invitation.partner))).all()


def invitation_to(actor: Actor, invitation_id: int, *, now: datetime) -> Invitation:
    """One invitation to the actor's proven address; `Spent` when it is open no more, another's is not there."""
    stmt = select(Invitation).where(Invitation.id == invitation_id, _is_to(actor))
    found = db.session.scalar(stmt.options(joinedload(Invitation.partner)))
    if found is None:
        raise NotFound("invitation", invitation_id)
    if found.state is not AskState.PENDING or found.expires_at <= now or not found.partner.is_public:
        raise Spent
    return found


def _is_to(actor: Actor) -> ColumnElement[bool]:
    proven = select(Account.email).where(Account.id == actor.account_id, Account.email_verified_at.is_not(None))
    return Invitation.email == proven.scalar_subquery()


def inviter_of(invitation_: Invitation) -> Account | None:
    """Who sent an invitation, if they are still there."""
    account = db.session.get(Account, invitation_.invited_by_id) if invitation_.invited_by_id else None
    return account if account is not None and account.is_active else None
