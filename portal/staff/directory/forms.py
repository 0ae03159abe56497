"""The reasons and questions that go with decisions."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.accounts.registration.forms import ProposalForm
from portal.core.forms import PortalForm


class PartnerForm(ProposalForm):
    """What is said of a new partner, and that it is none of those that look like it."""

    is_another = BooleanField(_l("It is another organisation"))


class ReasonForm(PortalForm):
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Write why: it is mailed as it stands.")), Length(max=2000)],
        description=_l("It is mailed to the partner’s people as it stands."),
    )


class QuestionForm(PortalForm):
    reason = TextAreaField(
        _l("Question"),
        [InputRequired(_l("Write what you want to know.")), Length(max=2000)],
        description=_l("It is mailed to those who applied; they answer by putting their profile right."),
    )


class NoteForm(PortalForm):
    """For decisions that need no reason but may have one."""

    reason = TextAreaField(
        _l("Reason"), [Length(max=2000)], description=_l("It goes with the mail and into the trace.")
    )


class OutcomeForm(PortalForm):
    reason = TextAreaField(
        _l("What was done"),
        [InputRequired(_l("Write what was done.")), Length(max=2000)],
        description=_l("It is mailed to the reader, if they left an address, which is then deleted."),
    )
