"""A webinar's recording: what belongs to it, for its editors; slides and captions as files, for everybody."""

from typing import cast

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, uploads
from portal.core.bilingual import Language
from portal.core.forms import PortalForm, revise_once, submit_once
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.webinars.editing import queries as editing
from portal.webinars.models import State, Webinar
from portal.webinars.recording import operations, queries
from portal.webinars.recording.forms import CaptionsForm, RecordingForm, SlidesForm
from portal.webinars.sections import render

bp = pages("recording", __name__, "/webinars")

SLIDES = "<int:slides_id>"
LANGUAGE = "<any(da, en):spoken>"


def _to_work_on(slug: str) -> Webinar:
    return editing.to_work_on(slug, actor(), operations.RULE, *queries.LOADS)


@bp.route("/<slug>/recording", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str) -> ResponseReturnValue:
    webinar = _to_work_on(slug)
    form = RecordingForm.of(webinar, actor())

    def act() -> str:
        operations.revise(webinar, form.details(), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return url_for(".edit", slug=slug)

    if form.validate_on_submit():
        way_out = url_for("webinar_states.index", slug=slug)
        return revise_once(
            form,
            lambda: RecordingForm.of(_to_work_on(slug), actor(), formdata=None),
            act,
            heading=_("Recording"),
            cancel=way_out,
        )
    return render("webinars/recording/edit.html", webinar, form=form), 422 if form.errors else 200


@bp.get("/<slug>/files")
@audience("signed_in")
def slides(slug: str) -> ResponseReturnValue:
    return _files(_to_work_on(slug))


def _files(webinar: Webinar, status: int = 200, **forms: object) -> ResponseReturnValue:
    """The page of slides and captions; a form that could not be taken comes in again by its name."""
    values = {"slides_form": SlidesForm(formdata=None), "captions_form": CaptionsForm(formdata=None), **forms}
    page = render("webinars/recording/files.html", webinar, key=PortalForm(formdata=None), **values)
    return page, status


@bp.post("/<slug>/files/slides")
@audience("signed_in")
def add_slides(slug: str) -> ResponseReturnValue:
    webinar = _to_work_on(slug)
    form = SlidesForm()

    def act() -> str:
        titles = {"title_da": form.title_da.data or "", "title_en": form.title_en.data or ""}
        operations.add_slides(webinar, titles, form.file.taken, actor=actor(), now=clock.now())
        return url_for(".slides", slug=slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    return _files(webinar, form.status, slides_form=form)


@bp.post("/<slug>/files/captions")
@audience("signed_in")
def set_captions(slug: str) -> ResponseReturnValue:
    webinar = _to_work_on(slug)
    form = CaptionsForm()

    def act() -> str:
        language = cast("Language", form.language.data)
        operations.set_captions(webinar, language, form.captions.taken, actor=actor(), now=clock.now())
        return url_for(".slides", slug=slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    return _files(webinar, form.status, captions_form=form)


@bp.post(f"/<slug>/files/slides/{SLIDES}/remove")
@audience("signed_in")
def remove_slides(slug: str, slides_id: int) -> ResponseReturnValue:
    webinar = _to_work_on(slug)
    found = queries.slides_of(webinar, slides_id)

    def act() -> str:
        operations.remove_slides(webinar, found, actor=actor(), now=clock.now())
        return url_for(".slides", slug=slug)

    return submit_once(PortalForm(), act)


@bp.post(f"/<slug>/files/captions/{LANGUAGE}/remove")
@audience("signed_in")
def remove_captions(slug: str, spoken: Language) -> ResponseReturnValue:
    webinar = _to_work_on(slug)

    def act() -> str:
        operations.remove_captions(webinar, spoken, actor=actor(), now=clock.now())
        return url_for(".slides", slug=slug)

    return submit_once(PortalForm(), act)


@bp.get(f"/<slug>/slides/{SLIDES}")
@audience("everyone")
def slides_file(slug: str, slides_id: int) -> ResponseReturnValue:
    webinar = queries.shown(slug, actor())
    found = queries.slides_of(webinar, slides_id)
    return uploads.sent(found.digest, found.name, is_public=webinar.state is State.RECORDED)


@bp.get(f"/<slug>/captions-{LANGUAGE}.vtt")
@audience("everyone")
def captions_file(slug: str, spoken: str) -> ResponseReturnValue:
    webinar = queries.shown(slug, actor())
    digest = queries.captions_of(webinar, spoken)
    return uploads.sent(digest, f"{webinar.slug}-{spoken}.vtt", is_public=webinar.state is State.RECORDED)
