"""Watch a project, or stop."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.projects.queries import to_work_on
from portal.projects.watching import operations

bp = pages("watching", __name__, "/projects/<slug>/watch")


@bp.post("")
@audience("signed_in")
def watch(slug: str) -> ResponseReturnValue:
    project = to_work_on(slug, actor(), "project.watch")
    is_on = request.args.get("on", "yes") == "yes"

    def act() -> str:
        operations.watch(project, is_on=is_on, actor=actor(), now=clock.now())
        if is_on:
            flash(_("You are told what happens in this project."), "success")
        else:
            flash(_("You are not told about this project any more, except where somebody names you."), "success")
        return url_for("projects.show", slug=slug)

    return submit_once(PortalForm(), act)
