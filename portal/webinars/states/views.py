"""Where a webinar stands, what is next, and each step."""

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, answered, submit_once, text_states
from portal.core.labels import label
from portal.core.permissions import allows, audience
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.webinars import timing
from portal.webinars.editing import queries
from portal.webinars.models import State, Webinar
from portal.webinars.sections import render
from portal.webinars.states import operations, rules
from portal.webinars.states.forms import StepForm
from portal.webinars.states.labels import BACK_WORDS, STEP_MEANINGS, STEP_WORDS

bp = pages("webinar_states", __name__, "/webinars")


@bp.get("/<slug>/state")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    webinar = queries.to_work_on(
        slug, actor(), "webinar.look_inside", joinedload(Webinar.series), joinedload(Webinar.created_by)
    )
    return render(
        "webinars/states/index.html",
        webinar,
        phase=timing.phase_of(webinar, clock.now()),
        languages_=text_states(webinar),
        steps=[_told(webinar, step) for step in rules.STEPS[webinar.state]],
        may=lambda action: allows(actor(), action, webinar),
        is_proposal=webinar.submitted_at is not None and webinar.state in (State.SUBMITTED, State.IN_REVIEW),
        form=PortalForm(formdata=None),
    )


def _told(webinar: Webinar, step: rules.Step) -> dict[str, Any]:
    """A step as its page tells it: what it is called, what it means, what is missing."""
    is_back = step.to is State.ANNOUNCED and webinar.state in BACK_WORDS
    return {
        "to": step.to.value,
        "name": BACK_WORDS[webinar.state] if is_back else STEP_WORDS[step.to],
        "meaning": STEP_MEANINGS[step.to],
        "reason": step.reason.value,
        "missing": [label(demand) for demand in rules.missing(webinar, step.to, clock.now())],
    }


@bp.route("/<slug>/state/<to>", methods=["GET", "POST"])
@audience("signed_in")
def step(slug: str, to: str) -> ResponseReturnValue:
    form = StepForm()
    if done := answered(form):
        return done
    webinar = queries.to_work_on(slug, actor(), "webinar.publish")
    wanted = rules.step(webinar, State(to)) if to in list(State) else None
    if wanted is None:
        raise NotFound("step", to)
    form.wants = wanted.reason
    told = _told(webinar, wanted)

    def act() -> str:
        reasons = form.reasons() if wanted.reason is rules.Reason.FOR_READERS else None
        said = form.reason.data or "" if wanted.reason is rules.Reason.FOR_STAFF else ""
        operations.move(webinar, wanted.to, reason=said, reasons=reasons, actor=actor(), now=clock.now())
        flash(_("The webinar is now: %(state)s.", state=label(wanted.to).lower()), "success")
        return url_for(".index", slug=webinar.slug)

    if not told["missing"] and form.validate_on_submit():
        return submit_once(form, act)
    page = render("webinars/states/step.html", webinar, form=form, step=told)
    return page, 422 if form.is_submitted() else 200
