"""Who looks after the machinery."""

from portal.core.permissions import Actor, Role, rule


@rule("system.manage")
def may_manage(actor: Actor, _nothing: object) -> bool:
    """Settings, jobs, mail that does not go out, and how everything is. There is one of each, so no SQL."""
    return actor.has(Role.ADMINISTRATOR)
