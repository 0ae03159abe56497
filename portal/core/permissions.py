"""Who acts, what they may do, and whom a page is for.

Each rule is written twice, as a question (`@rule`) and as SQL (`seen_by` in the slice's
`permissions`); a test compares the two for every role and state.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.core.errors import Forbidden


class Role(StrEnum):
    """Platform roles. All three are staff."""

    EDITOR = "editor"
    CURATOR = "curator"
    ADMINISTRATOR = "administrator"


class Audience(StrEnum):
    """Whom a page is for: the front door's question, asked before the view runs."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed_in"
    MEMBERS = "members"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks: a visitor has no account, no roles and no partners.

    `email` is the address that the account has proven, empty before. Roles count only once the second factor was
    given. `partner_ids` are the partners the account acts for; `applicant_of` those that are not public (suggested,
    rejected, left): their people reach their own profile and nothing that is for partners.
    """

    account_id: int | None = None
    name: str = ""
    email: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    partner_ids: frozenset[int] = field(default_factory=frozenset)
    admin_of: frozenset[int] = field(default_factory=frozenset)
    applicant_of: frozenset[int] = field(default_factory=frozenset)

    def __hash__(self) -> int:
        # A page asks for it a hundred times, and the account alone tells nearly all apart.
        return hash(self.account_id)

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


VISITOR = Actor()
SYSTEM = Actor(name="system", roles=frozenset(Role))

Question = Callable[[Actor, Any], bool]
_rules: dict[str, Question] = {}


def rule(name: str) -> Callable[[Question], Question]:
    """Register the question behind an action, e.g. `@rule("project.see")`."""

    def register(question: Question) -> Question:
        if name in _rules:
            raise ValueError(f"the rule {name!r} is written twice")
        _rules[name] = question
        return question

    return register


def allows(actor: Actor, action: str, subject: object) -> bool:
    """Whether the actor may do this to the subject. KeyError for an action nobody declared."""
    return _rules[action](actor, subject)


def require(actor: Actor, action: str, subject: object) -> None:
    """Pass silently or raise `Forbidden`."""
    if not allows(actor, action, subject):
        raise Forbidden(action)


def audience(who: Audience | str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare whom a view is for. A view without it is closed to all."""
    chosen = Audience(who)

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        view.audience = chosen  # type: ignore[attr-defined]
        return view

    return declare


def admits(who: Audience, actor: Actor) -> bool:
    """Whether the front door opens for the actor."""
    if who is Audience.EVERYONE:
        return True
    if who is Audience.SIGNED_IN:
        return actor.is_signed_in
    if who is Audience.MEMBERS:
        return actor.is_staff or bool(actor.partner_ids)
    return actor.is_staff
