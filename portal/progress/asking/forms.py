"""What is asked of a municipality that is a step ahead."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.forms import PortalForm
from portal.partners.contacts.forms import WriteForm

_RULES = [InputRequired(_l("Write a message.")), Length(max=4000, message=_l("Write at most %(max)d characters."))]
_HINT = _l("What you want to know, and when you can be called.")


class AskForm(PortalForm):
    """For people with a proven address: the answer goes there."""

    message = TextAreaField(_l("Your question"), _RULES, description=_HINT)


class VisitorAskForm(WriteForm):
    """For everybody else: who they are, and what keeps machines away."""

    message = TextAreaField(_l("Your question"), _RULES, description=_HINT)
