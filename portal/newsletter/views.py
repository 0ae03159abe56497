"""The newsletter as its readers meet it: asked for, confirmed, changed and ended, all without an account."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, strangers
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.tokens import key_of
from portal.core.web import pages, uncached
from portal.newsletter import operations, queries
from portal.newsletter.forms import ChangeForm, SubscribeForm
from portal.newsletter.letters import PURPOSE, token_for
from portal.newsletter.models import Subscriber, SubscriberState

bp = pages("newsletter", __name__, "/newsletter")

UNSUBSCRIBE = f"{__name__}.unsubscribe"
"""Takes a POST without a form of ours: a mail program sends it (RFC 8058). Its token is its right."""


@bp.route("", methods=["GET", "POST"])
@audience("everyone")
def index() -> ResponseReturnValue:
    form = SubscribeForm()

    def act() -> str:
        now = clock.now()
        strangers.note_stranger(now)
        operations.subscribe(str(form.email.data), form.wish(), now=now)
        return url_for(".asked")

    if form.validate_on_submit():
        return submit_once(form, act)
    return render_template("newsletter/index.html", form=form), 422 if form.errors else 200


@bp.get("/asked")
@audience("everyone")
def asked() -> ResponseReturnValue:
    return render_template("newsletter/asked.html")


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@audience("everyone")
def confirm(token: str) -> ResponseReturnValue:
    """A GET only asks: mail programs follow links to look at them."""
    uncached()
    form = PortalForm()
    if form.validate_on_submit():

        def act() -> str:
            reader = operations.confirm(token, now=clock.now())
            flash(_("You get the newsletter from now on."), "success")
            return url_for(".mine", token=token_for(reader))

        return submit_once(form, act)
    reader = operations.waiting(token, clock.now())
    return render_template("newsletter/confirm.html", form=form, reader=reader)


@bp.route("/mine/<token>", methods=["GET", "POST"])
@audience("everyone")
def mine(token: str) -> ResponseReturnValue:
    uncached()
    reader = _reader(token)
    form = ChangeForm(obj=reader)

    def act() -> str:
        operations.change(reader, form.wish())
        flash(_("Your changes are saved."), "success")
        return url_for(".mine", token=token)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = render_template("newsletter/mine.html", form=form, reader=reader, token=token)
    return page, 422 if form.errors else 200


@bp.route("/unsubscribe/<token>", methods=["GET", "POST"])
@audience("everyone")
def unsubscribe(token: str) -> ResponseReturnValue:
    """A GET only asks. Ending it twice is ending it."""
    uncached()
    key = key_of(PURPOSE, token)
    if key is None:
        raise NotFound("subscriber", "unsubscribe")
    if request.method == "POST":
        with transaction():
            if (reader := queries.by_id(key)) is not None:
                operations.unsubscribe(reader)
        return redirect(url_for(".ended"), 303)
    return render_template("newsletter/unsubscribe.html")


@bp.get("/ended")
@audience("everyone")
def ended() -> ResponseReturnValue:
    return render_template("newsletter/ended.html")


def _reader(token: str) -> Subscriber:
    key = key_of(PURPOSE, token)
    reader = queries.by_id(key) if key is not None else None
    if reader is None or reader.state is not SubscriberState.CONFIRMED:
        raise NotFound("subscriber", "mine")
    return reader
