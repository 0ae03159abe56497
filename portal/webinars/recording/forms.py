"""The forms of a recording: where it is and what belongs to it, slides, captions."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import StopValidation

from portal.core.bilingual import LANGUAGES
from portal.core.captions import clock_of
from portal.core.fields import longest, web_address
from portal.core.filetypes import CAPTIONS
from portal.core.forms import RevisionForm
from portal.core.permissions import Actor, allows
from portal.core.texts import gettext as _
from portal.core.uploads import UploadField, UploadForm
from portal.core.web import LANGUAGE_NAMES
from portal.webinars.models import NAME, State, Webinar
from portal.webinars.recording import chapters
from portal.webinars.recording.operations import Content

LONGEST_TRANSCRIPT = 300_000
_CHAPTERS = _l("One on each line: the time, then the title. 0:00 Welcome")


class RecordingForm(RevisionForm):
    recording_url = StringField(_l("The recording is at"), [longest(2000), web_address])
    duration = StringField(_l("How long it is"), [longest(10)], description=_l("Hours, minutes, seconds: 1:05:30."))
    chapters_da = TextAreaField(_l("Chapters in Danish"), [longest(20_000)], description=_CHAPTERS)
    chapters_en = TextAreaField(_l("Chapters in English"), [longest(20_000)], description=_CHAPTERS)
    transcript_da = TextAreaField(_l("What is said, in Danish"), [longest(LONGEST_TRANSCRIPT)])
    transcript_en = TextAreaField(_l("What is said, in English"), [longest(LONGEST_TRANSCRIPT)])

    @classmethod
    def of(cls, webinar: Webinar, actor: Actor, **options: Any) -> "RecordingForm":
        recording = webinar.recording
        now = {
            "recording_url": webinar.recording_url,
            "duration": clock_of(recording.duration_s * 1000) if recording and recording.duration_s else "",
            **{f"chapters_{code}": chapters.written(webinar.chapters, code) for code in LANGUAGES},
            **{f"transcript_{code}": getattr(recording, f"transcript_{code}", "") or "" for code in LANGUAGES},
        }
        form = cls(obj=SimpleNamespace(**now, version=webinar.version), **options)
        form.keeps_address = webinar.state is State.RECORDED and not allows(actor, "webinar.publish", webinar)
        return form

    keeps_address = False

    def validate_recording_url(self, field: Any) -> None:
        if self.keeps_address and not field.data:
            raise StopValidation(_("Readers see the recording: the editors can take it off the page."))

    def validate_duration(self, field: Any) -> None:
        if field.data and not chapters.seconds(field.data):
            raise StopValidation(_("Write it as 1:05:30 or 45:00."))

    def validate_chapters_da(self, field: Any) -> None:
        _check_chapters(field)

    def validate_chapters_en(self, field: Any) -> None:
        _check_chapters(field)

    def details(self) -> Content:
        return Content(
            url=self.recording_url.data or "",
            duration_s=chapters.seconds(self.duration.data or ""),
            chapters={code: chapters.read(self[f"chapters_{code}"].data or "") for code in LANGUAGES},
            transcripts={code: self[f"transcript_{code}"].data or "" for code in LANGUAGES},
        )


def _check_chapters(field: Any) -> None:
    try:
        found = chapters.read(field.data or "")
    except ValueError as error:
        raise StopValidation(
            _("“%(line)s” is no chapter, or its time stands there twice.", line=str(error)[:60])
        ) from None
    if len(found) > chapters.MOST:
        raise StopValidation(_("Write at most %(most)s.", most=chapters.MOST))


class SlidesForm(UploadForm):
    title_da = StringField(
        _l("Title in Danish"), [longest(NAME)], description=_l("Left empty, the file’s name stands there.")
    )
    title_en = StringField(_l("Title in English"), [longest(NAME)])
    file = UploadField(_l("Slides"), description=_l("A PDF is opened by most."))


class CaptionsForm(UploadForm):
    language = RadioField(_l("Language of the captions"))
    captions = UploadField(_l("Captions"), kinds=CAPTIONS, description=_l("A WebVTT file (.vtt)."))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.language.choices = [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
