"""A project's money: what it costs, who gives it, who bears it. Three things, never added up."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from portal.core import clock
from portal.core.forms import PortalForm, RevisionForm, revise_once
from portal.core.partdesk import Words
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.partners import queries as partners
from portal.projects import queries
from portal.projects.models import Funding, Participation, Project
from portal.projects.money import operations
from portal.projects.money import queries as money
from portal.projects.money.forms import CostForm, FundingForm, shares_form
from portal.projects.money.sums import sums_of
from portal.projects.parts.desk import EDIT, Desk, form_of
from portal.projects.sections import render

bp = pages("money", __name__, "/projects")
bp.add_app_template_global(sums_of)

WITH_PARTNERS = selectinload(Project.participations).joinedload(Participation.partner)


def _offer(form: FundingForm, project: Project) -> None:
    form.visibility.offer(project)


def _costs_form(project: Project, **options: Any) -> CostForm:
    form = CostForm(obj=project, **options)
    form.costs_visibility.offer(project)
    return form


DESK = Desk(
    Funding,
    "funding",
    form_of(FundingForm, _offer),
    "projects/money/funding.html",
    "money.index",
    Words(
        _l("Add money"),
        _l("Change the funding"),
        _l("Delete the funding?"),
        _l("The project’s history keeps what it said. This cannot be undone."),
    ),
)


@bp.get("/<slug>/money")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), EDIT)
    shares = money.shares_of(project.id, actor())
    return render(
        "projects/money/index.html",
        project,
        funding=money.funding_of(project.id),
        shares=shares,
        shared=sum((one.budget_share for one in shares), Decimal(0)),
        called=partners.called,
        form=PortalForm(),
    )


DESK.serve(bp, "/<slug>/money/funding")


@bp.route("/<slug>/money/costs", methods=["GET", "POST"])
@audience("signed_in")
def costs(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), EDIT)
    form = _costs_form(project)

    def current() -> CostForm:
        return _costs_form(queries.to_work_on(slug, actor(), EDIT), formdata=None)

    heading = _("What it costs")
    return _revise(project, form, current, heading, "projects/money/costs.html", operations.revise_costs)


@bp.route("/<slug>/money/shares", methods=["GET", "POST"])
@audience("signed_in")
def shares(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), EDIT, WITH_PARTNERS)
    form = shares_form(project, _names(project))

    def current() -> Any:
        stands = queries.to_work_on(slug, actor(), EDIT, WITH_PARTNERS)
        # The partners as they were when the form was made: the two are compared field by field.
        return shares_form(stands, _names(project), formdata=None)

    heading = _("Who bears the budget")
    return _revise(project, form, current, heading, "projects/money/shares.html", operations.revise_shares)


def _names(project: Project) -> list[tuple[int, str]]:
    taking_part = sorted(project.participations, key=lambda one: one.partner.sort_key)
    return [(one.id, partners.called(one.partner)) for one in taking_part]


def _revise(
    project: Project,
    form: Any,
    current: Callable[[], RevisionForm],
    heading: str,
    template: str,
    operation: Callable[..., None],
) -> ResponseReturnValue:
    """Change figures of the project itself, which two people may be changing at once."""
    back = url_for(".index", slug=project.slug)

    def act() -> str:
        operation(project, form.details(), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return back

    if form.validate_on_submit():
        return revise_once(form, current, act, heading=heading, cancel=back)
    page = render(template, project, form=form, page_heading=heading, back=back, part=None)
    return page, 422 if form.errors else 200
