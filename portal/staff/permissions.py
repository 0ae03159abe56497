"""What the staff may read beyond what the slices' own rules say."""

from portal.core.permissions import Actor, Role, rule


@rule("staff.read")
def may_read(actor: Actor, _nothing: object) -> bool:
    """Editors and curators look after content together. It concerns no single thing, so it has no twin."""
    return actor.has(Role.EDITOR, Role.CURATOR)
