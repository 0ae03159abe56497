"""How far somebody has come who acts for no partner yet: what is done, what waits for others, what is theirs to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.accounts import queries
from portal.accounts.models import Account, JoinRequest, Membership
from portal.core.permissions import Actor


@dataclass(frozen=True)
class Standing:
    """An account without a partner that it acts for: `applied` are memberships of partners that are not public."""

    account: Account
    applied: Sequence[Membership]
    asked: Sequence[JoinRequest]

    @property
    def is_verified(self) -> bool:
        return self.account.email_verified_at is not None

    @property
    def is_new(self) -> bool:
        """Whether the first step is still to be taken."""
        return self.is_verified and not self.applied and not self.asked


def of(actor: Actor) -> Standing | None:
    """Where somebody stands who acts for nobody yet; none for all others, and for staff."""
    if not actor.is_signed_in or actor.partner_ids or actor.roles:
        return None
    account = queries.own(actor)
    return Standing(account, queries.memberships_of(account.id), queries.open_requests_of(account.id))
