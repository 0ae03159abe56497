"""What the portal calls the words of registrations, and what the trace says of them."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter, name_actions
from portal.webinars.registration.models import RegistrationState, ReminderKind
from portal.webinars.registration.terms import Standing

enter(
    RegistrationState,
    {
        RegistrationState.UNCONFIRMED: _l("Not confirmed"),
        RegistrationState.CONFIRMED: _l("Has a place"),
        RegistrationState.WAITLISTED: _l("On the waiting list"),
        RegistrationState.CANCELLED: _l("Withdrawn from the webinar"),
        RegistrationState.ATTENDED: _l("Attended"),
    },
)
enter(
    ReminderKind,
    {
        ReminderKind.WEEK: _l("In a week"),
        ReminderKind.DAY: _l("Tomorrow"),
        ReminderKind.HOUR: _l("In an hour"),
    },
)
enter(
    Standing,
    {
        Standing.NONE: _l("Without registration"),
        Standing.NOT_YET: _l("Registration opens later"),
        Standing.OPEN: _l("Open for registration"),
        Standing.FULL: _l("Full"),
        Standing.CLOSED: _l("Registration is closed"),
    },
)
name_actions(
    {
        "registration.made": _l("Somebody registered"),
        "registration.confirmed": _l("Registration confirmed"),
        "registration.cancelled": _l("Registration cancelled"),
        "registration.added": _l("Registration added by hand"),
        "registration.exported": _l("Registrations downloaded"),
        "registration.attended": _l("Attendance taken in"),
        "registration.capacity": _l("Number of places changed"),
        "registration.listed": _l("Consent to be listed changed"),
        "registration.forgotten": _l("Registration deleted by its person"),
    }
)
