"""What the words of news.csv mean here."""

from collections.abc import Mapping
from enum import StrEnum

from portal.core.dates import Precision


class Kind(StrEnum):
    """One file holds all of them."""

    ARTICLE = "article"
    WEBINAR = "webinar"
    SERIES = "series"


PRECISIONS: Mapping[str, Precision | None] = {
    "day": Precision.DAY,
    "month": Precision.MONTH,
    "year": Precision.YEAR,
    "none": None,
}
