"""The pages on which a project is worked on, in the order of their menu, and the frame they share."""

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.sections import Section, menu
from portal.core.web import actor
from portal.projects import readings
from portal.projects.models import Project

WORK, TOLD, PEOPLE, FRAME = _l("The work"), _l("What readers see"), _l("Who takes part"), _l("The project itself")

SECTIONS: tuple[Section, ...] = (
    Section("projects.show", _l("The project’s page"), "project.see"),
    Section("lifecycle.index", _l("State and health"), "project.look_inside"),
    Section("plan.index", _l("Plan"), "project.edit", group=WORK),
    Section("updates.index", _l("News from the project"), "project.edit", group=WORK),
    Section("documents.index", _l("Documents"), "documents.open", group=WORK),
    Section("discussion.index", _l("Discussion"), "discussion.open", group=WORK),
    Section("editing.texts", _l("Texts"), "project.edit", group=TOLD),
    Section("editing.facts", _l("Facts"), "project.edit", group=TOLD),
    Section("editing.places", _l("Municipalities"), "project.edit", group=TOLD),
    Section("money.index", _l("Money"), "project.edit", group=TOLD),
    Section("barriers.index", _l("Barriers"), "project.edit", group=TOLD),
    Section("results.index", _l("Results"), "project.edit", group=TOLD),
    Section("editing.lessons", _l("Lessons"), "project.edit", group=TOLD),
    Section("partnerships.index", _l("Partners"), "project.look_inside", group=PEOPLE),
    Section("team.index", _l("People"), "project.look_inside", group=PEOPLE),
    Section("editing.settings", _l("Visibility and address"), "project.manage", group=FRAME),
    Section("history.index", _l("History"), "project.look_inside", group=FRAME),
)


def render(template: str, project: Project, **values: Any) -> str:
    """A page of the desk: `template` extends `projects/section.html`, whose menu shows what the actor may open."""
    readings.note(actor(), project, now=clock.now())
    return render_template(template, project=project, sections=menu(SECTIONS, project), **values)
