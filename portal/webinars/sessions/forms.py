"""The form of one session of a webinar's programme, with its speakers."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import StopValidation

from portal.core import clock
from portal.core.fields import MomentField, longest
from portal.core.forms import RevisionForm
from portal.core.texts import gettext as _
from portal.webinars.models import NAME, Speaker, Webinar, WebinarSession

MOST_SPEAKERS = 30
TEXTS = ("title_da", "title_en", "abstract_da", "abstract_en")
TIMES = ("starts_at", "ends_at")


class SessionForm(RevisionForm):
    """Its moments are read by the clocks of the webinar's zone."""

    named_by = ("title_da", "title_en")
    nameless = _l("Write it in Danish or in English; the other language can follow.")

    title_da = StringField(_l("Title in Danish"), [longest(NAME)])
    title_en = StringField(_l("Title in English"), [longest(NAME)])
    abstract_da = TextAreaField(_l("What it is about, in Danish"), [longest(5000)])
    abstract_en = TextAreaField(_l("What it is about, in English"), [longest(5000)])
    starts_at = MomentField(_l("Begins"))
    ends_at = MomentField(_l("Ends"))
    speakers = TextAreaField(
        _l("Speakers"),
        [longest(MOST_SPEAKERS * 2 * NAME)],
        description=_l("One on each line, in their order: the name, a semicolon, the organisation at that time."),
    )

    webinar: Webinar

    def __init__(self, *arguments: Any, zone: ZoneInfo = clock.COPENHAGEN, **options: Any) -> None:
        self.zone = zone
        super().__init__(*arguments, **options)

    @classmethod
    def of(cls, session: WebinarSession | None, webinar: Webinar, **options: Any) -> "SessionForm":
        now = {name: getattr(session, name) if session else None for name in (*TEXTS, *TIMES)}
        now["speakers"] = written(session.speakers) if session else ""
        zone = ZoneInfo(webinar.zone) if webinar.zone else clock.COPENHAGEN
        version = session.version if session else ""
        form = cls(obj=SimpleNamespace(**now, version=version), zone=zone, **options)
        form.webinar = webinar
        return form

    def process(self, *arguments: Any, **options: Any) -> None:
        for name in TIMES:
            self[name].zone = self.zone
        super().process(*arguments, **options)

    def validate_ends_at(self, field: Any) -> None:
        if field.data and (self.starts_at.data is None or field.data <= self.starts_at.data):
            raise StopValidation(_("The end is before the start."))

    def validate_starts_at(self, field: Any) -> None:
        begins, ends = self.webinar.starts_at, self.webinar.ends_at
        if field.data and ((begins and field.data < begins) or (ends and field.data >= ends)):
            raise StopValidation(_("That is outside the webinar."))

    def validate_speakers(self, field: Any) -> None:
        named = read(field.data or "")
        if len(named) > MOST_SPEAKERS:
            raise StopValidation(_("Write at most %(most)s.", most=MOST_SPEAKERS))
        if any(not name or len(name) > NAME or len(organisation) > NAME for name, organisation in named):
            raise StopValidation(_("Begin each line with the name, at most 200 characters."))

    def fill(self, session: WebinarSession) -> dict[str, tuple[Any, Any]]:
        """Write what was said into the session; returns what changed."""
        before = {name: getattr(session, name) for name in (*TEXTS, *TIMES)}
        said = {name: self[name].data or "" for name in TEXTS} | {name: self[name].data for name in TIMES}
        changes: dict[str, tuple[Any, Any]] = {
            name: (before[name], value) for name, value in said.items() if (before[name] or None) != (value or None)
        }
        session.write(clock.now(), **{name: said[name] for name in TEXTS})
        for name in TIMES:
            setattr(session, name, said[name])
        named = read(self.speakers.data or "")
        known = [(one.name, one.organisation) for one in session.speakers]
        if named != known:
            changes["speakers"] = (_told(known), _told(named))
            session.speakers = [
                Speaker(name=name, organisation=organisation, position=place)
                for place, (name, organisation) in enumerate(named, start=1)
            ]
        return changes


def read(text: str) -> list[tuple[str, str]]:
    """(name, organisation) of each line."""
    lines = [line.partition(";") for line in text.splitlines() if line.strip()]
    return [(name.strip(), organisation.strip()) for name, _sign, organisation in lines]


def written(speakers: Sequence[Speaker]) -> str:
    """The lines that `read` reads."""
    return "\n".join("; ".join(filter(None, (one.name, one.organisation))) for one in speakers)


def _told(named: list[tuple[str, str]]) -> list[str]:
    return [", ".join(filter(None, one)) for one in named]
