"""A series as machines read it (schema.org)."""

from collections.abc import Sequence
from typing import Any

from portal.core.web import address
from portal.webinars.metadata import organisation, parts_of
from portal.webinars.models import Series


def jsonld(series: Series, partners: Sequence[Any], webinars: Sequence[Any]) -> dict[str, Any]:
    """An `EventSeries` with its events."""
    page = address("series.show", slug=series.slug)
    title = series.text("title")
    facts = {
        "@context": "https://schema.org",
        "@type": "EventSeries",
        "@id": page,
        "url": page,
        "name": str(title),
        "description": str(series.text("summary")),
        "inLanguage": title.language,
        "organizer": [
            *(organisation(one.name, one.slug) for one in partners if one.is_host),
            *map(organisation, parts_of(series.host_names)),
        ],
        "contributor": [organisation(one.name, one.slug) for one in partners if not one.is_host],
        "keywords": [tie.theme.value for tie in series.themes],
        "subEvent": [{"@type": "Event", "@id": address("webinars.show", slug=one.slug)} for one in webinars],
    }
    return {name: value for name, value in facts.items() if value}
