"""The second step of signing in, and setting one up."""

from collections.abc import Callable

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import browser, queries, sessions
from portal.accounts import operations as accounts
from portal.accounts.blueprint import bp
from portal.accounts.models import Account
from portal.accounts.oidc import queries as identities
from portal.accounts.second_factor import ceremony, operations, passkeys, steps, totp
from portal.accounts.second_factor import queries as factors
from portal.accounts.second_factor.forms import (
    AppForm,
    CodeForm,
    ConfirmForm,
    NewPasskeyForm,
    PasskeyForm,
    RecoveryCodeForm,
)
from portal.accounts.sections import render
from portal.core import clock
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import audience
from portal.core.web import actor, came_from


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
        return render_template(
            "accounts/second_factor_choice.html",
            onward=onward,
            is_staff=bool(row.account.roles),
            has_passkeys=ceremony.site() is not None,
        )
    form = CodeForm()
    if form.validate_on_submit():
        with transaction():
            is_right = operations.give_code(row.account, form.code.data, origin=came_from(), now=clock.now())
            if is_right:
                browser.second_factor_given()
        if is_right:
            return redirect(onward, 303)
        form.code.errors = [_("This code is not right, or was used already. Wait for the next one and try again.")]
    return _ask(row.account, form, onward), 422 if form.errors else 200


@bp.route("/second-factor/passkey", methods=["GET", "POST"])
@audience("everyone")
def give_passkey() -> ResponseReturnValue:
    onward = steps.onward()
    row, here = browser.own_session(), ceremony.site()
    if row is None or here is None or not sessions.is_half_open(row) or request.method == "GET":
        return redirect(url_for(".second_factor", next=onward), 303)
    form = PasskeyForm()
    if form.validate_on_submit():
        challenge = ceremony.challenge("give")
        with transaction():
            is_right = passkeys.give(
                row.account, form.answer_token.data, challenge=challenge, site=here, origin=came_from(), now=clock.now()
            )
            if is_right:
                browser.second_factor_given()
        if is_right:
            return redirect(onward, 303)
        form.answer_token.errors = [_("This passkey does not open your account.")]
    return _ask(row.account, CodeForm(formdata=None), onward, form), 422


def _ask(account: Account, form: CodeForm, onward: str, answer: PasskeyForm | None = None) -> str:
    """The page that asks for whichever second factor the account has."""
    here = ceremony.site()
    asks = ceremony.to_give(account.passkeys, here=here) if here and account.passkeys else ""
    return render_template(
        "accounts/second_factor.html",
        form=form,
        answer=answer or PasskeyForm(formdata=None),
        asks=asks,
        has_app=account.totp_confirmed_at is not None,
        onward=onward,
    )


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
            is_right = operations.give_recovery_code(row.account, form.code.data, origin=came_from(), now=clock.now())
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
    place = totp.place(secret, str(account.email), _("Smart Society"))
    return render_template(
        "accounts/set_up_app.html",
        form=form,
        place=place,
        picture=totp.picture(place),
        secret=totp.as_text(secret),
        onward=steps.onward(),
    )


@bp.route("/second-factor/new-passkey", methods=["GET", "POST"])
@audience("signed_in")
def set_up_passkey() -> ResponseReturnValue:
    here = ceremony.site()
    if here is None:
        raise NotFound("passkeys", "this host")
    if first := steps.detour():
        return first
    account = queries.own(actor())
    form = NewPasskeyForm()
    if form.validate_on_submit():
        place, name = "", form.name.data or _("Passkey")
        challenge, answer = ceremony.challenge("create"), form.answer_token.data
        with transaction():
            if passkeys.add(account, answer, name, challenge=challenge, site=here, actor=actor(), now=clock.now()):
                place = steps.finish_set_up(account, steps.onward())
        if place:
            return redirect(place, 303)
        form.answer_token.errors = [_("The passkey could not be set up. Try again.")]
    have = factors.passkeys_of(account.id)
    asks = ceremony.to_create(account, have, here=here, portal=_("Smart Society"))
    page = render_template("accounts/set_up_passkey.html", form=form, asks=asks, onward=steps.onward())
    return page, 422 if form.errors else 200


@bp.route("/second-factor/codes", methods=["GET", "POST"])
@audience("signed_in")
def recovery_codes() -> ResponseReturnValue:
    if request.method == "POST":
        steps.forget_codes()
        return redirect(steps.onward(), 303)
    codes = steps.codes_to_show(actor().account_id)
    return render_template("accounts/recovery_codes.html", codes=codes, onward=steps.onward(), form=PortalForm())


@bp.get("/second-factor/codes.txt")
@audience("signed_in")
def recovery_codes_file() -> ResponseReturnValue:
    """The codes to keep as a file, as long as the page shows them."""
    account, codes = queries.own(actor()), steps.codes_to_show(actor().account_id)
    if not codes:
        raise NotFound("recovery codes", account.id)
    text = render_template("accounts/recovery_codes.txt", codes=codes, account=account, now=clock.now())
    answer = Response(text, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.route("/confirm", methods=["GET", "POST"])
@audience("signed_in")
def confirm() -> ResponseReturnValue:
    account = queries.own(actor())
    form = ConfirmForm()
    if form.validate_on_submit():
        with transaction():
            found = accounts.authenticated(str(account.email), form.password.data, origin=came_from(), now=clock.now())
            if found is not None:
                browser.current_session().authenticated_at = clock.now()
        if found is not None:
            return redirect(steps.onward("accounts.settings"), 303)
        form.password.errors = [_("This is not your password.")]
    onward = steps.onward("accounts.settings")
    values = {"has_password": bool(account.password_hash), "email": account.email, "onward": onward}
    return render_template("accounts/confirm.html", form=form, **values), 422 if form.errors else 200


@bp.post("/sign-in/passkey")
@audience("everyone")
def sign_in_by_passkey() -> ResponseReturnValue:
    onward, here = steps.onward(), ceremony.site()
    if here is None:
        raise NotFound("passkeys", "this host")
    form = PasskeyForm()
    account = None
    if form.validate_on_submit():
        answer, challenge = form.answer_token.data, ceremony.challenge("enter")
        with transaction():
            account = passkeys.owner(answer, challenge=challenge, site=here, origin=came_from(), now=clock.now())
            if account is not None:
                browser.sign_in(account, with_second_factor=True)
    if account is not None:
        return redirect(onward, 303)
    flash(
        _(
            "This passkey opens no account here, or the page was open for too long. "
            "Try once more, or sign in with your password."
        ),
        "error",
    )
    return redirect(url_for(".sign_in", next=onward), 303)


@bp.get("/settings/second-factor")
@audience("signed_in")
def second_factors() -> ResponseReturnValue:
    account = queries.own(actor())
    have, has_app = factors.passkeys_of(account.id), account.totp_confirmed_at is not None
    return render(
        "accounts/second_factors.html",
        form=PortalForm(),
        passkeys=have,
        app_since=account.totp_confirmed_at,
        is_last=len(have) + has_app == 1 and factors.is_staff(account.id),
        codes_left=factors.recovery_codes_left(account.id),
        has_passkeys=ceremony.site() is not None,
        linked_since=identities.linked_since(account.id),
        has_password=bool(account.password_hash),
        onward=url_for(".second_factors"),
    )


@bp.post("/settings/second-factor/remove-app")
@audience("signed_in")
def remove_app() -> ResponseReturnValue:
    return _change(lambda account: operations.remove_app(account, actor=actor(), now=clock.now()))


@bp.post("/settings/second-factor/remove-passkey/<int:passkey_id>")
@audience("signed_in")
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    return _change(lambda account: passkeys.remove(account, passkey_id, actor=actor(), now=clock.now()))


@bp.post("/settings/second-factor/new-codes")
@audience("signed_in")
def new_codes() -> ResponseReturnValue:
    """Codes are made and shown once; a form sent twice shows them once."""
    back = url_for(".second_factors")
    if first := steps.detour(back):
        return first
    account = queries.own(actor())

    def act() -> str:
        steps.keep_to_show(account, operations.renew_codes(account, actor=actor(), now=clock.now()))
        return url_for(".recovery_codes", next=back)

    return submit_once(PortalForm(), act)


def _change(change: Callable[[Account], None]) -> ResponseReturnValue:
    """One decision of the settings, by somebody who has shown lately that it is they."""
    back = url_for(".second_factors")
    if first := steps.detour(back):
        return first
    account = queries.own(actor())

    def act() -> str:
        change(account)
        return back

    return submit_once(PortalForm(), act, _("Your changes are saved."))
