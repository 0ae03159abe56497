"""The page on which a project's history is read."""

from flask.typing import ResponseReturnValue

from portal.core.permissions import audience
from portal.core.steps import steps
from portal.core.web import actor, page_number, pages
from portal.projects import queries
from portal.projects.history import queries as history
from portal.projects.history.wording import told
from portal.projects.sections import render

bp = pages("history", __name__, "/projects")


@bp.get("/<slug>/history")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), "project.look_inside")
    part = history.entries(project, actor(), page_number())
    return render(
        "projects/history/index.html",
        project,
        entries=[told(entry) for entry in part.rows],
        steps=steps(part),
    )
