"""The pages on which partners are asked into a project, answer, change their part, pass it on and leave."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import Role as Platform
from portal.core.permissions import allows, audience, require
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.partners import queries as partners
from portal.projects import queries
from portal.projects.lifecycle.rules import COORDINATED
from portal.projects.models import Participation, Project, Role
from portal.projects.partnerships import mail, operations
from portal.projects.partnerships import queries as partnerships
from portal.projects.partnerships.forms import AnswerForm, InviteForm, TermsForm, TransferForm
from portal.projects.partnerships.models import PartnershipProposal, ProposalState
from portal.projects.sections import render

bp = pages("partnerships", __name__, "/projects")

OTHERS = tuple(role for role in Role if role is not Role.COORDINATOR)


@bp.get("/<slug>/partners")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    project = _project(slug, "project.look_inside")
    order = list(Role)
    parts = sorted(
        project.participations,
        key=lambda one: (
            one.left_at is not None,
            order.index(one.role) if one.role else len(order),
            one.partner.sort_key,
        ),
    )
    return render(
        "projects/partnerships/index.html",
        project,
        parts=parts,
        proposals=partnerships.of_project(project.id),
        form=PortalForm(),
        may_manage=allows(actor(), "project.manage", project),
        may_pass_on=allows(actor(), "project.answer_for", project),
        needs_coordinator=project.state in COORDINATED and operations.coordinator_of(project) is None,
    )


@bp.route("/<slug>/partners/invite", methods=["GET", "POST"])
@audience("signed_in")
def invite(slug: str) -> ResponseReturnValue:
    project = _project(slug, "project.manage")
    form = InviteForm()
    form.ask_one_of(partnerships.invitable(project))
    form.offer(OTHERS if operations.coordinator_of(project) else tuple(Role))
    form.use(project.shares_currency)

    def act() -> str:
        asked = operations.invite(
            project,
            partnerships.partner(form.partner.data),
            form.terms(),
            form.message.data or "",
            actor=actor(),
            now=clock.now(),
        )
        mail.ask(partnerships.proposal(asked.id, actor()))
        flash(_("They are asked. They take part once one of their administrators has said yes."), "success")
        return url_for(".index", slug=project.slug)

    return _asking(form, project, act, "projects/partnerships/invite.html")


@bp.route("/<slug>/ask", methods=["GET", "POST"])
@audience("members")
def ask(slug: str) -> ResponseReturnValue:
    """A partner's admin asks to be let into a project that everybody, or every partner, may see."""
    project = _project(slug, "project.see")
    form = InviteForm()
    mine = partnerships.administered(actor(), project)
    form.ask_one_of(mine)
    if not mine:
        raise NotFound("partner", slug)
    form.offer(OTHERS)
    form.use(project.shares_currency)

    def act() -> str:
        asked = operations.request(
            project,
            partnerships.partner(form.partner.data),
            form.terms(),
            form.message.data or "",
            actor=actor(),
            now=clock.now(),
        )
        mail.ask(partnerships.proposal(asked.id, actor()))
        flash(_("The project is asked. You hear from it by mail."), "success")
        return url_for(".show", proposal_id=asked.id)

    return _asking(form, project, act, "projects/partnerships/ask.html")


def _asking(form: InviteForm, project: Project, act: Any, template: str) -> ResponseReturnValue:
    """Send a question, unless the partner has one open already."""
    if form.validate_on_submit():
        open_ones = {one.partner_id for one in partnerships.of_project(project.id)}
        if form.partner.data not in open_ones:
            return submit_once(form, act)
        form.partner.errors = [_("A question between this partner and the project is open already.")]
    status = 422 if form.errors else 200
    if template.endswith("ask.html"):
        return render_template(template, form=form, project=project), status
    return render(template, project, form=form), status


@bp.get("/proposals")
@audience("members")
def proposals() -> ResponseReturnValue:
    """The questions that wait for the reader, and what became of the last ones."""
    return render_template(
        "projects/partnerships/proposals.html",
        waiting=partnerships.waiting_for(actor()),
        handled=partnerships.recently_handled(actor()),
    )


@bp.route("/proposals/<int:proposal_id>", methods=["GET", "POST"])
@audience("signed_in")
def show(proposal_id: int) -> ResponseReturnValue:
    """One question. Sent back to this page, the form is a no; yes and taking back are buttons of their own."""
    proposal = partnerships.proposal(proposal_id, actor())
    form = AnswerForm()

    def act() -> str:
        operations.refuse(proposal, form.reason.data or "", actor=actor(), now=clock.now())
        return _answered(proposal)

    if form.is_submitted() and proposal.state is not ProposalState.PENDING:
        return redirect(url_for(".show", proposal_id=proposal.id), 303)
    if form.validate_on_submit():
        require(actor(), "proposal.answer", proposal)
        if form.reason.data:
            return submit_once(form, act)
        form.reason.errors = [_("Say why not, in a sentence: those who asked read it.")]
    page = render_template(
        "projects/partnerships/show.html",
        proposal=proposal,
        project=proposal.project,
        form=form,
        may_answer=allows(actor(), "proposal.answer", proposal),
        may_withdraw=allows(actor(), "proposal.withdraw", proposal),
        may_see=allows(actor(), "project.see", proposal.project),
        coordinator=operations.coordinator_of(proposal.project),
    )
    return page, 422 if form.errors else 200


@bp.post("/proposals/<int:proposal_id>/accept")
@audience("signed_in")
def accept(proposal_id: int) -> ResponseReturnValue:
    return _decide(proposal_id, operations.accept)


@bp.post("/proposals/<int:proposal_id>/withdraw")
@audience("signed_in")
def withdraw(proposal_id: int) -> ResponseReturnValue:
    return _decide(proposal_id, operations.withdraw)


def _decide(proposal_id: int, decide: Any) -> ResponseReturnValue:
    proposal = partnerships.proposal(proposal_id, actor())
    if proposal.state is not ProposalState.PENDING:
        return redirect(url_for(".show", proposal_id=proposal.id), 303)

    def act() -> str:
        decide(proposal, actor=actor(), now=clock.now())
        return _answered(proposal)

    return submit_once(PortalForm(), act)


def _answered(proposal: PartnershipProposal) -> str:
    """Tell the other side, and show what became of the question."""
    mail.tell(proposal)
    return url_for(".show", proposal_id=proposal.id)


@bp.route("/<slug>/partners/<int:part_id>", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str, part_id: int) -> ResponseReturnValue:
    project = _project(slug, "project.manage")
    part = _part(project, part_id)
    form = TermsForm(obj=part)
    form.offer((Role.COORDINATOR,) if part.role is Role.COORDINATOR else OTHERS)

    def act() -> str:
        operations.revise(project, part, form.terms(), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return url_for(".index", slug=project.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = render("projects/partnerships/edit.html", project, form=form, name=partners.called(part.partner))
    return page, 422 if form.errors else 200


@bp.route("/<slug>/partners/<int:part_id>/end", methods=["GET", "POST"])
@audience("signed_in")
def end(slug: str, part_id: int) -> ResponseReturnValue:
    """End a partner's part: by those who manage the project, or by the partner's own admin."""
    project = _project(slug, "project.look_inside")
    part = _part(project, part_id)
    is_own = part.partner_id in actor().admin_of
    if not is_own:
        require(actor(), "project.manage", project)
    form = PortalForm()
    name = partners.called(part.partner)

    def act() -> str:
        operations.end(project, part, actor=actor(), now=clock.now())
        mail.ended(project, part.partner_id, name, actor().account_id)
        flash(_("%(partner)s no longer takes part.", partner=name), "success")
        return url_for("workspace.index") if is_own else url_for(".index", slug=project.slug)

    if form.validate_on_submit() and part.role is not Role.COORDINATOR:
        return submit_once(form, act)
    return render("projects/partnerships/end.html", project, form=form, part=part, name=name, is_own=is_own)


@bp.route("/<slug>/transfer", methods=["GET", "POST"])
@audience("signed_in")
def transfer(slug: str) -> ResponseReturnValue:
    """Pass the coordination on: the receiving partner accepts, or staff force it with a reason."""
    project = _project(slug, "project.answer_for")
    form = TransferForm()
    others = [one for one in project.participations if one.role is not Role.COORDINATOR and one.left_at is None]
    form.partner.choices = [(one.partner_id, partners.called(one.partner)) for one in others]
    may_force = actor().has(Platform.CURATOR)

    def act() -> str:
        message, now = form.message.data or "", clock.now()
        if may_force and form.force.data:
            operations.force_coordination(project, form.partner.data, message, actor=actor(), now=now)
            flash(_("The coordination is passed on."), "success")
        else:
            partner = partnerships.partner(form.partner.data)
            asked = operations.offer_coordination(project, partner, message, actor=actor(), now=now)
            mail.ask(partnerships.proposal(asked.id, actor()))
            flash(_("They are asked. They coordinate once one of their administrators has said yes."), "success")
        return url_for(".index", slug=project.slug)

    if form.validate_on_submit():
        open_ones = {one.partner_id for one in partnerships.of_project(project.id)}
        if may_force and form.force.data and not form.message.data:
            form.message.errors = [_("Say why, in a sentence: it stands in the history.")]
        elif form.partner.data in open_ones:
            form.partner.errors = [_("A question between this partner and the project is open already.")]
        else:
            return submit_once(form, act)
    page = render("projects/partnerships/transfer.html", project, form=form, may_force=may_force)
    return page, 422 if form.errors else 200


def _project(slug: str, action: str) -> Project:
    return queries.to_work_on(slug, actor(), action, partnerships.WITH_PARTNERS)


def _part(project: Project, part_id: int) -> Participation:
    part = next((one for one in project.participations if one.id == part_id), None)
    if part is None or part.left_at is not None:
        raise NotFound("participation", part_id)
    return part
