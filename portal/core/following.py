"""A list as a feed to follow: its addresses under the filters of the list, and the feed itself."""

from collections.abc import Mapping, Sequence

from flask import Response, url_for

from portal.core import bilingual, syndication
from portal.core.listing import Choice
from portal.core.syndication import Entry, Feed
from portal.core.texts import gettext as _
from portal.core.web import absolute


def paths(choice: Choice, endpoint: str) -> Mapping[bilingual.Language, Mapping[str, str]]:
    """Language → ending → path of the feed at `endpoint` under the same filters."""
    lasting = _lasting(choice)
    return {
        language: {
            ending: lasting.url(url_for(endpoint, ending=ending, language=language))
            for ending in syndication.MEDIA_TYPES
        }
        for language in bilingual.LANGUAGES
    }


def written(
    name: str,
    ending: str,
    choice: Choice,
    entries: Sequence[Entry],
    *,
    title: str,
    description: str,
    home: str,
    endpoint: str,
    hub: str = "",
) -> Response:
    """The feed of a list in the page's language. `name` is part of its identifier for ever, `home` the list's page."""
    lasting = _lasting(choice)
    made = Feed(
        id=syndication.tag_id(absolute(""), bilingual.chosen(), lasting.url(name)),
        title=title,
        description=description,
        publisher=_("Smart Society"),
        language=bilingual.chosen(),
        page_url=absolute(lasting.url(url_for(home))),
        addresses={
            language: {end: absolute(path) for end, path in found.items()}
            for language, found in paths(choice, endpoint).items()
        },
        entries=entries,
        hub=hub,
    )
    kind = f"{syndication.MEDIA_TYPES[ending]}; charset=utf-8"
    return Response(syndication.write(made, ending), content_type=kind)


def _lasting(choice: Choice) -> Choice:
    """What of a choice a feed goes by: it has no pages and one order."""
    return Choice(choice.chosen, extra=choice.extra)
