"""What the words of news.csv mean here."""

from collections.abc import Mapping
from enum import StrEnum

from portal.core.dates import Precision


class Kind(StrEnum):
    """One file holds both."""

    ARTICLE = "article"
    WEBINAR = "webinar"


PRECISIONS: Mapping[str, Precision | None] = {
    "day": Precision.DAY,
    "month": Precision.MONTH,
    "year": Precision.YEAR,
    "none": None,
}
