"""What curators call the words of imports, and why a row or a file cannot be taken."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter, label, name_actions
from portal.core.themes import Theme
from portal.partners.labels import country
from portal.partners.models import PartnerState, PartnerType
from portal.staff.imports.figures.fields import LABELS as FIGURE_FIELDS
from portal.staff.imports.figures.labels import figure_value
from portal.staff.imports.models import BatchState, Fate, Outcome, Subject
from portal.staff.imports.partners.fields import LABELS as PARTNER_FIELDS
from portal.staff.imports.targets import Plain

enter(
    BatchState,
    {
        BatchState.COLUMNS: _l("Columns to be named"),
        BatchState.CHECKING: _l("Being compared"),
        BatchState.READY: _l("To be looked over"),
        BatchState.WRITING: _l("Being written"),
        BatchState.WRITTEN: _l("Written"),
        BatchState.UNDOING: _l("Being undone"),
        BatchState.UNDONE: _l("Undone"),
    },
)
enter(
    Outcome,
    {
        Outcome.NEW: _l("New"),
        Outcome.CHANGED: _l("Changed"),
        Outcome.DUPLICATE: _l("Possible duplicates"),
        Outcome.UNCHANGED: _l("Unchanged"),
        Outcome.BAD: _l("Cannot be taken"),
    },
)
enter(
    Fate,
    {
        Fate.WRITTEN: _l("Written"),
        Fate.MEANWHILE: _l("Left out: changed by somebody else meanwhile"),
        Fate.UNDONE: _l("Set back"),
        Fate.PARTLY: _l("Set back in part"),
        Fate.REMOVED: _l("Removed again"),
        Fate.WITHDRAWN: _l("Kept as “has left”: somebody has used it since"),
    },
)
FIELDS: Mapping[Subject, Mapping[str, Any]] = {Subject.PARTNERS: PARTNER_FIELDS, Subject.FIGURES: FIGURE_FIELDS}
"""What the fields are called."""


@dataclass(frozen=True)
class Words:
    """What the pages of an import say of its things."""

    heading: Any
    lead: Any
    compare: Any
    known_by: Any
    written_together: Any
    setting_back: Any
    undoing: Any


WORDS: Mapping[Subject, Words] = {
    Subject.PARTNERS: Words(
        _l("Import partners"),
        _l(
            "Take a list of partners in from a spreadsheet. You see what would change before anything is written, and "
            "an import can be undone as a whole."
        ),
        _l("Compare with the directory"),
        _l(
            "Blank cells change nothing. A partner is known by its address or id, else by its CVR number, else by its "
            "name."
        ),
        _l("All chosen rows are written in one go, so the directory shows all of them or none."),
        _l("The partners are being set back as they were."),
        _l(
            "Undoing sets back every field that nobody has changed since, and removes the new partners that nothing "
            "hangs on."
        ),
    ),
    Subject.FIGURES: Words(
        _l("Import figures of the municipalities"),
        _l(
            "Take a newer file of indicators in. You see what is new and what would be corrected before anything is "
            "written. Figures of earlier periods stay, and so does what a corrected figure said before. An import can "
            "be undone as a whole."
        ),
        _l("Compare with the figures there are"),
        _l(
            "A figure is known by its municipality, indicator and period. A blank source is the indicator’s own; a "
            "blank date is today."
        ),
        _l("All chosen rows are written in one go, so the pages show all of them or none."),
        _l("The figures are being set back as they were."),
        _l(
            "Undoing sets every corrected figure back and removes the new ones. What somebody has changed since stays "
            "as it is."
        ),
    ),
}

name_actions(
    {
        "municipality.figures_imported": _l("Figures of the municipality imported"),
        "municipality.figures_import_undone": _l("Figures of the municipality set back as they were before an import"),
        "import.uploaded": _l("File uploaded for import"),
        "import.columns_named": _l("Columns of an import named"),
        "import.written": _l("Import written"),
        "import.undone": _l("Import undone"),
        "import.discarded": _l("Import discarded"),
        "import.bulk_prepared": _l("Change of many partners prepared"),
        "partner.imported": _l("Partner added by an import"),
        "partner.imported_again": _l("Partner changed by an import"),
        "partner.changed_with_others": _l("Partner changed together with others"),
        "partner.import_undone": _l("Partner set back as it was before an import"),
        "partner.removed": _l("Partner removed"),
    }
)

# The readers of core.tables speak English, to operators; curators read the same in their language.
_REASONS: tuple[tuple[re.Pattern[str], Any], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"is blank although this is a Danish municipality", _l("is blank although this is a Danish municipality")),
        (r"is blank", _l("is blank")),
        (r"is a formula", _l("is a formula: write its value instead")),
        (r"has (?P<n>\d+) characters, at most (?P<most>\d+) fit", _l("has %(n)s characters, at most %(most)s fit")),
        (r"is not one of .*: (?P<cell>'.*'|\".*\")", _l("is not a word we know: %(cell)s")),
        (r"is not an id .*: (?P<cell>.*)", _l("is not an id of a-z, 0-9 and hyphens: %(cell)s")),
        (r"is not a web address: (?P<cell>.*)", _l("is not a web address: %(cell)s")),
        (r"is not a CVR number: (?P<cell>.*)", _l("is not a CVR number: %(cell)s")),
        (r"is not a country: (?P<cell>.*)", _l("is not a country: %(cell)s")),
        (r"unknown municipality (?P<cell>.*)", _l("there is no municipality %(cell)s")),
        (r"is the same partner as line (?P<line>\d+)", _l("is the same partner as line %(line)s")),
        (r"(?P<cell>.*) is already on line (?P<line>\d+)", _l("is already on line %(line)s")),
        (r"is the same figure as line (?P<line>\d+)", _l("is the same figure as line %(line)s")),
        (r"unknown indicator (?P<cell>.*)", _l("there is no indicator %(cell)s")),
        (r"is blank: say why there is no value", _l("is blank: say why there is no value")),
        (
            r"is there although the row says why there is none",
            _l("is there although the row says why there is none"),
        ),
        (r"can be read in two ways: (?P<cell>.*)", _l("can be read in two ways: %(cell)s")),
        (r"is not a number: (?P<cell>.*)", _l("is not a number: %(cell)s")),
        (r"is less than (?P<least>.*): (?P<cell>.*)", _l("is less than %(least)s: %(cell)s")),
        (r"is more than (?P<most>.*): (?P<cell>.*)", _l("is more than %(most)s: %(cell)s")),
        (
            r"is in per cent, but the indicator is in (?P<unit>.*)",
            _l("is in per cent, but the indicator is in %(unit)s"),
        ),
        (
            r"is (?P<cell>'.*'), but the indicator is in (?P<unit>.*)",
            _l("is %(cell)s, but the indicator is in %(unit)s"),
        ),
        (r"is not a period .*: (?P<cell>.*)", _l("is not a period such as 2025, 2025-06 or 2025-06-30: %(cell)s")),
        (r"has not begun yet: (?P<cell>.*)", _l("has not begun yet: %(cell)s")),
        (r"cannot be changed so while it is suggested", _l("cannot be changed so while it waits to be taken in")),
        (r"cannot be changed so while it is rejected", _l("cannot be changed so: its application was rejected")),
        (r"cannot be changed so while it is dormant", _l("cannot be changed so while it is dormant")),
        (r"cannot be changed so while it is left", _l("cannot be changed so: it has left the directory")),
        (r"belongs to another partner", _l("belongs to another partner")),
        (r"holds the control character (?P<cell>.*)", _l("holds the control character %(cell)s")),
    )
)


def reason(said: str) -> str:
    """Why a cell cannot be taken, in the page's language."""
    for pattern, words in _REASONS:
        if found := pattern.fullmatch(said):
            return str(words) % found.groupdict() if found.groupdict() else str(words)
    return said


def value(subject: Subject, field: str, plain: Plain, places: Mapping[str, str]) -> str:
    """A plain value of a field as a curator reads it. `places`: municipality code → name."""
    if isinstance(plain, list):
        return ", ".join(label(Theme(one)) for one in plain) if field == "themes" else "; ".join(plain)
    if not plain:
        return ""
    return figure_value(field, plain) if subject is Subject.FIGURES else _partner_value(field, plain, places)


def _partner_value(field: str, plain: str, places: Mapping[str, str]) -> str:
    match field:
        case "type":
            return label(PartnerType(plain))
        case "state":
            return label(PartnerState(plain))
        case "country":
            return country(plain)
        case "municipality":
            return places.get(plain, plain)
        case _:
            return plain
