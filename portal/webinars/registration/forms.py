"""What people send who register, or who say how it was."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length

from portal.core.bilingual import chosen
from portal.core.fields import filled_in, longest
from portal.core.forms import PortalForm
from portal.core.strangers import StrangerForm
from portal.webinars.registration.models import EMAIL, NAME
from portal.webinars.registration.operations import Details

LONGEST_TEXT = 2000


class RegisterForm(StrangerForm):
    texts = ("name", "organisation")

    name = StringField(
        _l("Name"), [filled_in(_l("Write your name.")), longest(NAME)], render_kw={"autocomplete": "name"}
    )
    email = EmailField(
        _l("E-mail"),
        [filled_in(_l("Write your e-mail.")), Email(_l("This is not an e-mail address.")), Length(max=EMAIL)],
        description=_l("You get a link there to confirm your registration, and where to join."),
        render_kw={"autocomplete": "email"},
    )
    organisation = StringField(
        _l("Organisation (you may leave it empty)"), [longest(NAME)], render_kw={"autocomplete": "organization"}
    )
    is_listed = BooleanField(
        _l("The others who are registered may see my name and organisation. I can change this later.")
    )

    def details(self) -> Details:
        return Details(
            name=str(self.name.data),
            email=str(self.email.data),
            organisation=str(self.organisation.data or ""),
            is_listed=bool(self.is_listed.data),
            language=chosen(),
        )


class FeedbackForm(PortalForm):
    rating = RadioField(
        _l("How was it?"),
        [InputRequired(_l("Choose one of the five."))],
        choices=[
            SelectChoice("5", _l("Very good")),
            SelectChoice("4", _l("Good")),
            SelectChoice("3", _l("Fair")),
            SelectChoice("2", _l("Poor")),
            SelectChoice("1", _l("Very poor")),
        ],
    )
    text = TextAreaField(
        _l("What should the hosts know? (you may leave it empty)"),
        [longest(LONGEST_TEXT)],
        description=_l("The hosts read it without your name."),
    )
