"""The pages on which a webinar is worked on, in the order of their menu, and the frame they share."""

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from portal.core.sections import Section, menu
from portal.webinars.models import Webinar

SECTIONS: tuple[Section, ...] = (
    Section("webinars.show", _l("Public page"), "webinar.see"),
    Section("webinar_states.index", _l("State"), "webinar.look_inside"),
    Section("webinar_editing.edit", _l("Text, time and places"), "webinar.edit"),
    Section("sessions.index", _l("Programme"), "webinar.edit"),
    Section("webinar_reviewing.talk", _l("Comments"), "webinar.discuss"),
    Section("webinar_reviewing.readers", _l("Links to the draft"), "webinar.share"),
    Section("webinar_reviewing.versions", _l("Versions"), "webinar.look_inside", ("webinar_reviewing.version",)),
    Section("registrations.index", _l("Registrations"), "registration.read"),
    Section("recording.edit", _l("Recording"), "webinar.record"),
    Section("recording.slides", _l("Slides and captions"), "webinar.record"),
    Section("questions.index", _l("Questions and answers"), "webinar.record"),
)


def render(template: str, webinar: Webinar, **values: Any) -> str:
    """A page of the desk: `template` extends `webinars/section.html`, whose menu shows what the actor may open."""
    return render_template(template, webinar=webinar, sections=menu(SECTIONS, webinar), **values)
