"""The form in which a webinar is written: by members what they propose, by editors all of it."""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from portal.core import bilingual
from portal.core.clock import COPENHAGEN
from portal.core.fields import (
    CheckboxesField,
    DayField,
    MomentField,
    ThemesField,
    WholeNumberField,
    filled_in,
    longest,
    web_address,
)
from portal.core.forms import RevisionForm
from portal.core.permissions import Actor, Role
from portal.core.picking import PickerField
from portal.core.texts import gettext as _
from portal.projects.parts.forms import ChoiceField
from portal.webinars.editing.content import TEXTS, Content, content_of
from portal.webinars.models import Webinar
from portal.webinars.series import queries as series

LONGEST_ABSTRACT = 20_000
SPOKEN = ("da", "en", "sv", "nb", "de", "fr")
MOST_DAYS = 3650
MOST_PLACES = 100_000
TIES = ("host_ids", "partner_ids", "project_ids", "municipality_ids")
MOMENTS = ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at", "publish_at")
VALUES = (
    "series_id",
    "held_on",
    "languages",
    "host_names",
    "themes",
    "info_url",
    "join_url",
    "capacity",
    "retention_days",
    *TIES,
    *MOMENTS,
)
WORKED_OUT = ("themes", "held_on", "host_names", "info_url", "join_url")
"""Fields whose data is not simply what the content holds."""

_TITLE, _REASON, _NAMES = [longest(200)], [longest(300)], [longest(1000)]


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The zones that are offered: those named after places."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


class WebinarForm(RevisionForm):
    """`of` fills it from a webinar. Its moments are read by the clocks of the zone that is written in it."""

    named_by = ("title_da", "title_en")

    title_da = StringField(_l("Title in Danish"), _TITLE)
    title_en = StringField(_l("Title in English"), _TITLE)
    abstract_da = TextAreaField(_l("What it is about, in Danish"), [longest(LONGEST_ABSTRACT)])
    abstract_en = TextAreaField(_l("What it is about, in English"), [longest(LONGEST_ABSTRACT)])
    zone = StringField(
        _l("Time zone"),
        [filled_in(_l("Write the time zone, for instance Europe/Copenhagen."))],
        description=_l("All times below are by the clocks there. Readers see Danish time as well."),
    )
    starts_at = MomentField(_l("Begins"))
    ends_at = MomentField(_l("Ends"))
    held_on = DayField(_l("Day"), description=_l("Only where the hour is not known yet."))
    languages = CheckboxesField(_l("Spoken languages"))
    series_id = ChoiceField(_l("Series"))
    host_ids = PickerField(_l("Partners that hold it"), kind="partner")
    host_names = StringField(_l("Others who hold it"), _NAMES, description=_l("Names, parted by semicolons."))
    partner_ids = PickerField(_l("Other partners in it"), kind="partner")
    project_ids = PickerField(_l("Projects it is about"), kind="project")
    municipality_ids = PickerField(_l("Municipalities it is about"), kind="municipality")
    themes = ThemesField(description=_l("One to three: what it is mostly about."))
    info_url = StringField(_l("Its own page elsewhere"), [longest(2000), web_address])
    join_url = StringField(
        _l("Where to join"),
        [longest(2000), web_address],
        description=_l("Mailed to those who have a place. It stands on no page and in no feed."),
    )
    capacity = WholeNumberField(
        _l("Places"), least=1, most=MOST_PLACES, description=_l("Left empty, everybody gets in.")
    )
    registration_opens_at = MomentField(_l("Registration opens"), description=_l("Left empty: as soon as it is open."))
    registration_closes_at = MomentField(_l("Registration closes"), description=_l("Left empty: when it begins."))
    retention_days = WholeNumberField(
        _l("Registrations are deleted after so many days"),
        [filled_in(_l("Write how many days."))],
        least=1,
        most=MOST_DAYS,
        description=_l("Counted from the end of the webinar."),
    )
    publish_at = MomentField(
        _l("Nobody sees it before"), description=_l("Left empty, it is out as soon as it is announced.")
    )
    reason_da = StringField(_l("Why it was called off, in Danish"), _REASON)
    reason_en = StringField(_l("Why it was called off, in English"), _REASON)

    before: Content
    own_partners: frozenset[int] | None

    @classmethod
    def of(cls, webinar: Webinar | None, actor: Actor, **options: Any) -> "WebinarForm":
        content = content_of(webinar) if webinar else Content(host_ids=tuple(sorted(actor.partner_ids)[:1]))
        now = {**content.texts, **{name: _plain(getattr(content, name)) for name in VALUES}, "zone": content.zone}
        now["zone"] = content.zone or COPENHAGEN.key
        version = webinar.version if webinar else ""
        form = cls(obj=SimpleNamespace(**now, version=version), **options)
        form.before = content
        form.own_partners = None if actor.has(Role.EDITOR) else actor.partner_ids
        form.series_id.offer(series.choices(actor, content.series_id), _("None"))
        spoken = Locale(bilingual.chosen()).languages
        codes = dict.fromkeys((*SPOKEN, *content.languages))
        form.languages.choices = [(code, spoken.get(code, code).capitalize()) for code in codes]
        return form

    def process(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        """Let every moment be read by the clocks of the zone that is sent with it."""
        sent = self.meta.wrap_formdata(self, formdata)
        zone = _zone(sent.get("zone") if sent else getattr(obj, "zone", ""))
        for name in MOMENTS:
            self[name].zone = zone or COPENHAGEN
        super().process(formdata, obj, **options)

    def validate_zone(self, field: Any) -> None:
        zone = _zone(field.data)
        if zone is None:
            raise ValidationError(_("There is no such time zone. Write one as Europe/Copenhagen or America/New_York."))
        field.data = zone.key

    def validate_ends_at(self, field: Any) -> None:
        if field.data is None:
            return
        if self.starts_at.data is None:
            if not self.starts_at.errors:
                raise StopValidation(_("Write when it begins as well."))
        elif field.data <= self.starts_at.data:
            raise StopValidation(_("The end is before the start."))

    def validate_registration_closes_at(self, field: Any) -> None:
        opens = self.registration_opens_at.data
        if field.data and opens and field.data <= opens:
            raise StopValidation(_("Registration would close before it opens."))

    def validate_host_ids(self, field: Any) -> None:
        if self.own_partners is not None and self.own_partners.isdisjoint(field.data):
            raise StopValidation(_("Choose a partner that you act for as one of those who hold it."))

    def details(self) -> Content:
        """What the writer says."""
        texts = {**dict.fromkeys(TEXTS, ""), **{name: self[name].data or "" for name in TEXTS}}
        said = {name: _tuple(self[name].data) for name in VALUES if name not in WORKED_OUT}
        starts, zone = said["starts_at"], ZoneInfo(self.zone.data or COPENHAGEN.key)
        return self.before.but(
            **said,
            host_names=self.host_names.data or "",
            info_url=self.info_url.data or "",
            join_url=self.join_url.data or "",
            texts=texts,
            zone=zone.key,
            held_on=starts.astimezone(zone).date() if starts else self.held_on.data,
            themes=tuple(self.themes.data),
        )


def _zone(key: Any) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(key).strip()) if key else None
    except (KeyError, ValueError, OSError):  # OSError: a folder of the zone database
        return None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
