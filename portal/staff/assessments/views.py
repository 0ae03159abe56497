"""How far the municipalities have come, at the desk: every cell, each municipality's room, and what it was sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, paging
from portal.core.bilingual import Language, text_of
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, answered, submit_once
from portal.core.permissions import Role, allows, audience, require
from portal.core.steps import steps
from portal.core.texts import gettext as _
from portal.core.web import actor, page_number, pages
from portal.municipalities import queries as municipalities
from portal.progress import queries as progress
from portal.progress.assessing import operations, queries
from portal.progress.assessing.writing import Desk
from portal.progress.labels import STAGES
from portal.progress.models import Assessment, Basis
from portal.progress.reply import operations as replying
from portal.progress.reply import queries as replies
from portal.progress.reply.forms import NoteForm, SendForm
from portal.staff import desk
from portal.staff.assessments.labels import WHAT

bp = pages("staff_assessments", __name__, "/staff/assessments")

FRAME = "staff/section.html"
CELL = "/cells/<int:assessment_id>"
QUEUES = {"disputed": "disputed", "unanswered": "no_reply", "old": "old", "own": "own", "returned": "returned"}


def _render(template: str, **values: Any) -> str:
    return desk.render(template, frame=FRAME, desk="staff_assessments", may_edit=actor().has(Role.CURATOR), **values)


DESK = Desk("staff_assessments", _render)


@dataclass(frozen=True)
class Asked:
    """What the list of cells is filtered by."""

    municipality: str = ""
    dimension: str = ""
    what: str = ""


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    asked = Asked(*(request.args.get(name, "") for name in ("municipality", "dimension", "what")))
    today = clock.today()
    part = paging.cut(queries.boxes(today, asked.municipality, asked.dimension, asked.what), page_number())
    return _render(
        "staff/assessments/index.html",
        asked=asked,
        boxes=part.rows,
        total=part.total,
        steps=steps(part),
        places=[(one.slug, str(text_of(one, "name"))) for one in municipalities.tiles()],
        dimensions=[(one.slug, str(one.text("name"))) for one in progress.dimensions_on(today)],
        what=WHAT.items(),
        on=today,
        stage_names=STAGES,
    )


@bp.get("/<any(disputed, unanswered, old, own, returned):queue>")
@audience("staff")
def queue(queue: str) -> ResponseReturnValue:
    return redirect(url_for(".index", what=QUEUES[queue]))


@bp.get("/<slug>")
@audience("staff")
def room(slug: str) -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    place = municipalities.by_slug(slug)
    today = clock.today()
    coming: dict[int, list[Assessment]] = {}
    for one in queries.of_municipality(place.id, today, actor()):
        if one.state in queries.UNDER_WAY and not _is_not_handed_in(one):
            coming.setdefault(one.dimension_id, []).append(one)
    return _render(
        "staff/assessments/room.html",
        municipality=place,
        cells=progress.cells_of(place.id, today, actor()),
        coming=coming,
        requests=replies.requests_to(place.id),
        awaits=replying.awaits,
        form=PortalForm(),
        stage_names=STAGES,
    )


@bp.route("/<slug>/<dimension>/new", methods=["GET", "POST"])
@audience("staff")
def new(slug: str, dimension: str) -> ResponseReturnValue:
    require(actor(), "assessment.edit", Assessment())
    return DESK.begin(municipalities.by_slug(slug), queries.dimension_in_force(dimension, clock.today()))


@bp.get(CELL)
@audience("staff")
def show(assessment_id: int) -> ResponseReturnValue:
    return DESK.show(_one(assessment_id, "assessment.see"))


@bp.route(f"{CELL}/edit", methods=["GET", "POST"])
@audience("staff")
def edit(assessment_id: int) -> ResponseReturnValue:
    return DESK.edit(_one(assessment_id))


@bp.route(f"{CELL}/evidence", methods=["GET", "POST"])
@audience("staff")
def evidence(assessment_id: int) -> ResponseReturnValue:
    return DESK.add_evidence(_one(assessment_id))


@bp.post(f"{CELL}/evidence/<int:evidence_id>/remove")
@audience("staff")
def remove_evidence(assessment_id: int, evidence_id: int) -> ResponseReturnValue:
    return DESK.remove_evidence(_one(assessment_id), evidence_id)


@bp.post(f"{CELL}/drop")
@audience("staff")
def drop(assessment_id: int) -> ResponseReturnValue:
    return DESK.drop(assessment_id, actor())


@bp.post(f"{CELL}/publish")
@audience("staff")
def publish(assessment_id: int) -> ResponseReturnValue:
    return _decide(assessment_id, operations.publish, _("The assessment is in force."))


@bp.post(f"{CELL}/verify")
@audience("staff")
def verify(assessment_id: int) -> ResponseReturnValue:
    return _decide(assessment_id, operations.verify, _("The assessment is verified."))


def _decide(assessment_id: int, operation: Callable[..., Any], said: str) -> ResponseReturnValue:
    form = PortalForm()
    if done := answered(form):
        return done
    assessment = _one(assessment_id)

    def act(now: Any) -> str:
        operation(assessment, actor=actor(), now=now)
        flash(said, "success")
        return url_for(".room", slug=assessment.municipality.slug)

    return DESK.decide(act, form)


@bp.route(f"{CELL}/answer", methods=["GET", "POST"])
@audience("staff")
def answer(assessment_id: int) -> ResponseReturnValue:
    """Keep an assessment against a dispute, with a public note."""
    assessment = _one(assessment_id)
    if assessment.dispute is None:
        raise NotFound("dispute", assessment_id)
    form = NoteForm(obj=assessment.dispute)

    def act() -> str:
        note = form.note_da.data or "", form.note_en.data or ""
        replying.note(assessment, *note, actor=actor(), now=clock.now())
        flash(_("The answer stands beside the dispute."), "success")
        return url_for(".room", slug=assessment.municipality.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = _render("staff/assessments/answer.html", assessment=assessment, form=form, stage_names=STAGES)
    return page, 422 if form.errors else 200


@bp.route("/<slug>/send", methods=["GET", "POST"])
@audience("staff")
def send(slug: str) -> ResponseReturnValue:
    require(actor(), "assessment.edit", Assessment())
    place = municipalities.by_slug(slug)
    form = SendForm()
    if done := answered(form):
        return done
    sendable = {
        one.id: one
        for one in queries.of_municipality(place.id, clock.today(), actor())
        if replying.may_send(one) and (one.evidence or one.stage is None)
    }
    form.offer((one.id, _in_a_line(one)) for one in sendable.values())
    addresses = replies.addresses_of(place.id, actor())
    if not form.is_submitted() and not form.was_kept and addresses:
        form.email.data = addresses[0].email

    def act() -> str:
        chosen = [sendable[int(number)] for number in form.cells.data or ()]
        language: Language = "en" if form.language.data == "en" else "da"
        message = form.message.data or ""
        replying.send(place, chosen, form.email.data or "", language, message, actor=actor(), now=clock.now())
        flash(_("The mail is on its way to %(email)s.", email=form.email.data), "success")
        return url_for(".room", slug=slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = _render("staff/assessments/send.html", municipality=place, form=form, addresses=addresses)
    return page, 422 if form.errors else 200


@bp.post("/requests/<int:request_id>/remind")
@audience("staff")
def remind(request_id: int) -> ResponseReturnValue:
    require(actor(), "assessment.edit", Assessment())
    asked = replies.by_id(request_id)

    def act() -> str:
        replying.remind(asked, actor=actor(), now=clock.now())
        flash(_("The mail is on its way to %(email)s.", email=asked.email), "success")
        return url_for(".room", slug=asked.municipality.slug)

    return submit_once(PortalForm(), act)


def _in_a_line(one: Assessment) -> str:
    name = str(one.dimension.text("name"))
    stage = _("unknown") if one.stage is None else f"{one.stage} {STAGES[one.stage]}"
    return f"{name}: {stage}"


def _is_not_handed_in(assessment: Assessment) -> bool:
    """What a municipality's people are still writing is theirs alone."""
    return assessment.basis is Basis.SELF and assessment.state in operations.WRITTEN


def _one(assessment_id: int, action: str = "assessment.edit") -> Assessment:
    found = queries.by_id(assessment_id, actor())
    if _is_not_handed_in(found) or not allows(actor(), action, found):
        raise NotFound("assessment", assessment_id)
    return found
