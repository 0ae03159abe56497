"""Who acts for a partner: invite, accept, decide, change roles, take out, leave."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from portal.accounts import passwords, sessions
from portal.accounts import permissions as _rules  # noqa: F401  enters what is asked for here
from portal.accounts import queries as accounts
from portal.accounts.models import Account, AskState, Invitation, JoinRequest, Membership, MembershipRole
from portal.accounts.people import queries
from portal.accounts.registration.operations import Registration, tell_asker
from portal.core import audit, bilingual, clock, mail, throttle
from portal.core.db import db
from portal.core.errors import Conflict, Forbidden, Invalid, Spent
from portal.core.permissions import Actor, require
from portal.core.tokens import digest_of, new_token
from portal.partners.models import Partner

LIFETIME = timedelta(days=14)
BY_INVITER = throttle.Limit("invite_account", 50, timedelta(days=1))
BY_INVITED = throttle.Limit("invite_address", 5, timedelta(days=1))


def invite(
    partner: Partner, email: str, role: MembershipRole, message: str, *, actor: Actor, now: datetime
) -> Invitation:
    """Ask a person by mail to act for the partner. An open invitation to the address is renewed.

    Nothing tells whether the address has an account; who acts for the partner already, its admins see anyway.
    """
    require(actor, "partner.invite", partner)
    address = accounts.normal(email)
    if address in {one.account.email for one in queries.members_of(partner.id)}:
        raise Invalid("email", "acts for the partner already")
    open_one = (Invitation.partner_id == partner.id, Invitation.email == address, Invitation.state == AskState.PENDING)
    found = db.session.scalar(select(Invitation).where(*open_one))
    invitation = found or Invitation(partner_id=partner.id, email=address, created_at=now)
    invitation.role, invitation.message, invitation.invited_by_id = role, message, actor.account_id
    _send(invitation, partner, actor, now)
    action = "invitation.resent" if found else "invitation.sent"
    audit.record(actor, action, "partner", partner.id, {"invitation": (None, invitation.id)}, now=now)
    return invitation


def resend(invitation: Invitation, *, actor: Actor, now: datetime) -> None:
    """Send an invitation once more, with a new link and another two weeks; the old link opens nothing any more."""
    require(actor, "partner.invite", invitation.partner)
    if invitation.state not in (AskState.PENDING, AskState.EXPIRED):
        raise Conflict
    invitation.state = AskState.PENDING
    _send(invitation, invitation.partner, actor, now)
    subject = {"invitation": (None, invitation.id)}
    audit.record(actor, "invitation.resent", "partner", invitation.partner_id, subject, now=now)


def _send(invitation: Invitation, partner: Partner, actor: Actor, now: datetime) -> None:
    for limit, key in ((BY_INVITER, str(actor.account_id)), (BY_INVITED, f"{partner.id} {invitation.email}")):
        throttle.check(limit, key, now=now)
        throttle.note(limit, key, now=now)
    token = new_token()
    last_day = (now + LIFETIME).astimezone(clock.COPENHAGEN).date()
    invitation.token_hash, invitation.sent_at, invitation.expires_at = digest_of(token), now, clock.end_of(last_day)
    db.session.add(invitation)
    db.session.flush()
    invited = accounts.by_email(invitation.email)
    mail.post(
        invitation.email,
        "invitation",
        kind="invitation",
        language=invited.locale if invited else bilingual.chosen(),
        who=actor.name,
        partner=partner,
        message=invitation.message,
        role=invitation.role,
        token=token,
        until=invitation.expires_at,
    )


def revoke(invitation: Invitation, *, actor: Actor, now: datetime) -> None:
    """Take an open invitation back."""
    require(actor, "invitation.see", invitation)
    if invitation.state is AskState.PENDING:
        _answer(invitation, AskState.CANCELLED, "", actor, now)
        subject = {"invitation": (None, invitation.id)}
        audit.record(actor, "invitation.revoked", "partner", invitation.partner_id, subject, now=now)


def accept(invitation: Invitation, account: Account, *, actor: Actor, now: datetime) -> None:
    """Let the account act for the partner. Only the invited address may, which the mailed link has proven."""
    require(actor, "account.edit", account)
    if account.email != invitation.email:
        raise Forbidden("invitation.accept")
    account.email_verified_at = account.email_verified_at or now
    _answer(invitation, AskState.ACCEPTED, "", actor, now)
    _add(account, invitation.partner_id, invitation.role, actor, now)
    subject = {"invitation": (None, invitation.id)}
    audit.record(actor, "invitation.accepted", "partner", invitation.partner_id, subject, now=now)
    _tell_inviter(invitation, account.name)


def register_invited(invitation: Invitation, registration: Registration, *, now: datetime) -> Account:
    """An account for the invited person, who acts for the partner at once.

    Whoever registered the address without ever proving it loses it to the one who did.
    """
    account = accounts.by_email(invitation.email)
    if account is not None and (account.email_verified_at is not None or not account.is_active):
        raise Spent
    if account is None:
        account = Account(email=invitation.email, created_at=now)
        db.session.add(account)
    account.name, account.locale = registration.name, registration.locale
    account.password_hash, account.email_verified_at = passwords.hashed(registration.password), now
    db.session.flush()
    sessions.end_all(account.id, now=now)
    itself = Actor(account_id=account.id, name=account.name)
    audit.record(itself, "account.registered", "account", account.id, now=now)
    accept(invitation, account, actor=itself, now=now)
    return account


def decline(invitation: Invitation, reason: str, *, actor: Actor, now: datetime) -> None:
    """Say no, for the one who holds the mailed link."""
    _answer(invitation, AskState.REFUSED, reason, actor, now)
    subject = {"invitation": (None, invitation.id)}
    audit.record(actor, "invitation.declined", "partner", invitation.partner_id, subject, now=now)
    _tell_inviter(invitation, invitation.email)


def _answer(invitation: Invitation, state: AskState, reason: str, actor: Actor, now: datetime) -> None:
    """Note an answer; of two at once the second gets `Spent`."""
    still_open = (Invitation.id == invitation.id, Invitation.state == AskState.PENDING)
    values = {"state": state, "reason": reason, "handled_at": now, "handled_by_id": actor.account_id}
    done = db.session.execute(update(Invitation).where(*still_open).values(**values))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Spent


def _tell_inviter(invitation: Invitation, who: str) -> None:
    inviter = queries.inviter_of(invitation)
    if inviter is not None and inviter.email:
        mail.post(
            inviter.email,
            "invitation_answered",
            kind="invitation_answered",
            language=inviter.locale,
            name=inviter.name,
            who=who,
            partner=invitation.partner,
            is_accepted=invitation.state is AskState.ACCEPTED,
            reason=invitation.reason,
        )


def accept_request(request: JoinRequest, role: MembershipRole, *, actor: Actor, now: datetime) -> None:
    """Let somebody who asked act for the partner."""
    _decide(request, AskState.ACCEPTED, "", actor, now)
    if request.account.is_active and request.account.email_verified_at is not None:
        _add(request.account, request.partner_id, role, actor, now)
    audit.record(
        actor, "join_request.accepted", "partner", request.partner_id, {"request": (None, request.id)}, now=now
    )
    _tell_asker(request)


def refuse_request(request: JoinRequest, reason: str, *, actor: Actor, now: datetime) -> None:
    """Say no to somebody who asked, and why."""
    if not reason:
        raise Invalid("reason", "is missing")
    _decide(request, AskState.REFUSED, reason, actor, now)
    audit.record(actor, "join_request.refused", "partner", request.partner_id, {"request": (None, request.id)}, now=now)
    _tell_asker(request)


def _decide(request: JoinRequest, state: AskState, reason: str, actor: Actor, now: datetime) -> None:
    require(actor, "partner.invite", request.partner)
    still_open = (JoinRequest.id == request.id, JoinRequest.state == AskState.PENDING)
    values = {"state": state, "reason": reason, "handled_at": now, "handled_by_id": actor.account_id}
    done = db.session.execute(update(JoinRequest).where(*still_open).values(**values))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict


def _tell_asker(request: JoinRequest) -> None:
    tell_asker(request, "join_answered", is_accepted=request.state is AskState.ACCEPTED, reason=request.reason)


def _add(account: Account, partner_id: int, role: MembershipRole, actor: Actor, now: datetime) -> None:
    """Make the account one of the partner's people; one that is so already keeps the higher role."""
    mine = (Membership.account_id == account.id, Membership.partner_id == partner_id)
    membership = db.session.scalar(select(Membership).where(*mine))
    if membership is None:
        db.session.add(Membership(account_id=account.id, partner_id=partner_id, role=role, since=now))
    elif role is MembershipRole.ADMIN:
        membership.role = role
    db.session.flush()
    waits = (JoinRequest.account_id == account.id, JoinRequest.partner_id == partner_id)
    values = {"state": AskState.ACCEPTED, "handled_at": now, "handled_by_id": actor.account_id}
    db.session.execute(update(JoinRequest).where(*waits, JoinRequest.state == AskState.PENDING).values(**values))
    changes = {"account": (None, account.id), "role": (None, role)}
    audit.record(actor, "membership.added", "partner", partner_id, changes, now=now)


def change_role(membership: Membership, role: MembershipRole, *, actor: Actor, now: datetime) -> None:
    """Make an editor an admin or the other way round. It holds at that person's next request."""
    require(actor, "membership.manage", membership)
    before = membership.role
    if before is role:
        return
    if before is MembershipRole.ADMIN:
        _refuse_last_admin(membership)
    membership.role = role
    changes = {"account": (membership.account_id, membership.account_id), "role": (before, role)}
    audit.record(actor, "membership.role_changed", "partner", membership.partner_id, changes, now=now)
    _tell_member(membership, "role_changed", actor, role=role)


def remove(membership: Membership, *, actor: Actor, now: datetime) -> None:
    """Take somebody out. The last admin stays."""
    require(actor, "membership.manage", membership)
    _refuse_last_admin(membership)
    db.session.delete(membership)
    db.session.flush()
    changes = {"account": (membership.account_id, None)}
    audit.record(actor, "membership.removed", "partner", membership.partner_id, changes, now=now)
    _tell_member(membership, "member_removed", actor)


def leave(membership: Membership, *, actor: Actor, now: datetime) -> None:
    """Act for the partner no more, by one's own choice. The last admin hands over first."""
    require(actor, "membership.leave", membership)
    _refuse_last_admin(membership)
    db.session.delete(membership)
    db.session.flush()
    changes = {"account": (membership.account_id, None)}
    audit.record(actor, "membership.left", "partner", membership.partner_id, changes, now=now)


def _refuse_last_admin(membership: Membership) -> None:
    if membership.role is not MembershipRole.ADMIN:
        return
    # The partner's row is the lock: of two admins who leave at once, the second is asked when the first has gone.
    db.session.execute(select(Partner.id).where(Partner.id == membership.partner_id).with_for_update())
    if accounts.count_members(membership.partner_id, MembershipRole.ADMIN) < 2:
        raise Invalid("role", "is that of the last admin")


def _tell_member(membership: Membership, template: str, actor: Actor, **values: Any) -> None:
    account = membership.account
    if account.email and account.is_active and account.id != actor.account_id:
        mail.post(
            account.email,
            template,
            kind="membership",
            language=account.locale,
            name=account.name,
            partner=membership.partner,
            **values,
        )


def sweep(now: datetime) -> None:
    """Let invitations lapse that nobody has answered in time."""
    late = (Invitation.state == AskState.PENDING, Invitation.expires_at <= now)
    db.session.execute(update(Invitation).where(*late).values(state=AskState.EXPIRED, handled_at=now))
