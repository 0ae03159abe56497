"""What the trace calls what was done to the parts of a project."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions

name_actions(
    {
        "work_package.added": _l("Work package added"),
        "work_package.revised": _l("Work package changed"),
        "work_package.removed": _l("Work package deleted"),
        "work_package.moved": _l("Work packages reordered"),
        "milestone.added": _l("Milestone added"),
        "milestone.revised": _l("Milestone changed"),
        "milestone.removed": _l("Milestone deleted"),
        "milestone.moved": _l("Milestones reordered"),
        "milestone.ordered": _l("Milestones put in order by their dates"),
        "milestone.done": _l("Milestone reached"),
        "milestone.reopened": _l("Milestone open again"),
        "deliverable.added": _l("Deliverable added"),
        "deliverable.revised": _l("Deliverable changed"),
        "deliverable.removed": _l("Deliverable deleted"),
        "deliverable.moved": _l("Deliverables reordered"),
        "deliverable.ordered": _l("Deliverables put in order by their dates"),
        "deliverable.done": _l("Deliverable delivered"),
        "deliverable.reopened": _l("Deliverable open again"),
        "update.added": _l("News from the project published"),
        "update.revised": _l("News from the project changed"),
        "update.withdrawn": _l("News from the project withdrawn"),
        "update.restored": _l("News from the project restored"),
        "funding.added": _l("Funding added"),
        "funding.revised": _l("Funding changed"),
        "funding.removed": _l("Funding deleted"),
        "project.cost_revised": _l("Costs changed"),
        "project.shares_revised": _l("Shares of the budget changed"),
        "result.added": _l("Result added"),
        "result.revised": _l("Result changed"),
        "result.removed": _l("Result deleted"),
        "result.moved": _l("Results reordered"),
        "barrier.added": _l("Barrier described"),
        "barrier.revised": _l("Barrier described anew"),
    }
)
