"""The shape of what curators send about an import."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.forms import PortalForm
from portal.core.labels import label
from portal.core.sheet_forms import SheetForm
from portal.core.themes import Theme
from portal.partners.models import PartnerState, PartnerType
from portal.staff.imports.models import DecimalSign, ImportBatch, Subject
from portal.staff.imports.operations import Reading
from portal.staff.imports.partners.bulk import Act
from portal.staff.imports.subjects import target_of
from portal.staff.imports.targets import guessed

IGNORED = ""
GOOD, NONE = "good", "none"


class ListForm(SheetForm):
    """The file; its list begins where the headers are those of the subject."""

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject

    def knows(self, cells: Sequence[str]) -> int:
        return sum(map(bool, guessed(cells, target_of(self.subject).fields)))

    @property
    def list_name(self) -> str:
        """The file's name, with the sheet that was read where there are several."""
        return ": ".join(filter(None, (self.file_name or _("Import"), self.upload.sheet)))


class ColumnsForm(PortalForm):
    """What becomes of rows. The columns come as `column_0`, `column_1` …, as many as the file has."""

    def same_for_all(self) -> dict[str, str]:
        """Field → what holds for every row, whatever its cells say."""
        return {}

    taken = RadioField(
        _l("If some rows cannot be taken"),
        choices=[
            SelectChoice(GOOD, _l("Take the others")),
            SelectChoice(NONE, _l("Take none, until the file is mended")),
        ],
        default=GOOD,
    )


class PartnerColumnsForm(ColumnsForm):
    """And what new partners become."""

    new_state = RadioField(
        _l("New partners become"),
        choices=[
            SelectChoice(PartnerState.PUBLISHED.value, _l("Published at once")),
            SelectChoice(PartnerState.SUGGESTED.value, _l("Suggestions, to be looked over one by one")),
        ],
        default=PartnerState.PUBLISHED.value,
    )
    same_type = SelectField(
        _l("Type of new partners"), description=_l("Only where no column holds it."), default=IGNORED
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        types = [SelectChoice(one.value, label(one)) for one in PartnerType]
        self.same_type.choices = [SelectChoice(IGNORED, _("In a column of the file")), *types]

    def same_for_all(self) -> dict[str, str]:
        return {"type": self.same_type.data} if self.same_type.data else {}


class FigureColumnsForm(ColumnsForm):
    """And how the numbers are written, and what holds for all rows where the file does not tell."""

    same_indicator = SelectField(_l("Indicator of all rows"), description=_l("Only where no column holds it."))
    same_period = StringField(
        _l("Period of all rows"),
        [Length(max=40)],
        description=_l("Only where no column holds it: 2025, 2025-06 or 2025-06-30."),
        default="",
    )
    decimal_sign = RadioField(
        _l("Numbers in the file are written"),
        choices=[
            SelectChoice(DecimalSign.AS_FOUND.value, _l("As the file tells")),
            SelectChoice(DecimalSign.COMMA.value, _l("With a comma before the decimals: 1.234,5")),
            SelectChoice(DecimalSign.POINT.value, _l("With a point before the decimals: 1,234.5")),
        ],
        default=DecimalSign.AS_FOUND.value,
        description=_l("1.234 can be read in two ways. Where the file does not tell which, such a row is not taken."),
    )

    def __init__(self, *arguments: Any, indicators: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        named = [SelectChoice(slug, name) for slug, name in indicators]
        self.same_indicator.choices = [SelectChoice(IGNORED, _("In a column of the file")), *named]

    def same_for_all(self) -> dict[str, str]:
        """Field → what holds for every row."""
        given = {"indicator": self.same_indicator.data, "period": (self.same_period.data or "").strip()}
        return {name: value for name, value in given.items() if value}


FORMS = {Subject.PARTNERS: PartnerColumnsForm, Subject.FIGURES: FigureColumnsForm}


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
    reason = TextAreaField(
        _l("Reason"),
        [Length(max=2000)],
        description=_l("Only where partners are taken out: it is mailed to their people as it stands."),
        default="",
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.theme.choices = [SelectChoice(one.value, label(one)) for one in Theme]


def columns_form(batch: ImportBatch, indicators: Sequence[tuple[str, str]] = ()) -> Any:
    """A form with one select box a column of the file, as they were named last or are guessed.

    `indicators`: slug and name of those that a file of figures may be about.
    """
    target, header = target_of(batch.subject), batch.header
    labels = {field.name: str(field.label) for field in target.fields}
    choices = [SelectChoice(IGNORED, _("Leave out")), *(SelectChoice(*one) for one in labels.items())]

    base: Any = FORMS[batch.subject]

    class OfFile(base):
        def validate(self, *arguments: Any, **options: Any) -> bool:
            sound = bool(super().validate(*arguments, **options))
            chosen = [box.data for box in self.boxes]
            for position, box in enumerate(self.boxes):
                if box.data and box.data in chosen[:position]:
                    box.errors = [_("Another column is this already.")]
                    sound = False
            same = self.same_for_all()
            for name in set(same) & set(chosen):
                self[f"same_{name}"].errors = [_("A column holds this already.")]
                sound = False
            missing = [labels[name] for name in target.required if name not in chosen and name not in same]
            if missing:
                self.boxes[0].errors = [_("Say which column holds this: %(fields)s.", fields=", ".join(missing))]
            return sound and not missing

        @property
        def boxes(self) -> list[Any]:
            return [self[f"column_{position}"] for position in range(len(header))]

        def reading(self) -> Reading:
            """What was chosen."""
            given = {name: field.data for name, field in self._fields.items()}
            return Reading(
                [box.data for box in self.boxes],
                PartnerState(given.get("new_state", PartnerState.PUBLISHED)),
                self.same_for_all(),
                given["taken"] == NONE,
                DecimalSign(given.get("decimal_sign", DecimalSign.AS_FOUND)),
            )

    for position, (cell, name) in enumerate(zip(header, batch.columns, strict=True)):
        title = cell or _("Column %(number)s", number=position + 1)
        setattr(OfFile, f"column_{position}", SelectField(title, choices=choices, default=name))
    more = {"indicators": indicators} if batch.subject is Subject.FIGURES else {}
    return OfFile(**more)
