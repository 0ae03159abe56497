"""A municipality judges itself: its own people write, point to what it rests on, and hand it in."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, answered
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.municipalities import queries as municipalities
from portal.progress import queries as progress
from portal.progress.assessing import operations, queries
from portal.progress.assessing.writing import Desk
from portal.progress.labels import STAGES
from portal.progress.models import Basis

bp = pages("assessing", __name__, "/my/stages")

FRAME = "progress/assessing/section.html"
CELL = "/cells/<int:assessment_id>"


def _render(template: str, **values: Any) -> str:
    return render_template(template, frame=FRAME, desk="assessing", **values)


DESK = Desk("assessing", _render)


@bp.get("")
@audience("members")
def index() -> ResponseReturnValue:
    """The municipalities that the reader acts for; the room of the one, where it is one."""
    places = queries.own_places(actor())
    if len(places) == 1:
        return redirect(url_for(".room", slug=places[0].slug))
    return _render("progress/assessing/places.html", places=places)


@bp.get("/<slug>")
@audience("members")
def room(slug: str) -> ResponseReturnValue:
    place = municipalities.by_slug(slug)
    queries.own_partner(place.id, actor())
    today = clock.today()
    drafts = {
        one.dimension_id: one.id
        for one in queries.of_municipality(place.id, today, actor())
        if operations.may_write(actor(), one)
    }
    cells = progress.cells_of(place.id, today, actor())
    return _render("progress/assessing/room.html", municipality=place, cells=cells, drafts=drafts, stage_names=STAGES)


@bp.route("/<slug>/<dimension>/new", methods=["GET", "POST"])
@audience("members")
def new(slug: str, dimension: str) -> ResponseReturnValue:
    place = municipalities.by_slug(slug)
    partner = queries.own_partner(place.id, actor())
    return DESK.begin(place, queries.dimension_in_force(dimension, clock.today()), partner)


@bp.get(CELL)
@audience("members")
def show(assessment_id: int) -> ResponseReturnValue:
    return DESK.show(_own(assessment_id))


@bp.route(f"{CELL}/edit", methods=["GET", "POST"])
@audience("members")
def edit(assessment_id: int) -> ResponseReturnValue:
    return DESK.edit(_own(assessment_id))


@bp.route(f"{CELL}/evidence", methods=["GET", "POST"])
@audience("members")
def evidence(assessment_id: int) -> ResponseReturnValue:
    return DESK.add_evidence(_own(assessment_id))


@bp.post(f"{CELL}/evidence/<int:evidence_id>/remove")
@audience("members")
def remove_evidence(assessment_id: int, evidence_id: int) -> ResponseReturnValue:
    return DESK.remove_evidence(_own(assessment_id), evidence_id)


@bp.post(f"{CELL}/drop")
@audience("members")
def drop(assessment_id: int) -> ResponseReturnValue:
    return DESK.drop(assessment_id, actor())


@bp.post(f"{CELL}/hand-in")
@audience("members")
def hand_in(assessment_id: int) -> ResponseReturnValue:
    form = PortalForm()
    if done := answered(form):
        return done
    assessment = _own(assessment_id)

    def act(now: Any) -> str:
        operations.hand_in(assessment, actor=actor(), now=now)
        flash(_("It stands on the municipality’s page as your own assessment."), "success")
        return url_for("municipalities.show", slug=assessment.municipality.slug, _anchor="stages")

    return DESK.decide(act, form)


def _own(assessment_id: int) -> Any:
    """What the reader's municipality judged itself; nobody else's, not even what everybody may read."""
    assessment = queries.by_id(assessment_id, actor())
    queries.own_partner(assessment.municipality_id, actor())
    if assessment.basis is not Basis.SELF:
        raise NotFound("assessment", assessment_id)
    return assessment
