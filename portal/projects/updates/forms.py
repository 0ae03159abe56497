"""The shape of news from a project."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from portal.core.fields import DayField, filled_in, longest
from portal.projects.parts.forms import ChoiceField, PartForm, VisibilityField

LONGEST_BODY = 20_000


class UpdateForm(PartForm):
    texts = ("title_da", "title_en", "body_da", "body_en")
    values = ("dated", "partner_id", "visibility")

    dated = DayField(_l("Date"), [filled_in(_l("Write the day it is about."))])
    title_da = StringField(_l("Title in Danish"), [longest(200)])
    title_en = StringField(_l("Title in English"), [longest(200)])
    body_da = TextAreaField(_l("Text in Danish"), [longest(LONGEST_BODY)])
    body_en = TextAreaField(_l("Text in English"), [longest(LONGEST_BODY)])
    partner_id = ChoiceField(_l("Signed by"), description=_l("Readers see the partner, never the person."))
    visibility = VisibilityField()
