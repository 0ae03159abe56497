"""A webinar's programme: its sessions and who speaks in them."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from portal.core.permissions import audience
from portal.core.web import pages
from portal.webinars.models import WebinarSession
from portal.webinars.parts.desk import Desk
from portal.webinars.sessions.forms import SessionForm

bp = pages("sessions", __name__, "/webinars")

SESSION = "<int(max=2147483647):session_id>"
DESK = Desk(
    WebinarSession,
    "session",
    "webinar.edit",
    SessionForm.of,
    "sessions",
    _l("Add a session"),
    _l("Change the session"),
    _l("Remove the session?"),
    (selectinload(WebinarSession.speakers),),
)


@bp.get("/<slug>/programme")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    return DESK.index(slug)


@bp.route("/<slug>/programme/new", methods=["GET", "POST"])
@audience("signed_in")
def add(slug: str) -> ResponseReturnValue:
    return DESK.add(slug)


@bp.route(f"/<slug>/programme/{SESSION}/edit", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str, session_id: int) -> ResponseReturnValue:
    return DESK.edit(slug, session_id)


@bp.route(f"/<slug>/programme/{SESSION}/delete", methods=["GET", "POST"])
@audience("signed_in")
def delete(slug: str, session_id: int) -> ResponseReturnValue:
    return DESK.delete(slug, session_id)


@bp.post(f"/<slug>/programme/{SESSION}/move-<any(up, down):way>")
@audience("signed_in")
def move(slug: str, session_id: int, way: str) -> ResponseReturnValue:
    return DESK.move(slug, session_id, up=way == "up")
