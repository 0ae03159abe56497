"""What readers call the words of the newsletter."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter, name_actions
from portal.newsletter.models import EditionState, Frequency

enter(Frequency, {Frequency.DAILY: _l("Every day there is something"), Frequency.WEEKLY: _l("Once a week")})
enter(
    EditionState,
    {
        EditionState.COMPOSED: _l("Ready to be looked over"),
        EditionState.HELD: _l("Held back"),
        EditionState.SENDING: _l("Being sent"),
        EditionState.SENT: _l("Sent"),
        EditionState.EMPTY: _l("Nothing to tell"),
    },
)
name_actions(
    {
        "edition.composed": _l("Newsletter composed"),
        "edition.revised": _l("Newsletter looked over"),
        "edition.held": _l("Newsletter held back"),
        "edition.released": _l("Newsletter released"),
        "edition.sent": _l("Newsletter sent"),
    }
)
