"""What the words of the municipality files mean here."""

from collections.abc import Mapping
from decimal import Decimal

from portal.core.tables import own_words
from portal.core.themes import Theme
from portal.municipalities.models import Direction, Missing

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

MISSING: Mapping[str, Missing] = own_words(Missing)

_SHARE = (Decimal(0), Decimal(100))
_AMOUNT = (Decimal(0), None)
_RANGES: Mapping[str, tuple[Decimal | None, Decimal | None]] = {
    "%": _SHARE,
    "% of residents": _SHARE,
    "% of electricity use": _SHARE,
    "% of occupied dwellings": _SHARE,
    "inhabitants": _AMOUNT,
    "inhabitants/km²": _AMOUNT,
    "cars/1,000 inhabitants": _AMOUNT,
    "km": _AMOUNT,
    "MW": _AMOUNT,
    "kW/inhabitant": _AMOUNT,
    "GJ/inhabitant": _AMOUNT,
    "kg/inhabitant": _AMOUNT,
}


def bounds(unit: str, least: Decimal | None, most: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """Between what an indicator's numbers lie: as its definition says, else as its unit does; none where open."""
    if least is None and most is None:
        return _RANGES.get(unit, (None, None))
    return _plain(least), _plain(most)


def _plain(value: Decimal | None) -> Decimal | None:
    """The same number without the zeros that a database adds."""
    return value if value is None else Decimal(f"{value.normalize():f}")


def is_share(unit: str) -> bool:
    """Whether numbers in the unit are per cent."""
    return unit.startswith("%")
