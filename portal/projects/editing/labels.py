"""What the trace calls what was done to a project's texts and facts."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

name_actions(
    {
        "project.created": _l("Project created"),
        "project.texts_revised": _l("Texts changed"),
        "project.lessons_revised": _l("Lessons changed"),
        "project.facts_revised": _l("Facts changed"),
        "project.place_set": _l("Municipality added"),
        "project.place_removed": _l("Municipality taken off"),
        "project.shown_to": _l("Who sees the project changed"),
        "project.renamed": _l("Address changed"),
        "project.deleted": _l("Project deleted"),
    }
)
