"""The pages on which a webinar is begun, written and deleted: the same for members and editors."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.forms import PortalForm, answered, revise_once, submit_once, text_states, wants_preview
from portal.core.permissions import Role, audience, require
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.webinars.editing import operations, queries
from portal.webinars.editing.forms import LONGEST_ABSTRACT, WebinarForm, zone_names
from portal.webinars.models import Webinar
from portal.webinars.sections import render

bp = pages("webinar_editing", __name__, "/webinars")


@bp.route("/new", methods=["GET", "POST"])
@audience("members")
def new() -> ResponseReturnValue:
    require(actor(), "webinar.create", None)
    form = WebinarForm.of(None, actor())
    if done := answered(form):
        return done

    def act() -> str:
        webinar = operations.create(form.details(), actor=actor(), now=clock.now())
        flash(_("The draft is saved. Readers do not see it yet."), "success")
        return url_for("webinar_states.index", slug=webinar.slug)

    if not wants_preview() and form.validate_on_submit():
        return submit_once(form, act)
    page = render_template("webinars/editing/new.html", **_shown(form, None))
    return page, 422 if form.errors else 200


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str) -> ResponseReturnValue:
    webinar = queries.to_work_on(slug, actor(), "webinar.edit")
    form = WebinarForm.of(webinar, actor())

    def act() -> str:
        operations.revise(webinar, form.details(), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return url_for(".edit", slug=webinar.slug)

    def now() -> WebinarForm:
        return WebinarForm.of(queries.to_work_on(slug, actor(), "webinar.edit"), actor(), formdata=None)

    if not wants_preview() and form.validate_on_submit():
        way_out = url_for("webinar_states.index", slug=slug)
        return revise_once(form, now, act, heading=str(webinar.text("title")), cancel=way_out)
    page = render("webinars/editing/edit.html", webinar, **_shown(form, webinar))
    return page, 422 if form.errors else 200


def _shown(form: WebinarForm, webinar: Webinar | None) -> dict[str, object]:
    return {
        "form": form,
        "states": text_states(webinar),
        "previewed": wants_preview(),
        "zone_names": zone_names(),
        "is_editor": actor().has(Role.EDITOR),
    }


@bp.post("/preview")
@audience("members")
def preview() -> ResponseReturnValue:
    """The text as its readers will see it, for static/js/preview.js."""
    return render_template("projects/updates/preview.html", text=request.form.get("text", "")[:LONGEST_ABSTRACT])


@bp.route("/<slug>/delete", methods=["GET", "POST"])
@audience("signed_in")
def delete(slug: str) -> ResponseReturnValue:
    form = PortalForm()
    if done := answered(form):
        return done
    webinar = queries.to_work_on(slug, actor(), "webinar.delete")

    def act() -> str:
        operations.delete(webinar, actor=actor(), now=clock.now())
        flash(_("The draft is deleted."), "success")
        return url_for("webinar_proposals.index")

    if form.validate_on_submit():
        return submit_once(form, act)
    return render("webinars/editing/delete.html", webinar, form=form)
