"""The pages on which people come into a project and leave it."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.queries import normal
from portal.core import bilingual, clock, mail
from portal.core.db import db
from portal.core.errors import Invalid, NotFound
from portal.core.forms import PortalForm, answered, submit_once
from portal.core.permissions import allows, audience
from portal.core.texts import gettext as _
from portal.core.web import actor, address, pages, uncached
from portal.projects import queries
from portal.projects.models import Project, TeamMember, TeamRole
from portal.projects.sections import render
from portal.projects.team import operations
from portal.projects.team import queries as team
from portal.projects.team.forms import MemberForm, RoleForm, ShareForm
from portal.projects.team.models import ProjectInvitation

bp = pages("team", __name__, "/projects")


@bp.route("/<slug>/team", methods=["GET", "POST"])
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    """Who works in the project; those who manage it take people of its partners in."""
    project = _project(slug, "project.look_inside")
    may_manage = allows(actor(), "project.manage", project)
    form = MemberForm()
    candidates = team.candidates(project) if may_manage else []
    form.offer(candidates)

    def act() -> str:
        person = team.account(form.account.data)
        if person is None:
            raise NotFound("account", form.account.data)
        operations.set_role(project, person, TeamRole(form.role.data), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return url_for(".index", slug=project.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = render(
        "projects/team/index.html",
        project,
        form=form,
        candidates=candidates,
        share_form=ShareForm(formdata=None),
        may_manage=may_manage,
        invitations=team.unanswered(project.id) if may_manage else (),
        now=clock.now(),
        partners_of=team.partners_of,
    )
    return page, 422 if form.errors else 200


@bp.route("/<slug>/team/<int:member_id>", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str, member_id: int) -> ResponseReturnValue:
    project = _project(slug, "project.manage")
    member = _member(project, member_id)
    form = RoleForm(obj=member)

    def act() -> str:
        operations.set_role(project, member.account, TeamRole(form.role.data), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return url_for(".index", slug=project.slug)

    if form.validate_on_submit():
        try:
            return submit_once(form, act)
        except Invalid:
            project, member = _again(slug, member_id)
            form.role.errors = [_nobody_left()]
    return render("projects/team/edit.html", project, form=form, member=member), 422 if form.errors else 200


@bp.route("/<slug>/team/<int:member_id>/remove", methods=["GET", "POST"])
@audience("signed_in")
def remove(slug: str, member_id: int) -> ResponseReturnValue:
    project = _project(slug, "project.look_inside")
    member = _member(project, member_id)
    is_own = member.account_id == actor().account_id
    if not is_own and not allows(actor(), "project.manage", project):
        raise NotFound("member", member_id)
    form = PortalForm()

    def act() -> str:
        operations.remove(project, member, actor=actor(), now=clock.now())
        flash(_("%(name)s is no longer in the team.", name=member.account.name), "success")
        return url_for("workspace.index") if is_own else url_for(".index", slug=project.slug)

    said = ""
    if form.validate_on_submit():
        try:
            return submit_once(form, act)
        except Invalid:
            project, member = _again(slug, member_id)
            said = _nobody_left()
    page = render("projects/team/remove.html", project, form=form, member=member, is_own=is_own, said=said)
    return page, 422 if said else 200


@bp.post("/<slug>/team/share")
@audience("signed_in")
def share(slug: str) -> ResponseReturnValue:
    project = _project(slug, "project.manage")
    form = ShareForm()

    def act() -> str:
        asked, token = operations.share(
            project, form.email.data or "", TeamRole(form.role.data), actor=actor(), now=clock.now()
        )
        language = bilingual.chosen()
        place = address("team.shared", language=language, token=token)
        values: dict[str, Any] = {"project": project, "role": asked.role, "inviter": actor().name, "place": place}
        mail.post(asked.email, "project_shared", kind="project_shared", language=language, **values)
        flash(_("They are asked by mail. The link opens for 14 days."), "success")
        return url_for(".index", slug=project.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    candidates = team.candidates(project)
    page = render(
        "projects/team/index.html",
        project,
        form=_blank_member_form(candidates),
        candidates=candidates,
        share_form=form,
        may_manage=True,
        invitations=team.unanswered(project.id),
        now=clock.now(),
        partners_of=team.partners_of,
    )
    return page, 422


@bp.post("/<slug>/team/invitations/<int:invitation_id>/revoke")
@audience("signed_in")
def revoke(slug: str, invitation_id: int) -> ResponseReturnValue:
    project = _project(slug, "project.manage")
    asked = next((one for one in team.unanswered(project.id) if one.id == invitation_id), None)
    if asked is None:
        raise NotFound("invitation", invitation_id)

    def act() -> str:
        operations.revoke(project, asked, actor=actor(), now=clock.now())
        flash(_("The link opens nothing any more."), "success")
        return url_for(".index", slug=project.slug)

    return submit_once(PortalForm(), act)


@bp.route("/shared/<token>", methods=["GET", "POST"])
@audience("everyone")
def shared(token: str) -> ResponseReturnValue:
    """What a mailed link asks; whoever has signed in with the address that was asked comes in."""
    uncached()
    asked = team.by_token(token, clock.now())
    return _asked(asked, url_for(".shared", token=token), url_for(".decline", token=token))


@bp.route("/shared/<int:invitation_id>", methods=["GET", "POST"])
@audience("signed_in")
def shared_with_me(invitation_id: int) -> ResponseReturnValue:
    """For who has proven the address that was asked already, and needs no mailed link for it."""
    if answer := answered(PortalForm()):
        return answer
    asked = team.invitation_to(actor(), invitation_id, clock.now())
    here, decline_place = (url_for(f".{name}", invitation_id=asked.id) for name in ("shared_with_me", "decline_mine"))
    return _asked(asked, here, decline_place)


def _asked(asked: ProjectInvitation, here: str, decline_place: str) -> ResponseReturnValue:
    person = team.account(actor().account_id)
    is_asked = person is not None and normal(person.email or "") == asked.email
    form = PortalForm()

    def act() -> str:
        email = (person.email if person else "") or ""
        operations.accept(asked.project, asked, actor=actor(), email=email, now=clock.now())
        flash(_("Welcome to the project."), "success")
        return url_for("projects.show", slug=asked.project.slug)

    if is_asked and form.validate_on_submit():
        return submit_once(form, act)
    inviter = team.account(asked.invited_by_id)
    return render_template(
        "projects/team/shared.html",
        asked=asked,
        project=asked.project,
        form=form,
        inviter=inviter.name if inviter else "",
        is_asked=is_asked,
        here=here,
        decline_place=decline_place,
    )


@bp.post("/shared/<token>/decline")
@audience("everyone")
def decline(token: str) -> ResponseReturnValue:
    uncached()
    return _decline(team.by_token(token, clock.now()))


@bp.post("/shared/<int:invitation_id>/decline")
@audience("signed_in")
def decline_mine(invitation_id: int) -> ResponseReturnValue:
    return answered(PortalForm()) or _decline(team.invitation_to(actor(), invitation_id, clock.now()))


def _decline(asked: ProjectInvitation) -> ResponseReturnValue:
    def act() -> str:
        operations.decline(asked.project, asked, actor=actor(), now=clock.now())
        flash(_("You declined. The link opens nothing any more."), "success")
        return url_for("overview.front")

    return submit_once(PortalForm(), act)


def _project(slug: str, action: str) -> Project:
    return queries.to_work_on(slug, actor(), action, *team.WITH_PEOPLE)


def _again(slug: str, member_id: int) -> tuple[Project, TeamMember]:
    """As it stands in the database, after a refusal took everything back."""
    db.session.expire_all()
    project = _project(slug, "project.look_inside")
    return project, _member(project, member_id)


def _member(project: Project, member_id: int) -> TeamMember:
    member = next((one for one in project.team if one.id == member_id), None)
    if member is None:
        raise NotFound("member", member_id)
    return member


def _blank_member_form(candidates: Sequence[tuple[int, str]]) -> MemberForm:
    form = MemberForm(formdata=None)
    form.offer(candidates)
    return form


def _nobody_left() -> str:
    return _("Nobody would be left to manage the project. Let somebody else manage it first.")
