"""A project's plan: work packages, milestones, deliverables, and how far they are."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from portal.core import clock
from portal.core.bilingual import text_of
from portal.core.forms import PortalForm
from portal.core.labels import label
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.web import actor, pages, table_download
from portal.partners import queries as partners
from portal.projects import queries
from portal.projects.models import Deliverable, Milestone, Participation, Project, WorkPackage
from portal.projects.parts import operations
from portal.projects.parts.desk import EDIT, Desk, Words
from portal.projects.plan import drawing, progress, wording
from portal.projects.plan import queries as plans
from portal.projects.plan.forms import DeliverableForm, MilestoneForm, WorkPackageForm
from portal.projects.sections import render

bp = pages("plan", __name__, "/projects")

WITH_PARTNERS = selectinload(Project.participations).joinedload(Participation.partner)
WITH_PACKAGES = selectinload(Project.work_packages)

for words in (wording.progress_words, wording.late_words, drawing.package_name):
    bp.add_app_template_global(words)


def _offer_partners(form: WorkPackageForm, project: Project) -> None:
    taking_part = sorted(project.participations, key=lambda one: one.partner.sort_key)
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
        WorkPackageForm,
        "projects/plan/work_package.html",
        "plan.index",
        Words(
            _l("Add a work package"),
            _l("Change the work package"),
            _l("Delete the work package?"),
            _l("Its milestones and deliverables stay in the plan, without a work package. This cannot be undone."),
        ),
        _offer_partners,
        (WITH_PARTNERS, WITH_PACKAGES),
    ),
    "milestones": Desk(
        Milestone,
        "milestone",
        MilestoneForm,
        "projects/plan/milestone.html",
        "plan.index",
        Words(
            _l("Add a milestone"),
            _l("Change the milestone"),
            _l("Delete the milestone?"),
            _l("This cannot be undone."),
        ),
        _offer_packages,
        (WITH_PACKAGES,),
    ),
    "deliverables": Desk(
        Deliverable,
        "deliverable",
        DeliverableForm,
        "projects/plan/deliverable.html",
        "plan.index",
        Words(
            _l("Add a deliverable"),
            _l("Change the deliverable"),
            _l("Delete the deliverable?"),
            _l("Results that name it as their evidence lose it. This cannot be undone."),
        ),
        _offer_packages,
        (WITH_PACKAGES,),
    ),
}
DONE = {"milestones": "done_on", "deliverables": "delivered_on"}

KIND = "<any('work-packages', milestones, deliverables):kind>"
STEP = "<any(milestones, deliverables):kind>"
PART = "<int(max=2147483647):part_id>"


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


@bp.route(f"/<slug>/plan/{KIND}/new", methods=["GET", "POST"])
@audience("signed_in")
def add(slug: str, kind: str) -> ResponseReturnValue:
    return DESKS[kind].add(slug)


@bp.route(f"/<slug>/plan/{KIND}/{PART}/edit", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str, kind: str, part_id: int) -> ResponseReturnValue:
    return DESKS[kind].edit(slug, part_id)


@bp.route(f"/<slug>/plan/{KIND}/{PART}/delete", methods=["GET", "POST"])
@audience("signed_in")
def delete(slug: str, kind: str, part_id: int) -> ResponseReturnValue:
    return DESKS[kind].delete(slug, part_id)


@bp.post(f"/<slug>/plan/{KIND}/{PART}/<any('move-up', 'move-down'):way>")
@audience("signed_in")
def move(slug: str, kind: str, part_id: int, way: str) -> ResponseReturnValue:
    return DESKS[kind].move(slug, part_id, up=way == "move-up")


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
