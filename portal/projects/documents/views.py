"""A project's documents: the list, each with its versions, and the files themselves."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, uploads
from portal.core.db import transaction
from portal.core.forms import PortalForm, revise_once, submit_once
from portal.core.permissions import allows, audience, require
from portal.core.texts import gettext as _
from portal.core.web import actor, pages
from portal.projects.documents import operations, queries
from portal.projects.documents.forms import DocumentForm, NewDocumentForm, VersionForm
from portal.projects.documents.labels import file_kind
from portal.projects.documents.models import Document
from portal.projects.documents.permissions import is_private_reading
from portal.projects.models import Visibility
from portal.projects.queries import to_work_on
from portal.projects.sections import render

bp = pages("documents", __name__, "/projects/<slug>/documents")
bp.add_app_template_filter(file_kind)


@bp.get("")
@audience("signed_in")
def index(slug: str) -> ResponseReturnValue:
    project = to_work_on(slug, actor(), "documents.open")
    found = list(queries.of_project(project.id, actor()))
    _note(found)
    may_restore = allows(actor(), "documents.restore", project)
    return render(
        "projects/documents/index.html",
        project,
        documents=found,
        deleted=queries.deleted_of(project, now=clock.now()) if may_restore else (),
        may_keep=allows(actor(), "documents.keep", project),
        once=PortalForm(),
    )


@bp.route("/new", methods=["GET", "POST"])
@audience("signed_in")
def new(slug: str) -> ResponseReturnValue:
    project = to_work_on(slug, actor(), "documents.keep")
    form = NewDocumentForm()
    form.offer(project)
    if form.validate_on_submit():

        def act() -> str:
            document = operations.add(
                project, form.details(), form.file.taken, form.note.data, actor=actor(), now=clock.now()
            )
            flash(_("The document is added."), "success")
            return url_for(".show", slug=slug, document_id=document.id)

        return submit_once(form, act)
    return render("projects/documents/new.html", project, form=form), form.status


@bp.get("/<int:document_id>")
@audience("signed_in")
def show(slug: str, document_id: int) -> ResponseReturnValue:
    document = _opened(slug, document_id)
    _note([document])
    return render(
        "projects/documents/show.html",
        document.project,
        document=document,
        may_keep=allows(actor(), "documents.keep", document.project),
        may_delete=allows(actor(), "document.delete", document),
        once=PortalForm(),
    )


@bp.route("/<int:document_id>/edit", methods=["GET", "POST"])
@audience("signed_in")
def edit(slug: str, document_id: int) -> ResponseReturnValue:
    document = _opened(slug, document_id)
    require(actor(), "documents.keep", document.project)
    form = DocumentForm(obj=document)
    form.offer(document.project)
    place = url_for(".show", slug=slug, document_id=document_id)

    def now() -> DocumentForm:
        current = DocumentForm(formdata=None, obj=_opened(slug, document_id))
        current.offer(document.project)
        return current

    def act() -> str:
        operations.revise(document, form.details(), actor=actor(), now=clock.now())
        flash(_("Your changes are saved."), "success")
        return place

    if form.validate_on_submit():
        return revise_once(form, now, act, heading=_("Change the document"), cancel=place)
    return render("projects/documents/edit.html", document.project, document=document, form=form), (
        422 if form.errors else 200
    )


@bp.route("/<int:document_id>/new-version", methods=["GET", "POST"])
@audience("signed_in")
def new_version(slug: str, document_id: int) -> ResponseReturnValue:
    document = _opened(slug, document_id)
    require(actor(), "documents.keep", document.project)
    form = VersionForm()
    if form.validate_on_submit():

        def act() -> str:
            operations.send_version(document, form.file.taken, form.note.data, actor=actor(), now=clock.now())
            flash(_("The new version is the one that readers get now."), "success")
            return url_for(".show", slug=slug, document_id=document_id)

        return submit_once(form, act)
    return render("projects/documents/version.html", document.project, document=document, form=form), form.status


@bp.post("/<int:document_id>/<int:number>/go-back")
@audience("signed_in")
def go_back(slug: str, document_id: int, number: int) -> ResponseReturnValue:
    document = _opened(slug, document_id)
    version = queries.version_of(document, number)

    def act() -> str:
        operations.go_back_to(document, version, actor=actor(), now=clock.now())
        return url_for(".show", slug=slug, document_id=document_id)

    return submit_once(PortalForm(), act)


@bp.post("/<int:document_id>/delete")
@audience("signed_in")
def delete(slug: str, document_id: int) -> ResponseReturnValue:
    document = _opened(slug, document_id)

    def act() -> str:
        operations.delete(document, actor=actor(), now=clock.now())
        flash(_("The document is deleted. It can be brought back for 30 days."), "success")
        return url_for(".index", slug=slug)

    return submit_once(PortalForm(), act)


@bp.post("/<int:document_id>/restore")
@audience("signed_in")
def restore(slug: str, document_id: int) -> ResponseReturnValue:
    project = to_work_on(slug, actor(), "documents.restore")
    document = queries.deleted_one(project, document_id, now=clock.now())

    def act() -> str:
        operations.restore(document, actor=actor(), now=clock.now())
        return url_for(".show", slug=slug, document_id=document_id)

    return submit_once(PortalForm(), act)


@bp.get("/<int:document_id>/<int:number>")
@audience("everyone")
def download(slug: str, document_id: int, number: int) -> ResponseReturnValue:
    document = queries.one(slug, document_id, actor())
    version = queries.version_of(document, number)
    _note([document])
    is_public = document.visibility is Visibility.PUBLIC and document.project.visibility is Visibility.PUBLIC
    return uploads.sent(version.digest, version.name, is_public=is_public)


def _opened(slug: str, document_id: int) -> Document:
    """The document, for somebody who may open the project's page of documents."""
    document = queries.one(slug, document_id, actor())
    require(actor(), "documents.open", document.project)
    return document


def _note(documents: list[Document]) -> None:
    """Staff who read what is not public leave a trace; nobody else's reading writes anything."""
    if any(is_private_reading(actor(), one) for one in documents):
        with transaction():
            operations.note_reading(documents, actor=actor(), now=clock.now())
