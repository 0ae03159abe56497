"""The shape of what curators send about an import."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from portal.core.forms import PortalForm
from portal.core.labels import label
from portal.core.themes import Theme
from portal.partners.models import PartnerState
from portal.staff.imports.bulk import Act
from portal.staff.imports.fields import FIELDS

IGNORED = ""


class ColumnsForm(PortalForm):
    """What becomes of new partners. The columns come as `column_0`, `column_1` …, as many as the file has."""

    new_state = RadioField(
        _l("New partners become"),
        choices=[
            SelectChoice(PartnerState.PUBLISHED.value, _l("Published at once")),
            SelectChoice(PartnerState.SUGGESTED.value, _l("Suggestions, to be looked over one by one")),
        ],
        default=PartnerState.PUBLISHED.value,
    )


class ManyForm(PortalForm):
    """What is to happen to many partners; they themselves come as check boxes."""

    act = RadioField(
        _l("What is to happen?"),
        [InputRequired(_l("Say what is to happen."))],
        choices=[
            SelectChoice(Act.ADD_THEME.value, _l("Add a theme")),
            SelectChoice(Act.REMOVE_THEME.value, _l("Take a theme away")),
            SelectChoice(Act.DORMANT.value, _l("Mark as dormant")),
            SelectChoice(Act.LEFT.value, _l("Take out of the directory")),
        ],
    )
    theme = SelectField(_l("Theme"), description=_l("Only where a theme is added or taken away."))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.theme.choices = [SelectChoice(one.value, label(one)) for one in Theme]


def columns_form(header: list[str], columns: list[str]) -> ColumnsForm:
    """A form with one select box a column of the file."""
    choices = [SelectChoice(IGNORED, _("Leave out")), *(SelectChoice(one.name, str(one.label)) for one in FIELDS)]

    class OfFile(ColumnsForm):
        def validate(self, *arguments: Any, **options: Any) -> bool:
            sound = super().validate(*arguments, **options)
            chosen = [box.data for box in self.boxes]
            for position, box in enumerate(self.boxes):
                if box.data and box.data in chosen[:position]:
                    box.errors = [_("Another column is this already.")]
                    sound = False
            if "name" not in chosen:
                self.boxes[0].errors = [_("Say which column holds the name.")]
                sound = False
            return sound

        @property
        def boxes(self) -> list[Any]:
            return [self[f"column_{position}"] for position in range(len(header))]

    for position, (cell, name) in enumerate(zip(header, columns, strict=True)):
        title = cell or _("Column %(number)s", number=position + 1)
        setattr(OfFile, f"column_{position}", SelectField(title, choices=choices, default=name))
    return OfFile()
