"""The editors' desk: what waits, one decision after the other."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.core.permissions import audience
from portal.core.web import pages

bp = pages("staff", __name__, "/staff")


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    return render_template("staff/index.html")
