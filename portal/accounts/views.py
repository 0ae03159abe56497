"""Signing in and out."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import browser, operations
from portal.accounts.blueprint import bp
from portal.accounts.forms import SignInForm
from portal.accounts.second_factor import ceremony
from portal.accounts.second_factor.forms import PasskeyForm
from portal.core import clock
from portal.core.db import transaction
from portal.core.errors import Forbidden, TooMany
from portal.core.permissions import audience
from portal.core.templating import lasting
from portal.core.web import actor, came_from


@bp.route("/sign-in", methods=["GET", "POST"])
@audience("everyone")
def sign_in() -> ResponseReturnValue:
    onward = browser.safe_next(request.args.get("next"), url_for("workspace.index"))
    if actor().is_signed_in:
        return redirect(onward, 303)
    form = SignInForm()
    waits, is_suspended = 0, False
    if form.validate_on_submit():
        try:
            if place := _entered(form, onward):
                return redirect(place, 303)
            form.password.errors = [_("The e-mail address and the password do not belong together.")]
        except Forbidden:
            is_suspended = True
            form.password.errors = [_("Your account is suspended.")]
        except TooMany as refusal:  # here, and not for all pages at once: what else one can do stands on this page
            waits = refusal.seconds
            form.password.errors = [
                _(
                    "Too many tries. You can try again in %(time)s, or choose a new password by mail now.",
                    time=lasting(waits),
                )
            ]
    here = ceremony.site()
    asks = ceremony.to_enter(here=here) if here else ""
    values = {"form": form, "asks": asks, "answer": PasskeyForm(formdata=None), "onward": browser.asked_onward()}
    page = render_template("accounts/sign_in.html", is_suspended=is_suspended, **values)
    if waits:
        return page, 429, {"Retry-After": str(waits)}
    return page, 422 if form.errors else 200


def _entered(form: SignInForm, onward: str) -> str:
    """Where to go on to, when somebody has signed in by the form; nowhere when the password is wrong."""
    with transaction():
        account = operations.authenticated(form.email.data, form.password.data, origin=came_from(), now=clock.now())
        return browser.enter(account, onward) if account is not None else ""


@bp.post("/sign-out")
@audience("everyone")  # who still owes the second factor is nobody yet, and may go
def sign_out() -> ResponseReturnValue:
    with transaction():
        browser.sign_out()
    return redirect(browser.safe_next(request.args.get("next"), url_for("overview.front")), 303)
