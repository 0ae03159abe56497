"""Who lists accounts. What may be done to one of them stands in `portal.accounts.permissions`."""

from portal.core.permissions import Actor, Role, rule


@rule("account.list")
def may_list(actor: Actor, _nothing: object) -> bool:
    """The list and its export; `account.see` in SQL narrows it for everybody else to their own."""
    return actor.has(Role.ADMINISTRATOR)
