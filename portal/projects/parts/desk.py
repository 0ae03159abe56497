"""The pages on which a project's parts are worked on; what they do is `portal.core.partdesk`."""

from collections.abc import Callable
from typing import Any, ClassVar

from portal.core.partdesk import PartDesk
from portal.core.parts import part_of
from portal.core.web import actor
from portal.projects import queries
from portal.projects.models import Project
from portal.projects.parts import operations
from portal.projects.parts.forms import PartForm
from portal.projects.parts.operations import Details
from portal.projects.sections import render

EDIT = "project.edit"


class Desk(PartDesk):
    """One kind of part of a project. `loads` is loaded with the project."""

    operations: ClassVar[Any] = operations
    layout: ClassVar[str] = "projects/section.html"

    def thing(self, slug: str) -> Project:
        return queries.to_work_on(slug, actor(), EDIT, *self.loads)

    def part(self, thing: Project, part_id: int) -> Any:
        return part_of(self.model, "project_id", thing.id, part_id)

    def render(self, template: str, thing: Project, **values: Any) -> str:
        return render(template, thing, **values)

    def said(self, form: PartForm) -> Details:
        return form.details()


def form_of(kind: type[PartForm], offer: Callable[[Any, Project], None] | None = None) -> Callable[..., PartForm]:
    """How a kind's form is made; `offer` gives it the choices of its project."""

    def make(part: Any, project: Project, **options: Any) -> PartForm:
        form = kind(obj=part, **options)
        if offer is not None:
            offer(form, project)
        return form

    return make
