"""The trace of a project in a reader's words."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.audit import PART, AuditEntry
from portal.core.dates import PartialDate
from portal.core.labels import action_label, label
from portal.core.templating import number, partial_date
from portal.core.texts import gettext as _
from portal.core.themes import Theme
from portal.projects.models import (
    Barrier,
    BarrierState,
    FundingKind,
    FundingState,
    Health,
    Kind,
    MunicipalityRole,
    Role,
    Severity,
    State,
    TeamRole,
    Visibility,
)

LONG = 60
"""From so many characters on a text is shown word by word rather than before and after."""

FIELDS: dict[str, Any] = {
    "title": _l("Title"),
    "summary": _l("Summary"),
    "challenge": _l("The challenge"),
    "objective": _l("What it sets out to do"),
    "expected_change": _l("What is to change"),
    "lessons_failed": _l("What did not work"),
    "lessons_copy": _l("What others need to copy it"),
    "description": _l("Description"),
    "verification": _l("Means of verification"),
    "body": _l("Text"),
    "claim": _l("Result"),
    "indicator": _l("Indicator"),
    "note": _l("Note"),
    "acronym": _l("Short name"),
    "kind": _l("Kind"),
    "themes": _l("Themes"),
    "barriers": _l("Barriers"),
    "starts": _l("Start"),
    "ends": _l("End"),
    "starts_on": _l("Start"),
    "ends_on": _l("End"),
    "due_on": _l("Due"),
    "done_on": _l("Done"),
    "delivered_on": _l("Delivered"),
    "dated": _l("Date"),
    "website": _l("Website"),
    "url": _l("Web address"),
    "municipality": _l("Municipality"),
    "role": _l("Role"),
    "visibility": _l("Who may see it"),
    "costs_visibility": _l("Who may see the costs"),
    "lessons_visibility": _l("Who may see the lessons"),
    "address": _l("Address"),
    "state": _l("State"),
    "reason": _l("Reason"),
    "health": _l("How it goes"),
    "health_sentence": _l("Why"),
    "partner": _l("Partner"),
    "budget_share": _l("Share of the budget"),
    "coordinator": _l("Coordinator"),
    "person": _l("Person"),
    "part": _l("About"),
    "document": _l("Document"),
    "work_package": _l("Work package"),
    "deliverable": _l("Deliverable"),
    "lead": _l("Led by"),
    "evidence_url": _l("Evidence on the web"),
    "funder": _l("Funder"),
    "programme": _l("Programme"),
    "grant_number": _l("Grant number"),
    "amount": _l("Amount"),
    "currency": _l("Currency"),
    "total_cost": _l("Total cost"),
    "total_cost_currency": _l("Currency of the total cost"),
    "actual_cost": _l("Actual cost"),
    "actual_cost_currency": _l("Currency of the actual cost"),
    "weight": _l("Weight"),
    "progress": _l("Progress"),
    "number": _l("Number"),
    "type": _l("Type"),
    "baseline": _l("Before"),
    "value": _l("After"),
    "unit": _l("Unit"),
    "severity": _l("Severity"),
    "position": _l("Place"),
}

WORDS: dict[str, tuple[type[StrEnum], ...]] = {
    "kind": (Kind, FundingKind),
    "state": (State, FundingState, BarrierState),
    "health": (Health,),
    "role": (Role, TeamRole, MunicipalityRole),
    "themes": (Theme,),
    "barriers": (Barrier,),
    "barrier": (Barrier,),
    "visibility": (Visibility,),
    "costs_visibility": (Visibility,),
    "lessons_visibility": (Visibility,),
    "severity": (Severity,),
}
"""Field → the lists that its words come from."""

DAYS = frozenset({"starts", "ends", "starts_on", "ends_on", "due_on", "done_on", "delivered_on", "dated"})


NUMBERS = frozenset(
    {"amount", "total_cost", "actual_cost", "budget_share", "weight", "baseline", "value", "progress", "position"}
)


@dataclass(frozen=True)
class Change:
    """What became of one field. One that stayed (`is_about`) only says what the entry is about."""

    field: str
    before: str
    after: str
    language: str

    @property
    def is_about(self) -> bool:
        return self.before == self.after

    @property
    def is_long(self) -> bool:
        return len(self.before) > LONG or len(self.after) > LONG


@dataclass(frozen=True)
class Told:
    """An entry of the trace as its page shows it."""

    entry: AuditEntry
    action: str
    who: str
    changes: tuple[Change, ...]


def told(entry: AuditEntry) -> Told:
    changes = tuple(_change(name, values) for name, values in entry.changes.items() if name != PART)
    return Told(entry, action_label(entry.action), entry.actor_name or _("Somebody"), changes)


def _change(name: str, values: Any) -> Change:
    field, language = _split(name)
    before, after = values if isinstance(values, list) and len(values) == 2 else ("", values)
    return Change(field_name(name), _kept(field, before), _kept(field, after), language)


def _kept(field: str, value: Any) -> str:
    """A value as the trace keeps it: figures are written there as programs write them."""
    if field in NUMBERS and isinstance(value, (str, int, float)) and value != "":
        try:
            return number(Decimal(str(value)))
        except InvalidOperation:
            return str(value)
    return said(field, value)


def field_name(name: str) -> str:
    """What readers call a field of the trace or of a form."""
    field, language = _split(name)
    called = str(FIELDS.get(field, field.replace("_", " ").capitalize()))
    if language == "da":
        return _("%(field)s, Danish", field=called)
    return _("%(field)s, English", field=called) if language else called


def _split(name: str) -> tuple[str, str]:
    """A field and its language; none for one that is no text."""
    pair, _sign, language = name.rpartition("_")
    return (pair, language) if language in ("da", "en") else (name, "")


def said(field: str, value: Any) -> str:
    """A value of the trace: words of our lists by their labels, days as they are written, the rest as it is."""
    if isinstance(value, list):
        return ", ".join(said(field, one) for one in value)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    for words in WORDS.get(field, ()):
        if text in list(words):
            return label(words(text))
    if field in DAYS:
        try:
            return partial_date(PartialDate.parse(text))
        except ValueError:
            return text
    return text
