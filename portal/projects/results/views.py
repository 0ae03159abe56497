"""What came of a project: claims with the figures and the evidence behind them."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from portal.core.bilingual import text_of
from portal.core.forms import PortalForm
from portal.core.partdesk import Words
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.projects import queries
from portal.projects.documents import queries as papers
from portal.projects.models import Project, Result
from portal.projects.parts.desk import EDIT, Desk, form_of
from portal.projects.results import queries as results
from portal.projects.results.forms import ResultForm
from portal.projects.sections import render

bp = pages("results", __name__, "/projects")

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
    form_of(ResultForm, _offer),
    "projects/results/form.html",
    "results.index",
    Words(
        _l("Add a result"),
        _l("Change the result"),
        _l("Delete the result?"),
        _l("This cannot be undone."),
    ),
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


DESK.serve(bp, "/<slug>/results")
