"""What an account was told, and the way out of the mail about it."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.blueprint import bp
from portal.accounts.notices import operations, queries
from portal.accounts.notices.telling import told
from portal.accounts.notices.unsubscribing import account_of
from portal.accounts.sections import render
from portal.core import bilingual, clock, web
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import audience
from portal.core.web import actor

UNSUBSCRIBE = f"{__name__}.unsubscribe"
"""The one page that takes a POST without a form of ours: a mail program sends it (RFC 8058). Its token is its right."""


@bp.app_context_processor
def _unread() -> dict[str, Any]:
    """For the frame of every page: how many notices its reader has not read, counted when it is asked."""
    return {"count_unread_notices": lambda: queries.count_unread(actor().account_id or 0)}


@bp.get("/notices")
@audience("signed_in")
def notices() -> ResponseReturnValue:
    account_id = actor().account_id or 0
    found = queries.of_account(account_id)
    language = bilingual.chosen()
    return render(
        "accounts/notices.html",
        unread=told([one for one in found if one.read_at is None], actor(), language),
        read=told([one for one in found if one.read_at is not None], actor(), language),
        form=PortalForm(),
    )


@bp.post("/notices/read")
@audience("signed_in")
def read_notices() -> ResponseReturnValue:
    def act() -> str:
        operations.mark_read(actor(), None, now=clock.now())
        return url_for(".notices")

    return submit_once(PortalForm(), act)


@bp.route("/unsubscribe/<token>", methods=["GET", "POST"])
@audience("everyone")
def unsubscribe(token: str) -> ResponseReturnValue:
    """A GET only asks: mail programs follow links to look at them."""
    web.uncached()
    account = account_of(token)
    if account is None:
        raise NotFound("account", "unsubscribe")
    if request.method == "POST":
        with transaction():
            operations.unsubscribe(account, now=clock.now())
    return render_template("accounts/unsubscribe.html", is_done=request.method == "POST")
