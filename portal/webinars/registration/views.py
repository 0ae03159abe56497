"""Registering for a webinar without an account, and what the mailed link opens: one's own registration."""

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import VISITOR, audience
from portal.core.web import came_from, pages, uncached
from portal.webinars import calendar as calendars
from portal.webinars import queries as webinars
from portal.webinars.registration import calendar, mails, operations, queries, terms
from portal.webinars.registration.forms import FeedbackForm, RegisterForm
from portal.webinars.registration.models import RegistrationState
from portal.webinars.registration.terms import Standing

bp = pages("registration", __name__, "/webinars")

CANCEL_BY_MAIL = f"{__name__}.cancel"
"""A mail program sends this POST too (RFC 8058), without a form of ours. The link is its right."""


@bp.after_request
def keep_the_link(response: Response) -> Response:
    """A link of somebody's own is told to no other site and kept by no cache."""
    if "token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/<slug>/register", methods=["GET", "POST"])
@audience("everyone")
def register(slug: str) -> ResponseReturnValue:
    uncached()
    webinar = webinars.by_slug(slug, VISITOR)
    standing = queries.standing_of(webinar, clock.now())
    if standing is Standing.NONE:
        raise NotFound("registration", slug)
    if standing in (Standing.NOT_YET, Standing.CLOSED):
        page = render_template("webinars/registration/closed.html", webinar=webinar, standing=standing)
        return page, 409 if request.method == "POST" else 200
    form = RegisterForm()

    def act() -> str:
        operations.register(webinar, form.details(), origin=came_from(), now=clock.now())
        return url_for(".registered", slug=webinar.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = render_template(
        "webinars/registration/register.html",
        form=form,
        webinar=webinar,
        numbers=queries.numbers(webinar),
        when=mails.when(webinar),
        forget_on=terms.forget_on(webinar),
    )
    return page, 422 if form.errors else 200


@bp.get("/<slug>/registered")
@audience("everyone")
def registered(slug: str) -> ResponseReturnValue:
    webinar = webinars.by_slug(slug, VISITOR)
    return render_template(
        "webinars/registration/registered.html", webinar=webinar, hours=int(terms.HELD_FOR.total_seconds() // 3600)
    )


@bp.route("/registration/<token>", methods=["GET", "POST"])
@audience("everyone")
def mine(token: str) -> ResponseReturnValue:
    """What is known of whoever holds the link. A GET changes nothing: mail programs follow links to look at them."""
    uncached()
    registration = queries.by_token(token)

    def act() -> str:
        operations.confirm(registration, now=clock.now())
        return url_for(".mine", token=token)

    if request.method == "POST":
        return submit_once(PortalForm(), act)
    webinar, now = registration.webinar, clock.now()
    has_place = registration.state in queries.SEATED
    return render_template(
        "webinars/registration/mine.html",
        registration=registration,
        webinar=webinar,
        token=token,
        when=mails.when(webinar),
        takes_place=terms.takes_place(webinar, now),
        has_begun=terms.has_begun(webinar, now),
        is_on=webinar.state in terms.ON,
        has_place=has_place,
        ahead=queries.ahead_of(registration) if registration.state is RegistrationState.WAITLISTED else 0,
        listed=queries.listed(webinar.id) if has_place else (),
        has_answered=queries.has_answered(registration),
        form=PortalForm(formdata=None),
    )


@bp.route("/registration/<token>/cancel", methods=["GET", "POST"])
@audience("everyone")
def cancel(token: str) -> ResponseReturnValue:
    uncached()
    registration = queries.by_token(token)
    if request.method == "POST":
        with transaction():
            operations.cancel(registration, now=clock.now())
    return render_template(
        "webinars/registration/cancel.html",
        registration=registration,
        webinar=registration.webinar,
        token=token,
        is_over=terms.has_begun(registration.webinar, clock.now()),
    )


@bp.post("/registration/<token>/listed")
@audience("everyone")
def listed(token: str) -> ResponseReturnValue:
    registration = queries.by_token(token)

    def act() -> str:
        operations.list_me(registration, not registration.is_listed, now=clock.now())
        return url_for(".mine", token=token)

    return submit_once(PortalForm(), act)


@bp.get("/registration/<token>/webinar.ics")
@audience("everyone")
def entry(token: str) -> ResponseReturnValue:
    """The webinar for one's own calendar, with where to join; for who has a place."""
    uncached()
    registration = queries.by_token(token)
    webinar = registration.webinar
    if registration.state not in queries.SEATED or webinar.starts_at is None or webinar.state not in terms.ON:
        raise NotFound("entry", webinar.slug)
    body = calendar.entry(webinar, registration, calendar.PUBLISH, clock.now())
    response = Response(body, content_type=calendars.MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{webinar.slug}.ics"'
    return response


@bp.route("/registration/<token>/feedback", methods=["GET", "POST"])
@audience("everyone")
def feedback(token: str) -> ResponseReturnValue:
    uncached()
    registration = queries.by_token(token)
    webinar = registration.webinar
    if registration.state not in queries.SEATED or not terms.has_begun(webinar, clock.now()):
        raise NotFound("feedback", webinar.slug)
    form = FeedbackForm()

    def act() -> str:
        operations.give_feedback(registration, int(form.rating.data), form.text.data or "", now=clock.now())
        return url_for(".feedback", token=token)

    if queries.has_answered(registration):
        return render_template("webinars/registration/answered.html", token=token)
    if form.validate_on_submit():
        return submit_once(form, act)
    page = render_template("webinars/registration/feedback.html", form=form, webinar=webinar, token=token)
    return page, 422 if form.errors else 200


@bp.route("/registration/<token>/forget", methods=["GET", "POST"])
@audience("everyone")
def forget(token: str) -> ResponseReturnValue:
    """Ask for one's data to be deleted before its day."""
    uncached()
    registration = queries.by_token(token)
    webinar = registration.webinar

    def act() -> str:
        operations.forget_me(registration, now=clock.now())
        flash(_("Your name and address are deleted."), "success")
        return url_for("webinars.index")

    if request.method == "POST":
        return submit_once(PortalForm(), act)
    form = PortalForm(formdata=None)
    return render_template(
        "webinars/registration/forget.html",
        form=form,
        webinar=webinar,
        token=token,
        takes_place=terms.takes_place(webinar, clock.now()),
    )
