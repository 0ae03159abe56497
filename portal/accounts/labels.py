"""What readers call the words of accounts."""

from flask_babel import lazy_gettext as _l

from portal.accounts.models import AskState, MailChoice, MembershipRole
from portal.core.labels import enter
from portal.core.permissions import Role

enter(
    Role,
    {
        Role.EDITOR: _l("Editor"),
        Role.CURATOR: _l("Curator"),
        Role.ADMINISTRATOR: _l("Administrator"),
    },
)
enter(
    MembershipRole,
    {
        MembershipRole.ADMIN: _l("Administers the partner"),
        MembershipRole.EDITOR: _l("Edits for the partner"),
    },
)
enter(
    MailChoice,
    {
        MailChoice.OFF: _l("Not at all"),
        MailChoice.IMMEDIATELY: _l("At once"),
        MailChoice.DAILY: _l("Once a day"),
        MailChoice.WEEKLY: _l("Once a week"),
    },
)
enter(
    AskState,
    {
        AskState.PENDING: _l("Waits for an answer"),
        AskState.ACCEPTED: _l("Accepted"),
        AskState.REFUSED: _l("Refused"),
        AskState.CANCELLED: _l("Cancelled"),
        AskState.EXPIRED: _l("Expired"),
    },
)
