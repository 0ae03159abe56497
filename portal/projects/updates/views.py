"""News from a project: written by those who work in it, read by those it is for."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from portal.core import clock
from portal.core.forms import PortalForm
from portal.core.partdesk import Words
from portal.core.permissions import Actor, Role, audience
from portal.core.steps import steps
from portal.core.texts import gettext as _
from portal.core.web import actor, page_number, pages
from portal.partners import queries as partners
from portal.projects import queries
from portal.projects.models import Participation, Project, Update
from portal.projects.parts.desk import EDIT, Desk, form_of
from portal.projects.plan import drawing
from portal.projects.sections import render
from portal.projects.updates import operations
from portal.projects.updates import queries as updates
from portal.projects.updates.forms import LONGEST_BODY, UpdateForm

bp = pages("updates", __name__, "/projects")

UPDATE = "<int:update_id>"


def _offer(form: UpdateForm, project: Project) -> None:
    mine = _partners_of(actor(), project, form.partner_id.object_data)
    form.partner_id.offer(mine, _("The project"))
    form.visibility.offer(project)
    if not form.is_submitted() and form.dated.data is None:
        form.dated.data = clock.today()
        if mine and not actor().is_staff:
            form.partner_id.data = mine[0][0]


def _partners_of(who: Actor, project: Project, signed: int | None) -> list[tuple[int, str]]:
    """In whose name somebody may write: their own partners', and whoever signed before; curators in everybody's."""
    may_all = who.has(Role.CURATOR)
    taking_part = sorted(project.participations, key=lambda one: one.partner.sort_key)
    return [
        (one.partner_id, partners.called(one.partner))
        for one in taking_part
        if one.partner_id == signed or (one.left_at is None and (may_all or one.partner_id in who.partner_ids))
    ]


DESK = Desk(
    Update,
    "update",
    form_of(UpdateForm, _offer),
    "projects/updates/form.html",
    "updates.index",
    Words(_l("Write news from the project"), _l("Change the news")),
    (selectinload(Project.participations).joinedload(Participation.partner),),
)


DESK.serve(bp, "/<slug>/updates", deletes=False)


@bp.get("/<slug>/updates")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), EDIT)
    return render(
        "projects/updates/index.html",
        project,
        updates=updates.all_of(project.id, actor()),
        called=partners.called,
        form=PortalForm(),
    )


@bp.get("/<slug>/updates/archive")
@audience("everyone")
def archive(slug: str) -> ResponseReturnValue:
    project, part = updates.archive(slug, actor(), page_number())
    told = [drawing.told(one, project) for one in part.rows]
    return render_template("projects/updates/archive.html", project=project, told=told, steps=steps(part))


@bp.get(f"/<slug>/updates/{UPDATE}")
@audience("everyone")
def show(slug: str, update_id: int) -> ResponseReturnValue:
    project, update = updates.one(slug, update_id, actor())
    return render_template("projects/updates/show.html", project=project, update=update, called=partners.called)


@bp.post(f"/<slug>/updates/{UPDATE}/<any(withdraw, restore):decision>")
@audience("signed_in")
def decide(slug: str, update_id: int, decision: str) -> ResponseReturnValue:
    do = {"withdraw": operations.withdraw, "restore": operations.restore}[decision]

    def act(project: Project, update: Any) -> None:
        do(update, project, actor=actor(), now=clock.now())

    return DESK.act(slug, update_id, act)


@bp.post("/<slug>/updates/preview")
@audience("signed_in")
def preview(slug: str) -> ResponseReturnValue:
    """The text as its readers will see it, for static/js/preview.js."""
    queries.to_work_on(slug, actor(), EDIT)
    return render_template("projects/updates/preview.html", text=request.form.get("text", "")[:LONGEST_BODY])
