"""A lost password: ask for a link, set a new one."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import browser, onetime
from portal.accounts.blueprint import bp
from portal.accounts.models import TokenPurpose
from portal.accounts.recovery import operations
from portal.accounts.recovery.forms import ResetForm, SetPasswordForm
from portal.core import clock
from portal.core.forms import PortalForm, answered, submit_once
from portal.core.permissions import audience
from portal.core.web import came_from


@bp.route("/reset", methods=["GET", "POST"])
@audience("everyone")
def reset() -> ResponseReturnValue:
    form = ResetForm()
    if form.validate_on_submit():

        def act() -> str:
            operations.ask(form.email.data, origin=came_from(), now=clock.now())
            browser.remember_address(form.email.data)
            return url_for(".reset_sent")

        return submit_once(form, act)
    return render_template("accounts/reset.html", form=form), 422 if form.errors else 200


@bp.get("/reset/sent")
@audience("everyone")
def reset_sent() -> ResponseReturnValue:
    return render_template("accounts/reset_sent.html", email=browser.remembered_address())


@bp.route("/reset/<token>", methods=["GET", "POST"])
@audience("everyone")
def set_password(token: str) -> ResponseReturnValue:
    if answer := answered(PortalForm()):
        return answer
    _row, account = onetime.find(token, TokenPurpose.RESET, now=clock.now())
    form = SetPasswordForm(about=(account.name, account.email or ""))
    if form.validate_on_submit():

        def act() -> str:
            operations.set_password(token, form.password.data, now=clock.now())
            return url_for(".sign_in")

        return submit_once(form, act, _("Your new password is set. Sign in with it."))
    return render_template("accounts/set_password.html", form=form, account=account), 422 if form.errors else 200
