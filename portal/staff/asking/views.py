"""How often municipalities ask each other, for the staff: counts and nothing else."""

from datetime import timedelta

from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.permissions import audience, require
from portal.core.web import actor, pages
from portal.progress.asking import queries
from portal.staff import desk

bp = pages("peer_questions", __name__, "/staff/peer-questions")

RECENT = timedelta(days=30)


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    return desk.render("staff/asking/index.html", counts=queries.counts(clock.now() - RECENT))
