"""Confirming a project: by those who run it with one press, or with the mailed link and without signing in."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.accounts import queries as accounts
from portal.core import clock, freshness
from portal.core.db import db
from portal.core.errors import NotFound, Spent
from portal.core.forms import PortalForm, submit_once
from portal.core.permissions import Actor, allows, audience
from portal.core.web import actor, pages, uncached
from portal.projects import queries
from portal.projects.freshness import operations
from portal.projects.models import Project, Visibility

bp = pages("freshness", __name__, "/projects")


@bp.post("/<slug>/confirm")
@audience("signed_in")
def confirm(slug: str) -> ResponseReturnValue:
    project = queries.to_work_on(slug, actor(), "project.edit")

    def act() -> str:
        operations.confirm(project, actor=actor(), now=clock.now())
        flash(_("Thank you. The project’s page is confirmed for a year."), "success")
        return url_for("projects.show", slug=project.slug)

    return submit_once(PortalForm(), act)


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@audience("everyone")
def confirm_by_link(token: str) -> ResponseReturnValue:
    """Shows what will be confirmed; the button confirms it. Opening the link alone does nothing."""
    uncached()
    person, project = _opened(token)
    form = PortalForm()

    def act() -> str:
        operations.confirm(project, actor=person, now=clock.now())
        return url_for(".confirm_by_link", token=token)

    if form.validate_on_submit():
        return submit_once(form, act)
    return render_template("projects/confirm.html", form=form, project=project), 422 if form.errors else 200


def _opened(token: str) -> tuple[Actor, Project]:
    """The project that a link is about, and the person it was mailed to, as long as they may edit it."""
    link = freshness.link_of(operations.KIND, token, now=clock.now())
    project = None
    if link is not None:
        public = select(Project).where(Project.id == link.subject_id, Project.visibility == Visibility.PUBLIC)
        project = db.session.scalar(public.options(selectinload(Project.team), selectinload(Project.participations)))
    if link is None or project is None:
        raise NotFound("confirmation", "link")
    person = accounts.by_mail(link.account_id)
    if not allows(person, "project.edit", project):
        raise Spent
    return person, project
