"""The pages on which a project is worked on, in the order of their menu, and the frame they share."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.permissions import allows
from portal.core.web import actor, path_for
from portal.projects import readings
from portal.projects.models import Project


@dataclass(frozen=True)
class Section:
    """A page of the project's desk: where it is, what it is called, and what one must be allowed to do to open it."""

    endpoint: str
    label: Any
    action: str


SECTIONS: tuple[Section, ...] = (
    Section("projects.show", _l("Public page"), "project.see"),
    Section("lifecycle.index", _l("State and health"), "project.look_inside"),
    Section("editing.texts", _l("Texts"), "project.edit"),
    Section("editing.facts", _l("Facts"), "project.edit"),
    Section("editing.places", _l("Municipalities"), "project.edit"),
    Section("plan.index", _l("Plan"), "project.edit"),
    Section("updates.index", _l("News from the project"), "project.edit"),
    Section("money.index", _l("Money"), "project.edit"),
    Section("results.index", _l("Results"), "project.edit"),
    Section("barriers.index", _l("Barriers"), "project.edit"),
    Section("partnerships.index", _l("Partners"), "project.look_inside"),
    Section("team.index", _l("People"), "project.look_inside"),
    Section("editing.lessons", _l("Lessons"), "project.edit"),
    Section("documents.index", _l("Documents"), "documents.open"),
    Section("discussion.index", _l("Discussion"), "discussion.open"),
    Section("editing.settings", _l("Visibility and address"), "project.manage"),
    Section("history.index", _l("History"), "project.look_inside"),
)


def render(template: str, project: Project, **values: Any) -> str:
    """A page of the desk: `template` extends `projects/section.html`, whose menu shows what the actor may open."""
    here = _here()
    readings.note(actor(), project, now=clock.now())
    menu = [
        {
            "label": section.label,
            "url": path_for(section.endpoint, slug=project.slug),
            "active": section.endpoint == here,
        }
        for section in SECTIONS
        if allows(actor(), section.action, project)
    ]
    return render_template(template, project=project, sections=menu, **values)


def _here() -> str:
    """The section of the page being made: its own, or, of a page within one, the only one of its blueprint."""
    kin = [section.endpoint for section in SECTIONS if section.endpoint.partition(".")[0] == request.blueprint]
    return kin[0] if len(kin) == 1 else str(request.endpoint)
