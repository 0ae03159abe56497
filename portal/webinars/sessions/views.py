"""A webinar's programme: its sessions and who speaks in them."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from portal.core.partdesk import Words
from portal.core.permissions import audience
from portal.core.web import pages
from portal.webinars.models import WebinarSession
from portal.webinars.parts.desk import Desk
from portal.webinars.sessions.forms import SessionForm

bp = pages("sessions", __name__, "/webinars")

DESK = Desk(
    WebinarSession,
    "session",
    SessionForm.of,
    "webinars/sessions/form.html",
    "sessions.index",
    Words(_l("Add a session"), _l("Change the session"), _l("Delete the session?")),
    (selectinload(WebinarSession.speakers),),
)


@bp.get("/<slug>/programme")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    return DESK.index(slug)


DESK.serve(bp, "/<slug>/programme")
