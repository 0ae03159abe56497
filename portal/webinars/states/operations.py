"""Taking a webinar from state to state: the only way its state changes."""

from collections.abc import Mapping
from datetime import datetime

from portal.core import slugs
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Actor, require
from portal.webinars.editing.operations import KIND, free_slug, note, number
from portal.webinars.models import State, Webinar
from portal.webinars.states import rules
from portal.webinars.states.rules import Reason


def move(
    webinar: Webinar,
    to: State,
    *,
    reason: str = "",
    reasons: Mapping[str, str] | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Take the step. `Conflict` where there is none from here, `Invalid` while something it demands is missing.

    `reasons` are what readers are told (`reason_da`, `reason_en`), `reason` what stands in the trace alone.
    """
    require(actor, "webinar.publish", webinar)
    step = rules.step(webinar, to)
    if step is None:
        raise Conflict
    said = {name: text for name, text in (reasons or {}).items() if text}
    if (step.reason is Reason.FOR_READERS and not said) or (step.reason is Reason.FOR_STAFF and not reason):
        raise Invalid("reason", "this step wants a reason")
    if lacking := rules.missing(webinar, to, now):
        raise Invalid("state", f"missing: {', '.join(lacking)}")
    before = webinar.state
    changes: dict[str, tuple[object, object]] = {"state": (before, to)}
    if reason:
        changes["reason"] = ("", reason)
    if step.reason is Reason.FOR_READERS or before in (State.CANCELLED, State.POSTPONED):
        texts = {name: said.get(name, "") for name in ("reason_da", "reason_en")}
        changes |= {name: (getattr(webinar, name), text) for name, text in texts.items() if text}
        webinar.write(now, **texts)
    if to is State.POSTPONED:
        webinar.previous_starts_at = None  # until there is a new time the old one stands where it stood
    if before in rules.HIDDEN and to in (State.ANNOUNCED, State.OPEN):
        _settle_address(webinar, now)
    webinar.state = to
    number(webinar, changes)
    note(webinar, "webinar.moved", changes, actor=actor, now=now)


def _settle_address(webinar: Webinar, now: datetime) -> None:
    """Name the address by the title as it is now; whoever works on it finds it at the one they know."""
    texts = {"title_da": webinar.title_da, "title_en": webinar.title_en}
    old, new = webinar.slug, free_slug(texts, but=webinar.slug)
    if new != old:
        webinar.slug = new
        slugs.renamed(KIND, old, new, now=now)
