"""The pages on which one part of a project is added, changed, ordered and taken away: the same for every kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.interfaces import ORMOption

from portal.core import clock
from portal.core.forms import (
    PortalForm,
    RevisionForm,
    answered,
    revise_once,
    submit_once,
    text_states,
    wants_preview,
)
from portal.core.texts import gettext as _
from portal.core.web import actor
from portal.projects import queries
from portal.projects.models import Project
from portal.projects.parts import operations
from portal.projects.parts.forms import PartForm
from portal.projects.parts.queries import part_of
from portal.projects.sections import render

EDIT = "project.edit"


@dataclass(frozen=True)
class Words:
    """What the pages of a kind of part are called, and what is said when it is done."""

    add: Any
    edit: Any
    question: Any
    loss: Any


@dataclass(frozen=True)
class Desk:
    """One kind of part. `home` is the page that lists it; `prepare` offers a form the choices of its project."""

    model: Any
    noun: str
    form: type[PartForm]
    template: str
    home: str
    words: Words
    prepare: Callable[[Any, Project], None]
    loads: Sequence[ORMOption] = ()

    def add(self, slug: str, **given: Any) -> ResponseReturnValue:
        project = queries.to_work_on(slug, actor(), EDIT, *self.loads)
        form = self.form(data=given)
        if done := answered(form):
            return done
        self.prepare(form, project)

        def act() -> str:
            part = self.model(**{name: value for name, value in given.items() if hasattr(self.model, name)})
            operations.add(part, self.noun, project, form.details(), actor=actor(), now=clock.now())
            return self.place(project, part)

        if not wants_preview() and form.validate_on_submit():
            return submit_once(form, act)
        return self._page(project, form, self.words.add)

    def edit(self, slug: str, part_id: int) -> ResponseReturnValue:
        project = queries.to_work_on(slug, actor(), EDIT, *self.loads)
        part = part_of(project, self.model, part_id)
        form = self.form(obj=part)
        self.prepare(form, project)

        def act() -> str:
            operations.revise(part, self.noun, project, form.details(), actor=actor(), now=clock.now())
            flash(_("Your changes are saved."), "success")
            return self.place(project, part)

        if not wants_preview() and form.validate_on_submit():
            way_out = self.place(project, part)
            return revise_once(form, lambda: self._now(slug, part_id), act, heading=self.words.edit, cancel=way_out)
        return self._page(project, form, self.words.edit, part)

    def delete(self, slug: str, part_id: int) -> ResponseReturnValue:
        project = queries.to_work_on(slug, actor(), EDIT)
        form = PortalForm()
        if done := answered(form):
            return done
        part = part_of(project, self.model, part_id)

        def act() -> str:
            operations.remove(part, self.noun, project, actor=actor(), now=clock.now())
            flash(_("“%(name)s” is deleted.", name=operations.name_of(part)), "success")
            return url_for(self.home, slug=project.slug)

        if form.validate_on_submit():
            return submit_once(form, act)
        values = {"part": part, "form": form, "words": self.words, "back": self.place(project, part)}
        return render("projects/parts/delete.html", project, **values)

    def move(self, slug: str, part_id: int, *, up: bool) -> ResponseReturnValue:
        return self.act(slug, part_id, lambda project, part: self._moved(project, part, up=up))

    def act(self, slug: str, part_id: int, do: Callable[[Project, Any], None]) -> ResponseReturnValue:
        """One decision about a part, by one button; back to its place on the page that lists it."""
        project = queries.to_work_on(slug, actor(), EDIT)
        part = part_of(project, self.model, part_id)

        def act() -> str:
            do(project, part)
            return self.place(project, part)

        return submit_once(PortalForm(), act)

    def place(self, project: Project, part: Any) -> str:
        """The address of the part on the page that lists it."""
        return url_for(self.home, slug=project.slug, _anchor=operations.anchor(self.noun, part.id))

    def _now(self, slug: str, part_id: int) -> RevisionForm:
        """The form as it would be filled for somebody who opened it now."""
        project = queries.to_work_on(slug, actor(), EDIT, *self.loads)
        form = self.form(formdata=None, obj=part_of(project, self.model, part_id))
        self.prepare(form, project)
        return form

    def _moved(self, project: Project, part: Any, *, up: bool) -> None:
        operations.move(part, self.noun, project, up=up, actor=actor(), now=clock.now())

    def _page(self, project: Project, form: PartForm, heading: Any, part: Any = None) -> ResponseReturnValue:
        page = render(
            self.template,
            project,
            form=form,
            page_heading=str(heading),
            part=part,
            states=text_states(part),
            previewed=wants_preview(),
            back=self.place(project, part) if part else url_for(self.home, slug=project.slug),
        )
        return page, 422 if form.errors else 200
