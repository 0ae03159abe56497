"""Becoming one of the portal's people."""

from datetime import timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import browser, onetime, queries
from portal.accounts import operations as accounts
from portal.accounts.blueprint import bp
from portal.accounts.models import TokenPurpose
from portal.accounts.registration import operations
from portal.accounts.registration.forms import ConfirmForm, JoinForm, ProposalForm, RegistrationForm, VerifyForm
from portal.accounts.sections import render
from portal.core import clock
from portal.core.bilingual import text_of
from portal.core.db import transaction
from portal.core.errors import Invalid, NotFound
from portal.core.forms import PortalForm, answered, submit_once
from portal.core.permissions import audience
from portal.core.web import actor, came_from
from portal.municipalities import queries as municipalities

ANSWERED_SHOWN = timedelta(days=60)


@bp.route("/register", methods=["GET", "POST"])
@audience("everyone")
def register() -> ResponseReturnValue:
    form, onward = RegistrationForm(), browser.asked_onward()
    if form.validate_on_submit():

        def act() -> str:
            origin = came_from()
            operations.register(form.registration(), origin=origin, onward=onward, now=clock.now())
            browser.remember_address(form.address)
            return url_for(".registered")

        return submit_once(form, act)
    return render_template("accounts/register.html", form=form, onward=onward), 422 if form.errors else 200


@bp.get("/register/sent")
@audience("everyone")
def registered() -> ResponseReturnValue:
    return render_template("accounts/registered.html", email=browser.remembered_address())


@bp.route("/verify/<token>", methods=["GET", "POST"])
@audience("everyone")
def verify(token: str) -> ResponseReturnValue:
    if answer := answered(PortalForm()):
        return answer
    row, account = onetime.find(token, TokenPurpose.VERIFY, now=clock.now())
    is_signed_in = actor().account_id == account.id
    form = ConfirmForm() if is_signed_in else VerifyForm()
    if form.validate_on_submit():
        is_right = is_signed_in or _password_is_right(account.email or "", form.password.data)
        if is_right:

            def act() -> str:
                operations.verify(row, account, now=clock.now())
                onward = row.onward or url_for(".partners")
                return onward if is_signed_in else browser.enter(account, onward)

            return submit_once(form, act, _("Your e-mail address is verified."))
        form.password.errors = [_("This is not the password of the account.")]
    values = {"form": form, "email": row.email, "is_signed_in": is_signed_in, "is_first": row.email == account.email}
    return render_template("accounts/verify.html", **values), 422 if form.errors else 200


def _password_is_right(email: str, password: str) -> bool:
    with transaction():
        found = accounts.authenticated(email, password, origin=came_from(), now=clock.now())
    return found is not None


@bp.post("/verify")
@audience("signed_in")
def verify_again() -> ResponseReturnValue:
    form = ConfirmForm()

    def act() -> str:
        operations.mail_link_again(queries.own(actor()), actor=actor(), now=clock.now())
        return url_for(".partners")

    return submit_once(form, act, _("The mail is on its way. The link in it works for three days."))


@bp.get("/settings/partners")
@audience("signed_in")
def partners() -> ResponseReturnValue:
    account = queries.own(actor())
    return render(
        "accounts/partners.html",
        account=account,
        memberships=queries.memberships_of(account.id),
        requests=queries.open_requests_of(account.id),
        answers=queries.refused_requests_of(account.id, since=clock.now() - ANSWERED_SHOWN),
        waits=operations.WAITS,
        form=ConfirmForm(),
    )


@bp.route("/join", methods=["GET", "POST"])
@audience("signed_in")
def join() -> ResponseReturnValue:
    account, choices = queries.own(actor()), queries.joinable(actor())
    form = JoinForm(
        partners=[(str(one.id), one.called()) for one in choices],
        data={"partner": next((str(one.id) for one in choices if one.slug == request.args.get("partner")), "")},
    )
    if account.email_verified_at is not None and form.validate_on_submit():
        partner = next(one for one in choices if str(one.id) == form.partner.data)

        def act() -> str:
            operations.ask_to_join(account, partner, form.message.data, actor=actor(), now=clock.now())
            return url_for(".partners")

        try:
            return submit_once(form, act, _("You have asked to join. A mail tells you what was decided."))
        except Invalid:
            form.partner.errors = [_("You have asked this organisation already.")]
    return render_template("accounts/join.html", form=form, account=account), 422 if form.errors else 200


@bp.post("/join-requests/<int:request_id>/cancel")
@audience("signed_in")
def cancel_request(request_id: int) -> ResponseReturnValue:
    found = next((one for one in queries.open_requests_of(actor().account_id or 0) if one.id == request_id), None)

    def act() -> str:
        if found is None:
            raise NotFound("join request", request_id)
        operations.cancel(found, actor=actor(), now=clock.now())
        return url_for(".partners")

    return submit_once(ConfirmForm(), act)


@bp.post("/join-requests/<int:request_id>/remind")
@audience("signed_in")
def remind_request(request_id: int) -> ResponseReturnValue:
    found = next((one for one in queries.open_requests_of(actor().account_id or 0) if one.id == request_id), None)

    def act() -> str:
        if found is None:
            raise NotFound("join request", request_id)
        operations.remind(found, queries.own(actor()), actor=actor(), now=clock.now())
        return url_for(".partners")

    return submit_once(ConfirmForm(), act, _("Those who decide are asked once more."))


@bp.route("/propose", methods=["GET", "POST"])
@audience("signed_in")
def propose() -> ResponseReturnValue:
    account = queries.own(actor())
    seats = [(str(one.id), str(text_of(one, "name"))) for one in municipalities.tiles()]
    form = ProposalForm(municipalities=seats)
    if account.email_verified_at is not None and form.validate_on_submit():

        def act() -> str:
            operations.propose(account, form.proposal(), actor=actor(), now=clock.now())
            return url_for(".partners")

        try:
            return submit_once(form, act, _("Your proposal is with the staff. A mail tells you what they decide."))
        except Invalid:
            form.cvr.errors = [_("An organisation with this number is known already. Ask to join it instead.")]
    return render_template("accounts/propose.html", form=form, account=account), 422 if form.errors else 200
