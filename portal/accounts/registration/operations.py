"""Becoming one of the portal's people: register, prove the address, ask to join a partner, propose one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.accounts import onetime, passwords, queries
from portal.accounts.models import (
    Account,
    AccountToken,
    AskState,
    JoinRequest,
    Membership,
    MembershipRole,
    TokenPurpose,
)
from portal.core import audit, mail, throttle
from portal.core.db import db
from portal.core.errors import Conflict, Forbidden, Invalid, Spent
from portal.core.permissions import Actor, Role, require
from portal.partners import operations as partners
from portal.partners.models import Partner
from portal.partners.operations import Proposal

BY_ADDRESS = throttle.Limit("register_address", 20, timedelta(hours=1))
BY_ACCOUNT = throttle.Limit("register_account", 5, timedelta(hours=1))
WAITS = timedelta(days=30)
"""How long a request to join waits for an answer."""
ALONE = timedelta(days=7)
"""How long a partner's admins are asked alone; who reminds them later reminds curators too."""
REMINDING = throttle.Limit("join_reminder", 1, timedelta(days=1))
JOINING = throttle.Limit("join_request", 10, timedelta(days=1))
PROPOSING = throttle.Limit("propose_partner", 5, timedelta(days=1))


@dataclass(frozen=True)
class Registration:
    """What somebody says of themselves who has no account yet."""

    name: str
    email: str
    password: str
    locale: str


def register(registration: Registration, *, origin: str, onward: str = "", now: datetime) -> None:
    """Make an account that waits for its address to be proven, and mail the link that does so.

    `onward` is the page of ours that they came from and go on to once it is proven.

    Who has an account already is mailed that instead: the answer is the same and takes as long.
    """
    email = queries.normal(registration.email)
    for limit, key in ((BY_ADDRESS, origin), (BY_ACCOUNT, email)):
        throttle.check(limit, key, now=now)
        throttle.note(limit, key, now=now)
    password_hash = passwords.hashed(registration.password)
    account = queries.by_email(email) or _new(registration, email, password_hash, now)
    if account.created_at != now or account.password_hash != password_hash:
        if account.is_active:
            mail.post(email, "already_registered", kind="account", language=account.locale, name=account.name)
        return
    audit.record(_itself(account), "account.registered", "account", account.id, now=now)
    _mail_link(account, now, onward)


def _new(registration: Registration, email: str, password_hash: str, now: datetime) -> Account:
    account = Account(
        email=email, name=registration.name, password_hash=password_hash, locale=registration.locale, created_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError:  # somebody registered the address at the same moment
        found = queries.by_email(email)
        if found is None:
            raise
        return found
    return account


def mail_link_again(account: Account, *, actor: Actor, now: datetime) -> None:
    """Mail the link anew that proves the address of an account; it leads on to where the first one did."""
    require(actor, "account.edit", account)
    throttle.check(BY_ACCOUNT, str(account.email), now=now)
    throttle.note(BY_ACCOUNT, str(account.email), now=now)
    if account.email_verified_at is None:
        _mail_link(account, now)


def _mail_link(account: Account, now: datetime, onward: str = "") -> None:
    email = str(account.email)
    token = onetime.issue(account, TokenPurpose.VERIFY, now=now, email=email, onward=onward)
    tell_of_link(account, email, token, now)


def tell_of_link(account: Account, email: str, token: str, now: datetime) -> None:
    """Mail the link that proves an address, and until when it works."""
    until = now + onetime.LIFETIME[TokenPurpose.VERIFY]
    words: dict[str, Any] = {"token": token, "name": account.name, "until": until, "zone": account.time_zone}
    mail.post(email, "verify", kind="account", language=account.locale, **words)


def verify(row: AccountToken, account: Account, *, now: datetime) -> None:
    """Take the address that a mailed link was sent to as the account's, proven. The old one is told of a change."""
    before = str(account.email)
    owner = queries.by_email(row.email)
    if owner is not None and owner.id != account.id:
        raise Spent  # somebody else has proven it meanwhile
    onetime.use(row, now=now)
    account.email, account.email_verified_at = row.email, now
    if before == row.email:
        audit.record(_itself(account), "account.verified", "account", account.id, now=now)
        return
    onetime.revoke(account.id, TokenPurpose.RESET, now=now)
    audit.record(_itself(account), "account.email_changed", "account", account.id, now=now)
    mail.post(before, "email_changed", kind="account", language=account.locale, name=account.name)


def ask_to_join(account: Account, partner: Partner, message: str, *, actor: Actor, now: datetime) -> JoinRequest:
    """Ask the partner's admins, or curators where it has none, to let the account act for it."""
    _require_verified(account, actor)
    require(actor, "partner.see", partner)
    if partner.id in {one.partner_id for one in queries.memberships_of(account.id)}:
        raise Invalid("partner", "is one that the account acts for already")
    if partner.id in {one.partner_id for one in queries.open_requests_of(account.id)}:
        raise Invalid("partner", "has been asked already")
    throttle.check(JOINING, str(account.id), now=now)
    throttle.note(JOINING, str(account.id), now=now)
    request = JoinRequest(account_id=account.id, partner_id=partner.id, message=message, created_at=now)
    db.session.add(request)
    db.session.flush()
    audit.record(actor, "join_request.sent", "partner", partner.id, {"request": (None, request.id)}, now=now)
    _ask(request, account, partner, queries.admins_of(partner.id) or queries.with_role(Role.CURATOR))
    return request


def remind(request: JoinRequest, account: Account, *, actor: Actor, now: datetime) -> None:
    """Ask once more, once a day at most; after a week of silence curators are asked as well."""
    require(actor, "join_request.cancel", request)
    if request.state is not AskState.PENDING:
        raise Conflict
    throttle.check(REMINDING, str(request.id), now=now)
    throttle.note(REMINDING, str(request.id), now=now)
    deciders = {one.id: one for one in queries.admins_of(request.partner_id)}
    if not deciders or now - request.created_at >= ALONE:
        deciders |= {one.id: one for one in queries.with_role(Role.CURATOR)}
    _ask(request, account, request.partner, deciders.values())
    subject = {"request": (None, request.id)}
    audit.record(actor, "join_request.reminded", "partner", request.partner_id, subject, now=now)


def _ask(request: JoinRequest, account: Account, partner: Partner, deciders: Iterable[Account]) -> None:
    for decider in deciders:
        mail.post(
            str(decider.email),
            "join_asked",
            kind="join_request",
            language=decider.locale,
            name=decider.name,
            who=account.name,
            email=account.email,
            partner=partner,
            message=request.message,
            request_id=request.id,
            until=request.created_at + WAITS,
        )


def cancel(request: JoinRequest, *, actor: Actor, now: datetime) -> None:
    """Take a request back that nobody has answered."""
    require(actor, "join_request.cancel", request)
    if request.state is not AskState.PENDING:
        return
    request.state, request.handled_at, request.handled_by_id = AskState.CANCELLED, now, actor.account_id
    audit.record(
        actor, "join_request.cancelled", "partner", request.partner_id, {"request": (None, request.id)}, now=now
    )


def sweep(now: datetime) -> None:
    """Let requests lapse that nobody has answered in time, and tell who asked."""
    late = (JoinRequest.state == AskState.PENDING, JoinRequest.created_at <= now - WAITS)
    loads = (joinedload(JoinRequest.account), joinedload(JoinRequest.partner))
    for request in db.session.scalars(select(JoinRequest).where(*late).options(*loads).limit(50)):
        request.state, request.handled_at = AskState.EXPIRED, now
        tell_asker(request, "join_lapsed")


def tell_asker(request: JoinRequest, template: str, **told: Any) -> None:
    """Mail to who asked to join what became of it."""
    account = request.account
    if account.email and account.is_active:
        mail.post(
            account.email,
            template,
            kind="join_request",
            language=account.locale,
            name=account.name,
            partner=request.partner,
            **told,
        )


def propose(account: Account, proposal: Proposal, *, actor: Actor, now: datetime) -> Partner:
    """Propose an organisation that is not in the directory; the account becomes its admin, staff decide."""
    _require_verified(account, actor)
    throttle.check(PROPOSING, str(account.id), now=now)
    partner = partners.propose(proposal, actor=actor, now=now)
    throttle.note(PROPOSING, str(account.id), now=now)
    db.session.add(Membership(account_id=account.id, partner_id=partner.id, role=MembershipRole.ADMIN, since=now))
    db.session.flush()
    audit.record(actor, "membership.added", "partner", partner.id, {"account": (None, account.id)}, now=now)
    for curator in queries.with_role(Role.CURATOR):
        mail.post(
            str(curator.email),
            "partner_proposed",
            kind="partner",
            language=curator.locale,
            name=curator.name,
            who=account.name,
            partner=partner,
        )
    return partner


def _require_verified(account: Account, actor: Actor) -> None:
    require(actor, "account.edit", account)
    if account.email_verified_at is None:
        raise Forbidden("account.act")


def _itself(account: Account) -> Actor:
    return Actor(account_id=account.id, name=account.name)
