"""What the trace calls what was done to a webinar, and what readers of versions call its fields."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

name_actions(
    {
        "webinar.created": _l("Webinar begun"),
        "webinar.revised": _l("Webinar changed"),
        "webinar.brought_back": _l("An earlier version brought back"),
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

FIELDS = {
    "title": _l("Title"),
    "abstract": _l("What it is about"),
    "reason": _l("Why it was called off"),
    "series_id": _l("Series"),
    "starts_at": _l("Begins"),
    "ends_at": _l("Ends"),
    "held_on": _l("Day"),
    "zone": _l("Time zone"),
    "languages": _l("Spoken languages"),
    "hosts": _l("Partners that hold it"),
    "host_names": _l("Others who hold it"),
    "partners": _l("Other partners in it"),
    "projects": _l("Projects it is about"),
    "municipalities": _l("Municipalities it is about"),
    "themes": _l("Themes"),
    "info_url": _l("Its own page elsewhere"),
    "capacity": _l("Places"),
    "registration_opens_at": _l("Registration opens"),
    "registration_closes_at": _l("Registration closes"),
    "retention_days": _l("Registrations are deleted after so many days"),
    "publish_at": _l("Nobody sees it before"),
}
