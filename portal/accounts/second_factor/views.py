"""The second step of signing in, and setting one up."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import browser, queries
from portal.accounts import operations as accounts
from portal.accounts.blueprint import bp
from portal.accounts.models import Account
from portal.accounts.second_factor import operations, steps, totp
from portal.accounts.second_factor.forms import AppForm, CodeForm, ConfirmForm, RecoveryCodeForm
from portal.core import clock
from portal.core.db import transaction
from portal.core.permissions import audience
from portal.core.web import actor


@bp.route("/second-factor", methods=["GET", "POST"])
@audience("everyone")  # whoever still owes it is nobody yet
def second_factor() -> ResponseReturnValue:
    onward = steps.onward()
    row = browser.own_session()
    if row is None:
        return redirect(url_for(".sign_in", next=onward), 303)
    if row.second_factor_at is not None:
        return redirect(onward, 303)
    if not row.account.has_second_factor:
        return render_template("accounts/second_factor_choice.html", onward=onward, is_staff=bool(row.account.roles))
    form = CodeForm()
    if form.validate_on_submit():
        with transaction():
            is_right = operations.give_code(row.account, form.code.data, origin=_origin(), now=clock.now())
            if is_right:
                browser.second_factor_given()
        if is_right:
            return redirect(onward, 303)
        form.code.errors = [_("This code is not right, or was used already. Wait for the next one and try again.")]
    page = render_template("accounts/second_factor.html", form=form, account=row.account, onward=onward)
    return page, 422 if form.errors else 200


@bp.route("/second-factor/recovery", methods=["GET", "POST"])
@audience("everyone")
def recovery_code() -> ResponseReturnValue:
    onward = steps.onward()
    row = browser.own_session()
    if row is None or row.second_factor_at is not None or not row.account.has_second_factor:
        return redirect(url_for(".second_factor", next=onward), 303)
    form = RecoveryCodeForm()
    if form.validate_on_submit():
        with transaction():
            is_right = operations.give_recovery_code(row.account, form.code.data, origin=_origin(), now=clock.now())
            if is_right:
                browser.second_factor_given()
        if is_right:
            return redirect(onward, 303)
        form.code.errors = [_("This is none of your recovery codes, or it was used already.")]
    return render_template("accounts/recovery_code.html", form=form, onward=onward), 422 if form.errors else 200


@bp.route("/second-factor/app", methods=["GET", "POST"])
@audience("signed_in")
def set_up_app() -> ResponseReturnValue:
    if first := steps.detour():
        return first
    account = queries.own(actor())
    form = AppForm()
    secret = totp.opened(form.secret_token.data or "", account.id)
    if secret is None:
        secret = totp.new_secret()
        form.secret_token.data = totp.sealed(secret, account.id)
    if form.validate_on_submit():
        place = ""
        with transaction():
            if operations.set_up_app(account, form.secret_token.data, form.code.data, actor=actor(), now=clock.now()):
                place = steps.finish_set_up(account, steps.onward())
        if place:
            return redirect(place, 303)
        form.code.errors = [_("This is not the code of the app now. Look at the app and write what it shows.")]
    return _app_page(form, account, secret), 422 if form.errors else 200


def _app_page(form: AppForm, account: Account, secret: bytes) -> str:
    return render_template(
        "accounts/set_up_app.html",
        form=form,
        picture=totp.picture(secret, str(account.email), _("Smart Society")),
        secret=totp.as_text(secret),
        onward=steps.onward(),
    )


@bp.get("/second-factor/codes")
@audience("signed_in")
def recovery_codes() -> ResponseReturnValue:
    codes = steps.codes_to_show(actor().account_id)
    return render_template("accounts/recovery_codes.html", codes=codes, onward=steps.onward())


@bp.route("/confirm", methods=["GET", "POST"])
@audience("signed_in")
def confirm() -> ResponseReturnValue:
    account = queries.own(actor())
    form = ConfirmForm()
    if form.validate_on_submit():
        with transaction():
            found = accounts.authenticated(str(account.email), form.password.data, origin=_origin(), now=clock.now())
            if found is not None:
                browser.current_session().authenticated_at = clock.now()
        if found is not None:
            return redirect(steps.onward("accounts.settings"), 303)
        form.password.errors = [_("This is not your password.")]
    return render_template("accounts/confirm.html", form=form), 422 if form.errors else 200


def _origin() -> str:
    return request.remote_addr or ""
