"""The browser's side of a session: its cookie, who asks in it, and what those are told who may not in."""

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import OperationalError

from portal.accounts import sessions
from portal.accounts.models import Account, AccountSession
from portal.core import clock, kept, throttle, web
from portal.core.db import transaction
from portal.core.forms import OURS, sent_before, typed
from portal.core.multipart import beginning
from portal.core.permissions import VISITOR, Actor, Audience
from portal.core.web import asked_onward as asked_onward  # noqa: PLC0414  what a browser is told, it is told here
from portal.core.web import safe_next as safe_next  # noqa: PLC0414

log = logging.getLogger(__name__)

_ADDRESS = "address"
# A whole municipality comes from one address; what fills the table still ends.
KEEPING = throttle.Limit("kept_form", 300, throttle.LONGEST)


class SignedIn(UserMixin):
    """What Flask-Login knows of somebody: the session's row, found by the token in the cookie."""

    def __init__(self, token: str, row: AccountSession) -> None:
        self.token = token
        self.row = row

    def get_id(self) -> str:
        return self.token


def install(app: Flask) -> None:
    """Let the app know its people, and protect every form they send."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # as long as the session: a long text must not outlive its form
    CSRFProtect(app)
    # Not by `init_app`: its hooks read the session for every page, and a page that read one is cached nowhere.
    manager = app.login_manager = LoginManager()  # type: ignore[attr-defined]
    manager.session_protection = None  # sessions are rows of ours, bound by their random token
    manager.user_loader(_load)
    web.know_people(app, _actor, _at_the_door)
    app.register_error_handler(CSRFError, _stale_form)


def _load(token: str) -> SignedIn | None:
    now = clock.now()
    row = sessions.current(token, now=now)
    if row is None:
        return None
    if sessions.is_due(row, now=now):
        try:
            with transaction():
                sessions.note_use(row, now=now)
        except OperationalError:
            # Nothing can be written just now; whoever only reads need not know.
            log.warning("the use of a session could not be noted")
            row = sessions.current(token, now=now)
    return SignedIn(token, row) if row else None


def _actor() -> Actor:
    return sessions.actor_of(current_user.row) if current_user.is_authenticated else VISITOR


def current_session() -> AccountSession:
    """The session of whoever asks; only on pages that are for signed-in people."""
    row: AccountSession = current_user.row
    return row


def sign_in(account: Account, *, with_second_factor: bool = False) -> None:
    """Begin a session for the account in this browser, in the running transaction. Whatever was there before ends."""
    now = clock.now()
    if current_user.is_authenticated:
        sessions.end(current_user.row, now=now)
    device = request.user_agent.string
    token = sessions.begin(account, now=now, device=device, with_second_factor=with_second_factor)
    log.info("signed in: account %s%s", account.id, " by passkey" if with_second_factor else "")
    _put(token)


def enter(account: Account, onward: str) -> str:
    """Sign in somebody whose password was right, in the running transaction; returns the address to go on to."""
    sign_in(account)
    if sessions.wants_second_factor(current_session()):
        return url_for("accounts.second_factor", next=onward)
    return onward


def own_session() -> AccountSession | None:
    """The session of whoever asks, also one that waits for the second factor; none of a visitor."""
    return current_user.row if web.has_session() and current_user.is_authenticated else None


def second_factor_given() -> None:
    """From now on everything the account may do is done in this session, under a new token."""
    row = current_session()
    row.second_factor_at = clock.now()
    log.info("second factor given: account %s", row.account_id)
    rotate()


def rotate() -> None:
    """Change the token of this browser's session, after its privileges changed."""
    _put(sessions.rotate(current_user.row))


def _put(token: str) -> None:
    row = sessions.current(token, now=clock.now())
    if row is None:
        return
    session.clear()  # nothing of the visitor's session survives, its CSRF secret included
    session.permanent = True
    login_user(SignedIn(token, row))
    web.forget_actor()


def sign_out() -> None:
    """End this browser's session, in the running transaction; nothing where there is none."""
    if current_user.is_authenticated:
        sessions.end(current_user.row, now=clock.now())
        log.info("signed out: account %s", current_user.row.account_id)
    forget()


def forget() -> None:
    """Let this browser forget a session that is no more."""
    logout_user()
    session.clear()
    web.forget_actor()


def remember_address(email: str) -> None:
    """Let the next page say which address was typed: a slip shows there first."""
    session[_ADDRESS] = email


def remembered_address() -> str:
    """The address that was typed on the page before; empty for whoever comes from elsewhere."""
    return str(session.get(_ADDRESS, "")) if web.has_session() else ""


def _at_the_door(_who: Audience) -> ResponseReturnValue | None:
    row = own_session()
    if row is None:
        again = sent_before() if request.method == "POST" else None
        return again or redirect(url_for("accounts.sign_in", next=_way_back()), 303)
    return _second_factor_first() if sessions.wants_second_factor(row) else None


def _second_factor_first() -> ResponseReturnValue:
    return redirect(url_for("accounts.second_factor", next=_way_back()), 303)


def keep_beginning() -> str:
    """Keep what somebody wrote in a form that came with too large a file; returns the way back to it, if there is one.

    Only of those who are signed in, and of what came before the file.
    """
    if not web.actor().is_signed_in:
        return ""
    return _kept_at(request.path, typed(beginning(request)))


def _way_back() -> str:
    """Where to go on after signing in. What was being sent is kept and will be in the form again."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    return _kept_at(request.path, typed(request.form.items(multi=True)))


def _kept_at(path: str, fields: list[tuple[str, str]]) -> str:
    now = clock.now()
    is_typed = any(name not in OURS for name, _value in fields)
    if not has_page(path):
        fields = [(kept.SENT_TO, path), *fields]
        path = _where_from()
    if not is_typed:
        return path
    throttle.check(KEEPING, web.came_from(), now=now)
    with transaction():
        throttle.note(KEEPING, web.came_from(), now=now)
        token = kept.keep(path, fields)
    return f"{path}?{kept.ASKED}={token}"


def _where_from() -> str:
    """The page of ours on which somebody pressed a button that has no page of its own; else the front page."""
    came = urlsplit(request.referrer or "")
    is_ours = came.netloc == request.host and has_page(came.path)
    return safe_next(came.path if is_ours else "", url_for("overview.front"))


def has_page(path: str) -> bool:
    """Whether there is a page to look at under a path of this site."""
    return bool(current_app.url_map.bind("").test(path, "GET"))


def _stale_form(_error: Any) -> ResponseReturnValue:
    """A form whose session has ended or changed: what was typed comes back in a new one, nothing was done."""
    return sent_before() or redirect(_way_back(), 303)
