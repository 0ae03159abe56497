"""Controls that several forms have: amounts, days and moments, web addresses, choices among things."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.numbers import list_currencies
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, Form, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import Length, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, DateTimeLocalInput, ListWidget

from portal.core import bilingual
from portal.core.clock import COPENHAGEN
from portal.core.labels import label
from portal.core.numbers import parse
from portal.core.templating import number
from portal.core.texts import gettext as _
from portal.core.themes import Theme, in_order

FIRST_YEAR, LAST_YEAR = 1900, 2199
MOST_DIGITS = 12
MOST_CHARACTERS = 60
MOST_THEMES = 3
_ADDRESS_LENGTH = 2000
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


class NumberField(StringField):
    """A number in the language's own writing; `data` is a Decimal with `places` decimals, or none."""

    data: Any

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        places: int = 2,
        least: Decimal | int | None = None,
        most: Decimal | int = 10**MOST_DIGITS - 1,
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **options)
        self.places = places
        self.least, self.most = least, most

    def process_data(self, value: Any) -> None:
        self.data = None if value is None else self._exact(Decimal(value))

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        written = str(valuelist[0]).strip() if valuelist else ""
        if not written:
            return
        try:
            value = parse(written if len(written) <= MOST_CHARACTERS else "", bilingual.chosen())
        except ValueError:
            example = number(Decimal("1234.5"))
            raise ValueError(_("Write a number, for instance %(example)s.", example=example)) from None
        if value != self._exact(value):
            raise ValueError(_("Write at most %(places)s decimals.", places=self.places))
        if self.least is not None and value < self.least:
            raise ValueError(_("Write a number that is not below %(least)s.", least=number(self.least)))
        if abs(value) > self.most:
            raise ValueError(_("Write a number that is not above %(most)s.", most=number(self.most)))
        self.data = self._exact(value)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else number(self.data)

    def _exact(self, value: Decimal) -> Decimal:
        try:
            return value.quantize(Decimal(1).scaleb(-self.places))
        except ArithmeticError:
            return value  # longer than any number we keep: the bounds refuse it


class WholeNumberField(NumberField):
    """A whole number; `data` is an int, or none."""

    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, places=0, **options)

    def process_data(self, value: Any) -> None:
        self.data = value

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = None if self.data is None else int(self.data)


class DayField(DateField):
    """A day: as the browser's calendar sends it, or as people here write it (31-12-2026, 31.12.2026)."""

    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        formats = ["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"]
        super().__init__(label, validators, format=formats, **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError:
            raise ValueError(_("Write a day, for instance 31-12-2026.")) from None
        if not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            years = {"first": FIRST_YEAR, "last": LAST_YEAR}
            raise ValueError(_("Write a year between %(first)s and %(last)s.", **years))


class MomentField(StringField):
    """A moment to the minute, by the clocks of `zone`; `data` is an aware moment in UTC, or none.

    A time that the clocks skip is refused. For one that they show twice (`is_twice`) the page asks which is meant,
    in a second control of the same name: `first` or `second`.
    """

    data: Any
    widget = DateTimeLocalInput()

    def __init__(
        self, label: Any = None, validators: Any = None, *, zone: ZoneInfo = COPENHAGEN, **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.zone = zone

    def process_data(self, value: Any) -> None:
        self.data = None if value is None else value.replace(second=0, microsecond=0)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        written = str(valuelist[0]).strip() if valuelist else ""
        if not written:
            return
        local = _local(written)
        if local is None or not FIRST_YEAR <= local.year <= LAST_YEAR:
            raise ValueError(_("Write a day and a time, for instance 31-12-2026 14:30."))
        moments = [local.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
        if moments[0].astimezone(self.zone).replace(tzinfo=None) != local:
            raise ValueError(_("This time does not exist: the clocks are put forward then. Choose an hour later."))
        if moments[0] != moments[1] and self.which not in ("first", "second"):
            raise ValueError(_("The clocks show this time twice that night. Choose which one you mean."))
        self.data = moments[self.which == "second"]

    @property
    def is_twice(self) -> bool:
        """Whether what is written stands for two moments."""
        local = _local(self._value())
        if local is None:
            return False
        first, second = (local.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        exists = first.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) == local
        return exists and first.utcoffset() != second.utcoffset()

    @property
    def which(self) -> str:
        """Which of two moments is meant, where somebody has said so."""
        if self.raw_data:
            return str(self.raw_data[1]) if len(self.raw_data) > 1 else ""
        return "second" if self.data is not None and self.data.astimezone(self.zone).fold else "first"

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.data.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")


def _local(written: str) -> datetime | None:
    """A day and a time as browsers send them, or as people here write them; without a zone."""
    for pattern in ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y %H.%M", "%Y-%m-%d %H:%M"):
        try:
            return datetime.strptime(written, pattern)  # noqa: DTZ007  the zone is the field's
        except ValueError:
            continue
    return None


class CheckboxesField(SelectMultipleField):
    """Any number of a list's words, each with a box to check."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ThemesField(CheckboxesField):
    """Themes, in their order; at most `most`. Filled from themes, or from a thing's rows that name one each."""

    data: Any

    def __init__(self, text: Any = None, validators: Any = None, *, most: int | None = MOST_THEMES, **options: Any):
        choices = [SelectChoice(one.value, label(one)) for one in Theme]
        super().__init__(text or _l("Themes"), validators, coerce=Theme, choices=choices, **options)
        self.most = most

    def process_data(self, value: Any) -> None:
        self.data = in_order(getattr(one, "theme", one) for one in value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = in_order(set(self.data or ()))

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.most is not None and len(self.data) > self.most:
            raise StopValidation(_("Choose at most three."))


def longest(most: int) -> Length:
    """At most so many characters: what the column holds."""
    return Length(max=most, message=_l("Write at most %(max)d characters."))


def filled_in(message: Any) -> Callable[[Form, Field], None]:
    """The field must hold something. Unlike `InputRequired` it looks at what is left when spaces are taken off."""

    def check(_form: Form, field: Field) -> None:
        if field.errors:
            raise StopValidation
        if field.data is None or field.data == "":
            raise StopValidation(str(message))

    return check


_IN_NO_ADDRESS = frozenset('<>"`{}|^')


def web_address(_form: Form, field: Field) -> None:
    """Accept an http(s) address or a DOI, which becomes its address; nothing that a browser would run."""
    written = str(field.data or "").strip()
    if not written:
        return
    if doi := _DOI.fullmatch(written):
        written = f"https://doi.org/{doi[1]}"
    if not is_web_address(written):
        raise ValidationError(_("Write a web address that begins with https://, or a DOI such as 10.1000/182."))
    field.data = written


def is_web_address(written: str) -> bool:
    """Whether a browser opens this as a page, and nothing in it could be taken for something else."""
    if len(written) > _ADDRESS_LENGTH or any(
        not sign.isprintable() or sign.isspace() or sign in _IN_NO_ADDRESS for sign in written
    ):
        return False
    try:
        parts = urlsplit(written)
        named = bool(parts.hostname) and "." in str(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and named and not parts.username and "\\" not in written


def currency(_form: Form, field: Field) -> None:
    """Accept a currency by its ISO 4217 code, in any case."""
    code = str(field.data or "").strip().upper()
    if code and code not in CURRENCIES:
        raise ValidationError(_("Write the three letters of a currency, for instance DKK or EUR."))
    field.data = code


# Babel also lists what is no money of a country: test codes, metals, bond units.
CURRENCIES = frozenset(code for code in list_currencies() if not code.startswith("X")) | {"XAF", "XCD", "XOF", "XPF"}
