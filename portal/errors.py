"""What went wrong, told to people as a page and to programs as a problem document (RFC 9457)."""

import logging
from typing import Any, TypeGuard

from flask import Flask, current_app, json, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError
from wtforms import ValidationError

from portal.accounts import browser
from portal.core import forms, web
from portal.core.db import db
from portal.core.errors import Conflict, DomainError, Forbidden, Gone, Invalid, Moved, NotFound, Resent, Spent, TooMany
from portal.core.permissions import VISITOR
from portal.projects.history.wording import field_name, said

log = logging.getLogger(__name__)

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Gone: 410,
    Spent: 410,
    Forbidden: 404,
    Conflict: 409,
    Resent: 409,
    Invalid: 422,
    TooMany: 429,
}
WORDS: dict[type[DomainError], str] = {Spent: "spent", Resent: "resent"}
"""Errors with a page of their own."""

READ_ONLY = "25006"  # what PostgreSQL says of a write to a server that only reads, as one that stands in for another
PAGES = frozenset({400, 403, 404, 409, 410, 413, 422, 429, 500, 503})


def install(app: Flask) -> None:
    """Answer every error in one place; no view catches any."""
    app.register_error_handler(Moved, _moved)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http)
    for failure in (OperationalError, InterfaceError, NoConnection):
        app.register_error_handler(failure, _database)
    app.register_error_handler(DBAPIError, _refused)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(Exception, _unexpected)


def _moved(error: Moved) -> ResponseReturnValue:
    endpoint = request.endpoint or ""
    values = {**(request.view_args or {}), "slug": error.slug}
    return redirect(url_for(endpoint, **values), 301)


def _domain(error: DomainError) -> ResponseReturnValue:
    detail = str(error) if isinstance(error, Invalid) else ""
    words = WORDS.get(type(error), "")
    seconds = error.seconds if isinstance(error, TooMany) else 0
    place = error.place if isinstance(error, Resent) else ""
    typed = _in_words(_sent()) if place else _typed()  # whoever has the form's key may see what is in it
    made = answer(STATUS.get(type(error), 400), words, typed=typed, detail=detail, seconds=seconds, place=place)
    if isinstance(error, TooMany):
        return made[0], made[1], {**made[2], "Retry-After": str(error.seconds)}
    return made


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    cause = getattr(error, "original_exception", None)
    if _will_pass(cause):  # while another error was being told
        return _database(cause)
    if isinstance(error, SecurityError):
        # Asked under a name that is not ours: no address of ours can be built, so no page either.
        return "Bad request\n", error.code, {"Content-Type": "text/plain; charset=utf-8"}
    made = answer(error.code)
    extra = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    return made[0], made[1], {**made[2], **dict(extra)}


def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    return answer(413, way_back=browser.keep_beginning())


def _stale(_error: StaleDataError) -> ResponseReturnValue:
    """Somebody else wrote between our reading and our writing; forms with texts of their own say more."""
    db.session.rollback()
    return answer(409, typed=_typed())


def _typed() -> list[tuple[str, str]]:
    """Field → what somebody who is signed in has just sent to a page that takes it no more: shown, to be copied."""
    return _in_words(_sent()) if request.method == "POST" and web.actor().is_signed_in else []


def _sent() -> list[tuple[str, str]]:
    return forms.typed(request.form.items(multi=True))


def _in_words(sent: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (field_name(name), said(name, value))
        for name, value in sent
        if value.strip() and name not in forms.OURS and not name.startswith(forms.CHOICE) and not name.endswith("_id")
    ]


def _is_own_form() -> bool:
    """Whether a page of ours sent this form from this browser. Asks no database."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except (ValidationError, HTTPException):
        return False
    return request.method == "POST"


def _unsaved() -> dict[str, Any]:
    """What was written and could not be saved: shown, and in a form that sends it again where nothing is missing."""
    if not _is_own_form():
        return {}
    sent = _sent()
    is_whole = not request.files and len(sent) == len(list(request.form.items(multi=True))) - 1
    return {"typed": _in_words(sent), "again": sent if is_whole else ()}


def _database(error: Exception) -> ResponseReturnValue:
    """The disk is full, somebody else writes for too long, or the database is away: it will pass."""
    log.error("the database did not answer", exc_info=error)
    db.session.rollback()
    made = answer(503, **_unsaved())
    return made[0], made[1], {**made[2], "Retry-After": "30"}


def _will_pass(error: object) -> TypeGuard[Exception]:
    """Whether the database is away or full, or only reads."""
    is_read_only = isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == READ_ONLY
    return is_read_only or isinstance(error, (OperationalError, InterfaceError, NoConnection))


def _refused(error: DBAPIError) -> ResponseReturnValue:
    return _database(error) if _will_pass(error) else _unexpected(error)


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.error("unexpected error at %s", _place(), exc_info=error)
    if current_app.testing:
        raise error
    return answer(500, **_unsaved())


def _place() -> str:
    """The address as it may stand in the log: a mailed link opens something to whoever reads it there."""
    token = str((request.view_args or {}).get("token", ""))
    return request.path.replace(token, "…") if token else request.path


def answer(status: int, words: str = "", **values: Any) -> tuple[str, int, dict[str, str]]:
    """The body, status and headers that tell of an error, as a page or as a problem document.

    `words` names a page of its own, where the status alone would say the wrong thing.
    """
    if _wants_json():
        problem = {"type": "about:blank", "title": HTTP_TITLES.get(status, "Error"), "status": status}
        if detail := values.get("detail"):
            problem["detail"] = detail
        return json.dumps(problem), status, {"Content-Type": "application/problem+json"}
    page = words or (status if status in PAGES else (404 if status < 500 else 500))
    for _ in range(2):
        try:
            body = render_template(f"errors/{page}.html", status=status, **values)
        except Exception:  # the page that tells of an error may suffer from the same one
            log.exception("the page for error %s cannot be shown", status)
            web.take_for(VISITOR)  # who asks is in the database too; for a visitor the page asks nothing
        else:
            return body, status, {"Content-Type": "text/html; charset=utf-8"}
    return f"{HTTP_TITLES.get(status, 'Error')}\n", status, {"Content-Type": "text/plain; charset=utf-8"}


def _wants_json() -> bool:
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/problem+json", "application/json"])
    return best is not None and best != "text/html"


HTTP_TITLES = {
    400: "Bad request",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Changed meanwhile",
    410: "Gone",
    413: "Too large",
    422: "Cannot be accepted",
    429: "Too many requests",
    500: "Internal error",
    503: "Unavailable",
}
