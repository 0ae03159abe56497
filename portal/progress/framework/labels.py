"""What the trace calls what was done to the framework, and what its fields are called."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import name_actions
from portal.progress.labels import STAGES

name_actions(
    {
        "framework.begun": _l("New version of the framework begun"),
        "framework.dimension_added": _l("Dimension added"),
        "framework.dimension_revised": _l("Dimension changed"),
        "framework.dimension_removed": _l("Dimension taken out"),
        "framework.dimension_moved": _l("Dimension moved"),
        "framework.dropped": _l("Draft of the framework thrown away"),
        "framework.put_in_force": _l("Version of the framework put in force"),
        "assessment.carried_over": _l("Assessment carried over to a new version"),
    }
)
_FIELDS = {
    "name_da": _l("Name in Danish"),
    "name_en": _l("Name in English"),
    "asks_da": _l("What is asked, in Danish"),
    "asks_en": _l("What is asked, in English"),
    "refers_to": _l("Related themes in other frameworks"),
}


def field(name: str) -> str:
    """What a text of a dimension is called."""
    if name in _FIELDS:
        return str(_FIELDS[name])
    _level, number, language = name.split("_")
    stage = f"{number} {STAGES[int(number)]}"
    told = _l("%(stage)s, in Danish", stage=stage) if language == "da" else _l("%(stage)s, in English", stage=stage)
    return str(told)
