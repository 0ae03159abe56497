"""Signing in by an OpenID Connect provider: to its page, and back with what it says."""

import hmac
import logging
import secrets
import time
from typing import Any

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import browser, queries
from portal.accounts.blueprint import bp
from portal.accounts.oidc import operations, provider
from portal.accounts.oidc.operations import Refusal, Vouched
from portal.accounts.second_factor import steps
from portal.core import bilingual, clock, throttle
from portal.core.db import transaction
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import audience
from portal.core.web import actor, address, came_from

log = logging.getLogger(__name__)

_KEY = "oidc"
LIFETIME_S = 10 * 60
ENTER, LINK, CONFIRM = "enter", "link", "confirm"


@bp.get("/oidc/start")
@audience("everyone")
def oidc_start() -> ResponseReturnValue:
    """By a link and not by a form: our policy lets no form be redirected to another site."""
    _only_where_set_up()
    return _go(CONFIRM if actor().is_signed_in else ENTER, steps.onward())


@bp.get("/oidc/link")
@audience("signed_in")
def oidc_link() -> ResponseReturnValue:
    _only_where_set_up()
    if first := steps.detour():
        return first
    return _go(LINK, url_for(".second_factors"))


@bp.get("/oidc/callback")
@audience("everyone")
def oidc_callback() -> ResponseReturnValue:
    """Where the provider sends people back to. One address for both languages: providers are told it in advance."""
    _only_where_set_up()
    kept = session.pop(_KEY, None) or {}
    bilingual.choose(kept.get("language", bilingual.DEFAULT))
    if not _is_ours(kept):
        return _back(_("That took too long, or was begun in another window. Try again."))
    if "error" in request.args or not request.args.get("code"):
        return _back(_("You were not signed in by %(provider)s.", provider=provider.name()), kept["next"])
    begun = provider.Request(kept["state"], kept["nonce"], kept["verifier"], _return_to())
    try:
        throttle.check(operations.BY_ADDRESS, came_from(), now=clock.now())
        person = provider.person(request.args["code"], begun)
    except provider.ProviderError as error:
        return _no_answer(error, kept["next"])
    return _arrive(person, kept)


def _arrive(person: provider.Person, kept: dict[str, Any]) -> ResponseReturnValue:
    who = Vouched(person.issuer, person.subject, person.email, person.is_verified, person.name)
    if kept["purpose"] == LINK:
        return _linked(who, kept)
    if kept["purpose"] == CONFIRM and time.time() - person.authenticated_at > steps.FRESH.total_seconds():
        return _back(_("You were not signed in by %(provider)s.", provider=provider.name()))
    with transaction():
        throttle.note(operations.BY_ADDRESS, came_from(), now=clock.now())
        account = operations.enter(who, now=clock.now())
        place = "" if isinstance(account, Refusal) else browser.enter(account, kept["next"])
    return redirect(place, 303) if place else _back(_why(account), kept["next"])


def _linked(who: Vouched, kept: dict[str, Any]) -> ResponseReturnValue:
    if actor().account_id != kept["account_id"]:
        return _back(_("That took too long, or was begun in another window. Try again."))
    with transaction():
        refusal = operations.link(queries.own(actor()), who, provider=provider.name(), actor=actor(), now=clock.now())
    flash(_why(refusal) if refusal else _("Your changes are saved."), "error" if refusal else "success")
    return redirect(kept["next"], 303)


@bp.post("/oidc/unlink")
@audience("signed_in")
def oidc_unlink() -> ResponseReturnValue:
    _only_where_set_up()
    place = url_for(".second_factors")
    if first := steps.detour(place):
        return first
    account = queries.own(actor())

    def act() -> str:
        operations.unlink(account, provider.issuer(), provider=provider.name(), actor=actor(), now=clock.now())
        return place

    return submit_once(PortalForm(), act, _("Your changes are saved."))


def _go(purpose: str, onward: str) -> ResponseReturnValue:
    state, nonce, verifier = (secrets.token_urlsafe(32) for _one in range(3))
    begun = provider.Request(state, nonce, verifier, _return_to())
    try:
        place = provider.where_to_go(begun, anew=purpose == CONFIRM)
    except provider.ProviderError as error:
        return _no_answer(error, onward)
    session[_KEY] = {
        "purpose": purpose,
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "next": onward,
        "language": bilingual.chosen(),
        "account_id": actor().account_id,
        "at": int(time.time()),
    }
    return redirect(place, 303)


def _is_ours(kept: dict[str, Any]) -> bool:
    if not kept or time.time() - kept["at"] > LIFETIME_S:
        return False
    return hmac.compare_digest(kept["state"].encode(), request.args.get("state", "").encode())


def _return_to() -> str:
    return address("accounts.oidc_callback", language=bilingual.DEFAULT)


def _only_where_set_up() -> None:
    if not provider.is_set_up():
        abort(404)


def _no_answer(error: provider.ProviderError, onward: str) -> ResponseReturnValue:
    log.warning("OpenID Connect: %s", error)
    return _back(
        _(
            "%(provider)s cannot be reached right now, or its answer cannot be used. "
            "Sign in with your password, or try again later.",
            provider=provider.name(),
        ),
        onward,
    )


def _back(message: str, onward: str = "") -> ResponseReturnValue:
    """To where there are other ways in, which lead on to the same page."""
    flash(message, "error")
    place = url_for(".second_factors") if actor().is_signed_in else url_for(".sign_in", next=onward or None)
    return redirect(place, 303)


def _why(refusal: Any) -> str:
    return {
        Refusal.NOT_VERIFIED: _(
            "%(provider)s does not say that your e-mail address is verified.", provider=provider.name()
        ),
        Refusal.HAS_ACCOUNT: _(
            "There is an account with your e-mail address already. Sign in to it, with a new password if need be, "
            "and link it with %(provider)s in your settings.",
            provider=provider.name(),
        ),
        Refusal.OTHER_ADDRESS: _(
            "%(provider)s knows you by another e-mail address than the one that your account here has verified.",
            provider=provider.name(),
        ),
        Refusal.OTHER_ACCOUNT: _("You are linked with another account here already."),
        Refusal.SHUT_OUT: _("Your account is suspended."),
    }[refusal]
