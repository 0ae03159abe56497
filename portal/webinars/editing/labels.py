"""What the trace calls what was done to a webinar."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

name_actions(
    {
        "webinar.created": _l("Webinar begun"),
        "webinar.revised": _l("Webinar changed"),
        "webinar.deleted": _l("Webinar deleted"),
        "webinar.moved": _l("State changed"),
        "session.added": _l("Session added"),
        "session.revised": _l("Session changed"),
        "session.removed": _l("Session removed"),
        "session.moved": _l("Order of the programme changed"),
        "question.added": _l("Question added"),
        "question.revised": _l("Question changed"),
        "question.removed": _l("Question removed"),
        "question.moved": _l("Order of the questions changed"),
        "recording.revised": _l("Recording changed"),
        "slides.added": _l("Slides added"),
        "slides.removed": _l("Slides removed"),
    }
)
