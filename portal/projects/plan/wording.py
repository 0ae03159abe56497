"""How far a plan is, in words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.core.texts import gettext as _
from portal.core.texts import ngettext
from portal.projects.plan.progress import Progress


def progress_words(progress: Progress) -> str:
    """What the figure rests on, in a sentence."""
    known, total = progress.known, progress.total
    if progress.is_stated:
        return _("as the project says")
    if progress.of_packages and progress.percent is None:
        return _("no work package says how far it is")
    if progress.of_packages:
        return ngettext(
            "%(known)d of %(num)d work package counted, by its weight",
            "%(known)d of %(num)d work packages counted, by their weight",
            total,
            known=known,
        )
    if progress.percent is None:
        return _("nothing says how far it is")
    return ngettext(
        "%(known)d of %(num)d milestone or deliverable is done",
        "%(known)d of %(num)d milestones and deliverables are done",
        total,
        known=known,
    )


def late_words(late: int) -> str:
    """How much is overdue, in a sentence."""
    return ngettext("%(num)d thing in the plan is overdue.", "%(num)d things in the plan are overdue.", late)


def in_disorder(steps: Sequence[Any]) -> bool:
    """Whether milestones or deliverables stand otherwise than by the day they are due."""
    days = [one.due_on or date.max for one in steps]
    return days != sorted(days)
