"""The page on which a project's history is read."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.permissions import audience
from portal.core.web import actor, pages
from portal.projects import queries
from portal.projects.history import queries as history
from portal.projects.history.wording import told
from portal.projects.sections import render

bp = pages("history", __name__, "/projects")


@bp.get("/<slug>/history")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), "project.look_inside")
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 7):
        raise NotFound("page", asked)
    page = int(asked)
    entries, count = history.entries(project, actor(), page)
    return render(
        "projects/history/index.html", project, entries=[told(entry) for entry in entries], page=page, count=count
    )
