"""What a reader says is wrong."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from portal.core.strangers import StrangerForm


class CorrectionForm(StrangerForm):
    texts = ("text", "evidence")

    text = TextAreaField(
        _l("What is wrong, and what would be right?"),
        [InputRequired(_l("Write what is wrong.")), Length(max=4000, message=_l("Write at most %(max)d characters."))],
    )
    evidence = StringField(
        _l("Where can it be checked?"),
        [Length(max=1000, message=_l("Write at most %(max)d characters."))],
        description=_l("A web address, a document, a person at the organisation."),
    )
    email = EmailField(
        _l("Your e-mail, if you want an answer"),
        [Optional(), Email(_l("This is not an e-mail address.")), Length(max=254)],
        description=_l("Used for the answer alone, read by the staff alone, and deleted when the matter is closed."),
    )
