"""The pages on which a project is begun, described, shown and deleted."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from portal.core import clock
from portal.core.bilingual import LANGUAGES, is_stale, other
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.forms import revise_once, submit_once
from portal.core.permissions import audience
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.partners import queries as partners
from portal.projects import queries
from portal.projects.editing import operations
from portal.projects.editing import queries as editing
from portal.projects.editing.forms import (
    AddressForm,
    DeleteForm,
    FactsForm,
    LessonsForm,
    NewProjectForm,
    PlaceForm,
    TextsForm,
    VisibilityForm,
)
from portal.projects.editing.outlines import OUTLINES
from portal.projects.models import MunicipalityRole, Project, ProjectMunicipality, State, Visibility
from portal.projects.sections import render

bp = pages("editing", __name__, "/projects")

FACTS = (selectinload(Project.themes), selectinload(Project.barriers))
PLACES = selectinload(Project.municipalities).joinedload(ProjectMunicipality.municipality)


@bp.route("/new", methods=["GET", "POST"])
@audience("members")
def new() -> ResponseReturnValue:
    shown = editing.to_adopt(actor(), slug=request.args["from"]) if request.args.get("from") else None
    form = NewProjectForm()
    form.partner.choices = editing.partners_of(actor())
    if form.partner.data is None and form.partner.choices:
        form.partner.data = form.partner.choices[0][0]

    def act() -> str:
        chosen = form.adopted.data
        original = shown or (editing.to_adopt(actor(), id=chosen[0]) if chosen else None)
        project = operations.create(
            form.partner.data,
            form.titles(),
            outline=OUTLINES.get(form.outline.data or ""),
            original=original,
            actor=actor(),
            now=clock.now(),
        )
        flash(_("Your project is begun. Only those who take part see it until you show it to others."), "success")
        return url_for(".texts", slug=project.slug)

    if form.validate_on_submit():
        return submit_once(form, act)
    page = render_template("projects/editing/new.html", form=form, original=shown)
    return page, 422 if form.errors else 200


def _revision(
    slug: str,
    form_of: Callable[..., TextsForm | LessonsForm],
    write: Callable[[Project, Any], None],
    template: str,
    heading: str,
) -> ResponseReturnValue:
    """A page of texts that two people may be changing at once."""
    project = queries.to_work_on(slug, actor(), "project.edit")
    form = form_of(project)

    def act() -> str:
        write(project, form)
        return saved(project)

    if form.validate_on_submit():
        way_out = url_for("projects.show", slug=project.slug)
        return revise_once(form, lambda: form_of(project, formdata=None), act, heading=heading, cancel=way_out)
    return render(template, project, form=form, state_of=text_states), 422 if form.errors else 200


def saved(project: Project) -> str:
    """Say so, and stay on the page."""
    flash(_("Your changes are saved."), "success")
    return url_for(request.endpoint or ".texts", slug=project.slug)


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@audience("signed_in")
def texts(slug: str) -> ResponseReturnValue:
    def form_of(project: Project, **options: Any) -> TextsForm:
        return TextsForm(obj=project, **options)

    def write(project: Project, form: TextsForm) -> None:
        operations.revise_texts(project, form.details(), actor=actor(), now=clock.now())

    return _revision(slug, form_of, write, "projects/editing/texts.html", _("Texts"))


@bp.route("/<slug>/lessons", methods=["GET", "POST"])
@audience("signed_in")
def lessons(slug: str) -> ResponseReturnValue:
    def form_of(project: Project, **options: Any) -> LessonsForm:
        form = LessonsForm(obj=project, **options)
        form.lessons_visibility.offer(project)
        return form

    def write(project: Project, form: LessonsForm) -> None:
        seen_by = form.lessons_visibility.data
        operations.revise_lessons(project, form.details(), seen_by, actor=actor(), now=clock.now())

    return _revision(slug, form_of, write, "projects/editing/lessons.html", _("Lessons"))


@bp.route("/<slug>/facts", methods=["GET", "POST"])
@audience("signed_in")
def facts(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), "project.edit", *FACTS)
    form = FactsForm.of(project)

    def act() -> str:
        operations.revise_facts(project, form.details(), actor=actor(), now=clock.now())
        return saved(project)

    if form.validate_on_submit():
        way_out = url_for("projects.show", slug=project.slug)
        return revise_once(form, lambda: FactsForm.of(project, formdata=None), act, heading=_("Facts"), cancel=way_out)
    return render("projects/editing/facts.html", project, form=form), 422 if form.errors else 200


@bp.route("/<slug>/places", methods=["GET", "POST"])
@audience("signed_in")
def places(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), "project.edit", PLACES)
    form = PlaceForm()
    all_places = editing.municipality_choices()
    form.municipality.choices = [(str(place.id), place.name_da) for place in all_places]

    def act() -> str:
        chosen = next(place for place in all_places if str(place.id) == form.municipality.data)
        role = MunicipalityRole(form.role.data)
        operations.set_place(project, chosen, role, actor=actor(), now=clock.now())
        return saved(project)

    if form.validate_on_submit():
        return submit_once(form, act)
    return render("projects/editing/places.html", project, form=form), 422 if form.errors else 200


@bp.post("/<slug>/places/<int:municipality_id>/remove")
@audience("signed_in")
def remove_place(slug: str, municipality_id: int) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), "project.edit", PLACES)

    def act() -> str:
        operations.remove_place(project, municipality_id, actor=actor(), now=clock.now())
        return url_for(".places", slug=project.slug)

    return submit_once(DeleteForm(), act)


@bp.route("/<slug>/settings", methods=["GET", "POST"])
@audience("signed_in")
def settings(slug: str) -> ResponseReturnValue:
    """Who sees the project; its address and the deletion of an idea have forms of their own below."""
    project = queries.to_work_on(slug, actor(), "project.manage")
    form = VisibilityForm(obj=project)

    def act() -> str:
        operations.show_to(project, Visibility(form.visibility.data), actor=actor(), now=clock.now())
        return saved(project)

    if form.validate_on_submit():
        return submit_once(form, act)
    return _settings(project, form, AddressForm(obj=project, formdata=None), 422 if form.errors else 200)


@bp.post("/<slug>/settings/address")
@audience("signed_in")
def rename(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), "project.manage")
    form = AddressForm()

    def act() -> str:
        operations.rename(project, form.slug.data or "", actor=actor(), now=clock.now())
        flash(_("The address is changed. The old one leads here."), "success")
        return url_for(".settings", slug=project.slug)

    if form.validate_on_submit():
        try:
            return submit_once(form, act)
        except Invalid:
            db.session.expire_all()
            project = queries.to_work_on(slug, actor(), "project.manage")
            form.slug.errors = [_("This address is taken by another project. Choose another one.")]
    return _settings(project, VisibilityForm(obj=project, formdata=None), form, 422)


@bp.route("/<slug>/delete", methods=["GET", "POST"])
@audience("signed_in")
def delete(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), "project.manage")
    form = DeleteForm()

    def act() -> str:
        operations.delete_idea(project, actor=actor(), now=clock.now())
        flash(_("The idea is deleted."), "success")
        return url_for("workspace.index")

    if project.state is State.IDEA and form.validate_on_submit():
        try:
            return submit_once(form, act)
        except IntegrityError:  # news or webinars tell of it
            project = queries.to_work_on(slug, actor(), "project.manage")
            form.sure.errors = [_("News or webinars of the portal refer to this project. Cancel it instead.")]
    return render("projects/editing/delete.html", project, form=form), 422 if form.errors else 200


def _settings(project: Project, form: Any, address: Any, status: int) -> ResponseReturnValue:
    values = {"form": form, "address_form": address, "narrower": editing.narrower(project)}
    return render("projects/editing/settings.html", project, **values), status


def text_states(project: Project, pair: str) -> dict[str, str]:
    """What its writer is told of each language of a pair: that it is missing, or older than the other."""
    said: dict[str, str] = {}
    for language in LANGUAGES:
        mine, theirs = getattr(project, f"{pair}_{language}"), getattr(project, f"{pair}_{other(language)}")
        if not mine and theirs:
            said[language] = _("Missing: readers of this language get the other one.")
        elif mine and theirs and is_stale(project, language):
            said[language] = _("The other language was revised later: look whether this still says the same.")
    return said


bp.add_app_template_global(partners.called, "partner_called")
