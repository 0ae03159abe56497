"""The shape of what people write in a plan."""

from collections.abc import Collection
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from portal.core import clock
from portal.core.fields import DayField, NumberField, WholeNumberField, longest, web_address
from portal.core.texts import gettext as _
from portal.projects.parts.forms import ChoiceField, PartForm, VisibilityField

MOST_WEIGHT = 999_999
LONG_TEXT = 4000


def not_in_future(_form: Any, field: Any) -> None:
    """What is done was done today or before."""
    if isinstance(field.data, date) and field.data > clock.today():
        raise ValidationError(_("This day has not come yet. Leave it empty until it is done."))


class WorkPackageForm(PartForm):
    texts = ("title_da", "title_en", "description_da", "description_en")
    values = ("number", "lead_id", "starts_on", "ends_on", "weight", "progress", "visibility")
    taken: Collection[str] = ()
    """The numbers of the project's work packages."""

    number = StringField(_l("Number"), [longest(10)], description=_l("As your plan counts: 1, 2 or 2.1."))
    title_da = StringField(_l("Title in Danish"), [longest(200)])
    title_en = StringField(_l("Title in English"), [longest(200)])
    description_da = TextAreaField(_l("What is done, in Danish"), [longest(LONG_TEXT)])
    description_en = TextAreaField(_l("What is done, in English"), [longest(LONG_TEXT)])
    lead_id = ChoiceField(_l("Led by"))
    starts_on = DayField(_l("Begins on"))
    ends_on = DayField(_l("Ends on"))
    weight = NumberField(
        _l("Weight"),
        least=0,
        most=MOST_WEIGHT,
        default=1,
        description=_l(
            "How much it counts in the project’s progress: person-months, a share of the money, or 1 for all."
        ),
    )
    progress = WholeNumberField(
        _l("Progress in per cent"),
        least=0,
        most=100,
        description=_l("Leave it empty to let the milestones and deliverables tell. Unknown is not the same as 0."),
    )
    visibility = VisibilityField()

    def validate_number(self, field: Any) -> None:
        if field.data and field.data in self.taken and field.data != field.object_data:
            raise ValidationError(_("Another work package has this number."))

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("It cannot end before it begins."))

    def validate_weight(self, field: Any) -> None:
        if field.data is None and not field.errors:
            raise StopValidation(_("Write a weight; 1 if all count the same."))


class MilestoneForm(PartForm):
    texts = ("title_da", "title_en", "verification_da", "verification_en")
    values = ("work_package_id", "due_on", "done_on", "visibility")

    title_da = StringField(_l("Title in Danish"), [longest(200)])
    title_en = StringField(_l("Title in English"), [longest(200)])
    work_package_id = ChoiceField(_l("Work package"))
    due_on = DayField(_l("Due on"))
    done_on = DayField(_l("Done on"), [not_in_future])
    verification_da = TextAreaField(_l("How it is seen to be done, in Danish"), [longest(LONG_TEXT)])
    verification_en = TextAreaField(_l("How it is seen to be done, in English"), [longest(LONG_TEXT)])
    visibility = VisibilityField()


class DeliverableForm(PartForm):
    texts = ("title_da", "title_en")
    values = ("work_package_id", "type", "due_on", "delivered_on", "url", "visibility")

    title_da = StringField(_l("Title in Danish"), [longest(200)])
    title_en = StringField(_l("Title in English"), [longest(200)])
    work_package_id = ChoiceField(_l("Work package"))
    type = StringField(_l("Type"), [longest(60)], description=_l("For instance report, software, data set, film."))
    due_on = DayField(_l("Due on"))
    delivered_on = DayField(_l("Delivered on"), [not_in_future])
    url = StringField(
        _l("Where it can be found"), [longest(2000), web_address], description=_l("A web address or a DOI.")
    )
    visibility = VisibilityField()
