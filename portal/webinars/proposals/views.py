"""The webinars that somebody works on, and the way of a proposal between them and the desk."""

from collections.abc import Callable

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Invalid, NotFound
from portal.core.forms import PortalForm, answered, submit_once
from portal.core.labels import label
from portal.core.permissions import audience
from portal.core.steps import steps
from portal.core.texts import gettext as _
from portal.core.web import actor, page_number, pages
from portal.editorial.forms import AnswerForm
from portal.webinars.editing import queries as editing
from portal.webinars.models import State, Webinar
from portal.webinars.proposals import operations, queries
from portal.webinars.sections import render
from portal.webinars.states import rules

bp = pages("webinar_proposals", __name__, "/my/webinars")


@bp.get("")
@audience("members")
def index() -> ResponseReturnValue:
    found = queries.mine(actor(), page_number())
    return render_template("webinars/proposals/index.html", webinars=found.rows, steps=steps(found))


def _decided(slug: str, rule: str, act: Callable[[Webinar], None]) -> ResponseReturnValue:
    """One press of a button; back to the webinar."""
    form = PortalForm()
    if done := answered(form):
        return done
    webinar = editing.to_work_on(slug, actor(), rule)

    def do() -> str:
        act(webinar)
        return url_for("webinar_states.index", slug=webinar.slug)

    return submit_once(form, do)


@bp.post("/<slug>/submit")
@audience("signed_in")
def submit(slug: str) -> ResponseReturnValue:
    def act(webinar: Webinar) -> None:
        operations.submit(webinar, actor=actor(), now=clock.now())
        flash(_("Thank you. The staff are told that it waits for them."), "success")

    try:
        return _decided(slug, "webinar.submit", act)
    except Invalid:
        db.session.expire_all()
    webinar = editing.to_work_on(slug, actor(), "webinar.submit")
    lacking = [label(one) for one in rules.missing(webinar, State.IN_REVIEW, clock.now())]
    return render("webinars/proposals/lacking.html", webinar, lacking=lacking), 422


@bp.post("/<slug>/take-back")
@audience("signed_in")
def take_back(slug: str) -> ResponseReturnValue:
    return _decided(
        slug, "webinar.take_back", lambda webinar: operations.take_back(webinar, actor=actor(), now=clock.now())
    )


@bp.post("/<slug>/take")
@audience("staff")
def take(slug: str) -> ResponseReturnValue:
    return _decided(slug, "webinar.publish", lambda webinar: operations.take(webinar, actor=actor(), now=clock.now()))


ANSWERS: dict[str, Callable[..., None]] = {"return": operations.give_back, "refuse": operations.refuse}


@bp.route("/<slug>/<any(return, refuse):answer>", methods=["GET", "POST"])
@audience("staff")
def answer(slug: str, answer: str) -> ResponseReturnValue:
    form = AnswerForm()
    if done := answered(form):
        return done
    webinar = editing.to_work_on(slug, actor(), "webinar.publish")
    if webinar.submitted_at is None or webinar.state not in (State.SUBMITTED, State.IN_REVIEW):
        raise NotFound("proposal", slug)

    def act() -> str:
        ANSWERS[answer](webinar, form.reason.data or "", actor=actor(), now=clock.now())
        flash(_("Whoever proposed it is told."), "success")
        return url_for("webinar_states.index", slug=webinar.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    heading = _("Return it to be worked over") if answer == "return" else _("Refuse the proposal")
    page = render("webinars/proposals/answer.html", webinar, form=form, page_heading=heading)
    return page, 422 if form.errors else 200
