"""What editors send about registrations."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectChoice, SelectField, StringField
from wtforms.validators import Email, Length

from portal.core.bilingual import LANGUAGES, chosen
from portal.core.fields import WholeNumberField, filled_in, longest
from portal.core.forms import PortalForm
from portal.core.web import LANGUAGE_NAMES
from portal.webinars.registration.models import EMAIL, NAME
from portal.webinars.registration.operations import Details

MOST_PLACES = 100_000


class AddForm(PortalForm):
    name = StringField(_l("Name"), [filled_in(_l("Write the name.")), longest(NAME)])
    email = EmailField(
        _l("E-mail"),
        [filled_in(_l("Write the e-mail.")), Email(_l("This is not an e-mail address.")), Length(max=EMAIL)],
        description=_l("The person is told by mail, with a link to leave again."),
    )
    organisation = StringField(_l("Organisation (you may leave it empty)"), [longest(NAME)])
    language = SelectField(_l("Language of the mails"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.language.choices = [SelectChoice(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
        if not self.is_submitted():
            self.language.data = chosen()

    def details(self) -> Details:
        return Details(
            name=str(self.name.data),
            email=str(self.email.data),
            organisation=str(self.organisation.data or ""),
            is_listed=False,
            language=str(self.language.data),
        )


class CapacityForm(PortalForm):
    capacity = WholeNumberField(
        _l("Places"),
        least=1,
        most=MOST_PLACES,
        description=_l("Empty: as many as come. Nobody who has a place loses it."),
    )
