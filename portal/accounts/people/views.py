"""The people of a partner, and the invitations that make them so."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import browser
from portal.accounts import queries as accounts
from portal.accounts.blueprint import bp
from portal.accounts.models import Invitation, MembershipRole
from portal.accounts.people import operations, queries
from portal.accounts.people.forms import ACCEPT, Button, DecisionForm, InviteForm, ReasonForm, RoleForm
from portal.accounts.registration.forms import RegistrationForm
from portal.core import clock
from portal.core.errors import Invalid
from portal.core.forms import PortalForm, answered, submit_once
from portal.core.labels import label
from portal.core.permissions import allows, audience, require
from portal.core.web import actor, table_download


@bp.get("/partners/<slug>/people")
@audience("members")
def people(slug: str) -> ResponseReturnValue:
    partner = queries.partner_of(slug, actor())
    invitations = queries.invitations_of(partner.id, actor())
    return render_template(
        "accounts/people.html",
        partner=partner,
        members=queries.members_of(partner.id),
        invitations=invitations,
        mails=queries.mails_of(invitations),
        requests=queries.requests_of(partner.id, actor()),
        may_invite=allows(actor(), "partner.invite", partner),
        form=Button(),
        now=clock.now(),
    )


@bp.get("/partners/<slug>/people.<any(csv, xlsx):ending>")
@audience("members")
def export_people(slug: str, ending: str) -> ResponseReturnValue:
    """Who acts for the partner, for those who decide about it."""
    partner = queries.partner_of(slug, actor())
    require(actor(), "partner.invite", partner)
    columns = (_("Name"), _("E-mail"), _("Role"), _("Since"))
    cells = (
        (one.account.name, one.account.email or "", label(one.role), one.since.date().isoformat())
        for one in queries.members_of(partner.id)
    )
    return table_download(f"people-{partner.slug}", ending, columns, cells)


@bp.route("/partners/<slug>/invite", methods=["GET", "POST"])
@audience("members")
def invite(slug: str) -> ResponseReturnValue:
    partner = queries.partner_of(slug, actor())
    require(actor(), "partner.invite", partner)
    form = InviteForm()
    if form.validate_on_submit():

        def act() -> str:
            role = MembershipRole(form.role.data)
            operations.invite(partner, form.email.data, role, form.message.data, actor=actor(), now=clock.now())
            return url_for(".people", slug=slug)

        try:
            return submit_once(form, act, _("The invitation is on its way."))
        except Invalid:
            form.email.errors = [_("This person acts for the partner already.")]
    return render_template("accounts/invite.html", form=form, partner=partner), 422 if form.errors else 200


@bp.post("/partners/<slug>/invitations/<int:invitation_id>/resend")
@audience("members")
def resend_invitation(slug: str, invitation_id: int) -> ResponseReturnValue:
    found = queries.invitation(slug, invitation_id, actor())

    def act() -> str:
        operations.resend(found, actor=actor(), now=clock.now())
        return url_for(".people", slug=slug)

    return submit_once(Button(), act, _("The invitation is sent again, with a new link."))


@bp.post("/partners/<slug>/invitations/<int:invitation_id>/revoke")
@audience("members")
def revoke_invitation(slug: str, invitation_id: int) -> ResponseReturnValue:
    found = queries.invitation(slug, invitation_id, actor())

    def act() -> str:
        operations.revoke(found, actor=actor(), now=clock.now())
        return url_for(".people", slug=slug)

    return submit_once(Button(), act, _("The invitation is taken back; its link opens nothing any more."))


@bp.route("/partners/<slug>/people/<int:membership_id>", methods=["GET", "POST"])
@audience("members")
def member(slug: str, membership_id: int) -> ResponseReturnValue:
    found = queries.membership(slug, membership_id, actor())
    may_manage, may_leave = (allows(actor(), f"membership.{action}", found) for action in ("manage", "leave"))
    form = RoleForm(data={"role": found.role.value})
    if form.validate_on_submit():
        require(actor(), "membership.manage", found)

        def act() -> str:
            operations.change_role(found, MembershipRole(form.role.data), actor=actor(), now=clock.now())
            return url_for(".people", slug=slug)

        try:
            return submit_once(form, act)
        except Invalid:
            form.role.errors = [_last_admin()]
            found = queries.membership(slug, membership_id, actor())  # the rollback has let go of the first
    values = {"form": form, "membership": found, "may_manage": may_manage, "may_leave": may_leave}
    return render_template("accounts/member.html", **values), 422 if form.errors else 200


@bp.post("/partners/<slug>/people/<int:membership_id>/remove")
@audience("members")
def remove_member(slug: str, membership_id: int) -> ResponseReturnValue:
    if answer := answered(PortalForm()):
        return answer
    found = queries.membership(slug, membership_id, actor())

    def act() -> str:
        operations.remove(found, actor=actor(), now=clock.now())
        return url_for(".people", slug=slug)

    return _unless_last(slug, membership_id, act, _("%(name)s acts for the partner no more.", name=found.account.name))


@bp.post("/partners/<slug>/people/<int:membership_id>/leave")
@audience("members")
def leave(slug: str, membership_id: int) -> ResponseReturnValue:
    if answer := answered(PortalForm()):
        return answer
    found = queries.membership(slug, membership_id, actor())

    def act() -> str:
        operations.leave(found, actor=actor(), now=clock.now())
        return url_for(".partners")

    return _unless_last(slug, membership_id, act, _("You act for %(partner)s no more.", partner=found.partner.called()))


def _unless_last(slug: str, membership_id: int, act: Callable[[], str], done: str) -> ResponseReturnValue:
    try:
        return submit_once(Button(), act, done)
    except Invalid:
        flash(_last_admin(), "error")
        return redirect(url_for(".member", slug=slug, membership_id=membership_id), 303)


def _last_admin() -> str:
    return _("This is the last person who administers the partner. Let somebody else administer it first.")


@bp.route("/join-requests/<int:request_id>", methods=["GET", "POST"])
@audience("members")
def decide_request(request_id: int) -> ResponseReturnValue:
    found = queries.request(request_id, actor())
    require(actor(), "partner.invite", found.partner)
    form = DecisionForm()
    if form.validate_on_submit():

        def act() -> str:
            if form.decision.data == ACCEPT:
                role = MembershipRole(form.role.data)
                operations.accept_request(found, role, actor=actor(), now=clock.now())
            else:
                operations.refuse_request(found, form.reason.data, actor=actor(), now=clock.now())
            return browser.asked_onward() or url_for(".people", slug=found.partner.slug)

        return submit_once(form, act, _("Your answer is mailed to %(name)s.", name=found.account.name))
    return render_template("accounts/decide_request.html", form=form, ask=found), 422 if form.errors else 200


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@audience("everyone")
def invitation(token: str) -> ResponseReturnValue:
    if answer := answered(PortalForm()):
        return answer
    found = queries.by_token(token, now=clock.now())
    account = accounts.own(actor()) if actor().is_signed_in else None
    owner = accounts.by_email(found.email)
    is_new = account is None and (owner is None or owner.email_verified_at is None)
    is_right = account is not None and account.email == found.email
    form = RegistrationForm(invited=found.email) if is_new else Button()
    if (is_new or is_right) and form.validate_on_submit():

        def act() -> str:
            onward = url_for("workspace.index")
            if account is not None:
                operations.accept(found, account, actor=actor(), now=clock.now())
                return onward
            registered = operations.register_invited(found, form.registration(), now=clock.now())
            return browser.enter(registered, onward)

        return submit_once(form, act, _("You act for %(partner)s now.", partner=found.partner.called()))
    decline_url = url_for(".decline", token=token)
    page = _invited(found, form, decline_url, account=account, is_new=is_new, is_right=is_right)
    return page, 422 if form.errors else 200


@bp.route("/invitation/<token>/decline", methods=["GET", "POST"])
@audience("everyone")
def decline(token: str) -> ResponseReturnValue:
    if answer := answered(PortalForm()):
        return answer
    return _decline(queries.by_token(token, now=clock.now()), url_for(".invitation", token=token))


@bp.route("/invitations/<int:invitation_id>", methods=["GET", "POST"])
@audience("signed_in")
def own_invitation(invitation_id: int) -> ResponseReturnValue:
    """For who has proven the invited address already, and needs no mailed link for it."""
    if answer := answered(PortalForm()):
        return answer
    found, account = queries.invitation_to(actor(), invitation_id, now=clock.now()), accounts.own(actor())
    form = Button()
    if form.validate_on_submit():

        def act() -> str:
            operations.accept(found, account, actor=actor(), now=clock.now())
            return url_for("workspace.index")

        return submit_once(form, act, _("You act for %(partner)s now.", partner=found.partner.called()))
    decline_url = url_for(".decline_own", invitation_id=invitation_id)
    return _invited(found, form, decline_url, account=account, is_new=False, is_right=True)


def _invited(found: Invitation, form: PortalForm, decline_url: str, **who: Any) -> str:
    """Says who invites whom to what. `who`: the reader's account, whether it is new, or the right one."""
    inviter = queries.inviter_of(found)
    return render_template(
        "accounts/invitation.html", form=form, invitation=found, inviter=inviter, decline_url=decline_url, **who
    )


@bp.route("/invitations/<int:invitation_id>/decline", methods=["GET", "POST"])
@audience("signed_in")
def decline_own(invitation_id: int) -> ResponseReturnValue:
    if answer := answered(PortalForm()):
        return answer
    found = queries.invitation_to(actor(), invitation_id, now=clock.now())
    return _decline(found, url_for(".own_invitation", invitation_id=invitation_id))


def _decline(found: Invitation, back: str) -> ResponseReturnValue:
    form = ReasonForm()
    if form.validate_on_submit():

        def act() -> str:
            operations.decline(found, form.reason.data, actor=actor(), now=clock.now())
            return url_for(".declined")

        return submit_once(form, act)
    page = render_template("accounts/decline.html", form=form, invitation=found, back=back)
    return page, 422 if form.errors else 200


@bp.get("/invitation/declined")
@audience("everyone")
def declined() -> ResponseReturnValue:
    return render_template("accounts/declined.html")
