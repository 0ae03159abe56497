"""The form in which a partner describes itself."""

import re
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from stdnum.dk import cvr as cvr_numbers
from stdnum.exceptions import ValidationError as NoNumber
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from portal.core.fields import ThemesField, is_web_address
from portal.core.filetypes import PICTURES
from portal.core.forms import PortalForm, RevisionForm
from portal.core.labels import label
from portal.core.texts import gettext as _
from portal.core.themes import Theme
from portal.core.uploads import UploadField, UploadForm
from portal.partners import labels
from portal.partners.models import Partner, PartnerChange, PartnerType
from portal.partners.profile.operations import Profile

NAME = Length(max=200, message=_l("Write at most %(max)d characters."))
DESCRIPTION = Length(max=4000, message=_l("Write at most %(max)d characters."))
MOST_NAMES = 20
ROR = re.compile(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}")
WIKIDATA = re.compile(r"Q[1-9][0-9]{0,14}")


class ProfileForm(RevisionForm):
    name = StringField(_l("Name"), [InputRequired(_l("Write the name.")), NAME])
    name_da = StringField(_l("Name in Danish"), [NAME])
    name_en = StringField(_l("Name in English"), [NAME])
    acronym = StringField(_l("Acronym"), [Length(max=40, message=_l("Write at most %(max)d characters."))])
    other_names = TextAreaField(
        _l("Other names"), [Length(max=4000)], description=_l("One a line: former names, short forms, spellings.")
    )
    type = SelectField(_l("Type"))
    country = SelectField(_l("Country"))
    municipality_id = SelectField(_l("Municipality of its seat"))
    parent_id = SelectField(_l("Part of"), description=_l("The organisation that it belongs to, if one does."))
    website = StringField(_l("Website"), [Length(max=500)])
    cvr = StringField(_l("CVR number"), [Length(max=20)], description=_l("Eight digits."))
    ror = StringField("ROR", [Length(max=60)], description=_l("Its number at ror.org, if it does research."))
    wikidata = StringField("Wikidata", [Length(max=60)], description=_l("Its number at wikidata.org, such as Q123."))
    description_da = TextAreaField(_l("Description in Danish"), [DESCRIPTION])
    description_en = TextAreaField(_l("Description in English"), [DESCRIPTION])
    themes = ThemesField(most=None)

    def offer(self, seats: list[tuple[int, str]], parents: list[tuple[int, str]]) -> None:
        """Say what can be chosen: the words of the lists, and the given places and organisations."""
        self.type.choices = [SelectChoice(one.value, label(one)) for one in PartnerType]
        self.country.choices = [
            SelectChoice("", _("not reported")),
            *(SelectChoice(*one) for one in labels.all_countries().items()),
        ]
        nothing = SelectChoice("", _("none"))
        self.municipality_id.choices = [nothing, *(SelectChoice(str(id), name) for id, name in seats)]
        self.parent_id.choices = [nothing, *(SelectChoice(str(id), name) for id, name in parents)]

    def validate_website(self, field: StringField) -> None:
        if field.data and not is_web_address(field.data):
            raise ValidationError(_("Write a web address that begins with https://."))

    def validate_cvr(self, field: StringField) -> None:
        if not field.data:
            return
        try:
            field.data = str(cvr_numbers.validate(field.data))
        except NoNumber:
            raise ValidationError(_("This is not a CVR number: it has eight digits that belong together.")) from None

    def validate_ror(self, field: StringField) -> None:
        field.data = (field.data or "").removeprefix("https://ror.org/").lower()
        if field.data and not ROR.fullmatch(field.data):
            raise ValidationError(_("This is not a ROR number: it begins with 0 and has nine characters."))

    def validate_wikidata(self, field: StringField) -> None:
        field.data = (field.data or "").rpartition("/")[2].upper()
        if field.data and not WIKIDATA.fullmatch(field.data):
            raise ValidationError(_("This is not a Wikidata number: it is a Q and digits."))

    def validate_other_names(self, field: TextAreaField) -> None:
        names = _lines(field.data)
        if len(names) > MOST_NAMES or any(len(name) > 200 for name in names):
            raise ValidationError(_("Write at most 20 names of at most 200 characters."))

    def details(self) -> Profile:
        return Profile(
            name=self.name.data,
            name_da=self.name_da.data or "",
            name_en=self.name_en.data or "",
            acronym=self.acronym.data or "",
            type=PartnerType(self.type.data),
            country=self.country.data or "",
            municipality_id=int(self.municipality_id.data) if self.municipality_id.data else None,
            website=self.website.data or "",
            cvr=self.cvr.data or None,
            ror=self.ror.data or None,
            wikidata=self.wikidata.data or None,
            parent_id=int(self.parent_id.data) if self.parent_id.data else None,
            description_da=self.description_da.data or "",
            description_en=self.description_en.data or "",
            other_names=tuple(_lines(self.other_names.data)),
            themes=tuple(self.themes.data),
        )


def as_filled(partner: Partner, waits: PartnerChange | None = None) -> SimpleNamespace:
    """The partner as the form's controls hold it; of what waits for a curator, what was proposed."""
    proposed = {field: after for field, (_before, after) in waits.changes.items()} if waits else {}
    plain = ("version", "name_da", "name_en", "acronym", "website", "country", "description_da", "description_en")
    return SimpleNamespace(
        **{field: getattr(partner, field) for field in plain},
        name=proposed.get("name", partner.name),
        type=proposed.get("type", partner.type.value),
        municipality_id=str(partner.municipality_id or ""),
        parent_id=str(proposed.get("parent_id", partner.parent_id) or ""),
        cvr=proposed.get("cvr", partner.cvr) or "",
        ror=partner.ror or "",
        wikidata=partner.wikidata or "",
        other_names="\n".join(one.name for one in partner.other_names),
        themes=partner.themes,
    )


def _lines(text: Any) -> list[str]:
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


class InterestForm(PortalForm):
    direction = SelectField(_l("What it is"))
    theme = SelectField(_l("Theme"))
    line_da = StringField(_l("One line in Danish"), [NAME])
    line_en = StringField(_l("One line in English"), [NAME])

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.direction.choices = [
            SelectChoice("offers", _("Something the partner offers")),
            SelectChoice("seeks", _("Something the partner looks for")),
        ]
        self.theme.choices = [SelectChoice(one.value, label(one)) for one in Theme]

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if not self.line_da.data and not self.line_en.data:
            self.line_da.errors = [_("Write a line in Danish or in English.")]
            return False
        return is_valid


class LogoForm(UploadForm):
    logo = UploadField(_l("Picture"), kinds=PICTURES, description=_l("PNG, JPEG, WebP or GIF."))
    logo_alt_da = StringField(_l("What the logo shows, in Danish"), [NAME])
    logo_alt_en = StringField(_l("What the logo shows, in English"), [NAME])

    def validate(self, *arguments: Any, **options: Any) -> bool:
        if not (self.logo_alt_da.data or self.logo_alt_en.data):
            super().validate(*arguments, **options)
            self.logo_alt_da.errors = [_("Say in words what the logo shows: some readers hear the page.")]
            return False
        return bool(super().validate(*arguments, **options))
