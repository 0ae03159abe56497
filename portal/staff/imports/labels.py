"""What curators call the words of imports, and why a row or a file cannot be taken."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter, label, name_actions
from portal.core.themes import Theme
from portal.partners.labels import country
from portal.partners.models import PartnerState, PartnerType
from portal.staff.imports.fields import Plain
from portal.staff.imports.models import BatchState, Fate, Outcome

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
name_actions(
    {
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


def value(field: str, plain: Plain, places: Mapping[str, str]) -> str:
    """A plain value of a field as a curator reads it. `places`: municipality code → name."""
    if isinstance(plain, list):
        return ", ".join(label(Theme(one)) for one in plain) if field == "themes" else "; ".join(plain)
    if not plain:
        return ""
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
