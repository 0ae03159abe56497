"""Who sees and changes accounts, and who decides who acts for a partner; each as a question and as SQL."""

from sqlalchemy import ColumnElement, false, or_, true

from portal.accounts.models import Account, Invitation, JoinRequest, Membership
from portal.core.permissions import Actor, Role, rule
from portal.partners.models import Partner

DIRECTORY = (Role.CURATOR, Role.ADMINISTRATOR)


@rule("account.see")
def may_see(actor: Actor, account: Account) -> bool:
    return actor.has(Role.ADMINISTRATOR) or _is_own(actor, account.id)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """`account.see`, said in SQL."""
    return true() if actor.has(Role.ADMINISTRATOR) else _own(actor)


@rule("account.edit")
def may_edit(actor: Actor, account: Account) -> bool:
    """Everybody their own, nobody another's."""
    return _is_own(actor, account.id)


def edited_by(actor: Actor) -> ColumnElement[bool]:
    """`account.edit`, said in SQL."""
    return _own(actor)


@rule("account.administer")
def may_administer(actor: Actor, account: Account) -> bool:
    """Roles, suspension and the like: never one's own."""
    return actor.has(Role.ADMINISTRATOR) and not _is_own(actor, account.id)


def administered_by(actor: Actor) -> ColumnElement[bool]:
    """`account.administer`, said in SQL."""
    if not actor.has(Role.ADMINISTRATOR):
        return false()
    return Account.id != actor.account_id if actor.is_signed_in else true()


@rule("partner.see_people")
def may_see_people(actor: Actor, partner: Partner) -> bool:
    """Who acts for the partner: its people, curators and administrators."""
    return actor.has(*DIRECTORY) or partner.id in actor.partner_ids


def people_seen_by(actor: Actor) -> ColumnElement[bool]:
    """`partner.see_people`, said in SQL."""
    return true() if actor.has(*DIRECTORY) else Partner.id.in_(actor.partner_ids)


@rule("partner.invite")
def may_invite(actor: Actor, partner: Partner) -> bool:
    """Ask people to act for the partner, and decide about those who ask: its admins and curators."""
    return actor.has(Role.CURATOR) or partner.id in actor.admin_of


def inviting(actor: Actor) -> ColumnElement[bool]:
    """`partner.invite`, said in SQL."""
    return true() if actor.has(Role.CURATOR) else Partner.id.in_(actor.admin_of)


@rule("membership.manage")
def may_manage(actor: Actor, membership: Membership) -> bool:
    """Change somebody's role or take somebody out: the partner's admins, curators and administrators."""
    return actor.has(*DIRECTORY) or membership.partner_id in actor.admin_of


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """`membership.manage`, said in SQL."""
    return true() if actor.has(*DIRECTORY) else Membership.partner_id.in_(actor.admin_of)


@rule("membership.leave")
def may_leave(actor: Actor, membership: Membership) -> bool:
    return _is_own(actor, membership.account_id)


def left_by(actor: Actor) -> ColumnElement[bool]:
    """`membership.leave`, said in SQL."""
    return Membership.account_id == actor.account_id if actor.is_signed_in else false()


@rule("invitation.see")
def may_see_invitation(actor: Actor, invitation: Invitation) -> bool:
    """Also to take it back: the partner's admins, curators and administrators."""
    return actor.has(*DIRECTORY) or invitation.partner_id in actor.admin_of


def invitation_seen_by(actor: Actor) -> ColumnElement[bool]:
    """`invitation.see`, said in SQL."""
    return true() if actor.has(*DIRECTORY) else Invitation.partner_id.in_(actor.admin_of)


@rule("join_request.see")
def may_see_request(actor: Actor, request: JoinRequest) -> bool:
    return actor.has(*DIRECTORY) or request.partner_id in actor.admin_of or _is_own(actor, request.account_id)


def request_seen_by(actor: Actor) -> ColumnElement[bool]:
    """`join_request.see`, said in SQL."""
    if actor.has(*DIRECTORY):
        return true()
    mine = JoinRequest.account_id == actor.account_id if actor.is_signed_in else false()
    return or_(JoinRequest.partner_id.in_(actor.admin_of), mine)


@rule("join_request.cancel")
def may_cancel(actor: Actor, request: JoinRequest) -> bool:
    return _is_own(actor, request.account_id)


def cancelled_by(actor: Actor) -> ColumnElement[bool]:
    """`join_request.cancel`, said in SQL."""
    return JoinRequest.account_id == actor.account_id if actor.is_signed_in else false()


def _is_own(actor: Actor, account_id: int) -> bool:
    return actor.is_signed_in and actor.account_id == account_id


def _own(actor: Actor) -> ColumnElement[bool]:
    return Account.id == actor.account_id if actor.is_signed_in else false()
