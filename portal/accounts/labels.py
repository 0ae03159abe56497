"""What readers call the words of accounts."""

from flask_babel import lazy_gettext as _l

from portal.accounts.models import AskState, MailChoice, MembershipRole
from portal.accounts.passwords import Weakness
from portal.core.labels import enter, name_actions
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
enter(
    Weakness,
    {
        Weakness.SHORT: _l("Choose a longer password: at least 10 characters, better 15 or more."),
        Weakness.OWN: _l("Choose a password that is not your name or e-mail address."),
        Weakness.COMMON: _l(
            "This password is too easy to guess. Several words that do not belong together are better."
        ),
    },
)

name_actions(
    {
        "account.created": _l("Account created"),
        "account.registered": _l("Registered"),
        "account.verified": _l("E-mail address verified"),
        "account.revised": _l("Account settings changed"),
        "account.email_changed": _l("E-mail address changed"),
        "account.password_changed": _l("Password changed"),
        "account.password_reset": _l("Password set by a mailed link"),
        "account.app_set_up": _l("Authenticator app set up"),
        "account.app_removed": _l("Authenticator app removed"),
        "account.passkey_added": _l("Passkey added"),
        "account.passkey_removed": _l("Passkey removed"),
        "account.recovery_codes_made": _l("Recovery codes made"),
        "account.recovery_code_used": _l("Recovery code used"),
        "account.second_factor_reset": _l("Second factor reset"),
        "account.identity_linked": _l("Sign-in by another provider linked"),
        "account.identity_unlinked": _l("Sign-in by another provider unlinked"),
        "account.suspended": _l("Account suspended"),
        "account.restored": _l("Account restored"),
        "account.erased": _l("Account deleted"),
        "account.exported": _l("Own data downloaded"),
        "membership.added": _l("Became one of the partner’s people"),
        "membership.role_changed": _l("Role at the partner changed"),
        "membership.removed": _l("No longer one of the partner’s people"),
        "membership.left": _l("Left the partner"),
        "invitation.sent": _l("Invitation sent"),
        "invitation.resent": _l("Invitation sent again"),
        "invitation.revoked": _l("Invitation taken back"),
        "invitation.accepted": _l("Invitation accepted"),
        "invitation.declined": _l("Invitation declined"),
        "join_request.sent": _l("Asked to join"),
        "join_request.reminded": _l("Asked to join once more"),
        "join_request.accepted": _l("Request to join accepted"),
        "join_request.refused": _l("Request to join refused"),
        "join_request.cancelled": _l("Request to join withdrawn"),
    }
)
