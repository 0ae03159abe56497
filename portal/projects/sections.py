"""The pages on which a project is worked on, in the order of their menu, and the frame they share."""

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.sections import Section, menu
from portal.core.web import actor
from portal.projects import readings
from portal.projects.models import Project

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
    readings.note(actor(), project, now=clock.now())
    return render_template(template, project=project, sections=menu(SECTIONS, project), **values)
