"""What curators call the values of figures."""

import re
from decimal import Decimal

from portal.core.labels import label
from portal.core.templating import number
from portal.municipalities import labels as words
from portal.municipalities.models import Missing

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def figure_value(field: str, plain: str) -> str:
    """A plain value of a field as a curator reads it."""
    match field:
        case "value":
            return number(Decimal(plain)) if _NUMBER.fullmatch(plain) else words.word(plain)
        case "missing":
            return label(Missing(plain))
        case "retrieved":
            return words.retrieved(plain)
        case _:
            return plain
