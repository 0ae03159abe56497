"""Webinars and their series at the desk: what there is in every state, and the form of a series."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, listing
from portal.core.errors import NotFound
from portal.core.forms import PortalForm, answered, revise_once, submit_once, text_states
from portal.core.labels import label
from portal.core.permissions import Role, audience, require
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.staff import desk
from portal.staff.webinars import queries
from portal.webinars.models import Series, SeriesState, State
from portal.webinars.series import operations
from portal.webinars.series import queries as all_series
from portal.webinars.series.forms import SeriesForm

bp = pages("staff_webinars", __name__, "/staff/webinars")

STATES = {"publish": SeriesState.PUBLISHED, "withdraw": SeriesState.WITHDRAWN}


@bp.get("")
@audience("staff")
def index() -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    now = clock.now()
    choice = listing.read(queries.plan(now), request.args.items(multi=True))
    found = queries.listing_of(choice, actor(), request.path, now)
    return render_template("staff/webinars/index.html", listing=found, may_write=actor().has(Role.EDITOR))


@bp.get("/submitted")
@audience("staff")
def submitted() -> ResponseReturnValue:
    return redirect(url_for(".index", state=State.SUBMITTED.value))


@bp.get("/series")
@audience("staff")
def series() -> ResponseReturnValue:
    require(actor(), "staff.read", None)
    found = all_series.all_of(actor())
    return desk.render("staff/webinars/series.html", series=found, may_write=actor().has(Role.EDITOR))


@bp.route("/series/new", methods=["GET", "POST"])
@audience("staff")
def new_series() -> ResponseReturnValue:
    require(actor(), "series.edit", None)
    form = SeriesForm.of(None)
    if done := answered(form):
        return done

    def act() -> str:
        made = operations.create(form.details(), actor=actor(), now=clock.now())
        return url_for(".edit_series", slug=made.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    return _form(form, None)


@bp.route("/series/<slug>/edit", methods=["GET", "POST"])
@audience("staff")
def edit_series(slug: str) -> ResponseReturnValue:
    found = all_series.to_work_on(slug, actor())
    form = SeriesForm.of(found)

    def act() -> str:
        operations.revise(found, form.details(), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return url_for(".edit_series", slug=slug)

    def now() -> SeriesForm:
        return SeriesForm.of(all_series.to_work_on(slug, actor()), formdata=None)

    if form.validate_on_submit():
        return revise_once(form, now, act, heading=str(found.text("title")), cancel=url_for(".series"))
    return _form(form, found)


@bp.post("/series/<slug>/<word>")
@audience("staff")
def move_series(slug: str, word: str) -> ResponseReturnValue:
    if word not in STATES:
        raise NotFound("step", word)
    found = all_series.to_work_on(slug, actor())

    def act() -> str:
        operations.move(found, STATES[word], actor=actor(), now=clock.now())
        flash(_("The series is now: %(state)s.", state=label(STATES[word]).lower()), "success")
        return url_for(".edit_series", slug=slug)

    return submit_once(PortalForm(), act)


def _form(form: SeriesForm, found: Series | None) -> ResponseReturnValue:
    page = desk.render(
        "staff/webinars/series_form.html",
        form=form,
        series=found,
        title=found.text("title") if found else "",
        states=text_states(found),
        one=PortalForm(formdata=None),
    )
    return page, 422 if form.errors else 200
