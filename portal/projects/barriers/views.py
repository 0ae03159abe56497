"""What stands in a project's way, a line for each barrier that it has chosen."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from portal.core.partdesk import Words
from portal.core.permissions import audience
from portal.core.web import actor, pages
from portal.projects import queries, wording
from portal.projects.barriers import queries as barriers
from portal.projects.barriers.forms import BarrierForm
from portal.projects.models import BarrierNote, Project
from portal.projects.parts.desk import EDIT, Desk, form_of
from portal.projects.sections import render

bp = pages("barriers", __name__, "/projects")
bp.add_app_template_global(wording.barrier_tone)

WITH_BARRIERS = selectinload(Project.barriers)


def _offer(form: BarrierForm, project: Project) -> None:
    form.visibility.offer(project)


DESK = Desk(
    BarrierNote,
    "barrier",
    form_of(BarrierForm, _offer),
    "projects/barriers/form.html",
    "barriers.index",
    Words(_l("Describe the barrier"), _l("Describe the barrier")),
)


@bp.get("/<slug>/barriers")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), EDIT, WITH_BARRIERS)
    return render(
        "projects/barriers/index.html",
        project,
        barriers=barriers.chosen_by(project),
        notes=barriers.notes_of(project),
    )


@bp.route("/<slug>/barriers/<word>/edit", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str, word: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), EDIT, WITH_BARRIERS)
    barrier = barriers.chosen(project, word)
    note = barriers.notes_of(project).get(barrier)
    return DESK.edit(slug, note.id) if note else DESK.add(slug, barrier=barrier)
