"""A partner's desk: what is due, my projects, invitations."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.core.permissions import audience
from portal.core.web import pages

bp = pages("workspace", __name__, "/my")


@bp.get("")
@audience("signed_in")
def index() -> ResponseReturnValue:
    return render_template("workspace/index.html")
