"""What the pages of second factors have in common: showing codes once, asking for the password again."""

import json
from datetime import timedelta

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import browser
from portal.accounts.models import Account
from portal.accounts.second_factor import operations, queries
from portal.accounts.second_factor.sealing import seal, unseal
from portal.core import clock
from portal.core.web import actor

FRESH = timedelta(minutes=10)
SHOWN_FOR = timedelta(minutes=10)
_CODES = "recovery_codes"


def onward(default: str = "workspace.index") -> str:
    """Where to go on to from this page."""
    return browser.safe_next(request.args.get("next"), url_for(default))


def detour(back: str = "") -> ResponseReturnValue | None:
    """Where to go first, when whoever is signed in has not shown lately that it is they: to the password.

    Whoever finds a browser left open must not change how its owner signs in.
    """
    if clock.now() - browser.current_session().authenticated_at <= FRESH:
        return None
    return redirect(url_for("accounts.confirm", next=back or request.full_path.rstrip("?")), 303)


def finish_set_up(account: Account, place: str) -> str:
    """Let the new factor count for this session, in the running transaction; returns the page to go on to.

    The first factor brings recovery codes.
    """
    made = not queries.recovery_codes_left(account.id)
    codes = operations.new_codes(account, actor=actor(), now=clock.now()) if made else []
    browser.second_factor_given()
    if not made:
        return place
    keep_to_show(account, codes)
    return url_for("accounts.recovery_codes", next=place)


def keep_to_show(account: Account, codes: list[str]) -> None:
    """Hand codes to the next page, in the browser's own session, sealed: in the database they are digests."""
    session[_CODES] = seal(json.dumps([clock.now().timestamp(), codes]).encode(), _about(account.id))


def codes_to_show(account_id: int | None) -> list[str]:
    """The codes that were just made, for a few minutes: a page that is loaded again must not lose them for ever."""
    kept = session.get(_CODES, "")
    raw = unseal(kept, _about(account_id)) if kept else None
    made, codes = json.loads(raw) if raw else (0, [])
    return list(codes) if clock.now().timestamp() - made < SHOWN_FOR.total_seconds() else []


def forget_codes() -> None:
    """Show the codes no more: their owner has kept them."""
    session.pop(_CODES, None)


def _about(account_id: int | None) -> str:
    return f"recovery codes {account_id}"
