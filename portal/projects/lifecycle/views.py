"""The pages on which a project goes from state to state and says how it goes."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, revise_once, submit_once
from portal.core.labels import label
from portal.core.permissions import allows, audience, require
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.projects import queries
from portal.projects.lifecycle import operations, rules
from portal.projects.lifecycle import queries as lifecycle
from portal.projects.lifecycle.forms import HealthForm, StepForm
from portal.projects.lifecycle.labels import REOPEN_WORDS, STEP_WORDS
from portal.projects.lifecycle.rules import Demand, Step
from portal.projects.models import Health, Project, State
from portal.projects.sections import render

bp = pages("lifecycle", __name__, "/projects")

MENDING = {
    Demand.COORDINATOR: ("partnerships.index", None),
    Demand.START: ("editing.facts", "starts"),
    Demand.END: ("editing.facts", "ends"),
    Demand.RESULT: ("results.index", None),
    Demand.FAILED: ("editing.lessons", "lessons_failed_da"),
    Demand.COST: ("money.costs", None),
    Demand.COPY: ("editing.lessons", "lessons_copy_da"),
}
"""Where what is missing can be mended."""


@bp.route("/<slug>/state", methods=["GET", "POST"])
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), "project.look_inside")
    form = HealthForm(obj=project)

    def act() -> str:
        health = Health(form.health.data)
        operations.say_health(project, health, form.sentences(), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return url_for(".index", slug=project.slug)

    if form.is_submitted():
        require(actor(), "project.manage", project)
        if form.validate():
            place = url_for(".index", slug=project.slug)
            return revise_once(
                form, lambda: HealthForm(formdata=None, obj=project), act, heading=_("How it goes"), cancel=place
            )
    page = render(
        "projects/lifecycle/index.html",
        project,
        form=form,
        steps=[_told(project, step) for step in rules.STEPS[project.state]],
        way=rules.WAY,
        may_manage=allows(actor(), "project.manage", project),
        may_edit=allows(actor(), "project.edit", project),
        one=PortalForm(formdata=None),
        is_open=project.state is None or project.state in rules.OPEN,
    )
    return page, 422 if form.errors else 200


@bp.route("/<slug>/state/<to>", methods=["GET", "POST"])
@audience("signed_in")
def step(slug: str, to: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), "project.look_inside")
    if to == project.state:  # the step is taken already: by a second click, or by somebody else
        return redirect(url_for(".index", slug=project.slug), 303)
    if to not in list(State):
        raise NotFound("step", to)
    wanted = rules.step(project.state, State(to))
    if wanted is None:  # somebody else has taken the project elsewhere since the page was opened
        name = STEP_WORDS[State(to)][0]
        page = render("projects/lifecycle/no_step.html", project, name=name, reason=request.form.get("reason", ""))
        return page, 409
    require(actor(), wanted.action, project)
    form = StepForm()
    form.wants_reason = wanted.wants_reason
    told = _told(project, wanted)

    def act() -> str:
        operations.move(project, wanted.to, reason=form.reason.data or "", actor=actor(), now=clock.now())
        flash(_("The project is now: %(state)s.", state=label(wanted.to).lower()), "success")
        return url_for(".index", slug=project.slug)

    if not told["missing"] and form.validate_on_submit():
        return submit_once(form, act)
    page = render("projects/lifecycle/step.html", project, form=form, step=told)
    return page, 422 if form.is_submitted() else 200


def _told(project: Project, step: Step) -> dict[str, Any]:
    """A step as its page tells it: what it is called, what is missing and where to mend that, whether one may."""
    words = {**STEP_WORDS, **(REOPEN_WORDS if step.wants_reason else {})}[step.to]
    missing = rules.missing(lifecycle.known(project), step.to)
    return {
        "to": step.to.value,
        "name": words[0],
        "meaning": words[1],
        "wants_reason": step.wants_reason,
        "missing": [(label(demand), _place(project, demand)) for demand in missing],
        "may": allows(actor(), step.action, project),
    }


def _place(project: Project, demand: Demand) -> str:
    endpoint, anchor = MENDING[demand]
    return url_for(endpoint, slug=project.slug, _anchor=anchor)
