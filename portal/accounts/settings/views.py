"""What people decide about their own accounts."""

from flask import Response, json, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import browser, queries, sessions
from portal.accounts.blueprint import bp
from portal.accounts.devices import browser_of, system_of
from portal.accounts.models import Account
from portal.accounts.sections import render
from portal.accounts.settings import operations
from portal.accounts.settings.forms import Button, EmailForm, OwnerForm, PasswordForm, ProfileForm
from portal.core import clock
from portal.core.db import transaction
from portal.core.errors import Invalid
from portal.core.forms import PortalForm, answered, submit_once
from portal.core.permissions import audience
from portal.core.web import actor


@bp.route("/settings", methods=["GET", "POST"])
@audience("signed_in")
def settings() -> ResponseReturnValue:
    account = queries.own(actor())
    form = ProfileForm(obj=account)
    if form.validate_on_submit():
        if not form.meet(ProfileForm(formdata=None, obj=account)):

            def act() -> str:
                operations.revise(account, form.details(), actor=actor(), now=clock.now())
                return url_for(".settings", language=account.locale)

            return submit_once(form, act, _("Your changes are saved."))
        form.name.errors = [_("This was changed in another window meanwhile. Look it over and save again.")]
        form.rebase(ProfileForm(formdata=None, obj=account))
    return render("accounts/settings.html", form=form), 422 if form.errors else 200


@bp.route("/settings/email", methods=["GET", "POST"])
@audience("signed_in")
def email() -> ResponseReturnValue:
    account, form = queries.own(actor()), EmailForm()
    if form.validate_on_submit() and _is_owner(account, form):

        def act() -> str:
            operations.ask_email_change(account, form.email.data, actor=actor(), now=clock.now())
            return url_for(".email")

        return submit_once(
            form, act, _("A mail is on its way to the new address. Open the link in it to make the change.")
        )
    return render("accounts/email.html", form=form, account=account), 422 if form.errors else 200


@bp.route("/settings/password", methods=["GET", "POST"])
@audience("signed_in")
def password() -> ResponseReturnValue:
    account = queries.own(actor())
    form = PasswordForm(about=(account.name, account.email or ""))
    if form.validate_on_submit() and _is_owner(account, form):

        def act() -> str:
            here = browser.current_session()
            operations.change_password(account, form.password.data, here, actor=actor(), now=clock.now())
            browser.rotate()
            return url_for(".password")

        return submit_once(form, act, _("Your new password is set. Your other devices are signed out."))
    return render("accounts/password.html", form=form, account=account), 422 if form.errors else 200


def _is_owner(account: Account, form: OwnerForm) -> bool:
    """Whether the form's password is right; says so at its field where it is not."""
    with transaction():
        is_right = operations.confirm(
            account, form.present_password.data or "", browser.current_session(), now=clock.now()
        )
    if not is_right:
        form.present_password.errors = [
            _("This is not your present password.")
            if account.password_hash
            else _("You signed in a while ago. Sign out and in again, then come back.")
        ]
    return is_right


@bp.get("/settings/devices")
@audience("signed_in")
def devices() -> ResponseReturnValue:
    open_ones = sessions.of_account(actor().account_id or 0, now=clock.now())
    return render(
        "accounts/devices.html",
        devices=[(one, browser_of(one.device), system_of(one.device)) for one in open_ones],
        here=browser.current_session().id,
        zone=queries.own(actor()).time_zone,
        form=Button(),
    )


@bp.post("/settings/devices/<int:session_id>/end")
@audience("signed_in")
def end_device(session_id: int) -> ResponseReturnValue:
    def act() -> str:
        operations.end_session(queries.own(actor()), session_id, actor=actor(), now=clock.now())
        return url_for(".devices")

    return submit_once(Button(), act, _("The device is signed out."))


@bp.post("/settings/devices/end-others")
@audience("signed_in")
def end_other_devices() -> ResponseReturnValue:
    def act() -> str:
        here = browser.current_session()
        operations.end_other_sessions(queries.own(actor()), here, actor=actor(), now=clock.now())
        return url_for(".devices")

    return submit_once(Button(), act, _("All your other devices are signed out."))


@bp.route("/settings/data", methods=["GET", "POST"])
@audience("signed_in")
def data() -> ResponseReturnValue:
    if answer := answered(PortalForm()):
        return answer
    account, form = queries.own(actor()), OwnerForm()
    problem = ""
    if form.validate_on_submit() and _is_owner(account, form):

        def act() -> str:
            operations.erase(account, actor=actor(), now=clock.now())
            browser.forget()
            return url_for(".deleted")

        try:
            return submit_once(form, act)
        except Invalid:
            problem = _("Your account cannot be deleted yet: see below what to do first.")
    in_the_way = operations.in_the_way(account)
    values = {"form": form, "account": account, "in_the_way": in_the_way, "problem": problem}
    return render("accounts/data.html", **values), 422 if form.errors or problem else 200


@bp.post("/settings/data/download")
@audience("signed_in")
def download_data() -> ResponseReturnValue:
    with transaction():
        found = operations.give_out(queries.own(actor()), actor=actor(), now=clock.now())
    answer = Response(json.dumps(found, ensure_ascii=False, indent=2), content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/deleted")
@audience("everyone")
def deleted() -> ResponseReturnValue:
    return render_template("accounts/deleted.html")
