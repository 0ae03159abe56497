"""The shape of a dimension: what it is called, what it asks, what each stage means in it, what it refers to."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.core.fields import filled_in, longest
from portal.core.forms import RevisionForm
from portal.core.texts import gettext as _
from portal.progress.framework.operations import Wording, said
from portal.progress.labels import STAGES
from portal.progress.models import Dimension

_WRITTEN = _l("Write this text; a version in force has every text in both languages.")


def _no_semicolon(_form: Form, field: Field) -> None:
    if ";" in str(field.data or ""):
        raise ValidationError(_("Write each reference on a line of its own, without a semicolon."))


class DimensionForm(RevisionForm):
    name_da = StringField(_l("Name in Danish"), [filled_in(_WRITTEN), longest(120)])
    name_en = StringField(_l("Name in English"), [filled_in(_WRITTEN), longest(120)])
    asks_da = TextAreaField(_l("What is asked, in Danish"), [filled_in(_WRITTEN), longest(400)])
    asks_en = TextAreaField(_l("What is asked, in English"), [filled_in(_WRITTEN), longest(400)])
    refers_to = TextAreaField(
        _l("Related themes in other frameworks"),
        [_no_semicolon, longest(2000)],
        description=_l("One on each line: ISO 37120/37122, U4SSC, LORDIMAS, DK2020 and the theme or indicator there."),
    )

    @classmethod
    def of(cls, dimension: Dimension | None, **options: Any) -> "DimensionForm":
        """The form of a dimension as it is now, or an empty one."""
        if dimension is None:
            return cls(**options)
        texts = said(dimension) | {"refers_to": "\n".join(filter(None, dimension.refers_to.split(";")))}
        return cls(obj=SimpleNamespace(version=dimension.version, **texts), **options)

    @property
    def stages(self) -> list[tuple[str, Field, Field]]:
        """(What the stage is called, its Danish text, its English one)."""
        return [
            (f"{number} {name}", self[f"level_{number}_da"], self[f"level_{number}_en"])
            for number, name in enumerate(STAGES)
        ]

    def wording(self) -> Wording:
        lines = str(self.refers_to.data or "").splitlines()
        return Wording(
            name_da=self.name_da.data or "",
            name_en=self.name_en.data or "",
            asks_da=self.asks_da.data or "",
            asks_en=self.asks_en.data or "",
            refers_to=[line.strip() for line in lines if line.strip()],
            meanings={
                number: (self[f"level_{number}_da"].data or "", self[f"level_{number}_en"].data or "")
                for number in range(len(STAGES))
            },
        )


for _number, _name in enumerate(STAGES):
    _in = {"da": _l("%(stage)s, in Danish", stage=_name), "en": _l("%(stage)s, in English", stage=_name)}
    for _language, _called in _in.items():
        _control = TextAreaField(_called, [filled_in(_WRITTEN), longest(400)])
        setattr(DimensionForm, f"level_{_number}_{_language}", _control)
