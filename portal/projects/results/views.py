"""What came of a project: claims with the figures and the evidence behind them."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from portal.core.bilingual import text_of
from portal.core.forms import PortalForm
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.projects import queries
from portal.projects.documents import queries as papers
from portal.projects.models import Project, Result
from portal.projects.parts.desk import EDIT, Desk, Words
from portal.projects.results import queries as results
from portal.projects.results.forms import ResultForm
from portal.projects.sections import render

bp = pages("results", __name__, "/projects")

RESULT = "<int(max=2147483647):result_id>"
WITH_DELIVERABLES = selectinload(Project.deliverables)


def _offer(form: ResultForm, project: Project) -> None:
    deliverables = sorted(project.deliverables, key=lambda one: (one.position, one.id))
    form.deliverable_id.offer(((one.id, str(text_of(one, "title"))) for one in deliverables), _("None of them"))
    documents = papers.titles_of(project.id, actor())
    form.document_id.offer(((one.id, str(text_of(one, "title"))) for one in documents), _("None of them"))
    form.visibility.offer(project)


DESK = Desk(
    Result,
    "result",
    ResultForm,
    "projects/results/form.html",
    "results.index",
    Words(
        _l("Add a result"),
        _l("Change the result"),
        _l("Delete the result?"),
        _l("This cannot be undone."),
    ),
    _offer,
    (WITH_DELIVERABLES,),
)


@bp.get("/<slug>/results")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), EDIT, WITH_DELIVERABLES)
    return render(
        "projects/results/index.html",
        project,
        results=results.all_of(project.id, actor()),
        deliverables={one.id: one for one in project.deliverables},
        documents={one.id: one for one in papers.titles_of(project.id, actor())},
        form=PortalForm(),
    )


@bp.route("/<slug>/results/new", methods=["GET", "POST"])
@audience("signed_in")
def add(slug: str) -> ResponseReturnValue:
    return DESK.add(slug)


@bp.route(f"/<slug>/results/{RESULT}/edit", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str, result_id: int) -> ResponseReturnValue:
    return DESK.edit(slug, result_id)


@bp.route(f"/<slug>/results/{RESULT}/delete", methods=["GET", "POST"])
@audience("signed_in")
def delete(slug: str, result_id: int) -> ResponseReturnValue:
    return DESK.delete(slug, result_id)


@bp.post(f"/<slug>/results/{RESULT}/<any('move-up', 'move-down'):way>")
@audience("signed_in")
def move(slug: str, result_id: int, way: str) -> ResponseReturnValue:
    return DESK.move(slug, result_id, up=way == "move-up")
