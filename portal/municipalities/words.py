"""What the words of the municipality files mean here."""

from collections.abc import Mapping

from portal.core.tables import own_words
from portal.core.themes import Theme
from portal.municipalities.models import Direction

CONTEXT = "context"
"""Figures that describe a municipality and belong to no theme, such as its density."""

THEMES: Mapping[str, str] = {
    **own_words(Theme),
    "resources": Theme.WASTE,
    CONTEXT: CONTEXT,
}

DIRECTIONS: Mapping[str, Direction | None] = {
    **own_words(Direction),
    "categorical": None,
}

VALUE_TYPES: Mapping[str, bool] = {
    "number": True,
    "category": False,
}
"""Whether an indicator's values are numbers."""

LISTS = frozenset({"networks"})
"""Indicators that name several things of one municipality and period; all others have one value."""
