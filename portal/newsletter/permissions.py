"""Who looks after the newsletter. Readers act by links that only their mailbox has."""

from portal.core.permissions import Actor, Role, rule


@rule("newsletter.manage")
def may_manage(actor: Actor, _nothing: object) -> bool:
    """Editors. It concerns the newsletter as a whole, so it has no twin; who reads it is shown to nobody."""
    return actor.has(Role.EDITOR)
