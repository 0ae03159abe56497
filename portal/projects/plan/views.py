"""A project's plan: work packages, milestones, deliverables, and how far they are."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from portal.core import clock
from portal.core.bilingual import text_of
from portal.core.forms import PortalForm, submit_once
from portal.core.labels import label
from portal.core.partdesk import PART, Words
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.web import actor, pages, table_download
from portal.partners import queries as partners
from portal.projects import queries
from portal.projects.models import Deliverable, Milestone, Participation, Project, WorkPackage
from portal.projects.parts import operations
from portal.projects.parts.desk import EDIT, Desk, form_of
from portal.projects.plan import drawing, progress, wording
from portal.projects.plan import queries as plans
from portal.projects.plan.forms import DeliverableForm, MilestoneForm, WorkPackageForm
from portal.projects.sections import render

bp = pages("plan", __name__, "/projects")

WITH_PARTNERS = selectinload(Project.participations).joinedload(Participation.partner)
WITH_PACKAGES = selectinload(Project.work_packages)

for words in (wording.progress_words, wording.late_words, wording.in_disorder, drawing.package_name):
    bp.add_app_template_global(words)


def _offer_partners(form: WorkPackageForm, project: Project) -> None:
    known = form.lead_id.object_data
    there = [one for one in project.participations if one.left_at is None or one.partner_id == known]
    taking_part = sorted(there, key=lambda one: one.partner.sort_key)
    form.lead_id.offer(((one.partner_id, partners.called(one.partner)) for one in taking_part), _("Nobody yet"))
    form.visibility.offer(project)
    form.taken = {package.number for package in project.work_packages}
    if form.number.data is None:
        form.number.data = _next_number(form.taken)


def _next_number(taken: Any) -> str:
    numbers = [int(number) for number in taken if number.isascii() and number.isdecimal()]
    return str(max(numbers, default=0) + 1)


def _offer_packages(form: Any, project: Project) -> None:
    packages = sorted(project.work_packages, key=lambda one: (one.position, one.id))
    form.work_package_id.offer(((one.id, drawing.package_name(one)) for one in packages), _("None of them"))
    form.visibility.offer(project)


DESKS = {
    "work-packages": Desk(
        WorkPackage,
        "work_package",
        form_of(WorkPackageForm, _offer_partners),
        "projects/plan/work_package.html",
        "plan.index",
        Words(
            _l("Add a work package"),
            _l("Change the work package"),
            _l("Delete the work package?"),
            _l("Its milestones and deliverables stay in the plan, without a work package. This cannot be undone."),
        ),
        (WITH_PARTNERS, WITH_PACKAGES),
    ),
    "milestones": Desk(
        Milestone,
        "milestone",
        form_of(MilestoneForm, _offer_packages),
        "projects/plan/milestone.html",
        "plan.index",
        Words(
            _l("Add a milestone"),
            _l("Change the milestone"),
            _l("Delete the milestone?"),
            _l("This cannot be undone."),
        ),
        (WITH_PACKAGES,),
    ),
    "deliverables": Desk(
        Deliverable,
        "deliverable",
        form_of(DeliverableForm, _offer_packages),
        "projects/plan/deliverable.html",
        "plan.index",
        Words(
            _l("Add a deliverable"),
            _l("Change the deliverable"),
            _l("Delete the deliverable?"),
            _l("Results that name it as their evidence lose it. This cannot be undone."),
        ),
        (WITH_PACKAGES,),
    ),
}
DONE = {"milestones": "done_on", "deliverables": "delivered_on"}

STEP = "<any(milestones, deliverables):kind>"

for kind, desk in DESKS.items():
    desk.serve(bp, f"/<slug>/plan/{kind}", prefix=f"{desk.noun}_")


@bp.get("/<slug>/plan")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), EDIT)
    plan = plans.of_project(project.id, actor())
    today = clock.today()
    how_far = progress.overview(plan.packages, plan.milestones, plan.deliverables, today)
    return render(
        "projects/plan/index.html",
        project,
        plan=plan,
        how_far=how_far,
        schedule=drawing.drawn(plan, how_far, today),
        schedule_columns=drawing.columns(),
        schedule_rows=drawing.rows(plan, how_far, today),
        called=partners.called,
        packages={package.id: package for package in plan.packages},
        form=PortalForm(),
    )


@bp.post(f"/<slug>/plan/{STEP}/{PART}/<any(done, reopen):decision>")
@audience("signed_in")
def complete(slug: str, kind: str, part_id: int, decision: str) -> ResponseReturnValue:
    desk = DESKS[kind]

    def do(project: Project, part: Any) -> None:
        operations.complete(
            part,
            desk.noun,
            project,
            DONE[kind],
            done=decision == "done",
            actor=actor(),
            now=clock.now(),
            today=clock.today(),
        )

    return desk.act(slug, part_id, do)


@bp.post(f"/<slug>/plan/{STEP}/order")
@audience("signed_in")
def order(slug: str, kind: str) -> ResponseReturnValue:
    """All milestones or deliverables by the day they are due, with one press."""
    desk = DESKS[kind]
    project = desk.thing(slug)

    def act() -> str:
        operations.order_by(desk.model, "due_on", desk.noun, project, actor=actor(), now=clock.now())
        return url_for(".index", slug=slug, _anchor=kind)

    return submit_once(PortalForm(), act)


@bp.get("/<slug>/plan.<any(csv, xlsx):ending>")
@audience("everyone")
def export(slug: str, ending: str) -> ResponseReturnValue:
    project, plan = plans.by_slug(slug, actor())
    how_far = progress.overview(plan.packages, plan.milestones, plan.deliverables, clock.today())
    return table_download(f"{project.slug}-plan", ending, _columns(), _cells(plan, how_far))


def _columns() -> Sequence[str]:
    return (
        _("Kind"),
        _("Work package"),
        _("Title"),
        _("Led by"),
        _("Type"),
        _("Begins on"),
        _("Ends or is due on"),
        _("Done on"),
        _("Weight"),
        _("Progress in per cent"),
        _("Address"),
        _("Who may see it"),
    )


def _cells(plan: plans.Plan, how_far: progress.Overview) -> Iterator[Sequence[Any]]:
    names = {package.id: package.number or str(text_of(package, "title")) for package in plan.packages}
    for one in plan.packages:
        lead = partners.called(one) if one.slug else ""
        dates = one.starts_on, one.ends_on, None
        figures = one.weight, how_far.packages[one.id].percent
        title = str(text_of(one, "title"))
        yield _("Work package"), names[one.id], title, lead, "", *dates, *figures, "", label(one.visibility)
    for one in plan.milestones:
        dates = None, one.due_on, one.done_on
        inside = names.get(one.work_package_id, "")
        title = str(text_of(one, "title"))
        yield _("Milestone"), inside, title, "", "", *dates, None, None, "", label(one.visibility)
    for one in plan.deliverables:
        dates = None, one.due_on, one.delivered_on
        inside = names.get(one.work_package_id, "")
        title = str(text_of(one, "title"))
        yield _("Deliverable"), inside, title, "", one.type, *dates, None, None, one.url, label(one.visibility)
