"""Taking a project from state to state, and saying how it goes: the only way either is written."""

from collections.abc import Mapping
from datetime import datetime

from portal.core import clock
from portal.core.bilingual import Language
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Actor, require
from portal.projects.lifecycle import queries, rules
from portal.projects.models import Health, Project, State
from portal.projects.operations import changed, note


def move(project: Project, to: State, *, reason: str = "", actor: Actor, now: datetime) -> None:
    """Take the step. `Conflict` where there is none from here, `Invalid` while something it demands is missing."""
    before = project.state
    step = rules.step(before, to)
    if step is None:
        raise Conflict
    require(actor, step.action, project)
    if step.wants_reason and not reason:
        raise Invalid("reason", "this step wants a reason")
    if missing := rules.missing(queries.known(project), to):
        raise Invalid("state", f"missing: {', '.join(missing)}")
    project.state = to
    project.cancelled_reason = reason if to is State.CANCELLED else ""
    changes: dict[str, tuple[object, object]] = {"state": (before or project.source_state, to)}
    project.source_state = ""
    if reason:
        changes["reason"] = ("", reason)
    note(project, "project.moved", changes, actor=actor, now=now)


def say_health(
    project: Project, health: Health, sentences: Mapping[Language, str], *, actor: Actor, now: datetime
) -> None:
    """Say how the project goes, in a word and a sentence in one language or both, as of today."""
    require(actor, "project.manage", project)
    if project.state is not None and project.state not in rules.OPEN:
        raise Conflict
    da, en = sentences["da"], sentences["en"]
    if not (da or en):
        raise Invalid("health_sentence_da", "a sentence says why")
    before = {"health_sentence_da": project.health_sentence_da, "health_sentence_en": project.health_sentence_en}
    changes = changed(before, {"health_sentence_da": da, "health_sentence_en": en})
    changes["health"] = (project.health or "", health)
    # Not by `write`: what is said of today makes none of the project's texts older than another.
    project.health, project.health_sentence_da, project.health_sentence_en = health, da, en
    project.health_at = now.astimezone(clock.COPENHAGEN).date()
    note(project, "project.health_said", changes, actor=actor, now=now)
