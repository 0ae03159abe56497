"""The first page of the editors' desk: what waits, oldest first."""

from flask.typing import ResponseReturnValue

from portal.core.permissions import audience
from portal.core.web import actor, pages
from portal.staff import desk

bp = pages("staff", __name__, "/staff")


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    return desk.render("staff/index.html", waiting=desk.waiting(actor()))
