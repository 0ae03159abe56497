"""The pages on which a webinar is worked on, in the order of their menu, and the frame they share."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from portal.core.permissions import allows
from portal.core.web import actor, path_for
from portal.webinars.models import Webinar


@dataclass(frozen=True)
class Section:
    """A page of the webinar's desk: where it is, what it is called, and what one must be allowed to do to open it."""

    endpoint: str
    label: Any
    action: str


SECTIONS: tuple[Section, ...] = (
    Section("webinars.show", _l("Public page"), "webinar.see"),
    Section("webinar_states.index", _l("State"), "webinar.look_inside"),
    Section("webinar_editing.edit", _l("Text, time and places"), "webinar.edit"),
    Section("sessions.index", _l("Programme"), "webinar.edit"),
    Section("registrations.index", _l("Registrations"), "registration.read"),
    Section("recording.edit", _l("Recording"), "webinar.publish"),
    Section("recording.slides", _l("Slides and captions"), "webinar.publish"),
    Section("questions.index", _l("Questions and answers"), "webinar.publish"),
)


def render(template: str, webinar: Webinar, **values: Any) -> str:
    """A page of the desk: `template` extends `webinars/section.html`, whose menu shows what the actor may open."""
    here = str(request.endpoint).partition(".")
    kin = [section.endpoint for section in SECTIONS if section.endpoint.partition(".")[0] == here[0]]
    active = kin[0] if len(kin) == 1 else request.endpoint
    menu = [
        {
            "label": section.label,
            "url": path_for(section.endpoint, slug=webinar.slug),
            "active": section.endpoint == active,
        }
        for section in SECTIONS
        if allows(actor(), section.action, webinar)
    ]
    return render_template(template, webinar=webinar, sections=menu, **values)
